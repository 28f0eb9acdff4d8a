"""Page, facets, CSV, feed, map and API say the same of a list, whatever is asked of it."""

import json

import pytest
from hypothesis import given

from tests.public.agreement import (
    API,
    ASKED_OFTEN,
    CODE,
    COUNT,
    CSV,
    FEED,
    FORMS,
    MAP,
    PAGE,
    body_of,
    entries_in,
    said_in_agreement,
)
from tests.public.files import table_of
from tests.public.varied_practices import CHOICES, SECRET, SUBREGIONS, some_filters

pytestmark = pytest.mark.django_db


def test_all_forms_of_a_list_agree_for_200_combinations_and_tell_nothing_hidden(documents, client):
    """Each of the 200 asks every form over HTTP, and is held against plain Python."""
    public = {document.code for document in documents}

    @ASKED_OFTEN
    @given(chosen=some_filters)
    def agree(chosen):
        everything = said_in_agreement(client, documents, chosen, tuple(CHOICES), SUBREGIONS)
        assert SECRET not in everything
        assert set(CODE.findall(everything)) <= public

    agree()


def test_words_that_only_hidden_practices_say_find_nothing_and_correct_nothing(documents, client):
    """A spelling mistake near such a word would tell of it, were it corrected."""
    for words in (SECRET, f"{SECRET}i", f"bridge {SECRET}"):
        asked = {"q": words}
        bodies = {form: body_of(client, form, asked | more) for form, more in FORMS.items()}

        assert COUNT.findall(bodies[PAGE]) == ["0"]
        assert table_of(bodies[CSV]) == []
        assert entries_in(bodies[FEED]) == []
        assert {row["Practices"] for row in table_of(bodies[MAP])} == {"0"}
        assert json.loads(bodies[API])["results"] == []
        assert CODE.findall(" ".join(bodies.values())) == []
