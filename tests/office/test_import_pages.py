"""The pages of an import: who may, whose upload it is, what is shown, confirmed once."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from objectives.models import ReviewCycle
from office.imports import jobs
from office.models import Import
from office.templatetags.utc import utc
from public.publishable import Publishable
from public.workflow import Status
from submissions.models import Citation, Practice, ReportSection
from tests.factories import (
    ExcerptFactory,
    PracticeFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    brought_to,
    cycle,
    member_state,
    objective,
    person,
    published,
    region,
    second_factor,
    source_document,
)
from tests.office.import_journey import (
    cells_of,
    csv_of,
    import_page,
    imported,
    job_page,
    previewed,
    problems_of,
    read,
    rows_of,
    send,
    uploaded,
    xlsx_of,
)
from tests.sheets import PRACTICE

pytestmark = pytest.mark.django_db

KINDS = [
    "submissions.stakeholder",
    "submissions.practice",
    "submissions.pledge",
    "submissions.voluntaryreport",
    "submissions.excerpt",
    "roundtables.roundtable",
    "roundtables.recommendation",
    "synthesis.figure",
]


@pytest.fixture(autouse=True)
def reference_data(db):
    for number in (7, 15):
        objective(number)
    cycle("RR2024")


@pytest.fixture
def office(client):
    """Signs somebody of this role in."""

    def sign_in(role: str):
        client.force_login(person(role))
        return client

    return sign_in


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- Who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_import_needs_its_own_right(office, kind):
    assert office("Editor").get(import_page(kind)).status_code == 200
    for role in ("Reader", "Reviewer", "Publisher", "Administrator"):
        staff = office(role)
        assert staff.get(import_page(kind)).status_code == 403
        assert send(staff, b"code\n", kind=kind).status_code == 403
    assert list(Import.objects.all()) == []


def test_import_is_for_staff_only(client):
    assert client.get(import_page()).status_code == 302
    assert send(client, b"code\n").status_code == 302
    assert list(Import.objects.all()) == []


def test_roundtable_officer_imports_roundtables_only(office):
    officer = office("Roundtable officer")

    assert officer.get(import_page("roundtables.roundtable")).status_code == 200
    assert officer.get(import_page("submissions.practice")).status_code == 403


def test_only_records_that_are_published_have_an_import(office):
    assert office("Editor").get(import_page("objectives.objective")).status_code == 404


@pytest.mark.parametrize(("role", "shown"), [("Editor", True), ("Reader", False)])
def test_list_links_to_the_import_for_those_who_may(office, role, shown):
    page = office(role).get(reverse("admin:submissions_practice_changelist"))

    assert (f'href="{import_page()}"' in text(page)) == shown


def test_right_that_is_lost_before_the_job_runs_stops_it(editor):
    upload = previewed(editor, csv_of([PRACTICE]))
    editor.groups.clear()

    done = imported(upload)

    assert (done.state, done.problems) == (
        "stopped",
        [[0, "", "You do not have the right to import these records."]],
    )
    assert list(Practice.objects.all()) == []


# --- Whose upload it is ---------------------------------------------------------------------


def test_upload_is_a_row_bound_to_its_person_and_to_its_bytes(office, editor):
    content = csv_of([PRACTICE])

    answer = send(office("Editor"), content, "../../etc/passwd.csv", signed="leave")

    upload = Import.objects.get()
    assert (upload.by, upload.kind, upload.part, upload.name, upload.size, upload.signed) == (
        editor,
        "submissions.practice",
        "practice",
        "passwd.csv",
        len(content),
        "leave",
    )
    assert (bytes(upload.content), upload.state) == (content, "uploaded")
    assert answer.headers["Location"] == job_page(upload)


def test_upload_of_somebody_else_is_seen_confirmed_and_repeated_by_nobody(office, editor):
    upload = previewed(editor, csv_of([PRACTICE | {"level": "x"}]))
    other = User.objects.create_user("second@secretariat.example", name="Second", is_staff=True)
    other.groups.set(editor.groups.all())
    second_factor(other)
    client = office("Editor")
    client.force_login(other)

    assert [
        client.get(job_page(upload)).status_code,
        client.get(job_page(upload) + "progress/").status_code,
        client.get(job_page(upload) + "reasons.xlsx").status_code,
        client.post(job_page(upload), {"action": "confirm"}).status_code,
        client.post(job_page(upload), {"action": "again", "signed": "refuse"}).status_code,
    ] == [404] * 5
    assert Import.objects.get().state == "previewed"


def test_upload_is_not_found_on_the_page_of_another_kind(office, editor):
    upload = previewed(editor, csv_of([PRACTICE]))

    page = reverse("admin:import-job", args=["submissions.pledge", upload.pk])

    assert office("Editor").get(page).status_code == 404


# --- The file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.xls", "Files that end in “.xls” are not read. Save it as XLSX or as CSV UTF-8."),
        ("a.xlsm", "Files that end in “.xlsm” are not read. Save it as XLSX or as CSV UTF-8."),
        ("a.ods", "Files that end in “.ods” are not read. Save it as XLSX or as CSV UTF-8."),
        ("a", "Files that end in “” are not read. Save it as XLSX or as CSV UTF-8."),
    ],
)
def test_upload_refuses_other_kinds_of_file(office, name, reason):
    answer = send(office("Editor"), b"code\n", name)

    assert (answer.status_code, answer.context["form"].errors) == (400, {"file": [reason]})
    assert list(Import.objects.all()) == []


def test_upload_refuses_a_file_that_is_too_large(office):
    answer = send(office("Editor"), b"x" * 20_000_001)

    assert answer.context["form"].errors == {
        "file": ["The file has more than 20 MB. Divide it into several files."]
    }


def test_upload_of_nothing_is_refused(office):
    answer = office("Editor").post(import_page(), {"part": "practice", "signed": "refuse"})

    assert answer.context["form"].errors == {"file": ["This field is required."]}


def test_file_that_cannot_be_read_says_why_and_offers_another_try(office):
    client = office("Editor")
    upload = read(client, b"code,title\nP-0001,x\n", "text.xlsx")

    page = client.get(job_page(upload))

    assert (upload.state, upload.problems) == (
        "refused",
        [
            [
                0,
                "",
                "The name ends in .xlsx, but this is no workbook. If it is a text file, rename it"
                " to .csv; otherwise open it and save it as “Excel Workbook (.xlsx)”.",
            ]
        ],
    )
    assert "This file cannot be read" in text(page)
    assert "rename it to .csv" in text(page)


def test_sheet_without_rows_is_refused(editor):
    upload = previewed(editor, b"code,title\n")

    assert (upload.state, upload.problems) == ("refused", [[0, "", "The sheet has no rows."]])


def test_unknown_columns_are_named_and_passed_over_when_asked(office):
    client = office("Editor")
    row = PRACTICE | {"Remarks": "good", "code": "P-0001"}
    upload = read(client, csv_of([row]))
    assert (upload.state, [one[1] for one in upload.problems]) == ("refused", ["Remarks"])

    client.post(job_page(upload), {"action": "again", "signed": "refuse", "ignore": "on"})

    again = Import.objects.first()
    jobs.run(again.pk)
    again.refresh_from_db()
    assert (again.ignored, again.state, again.counts) == (["Remarks"], "previewed", {"new": 1})
    assert "passed over, as you wished: Remarks" in text(client.get(job_page(again)))


# --- The preview ----------------------------------------------------------------------------


def test_preview_shows_what_would_happen_row_by_row(office):
    PracticeFactory(code="P-0001", title="Old", objectives=[7])
    same = PracticeFactory(code="P-0002")
    client = office("Editor")
    rows = [
        {"code": "P-0001", "title": "New", "objectives": "7;15"},
        {"code": "P-0002", "title": same.title, "objectives": "7"},
        {"code": "P-0001", "title": "Twice", "objectives": "7"},
    ]

    upload = read(client, csv_of(rows))
    page = client.get(job_page(upload) + "?show=all")

    assert upload.counts == {"changed": 1, "unchanged": 1, "refused": 1}
    assert rows_of(upload) == [
        (2, "changed", "P-0001", {"title": ["Old", "New"], "objectives": ["7", "7;15"]}),
        (3, "unchanged", "P-0002", {}),
        (4, "refused", "P-0001", {}),
    ]
    said = text(page)
    assert "<del>Old</del>" in said
    assert "<ins>New</ins>" in said
    assert "“P-0001” stands in row 2 already." in said
    assert "Import it" not in said
    assert Practice.objects.get(code="P-0001").title == "Old"


def test_preview_shows_refused_rows_first_and_any_kind_on_request(office, editor):
    PracticeFactory(code="P-0001")
    rows = [{"code": "P-0001", "title": "New"}, {"code": "P-0002", "title": ""}]
    upload = previewed(editor, csv_of(rows))
    client = office("Editor")

    shown = {
        show: [row["row"].number for row in client.get(job_page(upload) + show).context["rows"]]
        for show in ("", "?show=all", "?show=changed", "?show=unchanged", "?show=nonsense&page=x")
    }

    assert upload.counts == {"changed": 1, "refused": 1}
    assert shown == {
        "": [3],
        "?show=all": [2, 3],
        "?show=changed": [2],
        "?show=unchanged": [],
        "?show=nonsense&page=x": [2, 3],
    }


@pytest.mark.parametrize("how_many", [1, 4, 120])
def test_preview_costs_the_same_for_one_and_for_many(
    office, editor, how_many, django_assert_num_queries
):
    rows = [PRACTICE | {"code": f"P-{number:04}"} for number in range(1, how_many + 1)]
    upload = previewed(editor, csv_of(rows))
    client = office("Editor")

    with django_assert_num_queries(9):
        page = client.get(job_page(upload))

    assert len(page.context["rows"]) == min(how_many, 50)


def test_preview_keeps_its_hands_off_what_spreadsheets_would_run(office, editor):
    upload = previewed(
        editor, csv_of([PRACTICE | {"title": "=1+1", "level": "=cmd|' /C calc'!A0"}])
    )

    sheet = load_workbook(io.BytesIO(bytes(upload.problem_sheet))).active

    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    assert "=1+1" in [cell.value for cell in sheet[2]]


def test_reasons_are_downloaded_as_the_same_sheet(office, editor):
    upload = previewed(
        editor, xlsx_of([["title", "CODE", "level"], ["One", "P-0001", "galactic"]]), "Été.xlsx"
    )

    answer = office("Editor").get(job_page(upload) + "reasons.xlsx")

    assert cells_of(answer.content) == [
        ["What is wrong\nsummary: The column is missing. Row 2 adds a record, which needs it.\n"
         "cycle: The column is missing. Row 2 adds a record, which needs it.\n"
         "objectives: The column is missing. Row 2 adds a record, which needs it.",
         "title", "CODE", "level"],
        ["level: “galactic” is not one of: local, national, bilateral, subregional, regional,"
         " global.", "One", "P-0001", "galactic"],
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%89t%C3%A9-reasons.xlsx"
    )
    again = previewed(editor, answer.content, "again.xlsx")
    assert problems_of(again)[-1][:2] == (2, "level")
    assert "What is wrong" not in str(again.problems)


def test_upload_without_problems_has_no_sheet_of_reasons(office, editor):
    upload = previewed(editor, csv_of([PRACTICE]))

    assert office("Editor").get(job_page(upload) + "reasons.xlsx").status_code == 404


# --- Confirming -----------------------------------------------------------------------------


def test_confirmed_file_is_imported_and_the_page_says_what_the_database_says(office):
    client = office("Editor")
    PracticeFactory(code="P-0002", title="Old")
    rows = [PRACTICE, PRACTICE | {"code": "P-0002", "title": "New"}]
    upload = read(client, csv_of(rows))

    client.post(job_page(upload), {"action": "confirm"})
    assert "Waiting for its turn" in text(client.get(job_page(upload)))
    jobs.run(upload.pk)
    page = client.get(job_page(upload))

    assert (page.context["added"], page.context["changed"]) == (1, 1)
    assert "1 of 1 announced" in text(page)
    assert list(Practice.objects.values_list("code", "title", "status", "edited_by__name")) == [
        ("P-0001", "One-stop centres", "draft", "Editor"),
        ("P-0002", "New", "draft", "Editor"),
    ]
    Practice.objects.filter(code="P-0001").delete()
    assert client.get(job_page(upload)).context["added"] == 0


def test_second_confirm_says_when_it_was_imported(office):
    client = office("Editor")
    upload = read(client, csv_of([PRACTICE]))
    client.post(job_page(upload), {"action": "confirm"})
    twice = client.post(job_page(upload), {"action": "confirm"}, follow=True)
    jobs.run(upload.pk)
    version = Practice.objects.get().version

    again = client.post(job_page(upload), {"action": "confirm"}, follow=True)

    assert [str(one) for one in twice.context["messages"]] == [
        "This file is being imported already."
    ]
    when = utc(Import.objects.get().finished_at)
    assert [str(one) for one in again.context["messages"]] == [
        f"This file was already imported on {when}."
    ]
    assert jobs.run(upload.pk) is False
    assert (Practice.objects.count(), Practice.objects.get().version) == (1, version)


def test_same_file_uploaded_again_says_that_it_was_imported(office, editor):
    imported(previewed(editor, csv_of([PRACTICE])))
    upload = previewed(editor, csv_of([PRACTICE]))

    page = office("Editor").get(job_page(upload))

    assert "You imported this same file on " in text(page)
    assert upload.counts == {"unchanged": 1}
    assert "There is nothing to import" in text(page)


@pytest.mark.parametrize("rows", [[PRACTICE | {"level": "x"}], []], ids=["refused", "unread"])
def test_what_is_refused_or_not_read_yet_cannot_be_confirmed(office, editor, rows):
    upload = previewed(editor, csv_of(rows)) if rows else uploaded(editor, csv_of([PRACTICE]))
    state = upload.state

    answer = office("Editor").post(job_page(upload), {"action": "confirm"}, follow=True)

    assert [str(one) for one in answer.context["messages"]] == [
        "There is nothing here that could be imported."
    ]
    assert Import.objects.get().state == state


def test_record_that_a_colleague_changed_after_the_preview_stops_the_import(office, editor):
    PracticeFactory(code="P-0001", title="Old")
    PracticeFactory(code="P-0002", title="Old")
    client = office("Editor")
    rows = [{"code": "P-0001", "title": "Mine"}, {"code": "P-0002", "title": "Mine"}]
    upload = read(client, csv_of(rows))
    Practice.objects.filter(code="P-0002").update(
        title="Theirs", edited_by=person("Roundtable officer")
    )

    client.post(job_page(upload), {"action": "confirm"})
    jobs.run(upload.pk)
    page = text(client.get(job_page(upload)))

    upload.refresh_from_db()
    assert (upload.state, upload.problems) == (
        "stopped",
        [
            [
                3,
                "P-0002",
                "This record has been changed since the preview, last by Roundtable officer.",
            ]
        ],
    )
    assert "Nothing was written" in page
    assert "last by Roundtable officer" in page
    assert list(Practice.objects.values_list("title", flat=True)) == ["Old", "Theirs"]

    client.post(job_page(upload), {"action": "again", "signed": "refuse"})
    again = Import.objects.first()
    jobs.run(again.pk)
    assert rows_of(again) == [
        (2, "changed", "P-0001", {"title": ["Old", "Mine"]}),
        (3, "changed", "P-0002", {"title": ["Theirs", "Mine"]}),
    ]


def test_record_that_was_added_or_deleted_after_the_preview_stops_the_import(editor):
    PracticeFactory(code="P-0002")
    rows = [PRACTICE, PRACTICE | {"code": "P-0002"}]
    upload = previewed(editor, csv_of(rows))
    Practice.objects.all().delete()
    PracticeFactory(code="P-0001")

    done = imported(upload)

    assert (done.state, done.problems) == (
        "stopped",
        [
            [2, "P-0001", "This record has been added since the preview, by Editor."],
            [3, "P-0002", "This record has been deleted since the preview."],
        ],
    )


def test_even_an_edit_that_the_file_would_not_touch_stops_the_import(editor):
    practice = PracticeFactory(code="P-0001", title="Same")
    upload = previewed(editor, csv_of([{"code": "P-0001", "title": "Same", "level": "local"}]))
    Practice.objects.filter(pk=practice.pk).update(staff_notes="Theirs")

    assert imported(upload).state == "stopped"


def test_what_the_file_names_may_not_change_after_the_preview(editor):
    upload = previewed(editor, csv_of([PRACTICE | {"cycle": "Review of 2024"}]))
    ReviewCycle.objects.update(name_en="Another review")

    done = imported(upload)

    assert (done.state, done.problems) == (
        "stopped",
        [[2, "P-0001", "There is no review cycle “Review of 2024”."]],
    )


def test_upload_whose_bytes_are_not_those_that_were_sent_is_refused(editor, settings):
    upload = previewed(editor, csv_of([PRACTICE]))
    Import.objects.filter(pk=upload.pk).update(content=b"")

    done = imported(upload)

    assert (done.state, done.problems) == (
        "stopped",
        [[0, "", "The file is not the one that was uploaded. Upload it again."]],
    )


# --- Records that somebody has signed -------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "counts", "after"),
    [
        ("refuse", {"refused": 2}, None),
        ("leave", {"left": 2, "new": 1}, ["Old", "Old", "Added"]),
        ("take_back", {"changed": 1, "refused": 1}, None),
    ],
)
def test_signed_records_are_refused_left_or_taken_back(editor, signed, counts, after):
    published(PracticeFactory(code="P-0001", title="Old"))
    brought_to(Status.APPROVED, PracticeFactory(code="P-0002", title="Old"))
    rows = [PRACTICE | {"code": f"P-000{number}", "title": "New"} for number in (1, 2)]
    if after:
        rows.append(PRACTICE | {"code": "P-0003", "title": "Added"})

    upload = previewed(editor, csv_of(rows), signed=signed)

    assert upload.counts == counts
    if after:
        imported(upload)
        assert list(Practice.objects.values_list("title", flat=True)) == after


def test_published_record_is_taken_back_to_draft_and_what_is_public_stays(editor):
    published(PracticeFactory(code="P-0001", title="Old"))
    upload = previewed(editor, csv_of([{"code": "P-0001", "title": "New"}]), signed="take_back")

    done = imported(upload)

    practice = Practice.objects.get()
    assert (done.state, practice.title, practice.status, practice.public_edition) == (
        "imported",
        "New",
        "draft",
        1,
    )


# --- People of one cycle or region ----------------------------------------------------------


def test_people_of_one_cycle_import_into_that_cycle_only(editor):
    editor.cycle = cycle("RR2024")
    editor.save()
    PracticeFactory(code="P-0001", title="Old", cycle="RR2020")
    PracticeFactory(code="P-0002", title="Old")
    rows = [
        {"code": "P-0001", "title": "New", "cycle": "RR2020"},
        {"code": "P-0002", "title": "New", "cycle": "RR2020"},
        {"code": "P-0003", "title": "New", "cycle": "RR2020"},
        {"code": "P-0004", "title": "New", "cycle": "RR2024"},
    ]
    reason = "You work on the records of RR2024 only, and this is none of them."

    upload = previewed(editor, csv_of([PRACTICE | row for row in rows]))

    assert problems_of(upload) == [(row, "", reason) for row in (2, 3, 4)]
    assert upload.counts == {"refused": 3, "new": 1}


def test_people_of_one_region_import_the_records_of_its_states_only(editor):
    editor.region = region("ASIA")
    editor.save()
    state = member_state("KGZ")
    state.subregion = region("ASIA")
    state.save()
    member_state("ALB")
    rows = [
        PRACTICE | {"code": "P-0001", "member_states": "ALB"},
        PRACTICE | {"code": "P-0002", "member_states": "KGZ"},
    ]

    upload = previewed(editor, csv_of(rows))

    assert problems_of(upload) == [
        (2, "", "You work on the records of ASIA only, and this is none of them.")
    ]


# --- Templates ------------------------------------------------------------------------------


def template(client, kind: str, part: str, form: str) -> bytes:
    answer = client.get(reverse("admin:import-template", args=[kind, part, form]))
    assert answer.status_code == 200
    return answer.content


def test_template_has_columns_advice_lists_and_drop_downs(office):
    member_state("ALB")
    PracticeFactory(code="P-0292")
    content = template(office("Editor"), "submissions.practice", "practice", "xlsx")

    book = load_workbook(io.BytesIO(content))

    sheet = book.worksheets[0]
    assert book.sheetnames == [
        "Practices", "Member States", "Stakeholders", "Review cycles", "Objectives",
        "Guiding principles", "SDGs", "Countries outside the region", "Implementer types",
        "Level", "Related to COVID-19", "Language", "Source documents",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[1]][:4] == ["code", "title", "summary", "member_state"]
    assert sheet["A2"].value == (
        "# Code. It finds the record: a new one is added. The last one is P-0292."
    )
    assert sheet["F2"].value == "Review cycle. Never empty."
    assert [list(row) for row in book["Member States"].values] == [
        ["code", "name in English", "name in French", "name in Russian",
         "official name in English", "official name in French", "official name in Russian"],
        ["ALB", "Albania", None, None, "Albania", None, None],
    ]  # fmt: skip
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists["D3:D5000"] == "'Member States'!$A$2:$A$2"
    assert lists["P3:P5000"] == "'Level'!$A$2:$A$7"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_template_can_be_uploaded_as_it_is(office, kind, form):
    client = office("Editor")
    parts = client.get(import_page(kind)).context["parts"]

    for part in parts:
        content = template(client, kind, part, form)
        upload = read(client, content, f"{part}.{form}", kind=kind, part=part)
        assert (upload.state, upload.problems) == (
            "refused",
            [[0, "", "The sheet has no rows."]],
        )


def test_filled_in_template_is_imported(office):
    client = office("Editor")
    content = template(client, "submissions.practice", "practice", "csv").decode("utf-8-sig")
    header, advice = csv.reader(io.StringIO(content))
    out = io.StringIO()
    csv.writer(out).writerows([header, advice, [PRACTICE.get(name, "") for name in header]])

    upload = read(client, out.getvalue().encode("utf-8-sig"))

    assert (problems_of(upload), upload.counts) == ([], {"new": 1})


def test_template_of_nothing_is_not_found(office):
    client = office("Editor")
    for part, form in [("practice", "ods"), ("pledge", "xlsx")]:
        page = reverse("admin:import-template", args=["submissions.practice", part, form])
        assert client.get(page).status_code == 404


# --- Parts ----------------------------------------------------------------------------------


def test_sections_are_matched_by_objective_or_by_order(editor):
    report = VoluntaryReportFactory(code="VR-2024-ALB")
    ReportSection.objects.create(report=report, objective=objective(7), text="Old")
    ReportSection.objects.create(report=report, sort_order=1, title="Method", text="Old")
    rows = [
        {"report": "VR-2024-ALB", "objective": "7", "sort_order": "5", "text": "New"},
        {"report": "VR-2024-ALB", "objective": "", "sort_order": "1", "text": "New"},
        {"report": "VR-2024-ALB", "objective": "", "sort_order": "2", "text": "Added"},
        {"report": "VR-2024-ALB", "objective": "Objective 7", "sort_order": "6", "text": "x"},
    ]
    kind = {"kind": "submissions.voluntaryreport", "part": "reportsection"}

    upload = previewed(editor, csv_of(rows), **kind)
    done = imported(previewed(editor, csv_of(rows[:3]), **kind))

    assert rows_of(upload)[:2] == [
        (2, "changed", "VR-2024-ALB 7 5", {"sort_order": ["0", "5"], "text": ["Old", "New"]}),
        (3, "changed", "VR-2024-ALB  1", {"text": ["Old", "New"]}),
    ]
    assert problems_of(upload) == [
        (5, "sort_order", "“VR-2024-ALB, Objective 7, 6” stands in row 2 already.")
    ]
    assert done.state == "imported"
    assert list(report.sections.values_list("objective__number", "sort_order", "text")) == [
        (None, 1, "New"),
        (None, 2, "Added"),
        (7, 5, "New"),
    ]


def test_part_whose_record_a_colleague_has_changed_stops_the_import(editor):
    report = VoluntaryReportFactory(code="VR-2024-ALB")
    rows = [{"report": "VR-2024-ALB", "objective": "7", "sort_order": "1", "text": "Mine"}]
    kind = {"kind": "submissions.voluntaryreport", "part": "reportsection"}
    upload = previewed(editor, csv_of(rows), **kind)
    type(report).objects.update(title="Theirs")

    assert imported(upload).problems == [
        [
            2,
            "VR-2024-ALB 7 1",
            "This record has been changed since the preview, last by Editor.",
        ]
    ]


def test_citations_of_published_records_are_added(editor):
    published(PracticeFactory(code="P-0001"))
    source_document("SR2020")
    rows = [
        {
            "practice": "P-0001",
            "citing_document": "SR2020",
            "citing_report": "",
            "locator": "p. 1",
        },
        {"practice": "P-0001", "citing_document": "", "citing_report": "", "locator": "p. 2"},
    ]
    kind = {"kind": "submissions.practice", "part": "citation"}

    both = previewed(editor, csv_of(rows), **kind)
    imported(previewed(editor, csv_of(rows[:1]), **kind))
    again = previewed(editor, csv_of(rows[:1]), **kind)

    assert problems_of(both) == [
        (
            3,
            "citing_document, citing_report",
            "A citation is made by one document or one report.",
        )
    ]
    assert [(one.practice.code, one.locator) for one in Citation.objects.all()] == [
        ("P-0001", "p. 1")
    ]
    assert again.counts == {"unchanged": 1}


def test_excerpts_come_in_and_go_out(editor):
    ExcerptFactory(code="EX-0001", text="Old")
    VoluntaryReportFactory(code="VR-2024-ALB")
    row = {"code": "EX-0002", "type": "Challenge", "text": "Too few.", "cycle": "RR2024"}
    row |= {"objectives": "7", "report": "VR-2024-ALB", "member_states": "Albania"}

    done = imported(previewed(editor, csv_of([row]), kind="submissions.excerpt"))

    assert (done.state, done.counts) == ("imported", {"new": 1})


# --- Old uploads ----------------------------------------------------------------------------


def test_old_uploads_lose_their_file_and_their_rows_and_stay_on_record(office, editor):
    old = previewed(editor, csv_of([PRACTICE | {"level": "x"}]))
    Import.objects.update(uploaded_at=timezone.now() - timedelta(days=31))
    client = office("Editor")

    send(client, csv_of([PRACTICE]))

    old.refresh_from_db()
    assert (bytes(old.content), old.problem_sheet, old.rows.count()) == (b"", None, 0)
    assert old.counts == {"refused": 1}
    answer = client.post(job_page(old), {"action": "again", "signed": "refuse"}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == [
        "This upload is too old: upload the file again."
    ]


def test_every_kind_that_is_published_can_be_imported():
    from django.apps import apps

    kinds = {one._meta.label_lower for one in apps.get_models() if issubclass(one, Publishable)}

    assert set(KINDS) == kinds
    assert StakeholderFactory.model._meta.label_lower in kinds
