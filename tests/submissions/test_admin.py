"""Entering what parties hand in."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import Change
from objectives.models import Region
from submissions.models import Practice, VoluntaryReport
from tests.factories import (
    ExcerptFactory,
    FocalPointFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    person,
    source_document,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db


def screen(record, view: str = "change") -> str:
    meta = record._meta
    args = [record.pk] if view == "change" else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=args)


@pytest.fixture
def staff(client):
    client.force_login(person("Editor"))
    return client


def opened(staff, record, **cells):
    """What is sent of a record's form with these cells typed over."""
    return sent(staff.get(screen(record))) | cells


def new(staff, model, **cells):
    """What is sent of an empty form with these cells filled in."""
    return sent(staff.get(screen(model, "add"))) | cells


def errors(answer) -> dict:
    """Every complaint of a refused form and its parts."""
    form = answer.context["adminform"].form
    found = {name: list(said) for name, said in form.errors.items()}
    for parts in answer.context["inline_admin_formsets"]:
        prefix = parts.formset.prefix
        for part in parts.formset.forms:
            found |= {f"{part.prefix}-{name}": list(said) for name, said in part.errors.items()}
        if parts.formset.non_form_errors():
            found[prefix] = list(parts.formset.non_form_errors())
    return found


PRACTICE = {"title": "Night buses", "summary": "Buses run all night.", "level": "local"}

# --- Objectives -----------------------------------------------------------------------------


def links(record) -> list[tuple[int, bool]]:
    rows = record.objective_links.order_by("objective__number")
    return list(rows.values_list("objective__number", "primary"))


@pytest.mark.parametrize("factory", [PracticeFactory, PledgeFactory])
def test_objectives_are_ticked_and_a_main_aim_is_served(staff, factory):
    record = factory(objectives=[])
    for number in (7, 15, 23):
        objective(number)

    staff.post(
        screen(record),
        opened(
            staff,
            record,
            **{"objective_links": ["15"], "objective_links-primary": ["7", "15"]},
        ),
    )

    record.refresh_from_db()
    assert links(record) == [(7, True), (15, True)]
    assert record.primary_objectives_claimed == 2


def test_objectives_are_changed_by_the_smallest_change(staff):
    practice = PracticeFactory(objectives=[7, 15, 23])
    seven, fifteen, _gone = practice.objective_links.order_by("objective__number")
    objective(3)
    before = Change.objects.count()

    staff.post(
        screen(practice),
        opened(
            staff,
            practice,
            **{"objective_links": ["3", "7", "15"], "objective_links-primary": ["7", "15"]},
        ),
    )

    writes = Change.objects.filter(table_name="submissions_practiceobjective").order_by("id")
    assert sorted(writes.values_list("operation", flat=True)[3:]) == ["delete", "insert", "update"]
    assert before < Change.objects.count()
    kept = practice.objective_links.get(pk=seven.pk), practice.objective_links.get(pk=fifteen.pk)
    assert [(link.version, link.primary) for link in kept] == [(1, True), (2, True)]


def test_claim_of_the_source_stays_when_ticks_do_not_change(staff):
    practice = PracticeFactory(objectives=[7], primary_objectives_claimed=3)

    staff.post(screen(practice), opened(staff, practice, title="Another title"))

    practice.refresh_from_db()
    assert (practice.title, practice.primary_objectives_claimed) == ("Another title", 3)


def test_claim_that_is_typed_is_believed(staff):
    practice = PracticeFactory(objectives=[7])
    objective(15)

    staff.post(
        screen(practice),
        opened(
            staff,
            practice,
            **{"objective_links-primary": ["7", "15"], "primary_objectives_claimed": "4"},
        ),
    )

    practice.refresh_from_db()
    assert (links(practice), practice.primary_objectives_claimed) == ([(7, True), (15, True)], 4)


def test_objective_that_a_colleague_ticked_meanwhile_is_not_overwritten(staff):
    practice = PracticeFactory(objectives=[7])
    cells = opened(staff, practice, objective_links=["15"], title="Mine")
    practice.objective_links.create(objective=objective(15), primary=False)

    answer = staff.post(screen(practice), cells)

    assert answer.context["adminform"].form.has_error("__all__", "conflict")
    assert links(practice) == [(7, True), (15, False)]
    assert sent(answer)["objective_links"] == ["7", "15"]  # 7 is a main aim still


def test_refused_form_shows_the_ticks_that_were_made(staff):
    practice = PracticeFactory(objectives=[7])
    objective(15)

    answer = staff.post(
        screen(practice), opened(staff, practice, title="", objective_links=["7", "15"])
    )

    assert sent(answer)["objective_links"] == ["7", "15"]
    assert sent(answer)["objective_links-primary"] == ["7"]
    assert links(practice) == [(7, True)]


def test_who_may_not_edit_reads_the_objectives_as_a_list(client):
    practice = PracticeFactory(objectives=[15, 7])
    client.force_login(person("Reader"))

    page = client.get(screen(practice)).content.decode()

    assert "<li>15. Objective 15 (main aim)</li><li>7. Objective 7 </li>" in page
    assert 'name="objective_links"' not in page


# --- Codes ----------------------------------------------------------------------------------


def test_report_gets_its_code_from_cycle_and_party(staff):
    stakeholder = StakeholderFactory()
    said = {"title": "Voluntary report", "cycle": cycle("IMRF2022").pk}
    for party in (
        {"member_state": member_state("ALB").pk},
        {"member_state": member_state("ALB").pk},
        {"stakeholder": stakeholder.pk, "type": "stakeholder_report"},
    ):
        staff.post(screen(VoluntaryReport, "add"), new(staff, VoluntaryReport, **said, **party))

    assert [report.code for report in VoluntaryReport.objects.order_by("id")] == [
        "VR-2022-ALB",
        "VR-2022-ALB-2",
        f"VR-2022-{stakeholder.code}",
    ]


def test_report_without_a_party_says_what_the_code_is_made_of(staff):
    cells = new(staff, VoluntaryReport, title="Report", cycle=cycle().pk)

    answer = staff.post(screen(VoluntaryReport, "add"), cells)

    assert errors(answer) == {
        "code": [
            "The code is made of the review cycle and the party: give these, or write a code."
        ],
        "__all__": ["Name one party: either a Member State or a stakeholder."],
    }


# --- The next one ---------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["add", "change"])
def test_next_record_keeps_cycle_party_language_and_sources(staff, view):
    state, source = member_state("KGZ"), source_document()
    common = {
        "cycle": [str(cycle().pk)],
        "member_state": [str(state.pk)],
        "language": ["fr"],
        "sources": [str(source.pk)],
    }
    if view == "add":
        address, cells = screen(Practice, "add"), new(staff, Practice, **PRACTICE)
    else:
        practice = PracticeFactory()
        address, cells = screen(practice), opened(staff, practice)

    answer = staff.post(address, cells | common | {"_addanother": "1"})

    to = urlsplit(answer["Location"])
    assert to.path == screen(Practice, "add")
    assert parse_qs(to.query) == common
    next_one = sent(staff.get(answer["Location"]))
    assert {name: next_one[name] for name in common} == common
    assert next_one["title"] == [""]


def test_next_report_is_of_another_party(staff):
    report = VoluntaryReportFactory()

    answer = staff.post(screen(report), opened(staff, report, _addanother="1"))

    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "cycle": [str(report.cycle_id)],
        "language": ["en"],
    }


# --- Parts ----------------------------------------------------------------------------------


def sections(report) -> list[tuple]:
    rows = report.sections.order_by("sort_order", "id")
    return list(rows.values_list("sort_order", "objective__number", "text"))


def test_sections_are_added_one_objective_after_the_other(staff):
    report = VoluntaryReportFactory()
    for number in (7, 15):
        said = {"sections-0-objective": objective(number).pk, "sections-0-text": f"On {number}."}
        place = report.sections.count()
        cells = opened(staff, report)
        staff.post(
            screen(report),
            cells | {name.replace("-0-", f"-{place}-"): value for name, value in said.items()},
        )

    assert sections(report) == [(1, 7, "On 7."), (2, 15, "On 15.")]


def test_sections_may_change_their_objectives_and_one_may_replace_another(staff):
    report = VoluntaryReportFactory()
    for place, number in enumerate((7, 15, 23), start=1):
        ReportSectionFactory(report=report, objective=number, sort_order=place, text=str(number))

    answer = staff.post(
        screen(report),
        opened(
            staff,
            report,
            **{
                "sections-0-objective": objective(15).pk,
                "sections-1-objective": objective(7).pk,
                "sections-2-DELETE": "on",
                "sections-3-objective": objective(23).pk,
                "sections-3-text": "Anew.",
            },
        ),
    )

    assert answer.status_code == 302
    assert sections(report) == [(1, 15, "7"), (2, 7, "15"), (3, 23, "Anew.")]


def test_progress_updates_stand_with_the_newest_first(staff):
    pledge = PledgeFactory()
    for day in ("2024-05-01", "2024-07-01", "2024-06-01"):
        ProgressUpdateFactory(pledge=pledge, reported_on=day)

    cells = opened(staff, pledge)

    assert [cells[f"progress_updates-{place}-reported_on"] for place in range(3)] == [
        ["2024-07-01"],
        ["2024-06-01"],
        ["2024-05-01"],
    ]


UPDATE = {
    "progress_updates-0-reported_on": "2024-06-01",
    "progress_updates-0-stage": "planned",
    "progress_updates-0-text": "Begun.",
}
SECTION = {"sections-0-text": "We opened centres."}
PARTY = "Name one party: either a Member State or a stakeholder."


@pytest.mark.parametrize(
    ("factory", "cells", "refused"),
    [
        (PledgeFactory, UPDATE | {"progress_updates-0-stage": ""}, "progress_updates-0-stage"),
        (PledgeFactory, UPDATE | {"progress_updates-0-stage": "no"}, "progress_updates-0-stage"),
        (PledgeFactory, UPDATE | {"progress_updates-0-text": "\0"}, "progress_updates-0-text"),
        (
            PledgeFactory,
            UPDATE | {"progress_updates-0-language": "de"},
            "progress_updates-0-language",
        ),
        (
            PledgeFactory,
            UPDATE | {"progress_updates-0-evidence_url": "file:///etc/passwd"},
            "progress_updates-0-evidence_url",
        ),
        (
            PledgeFactory,
            UPDATE | {"progress_updates-0-reported_on": "2024-02-31"},
            "progress_updates-0-reported_on",
        ),
        (
            VoluntaryReportFactory,
            SECTION | {"sections-0-objective": "99999"},
            "sections-0-objective",
        ),
        (
            VoluntaryReportFactory,
            SECTION | {"sections-0-sort_order": "-1"},
            "sections-0-sort_order",
        ),
        (
            VoluntaryReportFactory,
            SECTION | {"sections-0-sort_order": "99999999"},
            "sections-0-sort_order",
        ),
        (PracticeFactory, {"files-0-kind": "film"}, "files-0-kind"),
        (PracticeFactory, {"files-0-title": "x", "files-0-language": "de"}, "files-0-language"),
        (PledgeFactory, {"text": "ж" * 3001}, "text"),
        (PledgeFactory, {"type": "matching"}, "__all__"),
        (PledgeFactory, {"made_on": "2024-03-11", "due_on": "2024-03-10"}, "__all__"),
        (PracticeFactory, {"primary_objectives_claimed": "0"}, "primary_objectives_claimed"),
        (PracticeFactory, {"year_start": "2021", "year_end": "2020"}, "__all__"),
        (PracticeFactory, {"year_start": "21"}, "__all__"),
        (PracticeFactory, {"partner_countries": "XXX"}, "partner_countries"),
    ],
)
def test_what_the_database_would_refuse_is_refused_on_the_form(staff, factory, cells, refused):
    record = factory()
    version = factory.model.objects.values_list("version", flat=True).get(pk=record.pk)

    answer = staff.post(screen(record), opened(staff, record, **cells))

    assert answer.status_code == 200
    assert refused in errors(answer)
    assert factory.model.objects.values_list("version", flat=True).get(pk=record.pk) == version


def test_two_sections_on_one_objective_are_refused(staff):
    report = VoluntaryReportFactory()
    ReportSectionFactory(report=report, objective=7)

    answer = staff.post(
        screen(report), opened(staff, report, **{"sections-1-objective": objective(7).pk})
    )

    assert errors(answer) == {
        "sections": ["Two of them cannot stand side by side: see below."],
        "sections-1-objective": ["This report already has a section on this objective."],
    }


def test_focal_point_acts_for_one_party_once(client):
    FocalPointFactory()
    client.force_login(person("Administrator"))
    address = reverse("admin:submissions_focalpoint_add")
    cells = sent(client.get(address)) | {"user-code": person("Reader").email}

    twice = client.post(address, cells | {"member_state": member_state("ALB").pk})
    nobody = client.post(address, cells)

    assert errors(twice) == {"__all__": ["This person already acts for this party."]}
    assert errors(nobody) == {"__all__": [PARTY]}


# --- Who works on what ----------------------------------------------------------------------


@pytest.fixture
def limited(staff):
    """An editor of one cycle and one region."""
    editor = person("Editor")
    editor.cycle, editor.region = cycle("RR2024"), member_state("ALB").subregion
    editor.save()
    return staff


def test_somebody_of_one_cycle_is_offered_that_cycle(limited):
    cycle("RR2020")

    form = limited.get(screen(Practice, "add")).context["adminform"].form

    assert [label for _key, label in form.fields["cycle"].choices] == [
        "—",
        "RR2024: Regional review 2024",
    ]


@pytest.mark.parametrize(
    ("cells", "made"),
    [
        ({"cycle": "RR2024", "member_state": "ALB"}, True),
        ({"cycle": "RR2024", "member_states": "ALB"}, True),
        ({"cycle": "RR2020", "member_state": "ALB"}, False),
        ({"cycle": "RR2024", "member_state": "KGZ"}, False),
        ({"cycle": "RR2024"}, False),
    ],
)
def test_somebody_of_one_cycle_and_region_enters_records_of_these(limited, cells, made):
    elsewhere = Region.objects.create(code="ASIA", name_en="Asia", kind="subregion")
    kyrgyzstan = member_state("KGZ")
    type(kyrgyzstan).objects.filter(pk=kyrgyzstan.pk).update(subregion=elsewhere)
    keys = {
        name: cycle(value).pk if name == "cycle" else member_state(value).pk
        for name, value in cells.items()
    }

    answer = limited.post(screen(Practice, "add"), new(limited, Practice, **PRACTICE, **keys))

    assert (answer.status_code == 302, Practice.objects.exists()) == (made, made)


# --- Screens --------------------------------------------------------------------------------

PARTS = {
    PracticeFactory: [(SubmissionFileFactory, "practice")],
    PledgeFactory: [(SubmissionFileFactory, "pledge"), (ProgressUpdateFactory, "pledge")],
    VoluntaryReportFactory: [(SubmissionFileFactory, "report"), (ReportSectionFactory, "report")],
    ExcerptFactory: [],
    StakeholderFactory: [],
}
QUERIES = {
    ("Editor", "Practice"): 34,
    ("Editor", "Pledge"): 33,
    ("Editor", "VoluntaryReport"): 17,
    ("Editor", "Excerpt"): 20,
    ("Editor", "Stakeholder"): 15,
    ("Reader", "Practice"): 19,
    ("Reader", "Pledge"): 20,
    ("Reader", "VoluntaryReport"): 13,
    ("Reader", "Excerpt"): 13,
    ("Reader", "Stakeholder"): 12,
}


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize("factory", PARTS, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("role", ["Editor", "Reader"])
def test_screen_costs_the_same_for_one_part_and_for_four(
    client, factory, role, how_many, django_assert_num_queries
):
    record = factory()
    for part, owner in PARTS[factory]:
        for number in range(how_many):
            more = {"objective": number + 1} if part is ReportSectionFactory else {}
            part(**{owner: record}, **more)
    client.force_login(person(role))
    client.get(screen(record))  # content types are remembered from here on

    with django_assert_num_queries(QUERIES[role, factory.model.__name__]):
        client.get(screen(record))


@pytest.mark.parametrize("factory", PARTS, ids=lambda one: one.model.__name__)
def test_each_group_of_questions_has_its_sentence_of_advice(staff, factory):
    page = staff.get(screen(factory.model, "add"))

    groups = page.context["adminform"].fieldsets
    parts = [one.opts.guidance for one in page.context["inline_admin_formsets"]]
    assert all([*(options.get("description") for _name, options in groups), *parts])
