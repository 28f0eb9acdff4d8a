"""Turns the bytes of a spreadsheet into rows of text, in a process of its own, with limits.

    python -I sheet_child.py '{"name": "rows.xlsx", "cpu": 30, …}' < bytes > lines of JSON

Whatever a file does to its reader happens here, and ends with this process. So it is run as a
script, and imports the standard library and openpyxl only. Each line is a row: its number and its
cells; the last line is a dictionary, and says how it ended. `tables.py` reads the lines.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t"
WORKBOOKS = (".xlsx",)

# A cell is its text, or a list with what is wrong with it: ["formula"], ["error", "#REF!"].
Cell = str | list[str]


class Refused(Exception):
    """The file cannot be read; `tables.REASONS` has the words for `code`."""

    def __init__(self, code: str, **said):
        super().__init__(code)
        self.code = code
        self.said = said


def rows_in(name: str, data: bytes, limits: dict, found: dict) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that are not empty, with their numbers; what else was seen goes into `found`."""
    is_workbook = PurePath(name).suffix.lower() in WORKBOOKS
    if not data.strip():
        raise Refused("empty")
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused("encrypted" if encrypted else "old_workbook")
    if data.startswith(ZIP):
        if not is_workbook:
            raise Refused("named_as_text")
        return workbook_rows(data, limits, found)
    if is_workbook:
        raise Refused("not_a_workbook")
    return text_rows(data)


def text_rows(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a CSV file: UTF-8 or UTF-16; commas, semicolons or tabs, as its header says.

    They are numbered as a spreadsheet shows them: also empty ones, and once if they have lines.
    """
    text = decoded(data)
    first, _end, rest = text.partition("\n")
    delimiter = next((sign for sign in DELIMITERS if first.strip() == f"sep={sign}".strip()), "")
    if delimiter:
        text = rest  # a line that spreadsheets write for one another, and do not show
    else:
        delimiter = max(DELIMITERS, key=lambda sign: width_of_header(text, sign))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if record:  # an empty line has no cells at all
                yield number, [*record]
    except csv.Error as error:
        raise Refused("not_csv", row=number + 1, error=str(error)) from error


def decoded(data: bytes) -> str:
    """The text, if it surely is one: Latin and Cyrillic code pages look alike, so no guessing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        code = "not_text" if b"\x00" in data else "not_utf8"
        raise Refused(code, row=data[: error.start].count(b"\n") + 1) from error
    if "\x00" in text:
        raise Refused("not_text")
    return text


def width_of_header(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except (csv.Error, StopIteration):
        return 0


def workbook_rows(data: bytes, limits: dict, found: dict) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the first visible sheet of a workbook."""
    check_package(data, limits)
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.worksheet._reader import (
        FORMULA_TAG,
        ROW_TAG,
        VALUE_TAG,
        WorkSheetParser,
        iterparse,
    )

    class Cells(WorkSheetParser):
        """Reads cells where they stand, so that a sheet's holes cost nothing."""

        def parse_cell(self, element):
            cell = super().parse_cell(element)
            if cell["value"] is None and element.find(FORMULA_TAG) is not None:
                # t="str" with an empty value is a formula that says nothing: that is a value
                says_nothing = element.get("t") == "str" and element.find(VALUE_TAG) is not None
                cell["data_type"] = "n" if says_nothing else "formula"
            return cell

        def rows(self):
            for _event, element in iterparse(self.source):
                if element.tag == ROW_TAG:
                    yield self.parse_row(element)
                    element.clear()

    # not load_workbook: it reads themes, properties and sizes, and fails where they are odd
    book = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    book.read_manifest()
    book.read_strings()
    book.read_workbook()
    apply_stylesheet(book.archive, book.wb)
    sheets = [
        (sheet.name, rel.target)
        for sheet, rel in book.parser.find_sheets()
        if rel.Type.endswith("/worksheet") and sheet.state == "visible"
    ]
    if not sheets:
        raise Refused("no_sheet")
    found["sheet"], found["others"] = sheets[0][0], [name for name, _target in sheets[1:]]
    with book.archive.open(sheets[0][1]) as source:
        cells = Cells(
            source,
            book.shared_strings,
            data_only=True,
            epoch=book.wb.epoch,
            date_formats=book.wb._date_formats,
            timedelta_formats=book.wb._timedelta_formats,
        )
        yield from laid_out(cells.rows(), limits)


def check_package(data: bytes, limits: dict) -> None:
    """Refuse by the list of contents what is no workbook, or far larger than it looks."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise Refused("broken") from error
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise Refused("not_xlsx")
    # a part that is longer than it says fails its check sum, so what is said here holds
    if sum(part.file_size for part in parts) > limits["unpacked"] or len(parts) > 5_000:
        raise Refused("unpacked", megabytes=limits["unpacked"] // 1_000_000)


def laid_out(rows, limits: dict) -> Iterator[tuple[int, list[Cell]]]:
    """The rows as lists that are at least as wide as the header."""
    width = 0
    for number, cells in rows:
        places: dict[int, Cell] = {}
        for cell in cells:
            said = said_by(cell["value"], cell["data_type"])
            if said:
                places[cell["column"]] = said
        if not places:
            continue
        last = max(places)
        if last > limits["columns"]:
            raise Refused("columns", count=limits["columns"], row=number)
        width = width or last
        yield number, [places.get(column, "") for column in range(1, max(width, last) + 1)]


def said_by(value: object, data_type: str) -> Cell:
    if data_type == "formula":
        return ["formula"]
    if data_type == "e":
        return ["error", str(value)]
    return text_of(value).strip()


def text_of(value: object) -> str:
    """What a cell of a spreadsheet would say if it were text, as it is in a CSV file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, timedelta):  # a time of day in a cell that counts hours
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


def counted(rows, limits: dict) -> Iterator[tuple[int, list[Cell]]]:
    """The same rows, as long as they are not too many or too long."""
    cells = characters = 0
    for count, (number, row) in enumerate(rows):
        if count > limits["rows"]:  # the header is not counted
            raise Refused("rows", count=limits["rows"])
        if len(row) > limits["columns"]:
            raise Refused("columns", count=limits["columns"], row=number)
        cells += len(row)
        characters += sum(map(len, row))
        if cells > limits["cells"] or characters > limits["characters"]:
            raise Refused("cells", count=limits["cells"])
        yield number, row


def limit_this_process(limits: dict) -> None:
    for what, most in [
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, 0),  # writes no file
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (most, most))


def main() -> None:
    limits = json.loads(sys.argv[1])
    limit_this_process(limits)
    csv.field_size_limit(2**31 - 1)  # `counted` says it better
    found: dict = {}
    try:
        rows = rows_in(limits["name"], sys.stdin.buffer.read(), limits, found)
        for number, cells in counted(rows, limits):
            sys.stdout.write(json.dumps([number, cells]) + "\n")
        end = {"end": "read", **found}
    except Refused as refusal:
        end = {"end": refusal.code, **refusal.said}
    except MemoryError:
        end = {"end": "memory"}
    except Exception as error:  # whatever a strange file does to its reader, it is strange
        end = {"end": "broken", "error": type(error).__name__}  # words quote cells
    sys.stdout.write(json.dumps(end) + "\n")


if __name__ == "__main__":
    main()
