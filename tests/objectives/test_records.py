"""Versions: every write to a record, and to what belongs to it, moves its version."""

from itertools import pairwise

import pytest
from django.db import connection

from objectives.records import in_language
from sessions.models import Roundtable
from submissions.models import Practice
from tests.factories import (
    AgendaItemFactory,
    DocumentFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    RoleFactory,
    RoundtableFactory,
    StatementFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    cluster,
    member_state,
    objective,
    principle,
    region,
)

pytestmark = pytest.mark.django_db


def version_of(row) -> int:
    return type(row).objects.values_list("version", flat=True).get(pk=row.pk)


def by_sql(row):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET title = 'New' WHERE id = %s", [row.pk])


def by_sql_that_sets_the_version_back(row):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET version = 1 WHERE id = %s", [row.pk])


def by_bulk_update(row):
    row.title = "New"
    Practice.objects.bulk_update([row], ["title"])


@pytest.mark.parametrize(
    "write",
    [
        lambda row: row.save(),
        lambda row: Practice.objects.filter(pk=row.pk).update(title="New"),
        by_bulk_update,
        by_sql,
        by_sql_that_sets_the_version_back,
    ],
    ids=["save", "update", "bulk_update", "SQL", "SQL on the version"],
)
def test_every_update_moves_the_version_by_one(write):
    practice = PracticeFactory()
    before = version_of(practice)

    write(practice)

    assert version_of(practice) == before + 1


def test_reference_rows_have_versions_too():
    one = cluster("RT4")

    one.save()

    assert version_of(one) == 2


def test_links_that_are_added_and_taken_away_move_the_version():
    practice = PracticeFactory()
    versions = [version_of(practice)]

    for change in (
        lambda: practice.principles.add(principle()),
        lambda: practice.principles.clear(),
        lambda: practice.member_states.set([member_state("ALB"), member_state("SRB")]),
        lambda: practice.objective_links.create(objective=objective(15)),
        lambda: practice.objective_links.update(primary=True),
        lambda: practice.objective_links.filter(objective=objective(15)).delete(),
    ):
        change()
        versions.append(version_of(practice))

    steps = [later - sooner for sooner, later in pairwise(versions)]
    assert steps == [1] * 6  # one edit each, however many links it writes


def test_links_of_a_state_move_its_version():
    state = member_state("ALB")

    state.regions.add(region("EUROPE"))

    assert version_of(state) == 2


@pytest.mark.parametrize(
    ("parent", "factory", "field"),
    [
        (RoundtableFactory, RoleFactory, "roundtable"),
        (RoundtableFactory, AgendaItemFactory, "roundtable"),
        (RoundtableFactory, GuidingQuestionFactory, "roundtable"),
        (RoundtableFactory, StatementFactory, "roundtable"),
        (RoundtableFactory, DocumentFactory, "roundtable"),
        (PledgeFactory, ProgressUpdateFactory, "pledge"),
        (VoluntaryReportFactory, ReportSectionFactory, "report"),
        (VoluntaryReportFactory, SubmissionFileFactory, "report"),
        (PracticeFactory, SubmissionFileFactory, "practice"),
        (PledgeFactory, SubmissionFileFactory, "pledge"),
    ],
)
def test_parts_of_a_record_move_its_version(parent, factory, field):
    record = parent()
    before = version_of(record)

    part = factory(**{field: record})
    part.save()
    part.delete()

    assert version_of(record) == before + 3


def test_part_that_goes_from_one_record_to_another_moves_both():
    here, there = PracticeFactory.create_batch(2)
    link = here.objective_links.get()
    there.objective_links.all().delete()
    versions = [version_of(here), version_of(there)]

    link.practice = there
    link.save()

    assert [version_of(here), version_of(there)] == [one + 1 for one in versions]


@pytest.mark.parametrize("factory", [GuidingQuestionFactory, StatementFactory])
def test_links_of_a_part_move_the_version_of_the_whole(factory):
    part = factory()
    before = version_of(part.roundtable)

    part.objectives.add(objective(7))

    assert version_of(part.roundtable) == before + 1


def test_deleting_a_draft_takes_its_parts_with_it():
    question = GuidingQuestionFactory()

    question.roundtable.delete()

    assert not Roundtable.objects.exists()


@pytest.mark.parametrize(
    ("language", "name"), [("ru", "Албания"), ("fr", "Albania"), ("de", "Albania")]
)
def test_names_fall_back_to_english(language, name):
    state = member_state("ALB")
    state.name_ru = "Албания"

    assert in_language(state, "name", language) == name
