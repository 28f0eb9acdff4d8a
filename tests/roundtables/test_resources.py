"""The columns of roundtables, their parts and recommendations, there and back."""

import pytest

from public.models import PublicRecord
from public.workflow import Status
from sessions.models import GuidingQuestion, Role, Roundtable
from sessions.resources import (
    AgendaItemResource,
    GuidingQuestionResource,
    RecommendationResource,
    RoleResource,
    RoundtableResource,
)
from tests.factories import (
    RecommendationFactory,
    RoundtableFactory,
    cluster,
    cycle,
    member_state,
    objective,
    published,
    source_document,
)
from tests.sheets import ROUNDTABLE

pytestmark = pytest.mark.django_db

ROLE = {
    "roundtable": "RR2024-S1",
    "sort_order": "1",
    "role": "moderator",
    "person": "Ana Hoxha",
    "position": "Director",
    "organization": "Ministry of Work",
    "member_state": "ALB",
    "email": "ana@example.org",
    "phone": "+355 1 234",
    "gender": "f",
}
ITEM = {
    "roundtable": "RR2024-S1",
    "sort_order": "1",
    "title": "Opening",
    "minutes": "10",
    "role": "moderator",
}
QUESTION = {
    "roundtable": "RR2024-S1",
    "number": "1",
    "text": "What has worked?",
    "objectives": "7;15",
    "staff_notes": "Objective 6 is probably meant.",
}
FULL_ROUNDTABLE = ROUNDTABLE | {
    "code": "RR2024-S2",
    "part_of": "RR2024-S1",
    "type": "hearing",
    "number": "2",
    "title_fr": "Séance 2",
    "title_ru": "Заседание 2",
    "cluster": "RT4",
    "objectives": "7;15",
    "starts_on": "2024-03-11",
    "ends_on": "2024-03-11",
    "start_time": "09:05",
    "end_time": "10:00",
    "time_zone": "Europe/Zurich",
    "place": "Geneva",
    "format": "hybrid",
    "languages": "en;fr",
    "inferred": "true",
    "url": "https://example.org/",
    "sources": "SR2020",
    "source_locator": "Section 1",
    "staff_notes": "Inferred.",
}
RECOMMENDATION = {
    "code": "R2024-S1-02",
    "cycle": "RR2024",
    "roundtable": "RR2024-S1",
    "number": "2",
    "objectives": "7;15",
    "text": "Count who is missing.",
    "addressed_to": "member_states;stakeholders",
    "strength": "urged",
    "continues": "R2020-G-01",
    "follow_up": "Nobody has begun.",
    "language": "en",
    "sources": "SR2020",
}


@pytest.fixture(autouse=True)
def roundtable(db):
    for make, codes in {
        cycle: ["RR2024"],
        cluster: ["RT4"],
        member_state: ["ALB"],
        objective: [7, 15],
        source_document: ["SR2020"],
    }.items():
        for code in codes:
            make(code)
    RecommendationFactory(code="R2020-G-01", cycle="RR2020")
    return RoundtableFactory(code="RR2024-S1")


def exported(resource, **key) -> dict[str, str]:
    """What the export says of the record with this key, in the cells that it fills."""
    rows = resource().export().dict
    row = next(row for row in rows if key.items() <= row.items())
    return {name: cell for name, cell in row.items() if cell}


@pytest.mark.parametrize(
    ("resource", "row"),
    [
        (RoundtableResource, FULL_ROUNDTABLE),
        (RoleResource, ROLE),
        (AgendaItemResource, ITEM),
        (GuidingQuestionResource, QUESTION),
        (RecommendationResource, RECOMMENDATION),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_resource_fills_every_column_and_gives_it_back(sheets, resource, row):
    outcome = sheets.load(resource, row)

    key = {name: row[name] for name in resource._meta.import_id_fields}
    assert outcome.added == [" ".join(key.values())]
    assert exported(resource, **key) == row
    assert sheets.load(resource, row).unchanged == outcome.added


def test_parts_are_edits_of_their_roundtable(sheets, roundtable, roundtable_officer):
    roundtable.save()  # not one that this very transaction has just added
    before = Roundtable.objects.get(pk=roundtable.pk).version

    outcome = sheets.load(RoleResource, ROLE, ROLE | {"sort_order": "2"}, by=roundtable_officer)

    roundtable.refresh_from_db()
    assert (outcome.added, outcome.edited) == (["RR2024-S1 1", "RR2024-S1 2"], {"RR2024-S1"})
    assert (roundtable.edited_by, roundtable.version) == (roundtable_officer, before + 1)


def test_parts_of_a_signed_roundtable_are_refused(sheets, roundtable):
    published(roundtable)

    assert sheets.problems(AgendaItemResource, ITEM) == [
        (
            2,
            "",
            "RR2024-S1 is published, so somebody has signed it, and this row would change it"
            " (roundtable, sort_order, title, minutes, role). Take it back to draft first.",
        )
    ]


def test_parts_take_their_roundtable_back_when_asked(sheets, roundtable):
    published(roundtable)

    sheets.load(AgendaItemResource, ITEM, ITEM | {"sort_order": "2"}, take_back=True)

    roundtable.refresh_from_db()
    assert (roundtable.status, roundtable.agenda.count()) == (Status.DRAFT, 2)
    assert [record.document["agenda"] for record in PublicRecord.objects.all()] == [[]]


def test_parts_of_a_roundtable_that_is_to_be_left_stay(sheets):
    outcome = sheets.load(GuidingQuestionResource, QUESTION, leave={"RR2024-S1"})

    assert (outcome.left, outcome.is_nothing) == (["RR2024-S1 1"], True)
    assert list(GuidingQuestion.objects.all()) == []


def test_part_without_exactly_one_party_is_refused(sheets):
    assert sheets.problems(RoleResource, ROLE | {"member_state": ""}) == [
        (
            2,
            "member_state, stakeholder",
            "Name one party: either a Member State or a stakeholder.",
        )
    ]
    assert list(Role.objects.all()) == []


def test_parts_of_an_unknown_roundtable_are_refused(sheets):
    assert sheets.problems(RoleResource, ROLE | {"roundtable": "RR2024-S9"}) == [
        (2, "roundtable", "There is no roundtable “RR2024-S9”.")
    ]


def test_roundtable_with_an_impossible_time_is_refused(sheets):
    row = FULL_ROUNDTABLE | {"start_time": "25:00", "time_zone": "CET+1", "languages": "en;de"}

    assert [problem[1] for problem in sheets.problems(RoundtableResource, row)] == [
        "start_time",
        "time_zone",
        "languages",
    ]
    assert list(Roundtable.objects.values_list("code", flat=True)) == ["RR2024-S1"]
