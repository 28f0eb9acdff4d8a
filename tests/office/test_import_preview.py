"""The preview of a real file: renamed, shuffled, in other words, and broken in twenty ways."""

import csv
import random
from datetime import date

import pytest
from django.db import transaction

from accounts.models import Change
from objectives.actions import load_reference_data
from objectives.models import MemberState, Objective
from objectives.reference_files import FOLDER as REFERENCE
from office.imports import import_file
from office.models import Import
from public.models import PublicRecord
from reviewhub.demo.loader import FOLDER
from submissions.models import Practice
from submissions.resources import PracticeResource
from tests.factories import person
from tests.office.import_journey import (
    cells_of,
    csv_of,
    imported,
    previewed,
    problems_of,
    xlsx_of,
)

HEADINGS = {  # as offices write them: labels in three languages, capitals, blanks
    "code": "CODE *",
    "title": "Titre",
    "summary": "Краткое описание",
    "member_states": "Carried out in",
    "objectives": "Objectifs",
    "primary_objectives": "Primary objectives",
    "level": "Уровень",
    "cycle": "Review cycle",
    "year_start": "first  YEAR",
    "year_end": "Last year",
    "url": "Web address",
    "covid19": "Related to COVID-19",
}
SPOKEN = {"TUR": "Turkey", "GBR": "UK", "CZE": "Czech Republic"}  # otherwise by their names


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """The reference data, once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        person("Editor")
        load_reference_data(REFERENCE, today=date(2026, 1, 1))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def practices():
    """The rows of the real file, by code."""
    with (FOLDER / "practices.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def in_other_words(rows: list[dict]) -> list[list[str]]:
    """The same table as somebody else would write it."""
    states = {one.iso3: SPOKEN.get(one.iso3, one.name_en) for one in MemberState.objects.all()}
    titles = {str(one.number): one.title_fr for one in Objective.objects.all()}
    columns = list(rows[0])
    random.Random(7).shuffle(columns)  # noqa: S311 - an order, the same in each run
    table = [[HEADINGS.get(name, name) for name in columns]]
    for row in rows:
        said = dict(row)
        said["member_states"] = "; ".join(
            states.get(one, one) for one in row["member_states"].split(";")
        )
        said["objectives"] = ";".join(titles.get(one, one) for one in row["objectives"].split(";"))
        said["primary_objectives"] = "\n".join(
            f"Objective {one}" for one in row["primary_objectives"].split(";") if one
        )
        table.append([said[name] for name in columns])
    return table


# In each row one thing is wrong: what the cells say, and what the preview says of it.
BROKEN = {
    "P-0010": ({"code": ""}, "code", "This cell finds the record: it must not be empty."),
    "P-0020": ({"code": "p-0019"}, "code", "“p-0019” stands in row 20 already."),
    "P-0030": ({"code": "30"}, "code",
        "A code is the letters of its kind, a hyphen and at least four digits, for example P-0001."
        " Leave it empty to get the next one."),
    "P-0040": ({"title": ""}, "title", "This cell must not be empty."),
    "P-0050": ({"title": "x" * 301}, "title",
        "Ensure this value has at most 300 characters (it has 301)."),
    "P-0060": ({"summary": "\x07 bell"}, "summary", "The cell holds a control character."),
    "P-0070": ({"cycle": "RR1999"}, "cycle", "There is no review cycle “RR1999”."),
    "P-0080": ({"member_states": "Atlantis"}, "member_states",
        "There is no Member State “Atlantis”."),
    "P-0090": ({"objectives": "24", "primary_objectives": ""}, "objectives",
        "There is no objective “24”."),
    "P-0100": ({"objectives": "7", "primary_objectives": "8"}, "primary_objectives",
        "8: not in the column objectives."),
    "P-0110": ({"primary_objectives_claimed": "0"}, "primary_objectives_claimed",
        "Ensure this value is greater than or equal to 1."),
    "P-0120": ({"level": "galactic"}, "level",
        "“galactic” is not one of: local, national, bilateral, subregional, regional, global."),
    "P-0130": ({"covid19": "perhaps"}, "covid19", "Write true or false."),
    "P-0140": ({"year_start": "long ago"}, "year_start",
        "“long ago” value must be an integer."),
    "P-0150": ({"year_start": "2021", "year_end": "2020"}, "year_start, year_end",
        "A practice cannot end before it starts."),
    "P-0160": ({"year_start": "20200", "year_end": ""}, "year_start, year_end",
        "Write years with four digits, for example 2020."),
    "P-0170": ({"url": "javascript:alert(1)"}, "url", "Enter a valid URL."),
    "P-0180": ({"partner_countries": "ALB"}, "partner_countries",
        "There is no country outside the region “ALB”."),
    "P-0190": ({"language": "Klingon"}, "language", "“Klingon” is not one of: en, fr, ru."),
    "P-0200": ({"stakeholder": "Nobody"}, "stakeholder", "There is no stakeholder “Nobody”."),
}  # fmt: skip


def row_of(code: str) -> int:
    return int(code.removeprefix("P-")) + 1


def test_file_in_other_words_says_the_same(whole, db, editor, practices):
    import_file(PracticeResource, FOLDER / "practices.csv", by=editor)

    upload = previewed(editor, xlsx_of(in_other_words(list(practices.values()))), "a.xlsx")

    assert (upload.state, problems_of(upload)) == ("previewed", [])
    assert upload.counts == {"unchanged": 292}
    assert not upload.may_be_confirmed


def test_twenty_rows_broken_in_twenty_ways_give_exactly_their_problems(
    whole, db, editor, practices
):
    rows = list(practices.values())
    import_file(PracticeResource, FOLDER / "practices.csv", by=editor, name="half")
    Practice.objects.filter(code__gt="P-0200").delete()
    for code, (said, _column, _reason) in BROKEN.items():
        practices[code] |= said
    practices["P-0005"]["title"] = "Another title"
    practices["P-0006"]["member_states"] = "TUR;GBR;CZE"
    before = Change.objects.count()

    upload = previewed(editor, csv_of_table(in_other_words(rows)), "practices.csv")

    assert problems_of(upload) == [
        (row_of(code), column, reason) for code, (_said, column, reason) in BROKEN.items()
    ]
    assert upload.counts == {"new": 92, "changed": 2, "unchanged": 178, "refused": 20}
    changed = upload.rows.filter(result="changed").values_list("number", "code", "cells")
    assert list(changed) == [
        (6, "P-0005", {"title": [Practice.objects.get(code="P-0005").title, "Another title"]}),
        (7, "P-0006", {"member_states": ["PRT", "CZE;GBR;TUR"]}),
    ]
    new = upload.rows.filter(result="new").values_list("code", flat=True)
    assert list(new) == [f"P-0{number}" for number in range(201, 293)]
    assert (Change.objects.count(), Practice.objects.count()) == (before, 200)
    assert not upload.may_be_confirmed


def csv_of_table(table: list[list[str]]) -> bytes:
    header, *rows = table
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return csv_of(named, delimiter=";", lineterminator="\r\n")


def test_sheet_of_reasons_comes_back_and_imports_when_it_is_mended(whole, db, editor, practices):
    mended = {code: dict(row) for code, row in practices.items()}
    for code, (said, _column, _reason) in BROKEN.items():
        practices[code] |= said
    table = in_other_words(list(practices.values()))
    # a workbook cannot hold control characters
    table = [[cell.replace("\x07 ", "") for cell in row] for row in table]
    upload = previewed(editor, xlsx_of(table), "practices.xlsx")

    sheet = cells_of(bytes(upload.problem_sheet))

    assert len(sheet) == 293
    assert [[cell or "" for cell in row[1:]] for row in sheet] == table
    reasons = {number: row[0] for number, row in enumerate(sheet, 1) if row[0]}
    wanted = {
        row_of(code): f"{column}: {reason}"
        for code, (_said, column, reason) in BROKEN.items()
        if code != "P-0060"
    }
    assert reasons == {1: "What is wrong"} | wanted

    good = in_other_words(list(mended.values()))
    back = [[row[0] or "", *good_row] for row, good_row in zip(sheet, good, strict=True)]
    again = previewed(editor, xlsx_of(back), "mended.xlsx")

    assert (again.counts, problems_of(again)) == ({"new": 292}, [])


def test_confirmed_file_writes_what_the_preview_showed_and_publishes_nothing(
    whole, db, editor, practices
):
    upload = previewed(editor, xlsx_of(in_other_words(list(practices.values()))), "a.xlsx")
    before = Change.objects.count()

    done = imported(upload)

    assert (done.state, done.problems, Practice.objects.count()) == ("imported", [], 292)
    assert list(PublicRecord.objects.all()) == []
    new = Change.objects.order_by("id")[before:]
    assert {(one.by, one.step, one.why, one.request) for one in new} == {
        (editor, "import", "a.xlsx", f"import {upload.pk}")
    }
    records = dict(Practice.objects.values_list("code", "pk"))
    assert {row.code: row.record for row in done.rows.all()} == records
    assert import_file(PracticeResource, FOLDER / "practices.csv", by=editor).is_nothing


@pytest.mark.parametrize("how_many", [20, 80])
def test_job_costs_the_same_for_few_and_for_many(
    whole, db, editor, practices, how_many, django_assert_num_queries
):
    """Up to a hundred rows; each further hundred costs two or three queries."""
    rows = list(practices.values())[:how_many]
    content = csv_of(rows)

    with django_assert_num_queries(35):
        upload = previewed(editor, content)
    with django_assert_num_queries(40):
        imported(upload)

    assert Import.objects.get().state == "imported"
