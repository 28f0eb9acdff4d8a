"""The sheet that somebody uploaded, given back with a column that says what is wrong."""

import io
from collections import defaultdict

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from office.imports.headings import REASONS_HEADING, is_reasons, read_header
from office.imports.reading import Reading
from office.imports.tables import Table

WRONG = PatternFill("solid", fgColor="FFD9D0")
BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
LONGEST = 32_767  # characters that a cell of XLSX holds


def problem_sheet(table: Table, reading: Reading) -> bytes:
    """The same rows and columns; the first one has the reasons, and the cells are coloured.

    It may be corrected and uploaded as it is: the column of reasons is passed over.
    """
    reasons, wrong = defaultdict(list), defaultdict(set)
    for problem in reading.problems:
        place = f"{problem.column}: " if problem.column else ""
        reasons[problem.row].append(f"{place}{problem.reason}")
        wrong[problem.row].update(problem.column.split(", "))
    places = read_header(reading.resource, table, reading.ignore).places
    first, head = table.rows[0]
    skip = next((place for place, cell in enumerate(head) if is_reasons(cell)), None)

    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.sheet[:31] or _("Rows"))
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 60
    for number, cells in table.rows:
        bad = {places[column] for column in wrong[number] if column in places}
        said = [str(REASONS_HEADING)] if number == first else []
        row = [text(sheet, "\n".join(said + reasons[number]), bool(reasons[number]))]
        row += [
            text(sheet, cell, place in bad) for place, cell in enumerate(cells) if place != skip
        ]
        if number == first:
            for cell in row:
                cell.font = BOLD
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(sheet, said: str, is_wrong: bool) -> WriteOnlyCell:
    """A cell that says what it says: no spreadsheet runs it as a formula."""
    said = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", said)
    cell = WriteOnlyCell(sheet, said[:LONGEST])
    cell.data_type = "s"
    if is_wrong:
        cell.fill = WRONG
        cell.alignment = WRAPPED
    return cell
