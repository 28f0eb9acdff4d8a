"""The columns of stakeholders, pledges, progress updates and reports, there and back."""

from datetime import date

import pytest

from office.imports import import_file
from public.workflow import Status
from submissions.models import Pledge, ProgressUpdate, Stakeholder, VoluntaryReport
from submissions.resources import (
    PledgeResource,
    ProgressUpdateResource,
    StakeholderResource,
    VoluntaryReportResource,
)
from tests.factories import (
    PledgeFactory,
    ProgressUpdateFactory,
    StakeholderFactory,
    cycle,
    implementer_type,
    member_state,
    objective,
    principle,
    sdg,
    source_document,
    stakeholder_type,
)
from tests.sheets import write

pytestmark = pytest.mark.django_db

ORIGIN = {
    "language": "en",
    "url": "https://example.org/",
    "sources": "SR2020",
    "source_locator": "Section 2",
    "staff_notes": "To be checked.",
}
STAKEHOLDER = {
    "code": "ST-0007",
    "title": "Union of Orchard Workers",
    "acronym": "UOW",
    "stakeholder_type": "trade_union",
    "member_states": "ALB;SRB",
    "description": "People who pick fruit.",
    "contact_email": "contact@example.org",
    "contact_phone": "+355 1 234",
    **ORIGIN,
}
PLEDGE = {
    "code": "PL-0002",
    "title": "Guides for the first month",
    "text": "We will train guides. " * 20 + "End.",
    "stakeholder": "ST-0001",
    "pledged_by": "The board",
    "partner_states": "SRB",
    "partner_stakeholders": "ST-0002",
    "implementer_type": "trade_union",
    "cycle": "RR2024",
    "objectives": "7;15",
    "primary_objectives": "7",
    "primary_objectives_claimed": "1",
    "principles": "people_centred",
    "sdgs": "10",
    "member_states": "ALB",
    "type": "matching",
    "form": "financial",
    "matches": "PL-0001",
    "origin": "party",
    "stage": "in_progress",
    "made_on": "2024-02-01",
    "due_on": "2027-12-31",
    **ORIGIN,
}
UPDATE = {
    "pledge": "PL-0001",
    "reported_on": "2024-06-01",
    "stage": "in_progress",
    "language": "en",
    "text": "The first lawyers are trained.",
    "evidence_url": "https://example.org/evidence",
}
REPORT = {
    "code": "VR-2024-ALB",
    "title": "Voluntary report of Albania",
    "type": "voluntary_report",
    "member_state": "ALB",
    "party_name": "Council of Ministers",
    "cycle": "RR2024",
    "submitted_on": "2024-02-20",
    "evidence": "received",
    **ORIGIN,
}


@pytest.fixture(autouse=True)
def named_records(db):
    for make, codes in {
        cycle: ["RR2024"],
        member_state: ["ALB", "SRB"],
        objective: [7, 15],
        principle: ["people_centred"],
        sdg: [10],
        source_document: ["SR2020"],
        stakeholder_type: ["trade_union"],
        implementer_type: ["trade_union"],
    }.items():
        for code in codes:
            make(code)


@pytest.fixture
def parties():
    """The stakeholders and the pledge that others name."""
    StakeholderFactory(code="ST-0001")
    StakeholderFactory(code="ST-0002")
    PledgeFactory(code="PL-0001", edited_by=None)


def exported(resource, code: str) -> dict[str, str]:
    """What the export says of the record in the cells that it fills."""
    row = next(row for row in resource().export().dict if code in row.values())
    return {name: cell for name, cell in row.items() if cell}


@pytest.mark.parametrize(
    ("resource", "model", "row"),
    [
        (StakeholderResource, Stakeholder, STAKEHOLDER),
        (PledgeResource, Pledge, PLEDGE),
        (VoluntaryReportResource, VoluntaryReport, REPORT),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_resource_fills_every_column_and_gives_it_back(
    sheets, tmp_path, parties, resource, model, row
):
    outcome = sheets.load(resource, row)

    assert outcome.added == [row["code"]]
    assert exported(resource, row["code"]) == row
    everything = write(tmp_path / "all.csv", list(resource.columns()), resource().export().dict)
    assert import_file(resource, everything, by=sheets.by).is_nothing
    assert set(model.objects.values_list("status", flat=True)) == {Status.DRAFT}


def test_progress_update_is_found_by_pledge_and_day(sheets, parties):
    sheets.load(ProgressUpdateResource, UPDATE)

    outcome = sheets.load(
        ProgressUpdateResource,
        UPDATE | {"text": "All lawyers are trained."},
        UPDATE | {"reported_on": "2025-06-01", "stage": "fulfilled"},
    )

    assert (outcome.added, list(outcome.changed), outcome.edited) == (
        ["PL-0001 2025-06-01"],
        ["PL-0001 2024-06-01"],
        {"PL-0001"},
    )
    updates = ProgressUpdate.objects.order_by("reported_on")
    assert list(updates.values_list("reported_on", "stage", "text")) == [
        (date(2024, 6, 1), "in_progress", "All lawyers are trained."),
        (date(2025, 6, 1), "fulfilled", "The first lawyers are trained."),
    ]
    assert exported(ProgressUpdateResource, "2025-06-01") == UPDATE | {
        "reported_on": "2025-06-01",
        "stage": "fulfilled",
    }


def test_progress_update_that_several_records_answer_to_is_refused(sheets, parties):
    for text in ("One", "Another"):
        ProgressUpdateFactory(pledge=Pledge.objects.get(), reported_on=date(2024, 6, 1), text=text)

    assert sheets.problems(ProgressUpdateResource, UPDATE) == [
        (2, "reported_on", "Several records answer to “PL-0001 2024-06-01”.")
    ]


def test_progress_update_of_an_unknown_pledge_is_refused_by_row(sheets, parties):
    problems = sheets.problems(
        ProgressUpdateResource,
        UPDATE | {"pledge": "PL-0009"},
        UPDATE | {"reported_on": "1 June"},
        UPDATE | {"reported_on": ""},
    )

    assert problems == [
        (2, "pledge", "There is no pledge “PL-0009”."),
        (
            3,
            "reported_on",
            "“1 June” value has an invalid date format. It must be in YYYY-MM-DD format.",
        ),
        (4, "reported_on", "This cell finds the record: it must not be empty."),
    ]
