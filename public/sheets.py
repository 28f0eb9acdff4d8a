"""The one writer of cells: every CSV and XLSX file that leaves the project is written here.

Numbers and dates are written as such. A text that a spreadsheet would run as a formula gets an
apostrophe in front, `guard`; whoever reads such a file takes it away again, `unguard`, and has the
text as it was. Characters that XML cannot hold are left out, in CSV as well, so that both files
say the same. Nothing is ever cut: what does not fit is refused (`DoesNotFit`).
"""

import math
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_TEXT = 32_767  # UTF-16 units in a cell of XLSX
MOST_ROWS = 1_048_576  # in a sheet of XLSX, with its header
BLOCK = 65_536  # characters of CSV that are sent at once

# Blanks, control characters, and what nobody sees: soft hyphens, marks of direction, fillers …
UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
# Apostrophes count as well: else nobody could tell ours from those that stood there before.
FORMULA = re.compile(rf"'*(?:[\t\r]|{UNSEEN}*[=+\-@＝＋－＠])")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class DoesNotFit(Exception):
    """An XLSX file cannot hold this; CSV can. Says what and where, for the person who asked."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; its rows are taken one by one. Widths are in characters."""

    name: str
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = field(default=())


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """What was guarded, as it was."""
    return text[1:] if text[:1] == "'" and FORMULA.match(text, 1) else text


def as_text(value: Any) -> str:
    """What a cell says where everything is text; numbers are not guarded, they are no formulas."""
    if value is None:
        return ""
    if isinstance(value, date):  # datetimes are dates too
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return guard(NOT_XML.sub("", str(value)))


def csv_cells(values: Iterable[Any]) -> str:
    """Values as neighbouring cells of a line of CSV (RFC 4180)."""
    return ",".join([csv_cell(value) for value in values])


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV, in quotes if it needs them."""
    if isinstance(value, str):  # as `as_text` says it: most cells are texts
        text = guard(value if value.isprintable() else NOT_XML.sub("", value))
    else:
        text = as_text(value)
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_lines(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], *, bom: bool = True
) -> Iterator[str]:
    """A CSV file in blocks of whole lines; with `bom` Excel knows that it is UTF-8."""
    return csv_blocks(header, map(csv_cells, rows), bom=bom)


def csv_blocks(header: Sequence[Any], lines: Iterable[str], *, bom: bool = True) -> Iterator[str]:
    """The same of lines that are written already, without their ends."""
    block, size = ["\ufeff" if bom else ""], 0
    for line in chain([csv_cells(header)], lines):
        block += line or '""', "\r\n"  # an empty line would be no row
        size += len(line)
        if size > BLOCK:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)


def write_xlsx(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook, one row in memory at a time; the same rows make the same bytes."""
    workbook = Workbook(write_only=True)
    try:
        for sheet in sheets:
            _write_sheet(workbook, sheet)
        workbook.properties.created = workbook.properties.modified = _Archive.BEGINNING
        ExcelWriter(workbook, _Archive(file, "w", ZIP_DEFLATED)).save()
    except BaseException:
        for written in workbook.worksheets:  # openpyxl would leave its files for us
            if not written.closed:
                written.close()
            if Path(written._writer.out).exists():
                written._writer.cleanup()
        raise


class _Archive(ZipFile):
    """A ZIP file that does not say when it was made."""

    BEGINNING = datetime(1980, 1, 1)  # noqa: DTZ001  of all ZIP files, which know no zones

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None):
        super().writestr(self._entry(zinfo_or_arcname), data)

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None):
        entry = self._entry(arcname or filename)
        with open(filename, "rb") as source, self.open(entry, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name)
        entry.compress_type = self.compression
        entry.external_attr = 0o600 << 16
        return entry


def _write_sheet(workbook: Workbook, sheet: Sheet) -> None:
    written = workbook.create_sheet(_sheet_name(sheet.name))
    written.freeze_panes = "A2"
    for place, width in enumerate(sheet.widths, 1):
        written.column_dimensions[get_column_letter(place)].width = width
    heading = Font(bold=True)
    titles = [WriteOnlyCell(written, as_text(title)) for title in sheet.header]
    for title in titles:
        title.font = heading
        title.data_type = "s"
    written.append(titles)
    for number, row in enumerate(sheet.rows, 2):
        if number > MOST_ROWS:
            raise DoesNotFit(
                _("An XLSX sheet holds %(rows)s rows, and there are more. Choose CSV.")
                % {"rows": f"{MOST_ROWS - 1:,}"}
            )
        written.append([_cell(written, value, sheet, number, at) for at, value in enumerate(row)])
    written.close()


def _cell(written: Any, value: Any, sheet: Sheet, number: int, place: int) -> Any:
    """The value as openpyxl writes it: texts as texts, whatever they look like."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or _is_no_number_of_excel(value):
        return as_text(value)
    if isinstance(value, int | float | Decimal | date | time):
        return value
    text = as_text(str(value).replace("\r\n", "\n").replace("\r", "\n"))  # XML knows no other
    if len(text) * 2 > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise DoesNotFit(
            _(
                "A cell of XLSX holds %(most)s characters; %(column)s of %(row)s is longer."
                " Choose CSV, or leave this column out."
            )
            % {
                "most": f"{LONGEST_TEXT:,}",
                "column": f"“{sheet.header[place]}”",
                "row": _("row %(row)s") % {"row": number},
            }
        )
    if text in ERROR_CODES:
        cell = WriteOnlyCell(written, text)
        cell.data_type = "s"
        return cell
    return text


def _is_no_number_of_excel(value: Any) -> bool:
    """Excel counts days from 1900, knows no time zones and no infinity."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Decimal):
        return not value.is_finite()
    if isinstance(value, datetime | time) and value.tzinfo is not None:
        return True
    return isinstance(value, date) and value.year < 1900


def _sheet_name(name: str) -> str:
    """A name that Excel takes: 31 characters, and none of its own signs."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "1"
