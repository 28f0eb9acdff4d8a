"""What a file would do, row by row, as the preview keeps it; and whether that is still so."""

from collections import Counter, defaultdict

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from office.imports.lines import Line
from office.imports.reading import Reading
from office.models import Import, ImportRow

Result = ImportRow.Result
SHOWN = 200  # problems of the file as a whole that are kept


def preview_rows(reading: Reading) -> list[ImportRow]:
    """A row of the preview for each row of the file."""
    wrong = defaultdict(list)
    for problem in reading.problems:
        wrong[problem.row].append((problem.column, problem.reason))
    lines = {line.row.number: line for line in reading.lines}
    rows = []
    for row in reading.all_rows:
        problems = [
            [column, ", ".join(filter(None, map(row.cells.get, column.split(", ")))), reason]
            for column, reason in wrong[row.number]
        ]
        line = lines.get(row.number)
        key = [row.cells.get(column.column_name, "") for column in reading.key]
        rows.append(
            ImportRow(
                number=row.number,
                code=(line.code if line else " ".join(filter(None, key)))[:400],
                record=line.record.pk if line and not line.was_new else None,
                version=line.version if line else None,
                result=Result.REFUSED if problems or not line else result_of(line),
                cells=cells_of(reading, line) if line and not problems else {},
                problems=problems,
            )
        )
    return rows


def result_of(line: Line) -> Result:
    if not line.changes:
        return Result.UNCHANGED
    if line.is_left:
        return Result.LEFT
    return Result.NEW if line.was_new else Result.CHANGED


def cells_of(reading: Reading, line: Line) -> dict[str, list[str]]:
    """Column → was, becomes; of a new record the cells that say something."""
    changes = reading.as_text(line.changes)
    return {name: list(both) for name, both in changes.items() if any(both)}


def problems_of_file(reading: Reading) -> list[list]:
    """What is wrong beyond single rows: place, column, reason."""
    rows = {row.number for row in reading.all_rows}
    beyond = [one for one in reading.problems if one.row not in rows]
    return [[one.row, one.column, one.reason] for one in beyond[:SHOWN]]


def counts_of(rows: list[ImportRow]) -> dict[str, int]:
    return dict(Counter(str(row.result) for row in rows))


def moved_on(upload: Import, reading: Reading) -> list[list]:
    """What is not as the preview said any more: row, record, reason.

    The import does what somebody has seen and confirmed, or nothing.
    """
    shown = {row.number: row for row in upload.rows.all()}
    owners = {line.row.number: line.owner for line in reading.lines}
    editors = get_user_model().objects.in_bulk({one.edited_by_id for one in owners.values()})
    found = []
    for now in preview_rows(reading):
        then = shown.pop(now.number, None)
        if then is None or (now.record, now.version) != (then.record, then.version):
            editor = editors.get(getattr(owners.get(now.number), "edited_by_id", None), "–")
            if then is not None and then.record and not now.record:
                reason = _("This record has been deleted since the preview.")
            elif then is None or (now.record and not then.record):
                reason = _("This record has been added since the preview, by %s.") % editor
            else:
                reason = _("This record has been changed since the preview, last by %s.") % editor
            found.append([now.number, now.code, reason])
        elif (now.result, now.cells) != (then.result, then.cells):
            reason = " ".join(reason for _column, _said, reason in now.problems)
            other = _("The row does something else now, because what it names has changed.")
            found.append([now.number, now.code, reason or other])
    return found
