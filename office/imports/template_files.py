"""The empty sheets that staff fill in: columns, what to write in each, and lists of codes."""

import csv
import io
import re
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from office.imports.cells import (
    CodeListCell,
    ListCell,
    RelatedListCell,
    YesNoCell,
)
from office.imports.codes import key_of, names_in
from office.imports.headings import COMMENT
from office.imports.resources import Column, Marked, RecordResource
from public.publishable import Publishable

LAST_ROW = 5_000  # to which drop-downs reach
MOST_CODES = 1_000  # a longer list helps nobody
QUIET = PatternFill("solid", fgColor="F1ECE2")
BOLD, NOTE = Font(bold=True), Font(italic=True, color="645A4F")
WRAPPED = Alignment(wrap_text=True, vertical="top")


def csv_template(resource: type[RecordResource]) -> bytes:
    """Headings and what to write below them, as UTF-8 that spreadsheets recognise."""
    out = io.StringIO()
    csv.writer(out).writerows([headings(resource), guidance(resource)])
    return out.getvalue().encode("utf-8-sig")


def headings(resource: type[RecordResource]) -> list[str]:
    """The code names: they are the same in every language, and in exports."""
    return list(resource.columns())


def guidance(resource: type[RecordResource]) -> list[str]:
    """What to write in each column; the row begins with # so that the import passes over it."""
    said = [advice(resource, column) for column in resource.columns().values()]
    place = list(resource.columns()).index(resource._meta.import_id_fields[0])
    said[place] = f"{COMMENT} {said[place]}"
    return said


def advice(resource: type[RecordResource], column: Column) -> str:
    """For the person who fills the column in."""
    of, cell = column.of, column.widget
    said = [f"{capfirst(str(column.label))}."]
    if column.column_name in resource._meta.import_id_fields:
        said.append(_("It finds the record: a new one is added."))
        last = last_code(resource) if column.column_name == "code" else ""
        if last:
            said.append(_("The last one is %s.") % last)
    elif column.is_needed:
        said.append(_("Never empty."))
    if isinstance(cell, (ListCell, RelatedListCell)):
        said.append(_("Several with ; between them."))
    if isinstance(column, Marked):
        said.append(_("Those that are also in the column %s.") % of.name)
    elif isinstance(of, models.DateField):
        said.append(_("A date, for example 2024-03-11."))
    elif isinstance(of, models.TimeField):
        said.append(_("A time, for example 09:30."))
    elif isinstance(cell, YesNoCell):
        said.append(_("true or false."))
    if of.help_text and column.column_name != "code" and not isinstance(cell, CodeListCell):
        said.append(str(of.help_text))
    return " ".join(said)


def last_code(resource: type[RecordResource]) -> str:
    """The highest code of kinds that are simply numbered."""
    codes = resource._meta.model._default_manager.filter(code__regex=r"^[A-Z]+-[0-9]+$")
    longest = codes.order_by(models.functions.Length("code").desc(), "-code")
    return longest.values_list("code", flat=True).first() or ""


def workbook_template(resource: type[RecordResource]) -> bytes:
    """A sheet to fill in, and one with the codes for each column that takes codes."""
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(resource._meta.model._meta.verbose_name_plural, book)
    sheet.append(headings(resource))
    sheet.append(guidance(resource))
    sheet.freeze_panes = "B3"
    sheet.row_dimensions[2].height = 120
    lists: dict[Any, tuple[str, int]] = {}
    for place, column in enumerate(resource.columns().values(), 1):
        letter = get_column_letter(place)
        width = sheet.column_dimensions[letter]
        width.width = 40 if isinstance(column.of, models.TextField) else 22
        width.number_format = "@"  # nothing becomes a date or a number by itself
        sheet.cell(1, place).font = BOLD
        sheet.cell(2, place).font = NOTE
        sheet.cell(2, place).fill = QUIET
        sheet.cell(2, place).alignment = WRAPPED
        source = list_of(column)
        if source is None:
            continue
        if source not in lists:
            lists[source] = add_list(book, column, source)
        name, last = lists[source]
        if last > 1:
            sheet.add_data_validation(
                drop_down(column, name, last, f"{letter}3:{letter}{LAST_ROW}")
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def list_of(column: Column) -> Any:
    """What a list of codes for this column is made of: a model, or choices."""
    if isinstance(column.widget, CodeListCell):
        return column.widget.model
    if column.of.is_relation:
        return column.of.related_model
    if isinstance(column.widget, YesNoCell):
        return (("true", _("yes")), ("false", _("no")))
    field = getattr(column.of, "base_field", column.of)
    return tuple((code, str(label)) for code, label in field.flatchoices if code) or None


def add_list(book: Workbook, column: Column, source: Any) -> tuple[str, int]:
    """A sheet of codes with their names; its name, and its last row."""
    if isinstance(source, tuple):
        title, rows = column.label, [list(pair) for pair in source]
        head = [_("code"), _("name")]
    else:
        title, rows = source._meta.verbose_name_plural, codes_of(source)
        head = [
            _("code"),
            *(str(source._meta.get_field(name).verbose_name) for name in own_names(source)),
        ]
    sheet = book.create_sheet(sheet_name(title, book))
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s" if cell.value is not None else "n"
            cell.number_format = "@"
    for cell in sheet[1]:
        cell.font = BOLD
    for letter, width in zip("ABCDEFGHIJKL", [18, *[42] * 11], strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    return sheet.title, len(rows) + 1


def own_names(model: type[models.Model]) -> list[str]:
    return [name for name in names_in(model) if not re.search(r"^(iso2|m49)$", name)]


def codes_of(model: type[models.Model]) -> list[list[str]]:
    """Codes and names, of what is in use; none of a list that nobody would look through."""
    records: Any = model._default_manager.order_by(key_of(model))
    if issubclass(model, Publishable):
        records = records[: MOST_CODES + 1]
    else:
        records = records.in_use()
    rows = list(records.values_list(key_of(model), *own_names(model)))
    return [[str(cell) for cell in row] for row in rows] if len(rows) <= MOST_CODES else []


def drop_down(column: Column, sheet: str, last: int, cells: str) -> DataValidation:
    """Offers the codes; what else the import understands may be written as well."""
    quoted = sheet.replace("'", "''")
    validation = DataValidation(
        type="list", formula1=f"'{quoted}'!$A$2:$A${last}", allow_blank=True, errorStyle="warning"
    )
    validation.showErrorMessage = not isinstance(column.widget, (ListCell, RelatedListCell))
    validation.errorTitle = _("Not in the list")
    validation.error = _("Codes and names from the sheet “%s” are understood.") % sheet[:60]
    validation.add(cells)
    return validation


def sheet_name(title: object, book: Workbook) -> str:
    """A name that a workbook allows, and has not yet."""
    name = capfirst(re.sub(r"[\[\]:*?/\\']", " ", str(title)))[:28]
    taken = {one.casefold() for one in book.sheetnames}
    while name.casefold() in taken:
        name += "·"
    return name
