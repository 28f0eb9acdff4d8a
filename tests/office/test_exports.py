"""Exporting a list: what stands in the file, for whom, and that it can be imported again."""

import csv
import io

import pytest
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from tablib import Dataset

from office.exports import export_chosen
from office.imports import import_file
from office.imports.resources import resources_of
from public.sheets import LONGEST_TEXT, unguard
from sessions.resources import RoleResource
from submissions.models import Practice, Stakeholder
from submissions.resources import PracticeResource, ProgressUpdateResource
from tests.factories import (
    RECORD_FACTORIES,
    ExcerptFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RoleFactory,
    StakeholderFactory,
    member_state,
    person,
    principle,
    published,
    sdg,
    source_document,
)

pytestmark = pytest.mark.django_db


def address(model, **query) -> str:
    return reverse("admin:export", args=[model], query=query)


def screen(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def office(client):
    """Signs somebody of this role in."""

    def sign_in(role: str):
        client.force_login(person(role))
        return client

    return sign_in


def content_of(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table_of(answer) -> list[list[str]]:
    text = content_of(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def workbook_of(answer):
    return load_workbook(io.BytesIO(content_of(answer)))


def take(staff, model, *columns: str, file: str = "csv", **query):
    """The file with these columns."""
    return staff.post(address(model, **query), {"columns": columns, "format": file})


def take_all(staff, model, file: str = "csv", **query):
    """The file with the columns that the page offers as chosen."""
    form = staff.get(address(model, **query)).context["form"]
    return take(staff, model, *form["columns"].value(), file=file, **query)


def full_practice(**values):
    member_state("ALB"), member_state("SRB")
    return PracticeFactory(
        **{
            "title": "Centres",
            "summary": "First line.\r\n\r\nSecond; with “signs”, commas, and ümlauts.",
            "objectives": [7, 15],
            "principles": [principle("people_centred")],
            "sdgs": [sdg(8), sdg(10)],
            "member_states": ["ALB", "SRB"],
            "member_state": "ALB",
            "sources": [source_document()],
            "year_start": 2019,
            "covid19": True,
            "url": "https://example.org/a?b=c",
            "staff_notes": "Check the year.",
            **values,
        }
    )


# --- What stands in the file ------------------------------------------------------------------


def test_csv_has_the_chosen_columns_in_the_order_of_the_file(office):
    practice = full_practice()

    table = table_of(take(office("Reader"), Practice, "objectives", "title", "year_start"))

    assert table == [
        ["code", "title", "objectives", "year_start"],
        [practice.code, "Centres", "7;15", "2019"],
    ]


def test_xlsx_has_numbers_as_numbers_and_texts_as_texts(office):
    practice = full_practice(title="=1+1")

    workbook = workbook_of(
        take(office("Reader"), Practice, "title", "year_start", "sdgs", "covid19", file="xlsx")
    )

    assert workbook.sheetnames == ["Practices", "Code book"]
    header, row = workbook["Practices"].iter_rows()
    assert [cell.value for cell in header] == ["code", "title", "sdgs", "year_start", "covid19"]
    assert [(cell.data_type, cell.value) for cell in row] == [
        ("s", practice.code),
        ("s", "'=1+1"),
        ("s", "8;10"),
        ("n", 2019),
        ("s", "true"),
    ]


def test_formula_in_a_text_is_guarded_in_csv(office):
    PracticeFactory(title="=cmd|' /C calc'!A0")

    _header, row = table_of(take(office("Reader"), Practice, "title"))

    assert (row[1], unguard(row[1])) == ("'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0")


def test_where_a_record_stands_is_exported_when_asked_for(office):
    draft, public = PracticeFactory(), published(PracticeFactory())

    table = table_of(
        take(office("Reader"), Practice, "status", "public_edition", "published_at", "edited_by")
    )

    assert table == [
        ["code", "status", "public_edition", "published_at", "edited_by"],
        [draft.code, "draft", "", "", "Editor"],
        [public.code, "published", "1", public.published_at.isoformat(), "Editor"],
    ]


def test_code_book_explains_each_column_and_its_codes(office):
    full_practice()

    book = table_of(take(office("Reader"), Practice, "member_states", "level", file="code-book"))

    assert book[0] == ["column", "label", "meaning", "type", "code", "name of the code"]
    assert book[2:6] == [
        [
            "member_states",
            "Carried out in",
            "Empty for practices of the whole region or the world.",
            "codes, with ; between them",
            "",
            "",
        ],
        ["member_states", "", "", "", "ALB", "Albania"],
        ["member_states", "", "", "", "SRB", "Serbia"],
        ["level", "Level", "", "code", "", ""],
    ]
    assert [row[4:] for row in book[6:]] == [
        ["local", "local"],
        ["national", "national"],
        ["bilateral", "bilateral"],
        ["subregional", "sub-regional"],
        ["regional", "regional"],
        ["global", "global"],
    ]


def test_code_book_is_the_second_sheet_of_a_workbook(office):
    full_practice()
    staff = office("Reader")
    columns = ["primary_objectives", "sources", "partner_countries", "year_end", "title"]

    sheet = workbook_of(take(staff, Practice, *columns, file="xlsx"))["Code book"]
    book = table_of(take(staff, Practice, *columns, file="code-book"))

    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert rows == book
    assert [row[:4] for row in rows if row[3]][1:] == [
        ["code", "Code", "", "text"],
        ["title", "Title", "", "text"],
        ["primary_objectives", "Primary objectives", "", "codes, with ; between them"],
        [
            "partner_countries",
            "Partner countries outside the region",
            "ISO 3166 codes of three letters, with commas.",
            "codes, with ; between them",
        ],
        ["year_end", "Last year", "Empty while it goes on, or if not known.", "whole number"],
        ["sources", "Sources", "", "codes, with ; between them"],
    ]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_file_is_named_the_same_in_every_language(office, language):
    PracticeFactory()
    staff = office("Reader")
    staff.cookies["django_language"] = language
    today = timezone.localdate().isoformat()

    names = []
    for file in ("csv", "xlsx", "code-book"):
        answer = take(staff, Practice, file=file)
        names.append(answer["Content-Disposition"])
        content_of(answer)

    assert names == [
        f'attachment; filename="practices-{today}.csv"',
        f'attachment; filename="practices-{today}.xlsx"',
        f'attachment; filename="practices-code-book-{today}.csv"',
    ]


def test_csv_is_streamed(office):
    PracticeFactory()

    assert isinstance(take(office("Reader"), Practice), StreamingHttpResponse)


# --- What is exported -------------------------------------------------------------------------


def test_export_holds_the_filters_the_search_and_the_order_of_the_list(office):
    PracticeFactory(title="Bus lines")
    PracticeFactory(title="Night buses", published=True)
    first, second = PracticeFactory(title="Buses"), PracticeFactory(title="Busy centres")
    staff = office("Reader")
    query = {"q": "bus", "status__exact": "draft", "o": "-2", "p": "1", "all": ""}

    page = staff.get(address(Practice, **query))
    table = table_of(take(staff, Practice, "title", **query))

    assert page.context["count"] == 3
    assert [row[1] for row in table[1:]] == ["Busy centres", "Buses", "Bus lines"]
    assert {first.code, second.code} < {row[0] for row in table[1:]}


def test_list_leads_to_its_export_with_its_filters(office):
    PracticeFactory()
    staff = office("Reader")

    page = staff.get(screen(Practice), {"q": "one & two", "level": "local"}).content.decode()

    there = f"{address(Practice)}?q=one+%26+two&amp;level=local"
    assert f'<a href="{there}">Export</a>' in page


def test_chosen_records_are_exported_alone(office):
    first, _second, third = PracticeFactory.create_batch(3)
    staff = office("Reader")

    answer = staff.post(
        screen(Practice),
        {"action": export_chosen.__name__, "_selected_action": [first.pk, third.pk]},
    )
    table = table_of(staff.post(answer.url, {"format": "csv"}))

    assert [row[0] for row in table[1:]] == [first.code, third.code]


def test_all_across_pages_is_the_filtered_list(office):
    chosen, _other = PracticeFactory(title="Buses"), PracticeFactory(title="Trains")
    staff = office("Reader")

    answer = staff.post(
        f"{screen(Practice)}?q=buses",
        {
            "action": export_chosen.__name__,
            "_selected_action": [chosen.pk],
            "select_across": "1",
        },
    )

    assert answer.url == f"{address(Practice)}?q=buses"


def test_filter_that_does_not_exist_leads_back_to_the_list(office):
    PracticeFactory()

    answer = office("Reader").get(address(Practice, level="local", nothing="x"))

    assert (answer.status_code, answer.url) == (302, screen(Practice))


def test_parts_of_the_listed_records_are_rows_of_their_own(office):
    pledge = PledgeFactory(title="Legal aid")
    ProgressUpdateFactory(pledge=pledge)
    ProgressUpdateFactory(pledge=PledgeFactory(title="Another"))
    staff = office("Reader")
    query = {"q": "legal", "rows": "progressupdate"}

    page = staff.get(address(type(pledge), **query))
    answer = take(staff, type(pledge), "stage", **query)

    assert page.context["count"] == 1
    assert table_of(answer) == [
        ["pledge", "reported_on", "stage"],
        [pledge.code, "2024-06-01", "in_progress"],
    ]
    assert "progress-updates-" in answer["Content-Disposition"]


def test_reference_data_are_exported_with_all_their_fields(office):
    member_state("ALB")
    state = type(member_state("SRB"))

    table = table_of(take_all(office("Reader"), state, q="Albania"))

    assert [dict(zip(table[0], row, strict=True))["iso3"] for row in table[1:]] == ["ALB"]
    assert {"iso2", "m49", "name_fr", "subregion", "retired_on"} <= set(table[0])


def test_kind_without_a_file_to_import_is_exported_with_all_its_fields(office):
    excerpt = ExcerptFactory()

    table = table_of(take_all(office("Reader"), type(excerpt)))

    cells = dict(zip(*table, strict=True))
    assert (cells["code"], cells["objectives"], cells["cycle"]) == (excerpt.code, "7", "RR2024")
    assert not {"id", "version", "status"} & set(cells)


# --- What comes back --------------------------------------------------------------------------


@pytest.fixture
def everybody(office):
    """Somebody with all rights, signed in."""
    somebody = person("Editor")
    somebody.is_superuser = True
    somebody.save()
    return somebody


IMPORTED = [one for one in RECORD_FACTORIES if one is not ExcerptFactory]


@pytest.mark.parametrize("file", ["csv", "xlsx"])
@pytest.mark.parametrize("factory", IMPORTED, ids=lambda one: one.model.__name__)
def test_exported_file_is_imported_again_without_a_change(
    office, everybody, tmp_path, factory, file
):
    make = full_practice if factory is PracticeFactory else factory
    records = [make(), make(published=True)]
    staff = office("Editor")
    form = staff.get(address(factory.model)).context["form"]
    columns = [one.name for one in form.offered if one.group != "standing"]

    answer = take(staff, factory.model, *columns, file=file)
    if file == "csv":
        source = tmp_path / "records.csv"
        source.write_bytes(content_of(answer))
    else:
        header, *rows = workbook_of(answer).worksheets[0].values
        source = Dataset(*rows, headers=header)
    resource = next(iter(resources_of(factory.model).values()))
    outcome = import_file(resource, source, by=everybody)

    assert sorted(outcome.unchanged) == sorted(record.code for record in records)
    assert outcome.is_nothing


def test_practices_as_offered_are_imported_again_without_a_change(office, everybody, tmp_path):
    practice = full_practice()
    source = tmp_path / "practices.csv"

    source.write_bytes(content_of(take_all(office("Editor"), Practice)))
    outcome = import_file(PracticeResource, source, by=everybody)

    assert (outcome.unchanged, outcome.is_nothing) == ([practice.code], True)


@pytest.mark.parametrize(
    ("factory", "owner", "resource"),
    [
        (ProgressUpdateFactory, "pledge", ProgressUpdateResource),
        (RoleFactory, "roundtable", RoleResource),
    ],
)
def test_exported_parts_are_imported_again_without_a_change(
    office, everybody, tmp_path, factory, owner, resource
):
    model = type(getattr(factory(), owner))
    staff, name = office("Editor"), factory.model._meta.model_name
    form = staff.get(address(model, rows=name)).context["form"]
    source = tmp_path / "parts.csv"

    answer = take(staff, model, *[one.name for one in form.offered], rows=name)
    source.write_bytes(content_of(answer))
    outcome = import_file(resource, source, by=everybody)

    assert (len(outcome.unchanged), outcome.is_nothing) == (1, True)


# --- Who --------------------------------------------------------------------------------------


def stakeholder():
    return StakeholderFactory(
        title="Union", contact_email="ana@example.org", contact_phone="+41 22 917 1234"
    )


def test_contact_data_are_not_chosen_unless_asked_for(office):
    stakeholder()
    staff = office("Editor")

    page = staff.get(address(Stakeholder))
    header, _row = table_of(take_all(staff, Stakeholder))

    [group] = [one for one in page.context["form"].groups() if one["name"] == "contact"]
    assert [(one.name, ticked) for one, ticked in group["columns"]] == [
        ("contact_email", False),
        ("contact_phone", False),
    ]
    assert "must not leave the secretariat" in page.content.decode()
    assert {"contact_email", "contact_phone"}.isdisjoint(header)


def test_contact_data_are_exported_for_those_who_may_change_them(office):
    stakeholder()

    table = table_of(take(office("Editor"), Stakeholder, "contact_email", "contact_phone"))

    assert table[1][1:] == ["ana@example.org", "'+41 22 917 1234"]
    assert unguard(table[1][2]) == "+41 22 917 1234"


@pytest.mark.parametrize("role", ["Reader", "Publisher"])
def test_contact_data_are_not_there_for_those_who_may_only_read(office, role):
    stakeholder()
    staff = office(role)

    page = staff.get(address(Stakeholder))
    asked = take(staff, Stakeholder, "contact_email")

    assert "contact" not in page.content.decode().lower()
    assert (asked.status_code, asked.context["form"].has_error("columns")) == (200, True)
    assert "ana@example.org" not in asked.content.decode()


def test_contact_data_of_parts_are_not_there_for_those_who_may_only_read(office):
    role = RoleFactory(email="ana@example.org")

    names = {}
    for who in ("Reader", "Roundtable officer"):
        page = office(who).get(address(type(role.roundtable), rows="role"))
        names[who] = [one.name for one in page.context["form"].offered if one.group == "contact"]

    assert names == {"Reader": [], "Roundtable officer": ["email", "phone", "gender"]}


def test_export_needs_the_right_to_see_the_records(office):
    PracticeFactory()
    staff = office("Reader")
    person("Reader").groups.clear()

    assert staff.get(address(Practice)).status_code == 403
    assert take(staff, Practice).status_code == 403


@pytest.mark.parametrize(
    "kind", ["accounts.user", "accounts.change", "submissions.focalpoint", "public.edition"]
)
def test_accounts_focal_points_and_the_log_are_not_exported(office, everybody, kind):
    assert office("Editor").get(reverse("admin:export", args=[kind])).status_code == 404


def test_signed_out_people_are_asked_to_sign_in(client):
    assert client.get(address(Practice)).status_code == 302


# --- What is refused --------------------------------------------------------------------------


def test_text_that_no_cell_holds_is_refused_and_the_choice_is_kept(office):
    PracticeFactory(summary="x" * (LONGEST_TEXT + 1))
    staff = office("Reader")

    page = take(staff, Practice, "title", "summary", file="xlsx")
    form = page.context["form"]

    assert form.non_field_errors() == [
        "A cell of XLSX holds 32,767 characters; “summary” of row 2 is longer."
        " Choose CSV, or leave this column out."
    ]
    assert form["columns"].value() == ["title", "summary"]
    assert len(table_of(take(staff, Practice, "summary"))[1][1]) == LONGEST_TEXT + 1


@pytest.mark.parametrize("cells", [{"format": "pdf"}, {}, {"format": "csv", "columns": "id"}])
def test_file_or_column_that_is_not_offered_is_refused(office, cells):
    PracticeFactory()

    page = office("Reader").post(address(Practice), cells)

    assert (page.status_code, page.context["form"].is_valid()) == (200, False)


def test_rows_that_do_not_exist_are_not_found(office):
    assert office("Reader").get(address(Practice, rows="user")).status_code == 404


# --- What it costs ----------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_and_for_many(office, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many)
    staff = office("Reader")

    with django_assert_num_queries(7):
        staff.get(address(Practice))


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(("file", "queries"), [("csv", 20), ("xlsx", 30)])
def test_file_costs_the_same_for_one_and_for_many(
    office, how_many, file, queries, django_assert_num_queries
):
    for _ in range(how_many):
        full_practice()
    staff = office("Reader")
    form = staff.get(address(Practice)).context["form"]

    with django_assert_num_queries(queries):
        content_of(take(staff, Practice, *form["columns"].value(), file=file))
