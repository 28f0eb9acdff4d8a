"""The forms of a list agree also over what speed is measured on, with the real reference data."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from hypothesis import given, settings

from objectives.models import MemberState
from public.tallies import bring_up_to_date
from reviewhub.synthetic.inventing import PUBLIC, code_of, way_of
from submissions.models import Practice
from tests.factories import person
from tests.public.agreement import ASKED_OFTEN, CODE, said_in_agreement
from tests.public.varied_practices import CHOICES, filters_of, values_of

pytestmark = pytest.mark.django_db

PRACTICES = 150  # among so many there is one in each state, and more than one page is public
MAPPED = ("q", "cluster", "subregion", "region", "party")  # need more than the document


def test_all_forms_agree_over_invented_practices_and_the_reference_data(client):
    person("Reader")
    call_command("load_reference_data", verbosity=0)
    call_command(
        "make_synthetic", f"--practices={PRACTICES}", "--outside-development", stdout=io.StringIO()
    )
    assert bring_up_to_date(quiet=timedelta(0)) > PRACTICES  # so that bits are counted, not rows
    numbers = [n for n in range(1, PRACTICES + 1) if way_of("practice", n) in PUBLIC]
    public = {code_of("practice", number) for number in numbers}
    documents = [one.document() for one in Practice.objects.for_document().filter(code__in=public)]
    states = list(MemberState.objects.values_list("iso3", flat=True))
    names = [name for name in CHOICES if name not in MAPPED]
    choices = {
        name: sorted({value for one in documents for value in values_of(one, name)})
        for name in names
    }

    @settings(ASKED_OFTEN, max_examples=25)
    @given(chosen=filters_of({name: values for name, values in choices.items() if values}))
    def agree(chosen):
        everything = said_in_agreement(client, documents, chosen, names, states)
        assert set(CODE.findall(everything)) <= public

    agree()
