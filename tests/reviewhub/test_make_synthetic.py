"""Invented records for measuring: always the same ones, in every state, and never by accident."""

import io
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from objectives.actions import load_reference_data
from objectives.reference_files import FOLDER as REFERENCE
from public.models import Edition, PublicRecord, database_now
from public.workflow import Status
from reviewhub.synthetic.inventing import PUBLIC, WAYS, World, code_of, way_of
from reviewhub.synthetic.loader import MODELS, Keys, how_many, world_of
from submissions.models import Practice
from tests.factories import PracticeFactory, objective, person

EVERY_WAY = 66  # practices: among so many there is one in each state


def run(practices: int, *options: str) -> list[str]:
    """What the command says, line by line."""
    said = io.StringIO()
    words = [f"--practices={practices}", "--outside-development", *options]
    call_command("make_synthetic", *words, stdout=said)
    return said.getvalue().splitlines()


@pytest.fixture
def reference(db):
    person("Reader")
    load_reference_data(REFERENCE, today=date(2026, 1, 1))


def world() -> World:
    """A world without a database."""
    return World(
        objectives=range(1, 24),
        states=[f"S{number:02}" for number in range(56)],
        cycles={"RR2020": 2020, "IMRF2022": 2022, "RR2024": 2024},
        principles=["people_centred", "rule_of_law"],
        goals=range(1, 18),
        implementers=["igo", "media"],
        stakeholder_types=["media"],
        sources=["SR2020"],
    )


# --- What is invented -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", MODELS)
def test_same_number_is_the_same_record_whatever_came_before(kind):
    first, second = world(), world()

    forwards = [getattr(first, kind)(number) for number in range(1, 21)]
    backwards = [getattr(second, kind)(number) for number in range(20, 0, -1)]

    assert forwards == backwards[::-1]
    assert len({one.fields["code"] for one in forwards}) == 20


def test_records_are_skewed_as_real_ones_are():
    practices = [world().practice(number) for number in range(1, 1001)]
    summaries = [one.fields["summary"] for one in practices]
    objectives = Counter(n for one in practices for n in one.links["objectives"])
    lengths = [len(summary.split()) for summary in summaries]

    assert {len(one.links["objectives"]) for one in practices} == {1, 2, 3, 4}
    assert {len(one.links["member_states"]) for one in practices} == {1, 2, 3}
    assert (len(objectives), objectives.most_common(1)[0][1] // 100) == (23, 2)  # 28 in 100
    assert (min(lengths) // 10, max(lengths) // 10) == (8, 20)
    spoken = sum("labour migration" in summary.lower() for summary in summaries)
    assert spoken // 10 == 23
    assert sum("labour" in summary.lower() for summary in summaries) == spoken
    assert {one.fields["language"] for one in practices} == {"en", "fr", "ru"}


def test_85_in_100_become_public():
    ways = Counter(way_of("practice", number) for number in range(1, 10_001))

    assert sum(WAYS[way] for way in PUBLIC) == 85
    assert sum(ways[way] for way in PUBLIC) // 100 == 84
    assert set(ways) == set(WAYS)


# --- What the command makes -----------------------------------------------------------------


def test_records_stand_in_every_state_and_the_public_sees_those_that_are_published(reference):
    said = run(EVERY_WAY)

    ways = {code_of("practice", n): way_of("practice", n) for n in range(1, EVERY_WAY + 1)}
    invented = [world_of(Keys()).practice(number) for number in range(1, EVERY_WAY + 1)]
    statuses = dict(Practice.objects.values_list("code", "status"))
    visible = PublicRecord.objects.visible().of_kind("practice")
    assert set(ways.values()) == set(WAYS)
    assert statuses == {one.fields["code"]: one.status for one in invented}
    assert set(visible.values_list("code", flat=True)) == {
        code for code, way in ways.items() if way in PUBLIC
    }
    later = Practice.objects.under_embargo(database_now())
    assert {ways[code] for code in later.values_list("code", flat=True)} == {"under_embargo"}
    again = Edition.objects.filter(kind="practice", edition=2).values_list("code", flat=True)
    assert {ways[code] for code in again} == {"published_twice"}
    assert {kind: model.objects.count() for kind, model in MODELS.items()} == how_many(EVERY_WAY)
    assert said[-1].startswith(f"{sum(how_many(EVERY_WAY).values())} records invented in ")


def test_links_and_texts_are_those_that_were_invented(reference):
    run(4)

    for number in range(1, 5):
        invented = world_of(Keys()).practice(number)
        practice = Practice.objects.for_document().get(code=invented.fields["code"])
        document = practice.document()
        assert (document.title, document.summary) == (
            invented.fields["title"],
            invented.fields["summary"],
        )
        assert document.objectives == sorted(invented.links["objectives"])
        assert document.primary_objectives == invented.links["objectives"][:1]
        assert document.member_states == sorted(invented.links["member_states"])
        assert set(document.sdgs) == set(invented.links["sdgs"])


def test_second_run_adds_what_is_missing_and_no_more(reference):
    run(2)
    first = list(Practice.objects.order_by("code").values_list("code", "title", "summary"))

    assert run(2)[-1] == "The invented records are there: nothing changed."
    assert run(5)[-1].startswith("3 records invented")

    rows = list(Practice.objects.order_by("code").values_list("code", "title", "summary"))
    assert (rows[:2], len(rows)) == (first, 5)


# --- What is refused ------------------------------------------------------------------------


def test_other_records_are_left_alone_unless_asked(reference):
    theirs = PracticeFactory(published=True, objectives=[7], cycle="RR2024")

    with pytest.raises(CommandError, match="--add"):
        run(2)
    assert list(Practice.objects.all()) == [theirs]

    run(2, "--add")

    theirs.refresh_from_db()
    assert (Practice.objects.count(), theirs.status) == (3, Status.PUBLISHED)


def test_outside_development_nothing_is_invented_unless_meant(reference):
    with pytest.raises(CommandError, match="--outside-development"):
        call_command("make_synthetic", "--practices=2")

    assert not User.objects.filter(email__endswith="@demo.example").exists()


@pytest.mark.parametrize("practices", [0, -1])
def test_no_practices_are_refused(db, practices):
    objective(7)

    with pytest.raises(CommandError, match="one or more"):
        run(practices)


def test_without_reference_data_nothing_is_invented(db):
    with pytest.raises(CommandError, match="load_reference_data"):
        run(2)
