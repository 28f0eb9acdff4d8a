"""The reference files: which file fills which model, and how a CSV file is read.

Reading finds everything that is wrong with the files before anything is written. It asks nothing
of the database; what its rules refuse is found by `objectives.actions.load_reference_data`.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import (
    SDG,
    Cluster,
    Country,
    Doubt,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    MemberStateName,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from objectives.records import Record

FOLDER = Path(__file__).resolve().parent / "data"
NOTES = "notes"  # a column of every file: it becomes the `Doubt` of the row
SHOWN = 50  # problems listed at once
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Problem:
    """One reason why files are refused, and where. Row 0 is the whole file, row 1 its header."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self):
        place = [self.file]
        if self.row:
            place.append(_("row %(row)s") % {"row": self.row})
        if self.column:
            place.append(_("column %(column)s") % {"column": self.column})
        return f"{', '.join(place)}: {self.reason}"


class FilesRefused(Exception):
    """Nothing was loaded from any of the files; `problems` says why, place by place."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self):
        count = len(self.problems)
        head = ngettext(
            "Nothing was loaded: %(count)s problem.",
            "Nothing was loaded: %(count)s problems.",
            count,
        )
        lines = [head % {"count": count}, *(f"  {p}" for p in self.problems[:SHOWN])]
        if count > SHOWN:
            lines.append("  " + _("… and %(count)s more.") % {"count": count - SHOWN})
        return "\n".join(lines)


@dataclass(frozen=True)
class Row:
    """A row of a CSV file: the line it begins on, and its cells by column."""

    number: int
    cells: dict[str, str]


def read_rows(
    path: Path,
    columns: Sequence[str],
    problems: list[Problem],
    *,
    unique: Sequence[tuple[str, ...]] = (),
) -> list[Row]:
    """The sound rows of a CSV file, as `rows_of` finds them."""

    def wrong(row: int, reason: str) -> list[Row]:
        problems.append(Problem(path.name, row, "", reason))
        return []

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        return wrong(0, _("The file is missing, or may not be read."))
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        return wrong(line, _("This is not UTF-8. Save the file as “CSV UTF-8”."))

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        return wrong(line, _("This is not CSV: %(error)s.") % {"error": error})
    return rows_of(path.name, records, columns, problems, unique=unique)


def rows_of(
    file: str,
    records: Sequence[tuple[int, list[str]]],
    columns: Sequence[str],
    problems: list[Problem],
    *,
    unique: Sequence[tuple[str, ...]] = (),
) -> list[Row]:
    """The sound rows of a table whose first row is its header, without blanks around the cells.

    Whatever is wrong with its form is added to `problems`. Columns may stand in any order; all of
    `columns` must be there and no others. `unique` names the columns, or groups of columns, that
    may not say the same twice, whatever the case of the letters.
    """

    def wrong(row: int, column: str, reason: str) -> None:
        problems.append(Problem(file, row, column, reason))

    header = [name.strip() for name in records[0][1]] if records else []
    for name in columns:
        if header.count(name) != 1:
            twice = name in header
            wrong(1, name, _("The column stands twice.") if twice else _("The column is missing."))
    for name in dict.fromkeys(header):
        if name not in columns:
            wrong(1, name, _("There is no such column. Known here: %s.") % ", ".join(columns))
    if sorted(header) != sorted(columns):
        return []

    rows = []
    seen: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for number, record in records[1:]:
        if not record:  # an empty line
            continue
        if len(record) != len(header):
            counts = {"cells": len(record), "columns": len(header)}
            wrong(number, "", _("The row has %(cells)s cells instead of %(columns)s.") % counts)
            continue
        cells = {name: cell.strip() for name, cell in zip(header, record, strict=True)}
        rows.append(Row(number, cells))
        for name, cell in cells.items():
            if CONTROL.search(cell):
                wrong(number, name, _("The cell holds a control character."))
        for group in unique:
            value = tuple(cells[name].casefold() for name in group)
            first = seen.setdefault((group, value), number)
            if any(value) and first != number:
                said = {"value": ", ".join(cells[name] for name in group), "row": first}
                wrong(number, group[-1], _("“%(value)s” stands in row %(row)s already.") % said)
    return rows


@dataclass(frozen=True)
class Entry:
    """What a row says, as its model holds it; relations as codes."""

    row: int
    code: str
    values: dict[str, object]
    notes: str


@dataclass(frozen=True)
class ReferenceFile:
    """A CSV file and the model it fills. Rows and records with the same `key` belong together."""

    table: str
    model: type[Record]
    key: tuple[str, ...] = ("code",)
    ended: str = "retired_on"  # the date on which a record that left the file ended

    @property
    def name(self) -> str:
        return f"{self.table}.csv"

    @cached_property
    def columns(self) -> list[Any]:
        """What the file says of a record: all but its version and when it ended."""
        own = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [f for f in own if f.editable and not f.primary_key and f.name != self.ended]

    def code_of(self, record: models.Model) -> str:
        return " ".join(str(getattr(record, name)) for name in self.key)

    def read(
        self, folder: Path, known: dict[type, set[str] | None], problems: list[Problem]
    ) -> list[Entry]:
        """The entries of the file, and into `known` its codes (None when it could not be read)."""
        before = len(problems)
        columns = [*(field.name for field in self.columns), NOTES]
        unique = [(f.name,) for f in self.columns if f.unique or f.name in self.key]
        rows = read_rows(folder / self.name, columns, problems, unique=unique)
        codes = [" ".join(row.cells[name] for name in self.key) for row in rows]
        known[self.model] = set(codes) if len(problems) == before else None
        entries = []
        for row, code in zip(rows, codes, strict=True):
            values = {}
            for field in self.columns:
                try:
                    values[field.name] = value_of(field, row.cells[field.name], known)
                except ValidationError as error:
                    for reason in error.messages:
                        problems.append(Problem(self.name, row.number, field.name, reason))
            entries.append(Entry(row.number, code, values, row.cells[NOTES]))
        problems[before:] = sorted(problems[before:], key=lambda problem: problem.row)
        return entries


def value_of(field: Any, cell: str, known: dict[type, set[str] | None]) -> object:
    """What a cell says, as `field` holds it, checked; related records as their codes."""
    if not cell and not field.blank:
        raise ValidationError(_("This cell must not be empty."))
    if field.is_relation:
        codes = cell.split(";") if field.many_to_many and cell else [cell] if cell else []
        there = known[field.related_model]
        missing = [code for code in codes if there is not None and code not in there]
        if missing:
            file = next(file.name for file in FILES if file.model is field.related_model)
            reason = _("“%(code)s” is not in %(file)s.")
            raise ValidationError([reason % {"code": code, "file": file} for code in missing])
        return sorted(set(codes)) if field.many_to_many else cell or None
    if isinstance(field, ArrayField):
        return field.clean(cell.split(";") if cell else [], None)
    if isinstance(field, models.BooleanField):
        if cell not in ("true", "false", ""):
            raise ValidationError(_("Write true or false."))
        return {"true": True, "false": False}.get(cell)
    if not cell and not field.empty_strings_allowed:
        return None
    value = field.clean(cell, None)
    if str(value) != cell:  # 07, 2024-3-1: two ways to write it would be two codes or a quarrel
        raise ValidationError(_("Write it as “%(value)s”.") % {"value": value})
    return value


# In the order in which they refer to each other.
FILES = [
    ReferenceFile("regions", Region),
    ReferenceFile("clusters", Cluster),
    ReferenceFile("objectives", Objective, key=("number",)),
    ReferenceFile("guiding_principles", GuidingPrinciple),
    ReferenceFile("sdgs", SDG, key=("number",)),
    ReferenceFile("stakeholder_types", StakeholderType),
    ReferenceFile("implementer_types", ImplementerType),
    ReferenceFile("source_documents", SourceDocument),
    ReferenceFile("member_states", MemberState, key=("iso3",)),
    ReferenceFile("member_state_names", MemberStateName, key=("name",)),
    ReferenceFile("countries", Country),
    ReferenceFile("review_cycles", ReviewCycle),
]
# No file of its own: the notes of all the others.
DOUBTS = ReferenceFile("doubts", Doubt, key=("table", "code"), ended="settled_on")


def read_reference_files(folder: Path) -> dict[ReferenceFile, list[Entry]]:
    """What all the files say, or `FilesRefused` with all that is wrong with them."""
    problems: list[Problem] = []
    known: dict[type, set[str] | None] = {}
    entries = {file: file.read(folder, known, problems) for file in FILES}
    if problems:
        raise FilesRefused(problems)
    entries[DOUBTS] = [
        Entry(
            entry.row,
            f"{file.table} {entry.code}",
            {"table": file.table, "code": entry.code, "text": entry.notes},
            "",
        )
        for file in FILES
        for entry in entries[file]
        if entry.notes
    ]
    return entries
