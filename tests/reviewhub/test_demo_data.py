"""What the demonstration data is: the real reviews, published, and examples in every status."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.models import Change
from objectives.actions import load_reference_data
from objectives.reference_files import FOLDER as REFERENCE
from public.models import Edition, PublicRecord, Tombstone, database_now
from public.publication import public_differences
from public.workflow import Status
from reviewhub.demo.loader import KINDS
from submissions.models import Stakeholder
from tests.factories import person
from tests.reviewhub.test_load_demo import run


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """Everything, loaded once for the tests that only look at it, and undone at their end."""
    with django_db_blocker.unblock(), transaction.atomic():
        person("Reader")  # and the roles, if an earlier test emptied their table
        load_reference_data(REFERENCE, today=date(2026, 1, 1))
        yield run()
        transaction.set_rollback(True)


def test_public_record_is_the_two_reviews(whole, db):
    visible = PublicRecord.objects.visible()

    kinds = Counter(visible.values_list("kind", flat=True))
    objectives = Counter()
    for numbers in visible.of_kind("practice").values_list("objectives", flat=True):
        objectives.update(numbers)

    assert kinds == {
        "practice": 292,
        "figure": 52,
        "report": 33,
        "recommendation": 28,
        "roundtable": 13,
        "stakeholder": 8,
        "pledge": 2,
    }
    assert [objectives[number] for number in range(1, 24)] == [
        *(21, 15, 20, 13, 37, 22, 38, 7, 17, 18, 15, 16),
        *(14, 7, 30, 17, 18, 30, 14, 12, 16, 11, 44),
    ]
    assert whole[-1] == "427 records published."


def test_every_public_record_names_its_source_and_the_place_in_it(whole, db):
    records = PublicRecord.objects.visible()

    without = [
        record.code
        for record in records
        if not record.sources or not record.document["source"]["locator"]
    ]

    assert without == ["ST-9001"]  # an invented one


def test_every_public_record_was_signed_by_three_people(whole, db):
    names = ("edited_by__email", "approved_by__email", "published_by__email", "one_person")

    signatures = {
        row
        for kind in KINDS
        for row in kind.objects.filter(status=Status.PUBLISHED).values_list(*names)
    }

    assert signatures == {
        ("editor@demo.example", "reviewer@demo.example", "publisher@demo.example", False)
    }


def test_doubts_stay_with_the_staff(whole, db):
    notes = [
        note
        for kind in KINDS
        for note in kind.objects.exclude(staff_notes="").values_list("staff_notes", flat=True)
    ]
    public = "\n".join(
        str(document) for document in Edition.objects.values_list("document", flat=True)
    )

    assert len(notes) > 100
    assert [note for note in notes if note in public] == []


def test_examples_stand_in_every_status_and_say_that_they_are_invented(whole, db):
    states, marked = {}, []
    for kind in KINDS:
        for record in kind.objects.exclude(sources__isnull=False):
            states[record.code] = record.status
            marked.append(str(record).partition("Example (invented)")[1])

    assert states == {
        "ST-9001": "draft",
        "ST-9002": "published",
        "ST-9003": "submitted",
        "ST-9004": "draft",
        "P-9001": "draft",
        "P-9002": "submitted",
        "P-9003": "in_review",
        "P-9004": "returned",
        "P-9005": "approved",
        "PL-9001": "draft",
        "PL-9002": "submitted",
        "PL-9003": "in_review",
        "PL-9004": "withdrawn",
        "VR-2024-ST-9001": "submitted",
        "VR-2024-ST-9002": "returned",
        "RR2024-EX1": "in_review",
        "RR2024-EX2": "draft",
        "R2024-EX-01": "approved",
        "R2024-EX-02": "draft",
        "example_counters": "in_review",
        "example_letters": "draft",
    }
    assert set(marked) == {"Example (invented)"}


def test_examples_show_revision_embargo_and_withdrawal(whole, db):
    revised, embargoed = Stakeholder.objects.filter(code__in=["ST-9001", "ST-9002"])

    assert list(public_differences(revised)) == ["description"]
    assert PublicRecord.objects.visible().get(code="ST-9001").edition == 1
    assert timedelta(days=29) < embargoed.published_at - database_now() < timedelta(days=31)
    assert not PublicRecord.objects.filter(code="ST-9002").exists()
    assert list(Tombstone.objects.values_list("code", flat=True)) == ["PL-9004"]


def test_second_run_changes_nothing_and_says_so(whole, db):
    before = (Change.objects.count(), Edition.objects.count(), Tombstone.objects.count())

    said = run()

    assert said == ["The demonstration data is there: nothing changed."]
    assert (Change.objects.count(), Edition.objects.count(), Tombstone.objects.count()) == before
