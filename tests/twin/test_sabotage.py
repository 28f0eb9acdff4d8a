"""A test of the test: where the promise is broken on purpose, the twins find it.

Each sabotage is done to the running site for a moment. Where one fence falls and another one
stands, nothing leaks: then the page fails, and that is found too.
"""

import random
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import override_settings

from public import counts, dumps
from public.models import PublicRecord, PublicRecordQuerySet
from submissions.models import Practice
from tests.twin.asking import Figures, Question
from tests.twin.questions import FAMILIES
from tests.twin.test_twin import EVERY

pytestmark = pytest.mark.django_db

ASKED = ["/", "/practices/", "/practices/P-6101/", "/api/v1/practices/", "/search/?q=river"]


def counted_with_the_office(moment, part="") -> Counter:
    """An office query in a public view."""
    return true_counts(moment, part) + Counter({("practice", ""): Practice.objects.count()})


true_counts, true_visible = counts.everywhere, PublicRecordQuerySet.visible
true_address = PublicRecord.get_absolute_url

SABOTAGES = {
    "office query": {"public.counts.everywhere": counted_with_the_office},
    "office query without the role": {
        "public.counts.everywhere": counted_with_the_office,
        "public.fence.ROLE": "none",
    },
    "no period": {"public.models.PublicRecordQuerySet.visible": lambda self, at=None: self.all()},
    "row id": {
        "public.models.PublicRecord.get_absolute_url": lambda one: f"{true_address(one)}?{one.pk}"
    },
}
FOUND = {  # how, where it is found first
    "office query": "GET /\n    500 Internal Server Error",
    "office query without the role": "GET /\n    headers {('",
    "no period": "GET /\n    headers {('",
    "row id": "GET /practices/P-6101/\n    headers {('",
}


@contextmanager
def sabotaged(changes: dict) -> Iterator[None]:
    with ExitStack() as stack:
        for name, other in changes.items():
            stack.enter_context(patch(name, other))
        yield


@pytest.mark.parametrize("name", SABOTAGES)
def test_sabotage_is_found(site, name):
    questions = [Question(address) for address in ASKED]

    with sabotaged(SABOTAGES[name]):
        broken = site.compare_all(questions)
    whole = site.compare_all(questions)

    assert broken.failures[0].startswith(FOUND[name])
    assert whole.failures == []


def test_embargo_is_found_that_view_and_pages_both_forget(site):
    """Either of the two holds it back alone, so both are broken."""
    made = "CREATE OR REPLACE VIEW public.public_record AS {}"
    [(view,)] = site.full.execute("SELECT pg_get_viewdef('public_record')")
    begun = "(lower(visible) <= pg_catalog.statement_timestamp())"
    assert begun in view
    questions = [Question("/practices/P-7006/"), Question("/practices.csv?sort=title")]

    site.full.execute(made.format(view.replace(begun, "NOT isempty(visible)")))
    try:
        with sabotaged(SABOTAGES["no period"]):
            broken = site.compare_all(questions)
    finally:
        site.full.execute(made.format(view))
    whole = site.compare_all(questions)

    assert broken.failures[0] == (
        "GET /practices/P-7006/\n    404 Not Found without, 200 OK with what is unpublished"
    )
    assert len(broken.failures) == 2
    assert whole.failures == []


# --- Any one view ---------------------------------------------------------------------------


def readers() -> list[str]:
    """The modules of the public side that ask for what is visible."""
    root = Path(settings.BASE_DIR)
    return sorted(
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in root.glob("public/**/*.py")
        if re.search(r"(?<!`)PublicRecord\.objects\.visible\(", path.read_text(encoding="utf-8"))
        and path.name != "dump_files.py"  # dumps are written before anybody asks: see below
    )


def test_some_modules_ask_for_what_is_visible():
    assert len(readers()) > 25


def test_dump_that_forgets_the_period_is_not_made(site, tmp_path):
    """It would have the same code twice, of two editions."""
    with (
        site.awake(),
        site.full.entered(),
        override_settings(DUMPS_ROOT=tmp_path),
        sabotaged(SABOTAGES["no period"]),
        pytest.raises(sqlite3.IntegrityError, match=r"practices\.code"),
    ):
        dumps.build()


@pytest.mark.skipif(not EVERY, reason="make twin")
@pytest.mark.parametrize("module", readers())
def test_period_forgotten_in_one_module_is_found(site, asker, module):
    """In this module alone, `visible()` forgets the period: some answer tells."""

    def visible(self, at=None):
        caller = sys._getframe(1).f_globals["__name__"]
        return self.all() if caller == module else true_visible(self, at)

    with site.awake(), site.bare.entered():
        questions = [one for family in FAMILIES for one in getattr(asker, family)()]
    random.Random(1).shuffle(questions)  # noqa: S311  no secret
    figures = Figures()

    with site.awake(), sabotaged({"public.models.PublicRecordQuerySet.visible": visible}):
        for question in questions:
            site.compare(question, figures)
            if figures.failures:
                break

    assert figures.failures != []
