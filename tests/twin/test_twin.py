"""The twin world: nobody can tell from the public site whether there is anything unpublished.

`make twin` asks everything; the tests of every day ask a fixed selection of each family.
"""

import os

import pytest

from tests.twin.conftest import ASKED
from tests.twin.questions import FAMILIES

pytestmark = pytest.mark.django_db

EVERY = int(os.environ.get("TWIN_EVERY") or 0)  # the how manieth question is asked; 0: a few
FEW = 12  # questions of a family, where not everything is asked


@pytest.mark.parametrize("family", FAMILIES)
def test_both_worlds_answer_the_same(site, asker, family, record_property):
    with site.awake(), site.bare.entered():
        questions = list(getattr(asker, family)())
    questions = questions[:: EVERY or len(questions) // FEW + 1]

    figures = site.compare_all(questions)

    record_property(ASKED, (family, figures.asked, figures.octets, len(figures.failures)))
    assert figures.failures == []
    assert figures.statuses[200] > figures.asked / 4
