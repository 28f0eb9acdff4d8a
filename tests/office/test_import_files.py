"""What files are read, and how those that would hurt the reader are refused: TRUST.md."""

import ast
import io
import json
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
from openpyxl import Workbook

from office.imports import tables
from office.imports.tables import FileRefused, Table, read_upload
from tests.office.import_journey import csv_of, saved, xlsx_of
from tests.papers import xlsx

HEADER = ["code", "title"]
PLAIN = xlsx_of([HEADER, ["P-0001", "x"]])
SHEET = (  # with a word that it has elsewhere
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="s"><v>%s</v></c></row></sheetData></worksheet>'
)


def rows(name: str, content: bytes, **limits) -> list[list[str]]:
    return [cells for _number, cells in read_upload(name, content, **limits).rows]


def refusal(name: str, content: bytes, **limits) -> str:
    with pytest.raises(FileRefused) as refused:
        read_upload(name, content, **limits)
    assert str(refused.value) not in ("", refused.value.code)
    return refused.value.code


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, **changed) -> bytes:
    """The same workbook, with some parts changed: a function of the part, or None to leave out."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in changed.items():
        path = next((one for one in parts if one.endswith(name.replace("__", "."))), name)
        parts[path] = change(parts.get(path, b""))
    return packed(parts)


# --- Text files -----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_as_spreadsheets_write_it(delimiter, encoding, end):
    lines = [delimiter.join(HEADER), delimiter.join(["P-0001", '"Żółć; ""один"", deux"'])]

    content = end.join(lines).encode(encoding)

    assert rows("a.csv", content) == [HEADER, ["P-0001", 'Żółć; "один", deux']]


def test_csv_may_say_its_delimiter_and_have_lines_in_cells():
    content = b'sep=;\r\ncode;title\r\nP-0001;"two\nlines"\r\n\r\nP-0002;x\r\n'

    assert read_upload("a.csv", content).rows == [
        (1, HEADER),
        (2, ["P-0001", "two\nlines"]),
        (4, ["P-0002", "x"]),
    ]


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1252", "Développement"), ("cp1251", "Развитие")]
)
def test_csv_of_a_code_page_is_refused_with_the_line_and_the_remedy(encoding, text):
    content = f"code,title\nP-0001,plain\nP-0002,{text}\n".encode(encoding)

    with pytest.raises(FileRefused) as refused:
        read_upload("a.csv", content)

    assert (refused.value.row, str(refused.value)) == (
        3,
        "This is not UTF-8. Save the file as “CSV UTF-8”.",
    )


def test_csv_that_breaks_off_in_a_cell_is_refused():
    assert refusal("a.csv", b'code,title\nP-0001,"open') == "not_csv"


# --- Workbooks ------------------------------------------------------------------------------


def test_workbook_is_read_as_text_with_its_row_numbers():
    book = Workbook()
    sheet = book.active
    sheet.append(["code", "a", "b", "c"])
    sheet.append(["P-0001", date(2024, 3, 11), clock(9, 30), True])
    sheet["A4"], sheet["B4"], sheet["C4"], sheet["D4"] = (
        " P-0002 ",
        2020,
        datetime(2024, 3, 11, 9, 30),
        355123456789.0,
    )
    sheet["B5"], sheet["C5"] = 0.5, timedelta(hours=9, minutes=5)

    assert read_upload("a.xlsx", saved(book)).rows == [
        (1, ["code", "a", "b", "c"]),
        (2, ["P-0001", "2024-03-11", "09:30", "true"]),
        (4, ["P-0002", "2020", "2024-03-11T09:30:00", "355123456789"]),
        (5, ["", "0.5", "09:05", ""]),
    ]


def test_workbook_gives_its_first_visible_sheet_and_names_the_others():
    book = Workbook()
    book.active.sheet_state = "hidden"
    for title in ("Practices", "Codes"):
        book.create_sheet(title).append([title])

    table = read_upload("a.xlsx", saved(book))

    assert (table.sheet, table.others, table.rows) == (
        "Practices",
        ["Codes"],
        [(1, ["Practices"])],
    )


def with_cached(content: bytes, formula: bytes, cell: bytes) -> bytes:
    """The workbook with the value of a formula in it, as a spreadsheet program saves it."""
    return repacked(content, sheet1__xml=lambda xml: xml.replace(formula, cell))


def test_formula_gives_its_value_and_one_without_value_is_a_problem_of_its_cell():
    book = Workbook()
    book.active.append(["code", "title"])
    book.active.append(["P-0001", "=1+1"])
    book.active.append(["P-0002", '=""'])
    book.active.append(["P-0003", "=1+2"])
    content = with_cached(saved(book), b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    content = repacked(
        content,
        sheet1__xml=lambda xml: xml.replace(
            b'<c r="B3"><f>""</f><v /></c>', b'<c r="B3" t="str"><f>""</f><v></v></c>'
        ),
    )

    table = read_upload("a.xlsx", content)

    assert [cells for _number, cells in table.rows[1:]] == [
        ["P-0001", "2"],
        ["P-0002", ""],
        ["P-0003", ""],
    ]
    assert table.unreadable == {
        (4, 1): "The cell holds a formula whose result is not in the file. Copy the cell and paste"
        " it as a value."
    }


def test_error_in_a_cell_is_a_problem_of_that_cell():
    table = read_upload("a.xlsx", xlsx_of([HEADER, ["P-0001", "#REF!"]]))

    assert table.unreadable == {(2, 1): "The cell shows the error #REF!. Correct it, or empty it."}


def with_shared_words(words: bytes, sheet: bytes) -> bytes:
    """A workbook whose words stand in a part of their own, as Excel writes them."""
    space = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    part = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    return repacked(
        PLAIN,
        sheet1__xml=lambda _: sheet,
        **{
            "xl/sharedStrings.xml": lambda _: space + words + b"</sst>",
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", part),
        },
    )


def test_workbook_with_shared_and_formatted_words_is_read():
    words = b"<si><t>one</t></si><si><r><t>two </t></r><r><t>and three</t></r></si>"

    assert rows("a.xlsx", with_shared_words(words, SHEET % b"1")) == [["two and three"]]


# --- What is no table -----------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b" \n", "empty"),
        ("empty.xlsx", b"", "empty"),
        ("old.xls", OLE + b"\0" * 600, "old_workbook"),
        ("old.xlsx", OLE + b"\0" * 600, "old_workbook"),
        ("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("text.xlsx", b"code,title\nP-0001,x\n", "not_a_workbook"),
        ("book.csv", PLAIN, "named_as_text"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "not_text"),
        ("nul.csv", b"code,ti\0tle\n", "not_text"),
        ("nul.csv", "code,ti\0tle\n".encode("utf-16"), "not_text"),
        ("broken.xlsx", PLAIN[:-40], "broken"),
        ("cut.xlsx", PLAIN[: len(PLAIN) // 2], "broken"),
        ("zip.xlsx", packed({"a.txt": b"x"}), "not_xlsx"),
        ("ods.xlsx", packed({"mimetype": b"application/vnd.oasis.opendocument"}), "not_xlsx"),
        ("macro.xlsx", repacked(PLAIN, **{"xl/vbaProject.bin": lambda _: b"x"}), "macros"),
        ("xml.xlsx", repacked(PLAIN, sheet1__xml=lambda xml: xml[:-30]), "broken"),
        ("garbage.xlsx", repacked(PLAIN, sheet1__xml=lambda _: b"\0\1\2"), "broken"),
        ("strings.xlsx", repacked(PLAIN, sheet1__xml=lambda _: SHEET % b"99"), "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_that_is_no_table_is_refused_with_its_reason(name, content, code):
    assert refusal(name, content) == code


def test_encrypted_zip_is_refused():
    content = bytearray(PLAIN)
    start = content.rindex(b"PK\x01\x02")
    content[start + 8] |= 1  # the flag of the last part in the list of contents

    assert refusal("a.xlsx", bytes(content)) == "encrypted"


def test_every_refusal_has_words_with_a_remedy():
    words = ast.walk(ast.parse(tables.CHILD.read_text()))
    codes = {word.value for word in words if isinstance(word, ast.Constant)} & set(tables.REASONS)

    assert codes | {"changed", "work", "unsafe"} == set(tables.REASONS)


def test_workbook_passes_the_room_that_every_file_passes():
    connections = '<connections><connection name="Payroll"/></connections>'

    tables.refuse_unsafe(xlsx())
    tables.refuse_unsafe(b"code,title\n")
    with pytest.raises(tables.FileRefused) as caught:
        tables.refuse_unsafe(xlsx(parts={"xl/connections.xml": connections}))

    assert str(caught.value).startswith("This file loads something from elsewhere (Payroll;")


# --- What would hurt the reader -------------------------------------------------------------


def test_zip_bomb_is_refused_before_it_is_unpacked():
    """1 MB of XLSX that unpacks to 1 GB."""
    began = time.monotonic()
    bomb = repacked(PLAIN, sheet1__xml=lambda xml: xml + b" " * 210_000_000)
    assert len(bomb) < 1_000_000

    started = time.monotonic()
    assert refusal("a.xlsx", bomb) == "unpacked"
    assert time.monotonic() - started < 10, time.monotonic() - began


def test_part_that_is_larger_than_it_says_is_refused():
    bomb = bytearray(repacked(PLAIN, sheet1__xml=lambda xml: xml + b" " * 5_000_000))
    true = (len(PLAIN)).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as package:
        sheet = next(one for one in package.infolist() if one.filename.endswith("sheet1.xml"))
    said = sheet.file_size.to_bytes(4, "little")

    assert refusal("a.xlsx", bytes(bomb).replace(said, true)) == "broken"


def test_workbook_that_takes_too_much_work_is_refused():
    """Small, and made of nothing but cells: 34 seconds of work in the stock import."""
    row = b'<row r="%d">' + b'<c t="inlineStr"><is><t>x</t></is></c>' * 150 + b"</row>"
    body = b"".join(row % number for number in range(1, 6_000))
    costly = repacked(
        PLAIN, sheet1__xml=lambda xml: xml.split(b"<sheetData>")[0]
        + b"<sheetData>" + body + b"</sheetData></worksheet>"
    )  # fmt: skip
    assert len(costly) < 500_000

    started = time.monotonic()
    assert refusal("a.xlsx", costly, cpu=1) == "work"
    assert time.monotonic() - started < 20


def test_workbook_that_takes_too_much_memory_is_refused():
    row = SHEET.replace(b'<c r="A1" t="s"><v>%s</v></c>', b"<c/>" * 3_000_000)
    heavy = repacked(PLAIN, sheet1__xml=lambda _: row)
    assert len(heavy) < 50_000

    assert refusal("a.xlsx", heavy, memory=250_000_000) == "memory"


def test_xml_that_multiplies_itself_is_refused():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{entities}]><w>&a9;</w>'
    content = repacked(PLAIN, sheet1__xml=lambda _: laughs.encode())

    assert refusal("a.xlsx", content) in ("broken", "memory", "work")


def test_too_many_rows_columns_and_cells_are_refused():
    sheet = xlsx_of([HEADER, *([f"P-{n}", "x"] for n in range(11))])
    wide = xlsx_of([["x"] * 11])

    assert refusal("a.xlsx", sheet, rows=10) == "rows"
    assert len(rows("a.xlsx", sheet, rows=11)) == 12
    assert refusal("a.xlsx", wide, columns=10) == "columns"
    assert refusal("a.csv", csv_of([{str(n): "x" for n in range(11)}]), columns=10) == "columns"
    assert refusal("a.xlsx", sheet, cells=20) == "cells"
    assert refusal("a.csv", b"code\n" + b"x" * 2000, characters=1000) == "cells"


def test_cell_far_away_costs_nothing():
    book = Workbook()
    book.active.append(HEADER)
    book.active["A1048576"] = "P-0001"
    content = saved(book)

    assert rows("a.xlsx", content) == [HEADER, ["P-0001", ""]]
    book.active["XFD2"] = "x"
    assert refusal("a.xlsx", saved(book)) == "columns"


def test_the_reader_knows_no_key_and_no_database_and_imports_nothing_of_ours():
    script = tables.CHILD.read_text()
    limits = json.dumps(tables.LIMITS | {"name": "a.xlsx"})

    child = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", str(tables.CHILD), limits],
        input=PLAIN,
        capture_output=True,
        check=True,
        env={},
    )

    loaded = {
        line.split("|")[-1].strip().split(".")[0] for line in child.stderr.decode().split("\n")
    }
    assert "openpyxl" in loaded
    assert loaded & {"django", "objectives", "office", "psycopg2", "reviewhub"} == set()
    assert "environ" not in script


def test_log_says_what_went_wrong_and_quotes_no_cell(caplog, monkeypatch, tmp_path):
    cell = SHEET.replace(b' t="s"', b"") % b"Olga Petrova"
    strange = repacked(PLAIN, sheet1__xml=lambda _: cell)
    child = tmp_path / "child.py"
    child.write_text('raise ValueError("Not a day:\\nOlga Petrova")')

    caplog.set_level("INFO")
    read = refusal("a.xlsx", strange)
    monkeypatch.setattr(tables, "CHILD", child)
    crashed = refusal("a.csv", b"code")

    assert (read, crashed) == ("broken", "memory")
    assert [record.getMessage() for record in caplog.records] == [
        "An upload could not be read: ValueError",
        "Reading an upload ended with 1: ValueError",
    ]


def test_tables_in_memory_and_uploads_are_the_same():
    assert read_upload("a.csv", csv_of([{"code": "P-0001", "title": "x"}])) == Table(
        [(1, HEADER), (2, ["P-0001", "x"])]
    )
