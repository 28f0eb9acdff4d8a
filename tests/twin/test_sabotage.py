"""A test of the test: where the promise is broken on purpose, the twins find it.

Each sabotage is done to the running site for a moment. Where one fence falls and another one
stands, nothing leaks: then the page fails, and that is found too.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from public import counts, dumps
from public.models import PublicRecord, PublicRecordQuerySet
from submissions.models import Practice
from tests.twin.asking import Figures, Question
from tests.twin.questions import FAMILIES
from tests.twin.test_twin import EVERY

pytestmark = pytest.mark.django_db

# practices near their end of embargo, far from it, and those whose embargo was called off
UNDER_EMBARGO = ["P-7005", "P-7006", "P-7007"]
ASKED = ["/", "/practices/", "/practices/P-6101/", "/api/v1/practices/", "/search/?q=river"]


def counted_with_the_office(records) -> Counter:
    """An office query in a public view."""
    return true_counts(records) + Counter(practice=Practice.objects.count())


true_counts, true_visible = counts.by_kind, PublicRecordQuerySet.visible
true_address = PublicRecord.get_absolute_url

SABOTAGES = {
    "office query": {"public.counts.by_kind": counted_with_the_office},
    "office query without the role": {
        "public.counts.by_kind": counted_with_the_office,
        "public.fence.ROLE": "none",
    },
    "no period": {"public.models.PublicRecordQuerySet.visible": lambda self, at=None: self.all()},
    "row id": {
        "public.models.PublicRecord.get_absolute_url": lambda one: f"{true_address(one)}?{one.pk}"
    },
}
FOUND = {  # how, where it is found first
    "office query": "GET /\n    500 Internal Server Error",
    "office query without the role": "GET /\n    byte ",
    "no period": "GET /\n    headers {('Content-Length'",
    "row id": "GET /practices/P-6101/\n    byte ",
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


def test_embargo_without_end_is_found_where_view_and_pages_both_forget_it(site):
    """Either of the two holds it back alone, so both are broken."""
    question = Question("/api/v1/practices/?fields=code&ordering=code&page_size=500")
    [(view,)] = site.full.execute("SELECT pg_get_viewdef('public_record')")
    everything = re.sub(r"WHERE .*", "", view, flags=re.DOTALL)

    with site.full.entered(), transaction.atomic(), sabotaged(SABOTAGES["no period"]):
        site.full.execute(f"CREATE OR REPLACE VIEW public_record AS {everything}")
        found = site.compare_all([question])
        told = site.answer(site.full, question).body.decode()
        transaction.set_rollback(True)

    assert found.failures != []
    assert re.findall("P-70[0-9]{2}", told) == UNDER_EMBARGO


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


def test_dump_that_forgets_the_period_is_found(site, tmp_path):
    counts = []
    for name, world in (("bare", site.bare), ("full", site.full)):
        with site.awake(), world.entered(), override_settings(DUMPS_ROOT=tmp_path / name):
            whole = dumps.build()[0].counts
            (tmp_path / name / dumps.MANIFEST).unlink()
            with sabotaged(SABOTAGES["no period"]):
                counts.append((whole, dumps.build()[0].counts))

    [(whole, broken), (whole_too, broken_too)] = counts
    assert whole == whole_too
    assert broken != broken_too


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
