"""Which column of a sheet is which: by code name or label, in any language and any order."""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.reference_files import CONTROL, Row
from office.imports.cells import in_every_language
from office.imports.resources import RecordResource
from office.imports.tables import Table
from public.sheets import unguard

COMMENT = "#"  # a row that begins with it is for the person who fills the sheet in

# The first column of a sheet of problems; it may stay when the sheet is uploaded again.
REASONS_HEADING = gettext_lazy("What is wrong")


def heading(text: str) -> str:
    """The same for all ways to write a heading: capitals, blanks, underscores, a star behind."""
    words = re.split(r"[\s_\ufeff-]+", unguard(text).casefold().rstrip("*: "))
    return " ".join(word for word in words if word)


@cache
def headings_of(resource: type[RecordResource]) -> dict[str, str]:
    """What may stand above a column → its name. A label of two columns stands for neither."""
    labels = defaultdict(set)
    for name, column in resource.columns().items():
        for label in in_every_language(column.label):
            labels[heading(label)].add(name)
    known = {label: names.pop() for label, names in labels.items() if len(names) == 1}
    return known | {heading(name): name for name in resource.columns()}


@cache
def headings_of_reasons() -> set[str]:
    return {heading(name) for name in in_every_language(REASONS_HEADING)}


def is_reasons(cell: str) -> bool:
    """Is this the column that a sheet of problems begins with? Below its name it may say more."""
    return heading(cell.strip().partition("\n")[0]) in headings_of_reasons()


@dataclass
class Header:
    """Where each column stands, and what is wrong with the header: (heading, reason)."""

    places: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_header(resource: Any, table: Table, ignore: Collection[str] = ()) -> Header:
    """Find the columns in the first row of a sheet; `ignore` lists headings to pass over."""
    header = Header()
    (_first, cells), *body = table.rows
    known = headings_of(resource)
    for place, cell in enumerate(cells):
        said = heading(cell)
        name = known.get(said)
        if name in header.places:
            header.problems.append((name or "", _("The column stands twice.")))
        elif name:
            header.places[name] = place
        elif not said:
            if any(place < len(row) and row[place].strip() for _row, row in body):
                reason = _("Column %(place)s has no heading.") % {"place": place + 1}
                header.problems.append(("", reason))
        elif not is_reasons(cell) and cell not in ignore:
            header.unknown.append(cell)
    for name, column in resource.columns().items():
        # a heading that nobody knows may be that of a column that new records need
        needed = name in resource._meta.import_id_fields or (header.unknown and column.is_needed)
        if needed and name not in header.places:
            header.problems.append((name, _("The column is missing.")))
    for cell in header.unknown:
        near = difflib.get_close_matches(heading(cell), known, n=1, cutoff=0.75)
        reason = _("There is no such column. Known here: %s.") % ", ".join(resource.columns())
        if near:
            reason = _("There is no such column. Perhaps you mean “%s”.") % known[near[0]]
        header.problems.append((cell, reason))
    return header


def is_comment(cells: list[str], place: int) -> bool:
    return len(cells) > place and cells[place].lstrip().startswith(COMMENT)


def sound_rows(
    table: Table,
    places: dict[str, int],
    key: str,
    wrong: Callable[[Row | int, str, str], None],
) -> list[Row]:
    """What the rows say in each column, without blanks around it; `wrong` is told the rest.

    A cell that cannot be read is left out of its row.
    """
    (_first, head), *body = table.rows
    rows = []
    for number, cells in body:
        if not any(cells) or is_comment(cells, places[key]):
            continue
        if len(cells) != len(head):
            counts = {"cells": len(cells), "columns": len(head)}
            reason = _("The row has %(cells)s cells instead of %(columns)s.")
            wrong(number, "", reason % counts)
            continue
        row = Row(number, {})
        rows.append(row)
        for name, place in places.items():
            said = unguard(cells[place].strip())
            if (number, place) in table.unreadable:
                wrong(number, name, table.unreadable[number, place])
            elif CONTROL.search(said):
                wrong(number, name, _("The cell holds a control character."))
            else:
                row.cells[name] = said
    return rows
