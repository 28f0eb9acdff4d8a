"""Grouped counts agree with counting one by one, at every moment, and see nothing unpublished."""

from collections import Counter
from datetime import timedelta

import pytest

from public import counts
from public.models import PublicRecord, database_now
from public.publication import withdraw
from public.words import Stage
from public.workflow import Status
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    ReportSectionFactory,
    RoundtableFactory,
    StatementFactory,
    VoluntaryReportFactory,
    person,
    published,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed():
    """Records that name none, one and several objectives and States, and much that is hidden."""
    PracticeFactory(objectives=[7, 15], member_states=["ALB", "SRB"], published=True)
    PracticeFactory(objectives=[15], member_states=["ALB"], cycle="RR2020", published=True)
    PracticeFactory(objectives=[23], published=True)
    PledgeFactory(objectives=[7], stage=Stage.IN_PROGRESS, published=True)
    PledgeFactory(objectives=[7, 8], member_states=["SRB"], published=True)
    report = VoluntaryReportFactory(code="VR-2024-SRB", member_state="SRB")
    ReportSectionFactory(report=report, objective=7)
    report.refresh_from_db()
    published(report)
    roundtable = RoundtableFactory()
    StatementFactory(roundtable=roundtable, member_state="KGZ")
    roundtable.refresh_from_db()
    published(roundtable)
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED):
        PracticeFactory(objectives=[7], member_states=["ALB"], status=status)
    published(
        PracticeFactory(objectives=[7], member_states=["ALB"]), at=database_now() + timedelta(1)
    )
    gone = PracticeFactory(objectives=[7], member_states=["ALB"], published=True)
    withdraw(gone, by=person("Publisher"), note="Asked for by the party.")


def one_by_one(records, column) -> Counter:
    """What grouped counting must give, from the rows themselves."""
    found: Counter = Counter()
    for record in records:
        value = getattr(record, column)
        for one in value if isinstance(value, list) else [value]:
            found[record.kind, one] += 1
    return found


def test_counts_agree_with_counting_one_by_one(mixed):
    records = PublicRecord.objects.visible()

    assert counts.by_objective(records) == one_by_one(records, "objectives")
    assert counts.by_primary_objective(records) == one_by_one(records, "primary_objectives")
    assert counts.by_state(records) == one_by_one(records, "member_states")
    assert counts.by_cycle(records) == one_by_one(records, "cycle")
    assert counts.by_stage(records) == one_by_one(records, "stage")
    assert counts.by_kind(records) == Counter(record.kind for record in records)
    assert counts.of_kinds(counts.by_cycle(records)) == counts.by_kind(records)


def test_counts_of_some_records_agree_too(mixed):
    records = counts.of_state(PublicRecord.objects.visible(), "ALB")

    assert counts.by_objective(records) == {
        ("practice", 7): 1,
        ("practice", 15): 2,
        ("pledge", 7): 2,
        ("pledge", 8): 1,
    }
    assert counts.by_primary_objective(records.of_kind("practice")) == {
        ("practice", 7): 1,
        ("practice", 15): 1,
    }


def test_counts_of_nothing_are_nothing():
    records = PublicRecord.objects.visible()

    assert counts.by_kind(records) == {}
    assert counts.by_objective(records)["practice", 7] == 0


def test_counts_of_the_past_are_those_of_then():
    PracticeFactory(published=True)
    then = database_now()
    PracticeFactory(published=True)

    assert counts.by_kind(PublicRecord.objects.visible(then)) == {"practice": 1}
    assert counts.by_kind(PublicRecord.objects.visible()) == {"practice": 2}


def test_a_pledge_belongs_to_the_states_that_make_it_and_where_it_is_carried_out():
    PledgeFactory(
        member_state="ALB", partner_states=["CHE"], member_states=["KGZ"], published=True
    )

    assert counts.by_state(PublicRecord.objects.visible()) == {
        ("pledge", "ALB"): 1,
        ("pledge", "CHE"): 1,
        ("pledge", "KGZ"): 1,
    }


def test_each_count_is_one_query(mixed, django_assert_num_queries):
    records = PublicRecord.objects.visible()

    for count in (
        counts.by_kind,
        counts.by_cycle,
        counts.by_stage,
        counts.by_objective,
        counts.by_primary_objective,
        counts.by_state,
    ):
        with django_assert_num_queries(1):
            count(records)
