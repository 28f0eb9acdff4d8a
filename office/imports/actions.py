"""Importing records from a file: all rows or none, matched by code, and never publishing.

Staff's import screens and the demonstration data come in through here, each kind with its
resource.
"""

from collections.abc import Callable, Collection
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _
from tablib import Dataset

from objectives.records import signed
from objectives.reference_files import FilesRefused
from office.imports.lines import Outcome
from office.imports.reading import Reading
from office.imports.resources import RecordResource
from office.imports.tables import Table
from office.imports.writing import Writing


def import_file(
    resource: type[RecordResource],
    source: Path | Dataset | Table,
    *,
    by,
    name: str = "",
    take_back: bool = False,
    leave: Collection[str] = (),
    dry_run: bool = False,
) -> Outcome:
    """Let the records say what the rows of a file say: all of it, or nothing.

    `FilesRefused` lists what is wrong. A row that says what its record says already writes
    nothing. A signed record that would change is a problem, unless `take_back` makes it a draft
    first. Records whose codes are in `leave` stay as they are. `dry_run` only says what would
    happen.
    """
    name = name or (source.name if isinstance(source, Path) else _("the file"))
    reading = Reading(resource, name, by=by, take_back=take_back, leave=leave)
    carry_out(reading, source, by=by, dry_run=dry_run)
    if reading.problems:
        raise FilesRefused(sorted(reading.problems, key=lambda problem: problem.row))
    return reading.outcome


def may_import(model, by) -> bool:
    """Has this person the right to import records of this kind?"""
    return by.has_perm(f"{model._meta.app_label}.import_{model._meta.model_name}")


def carry_out(
    reading: Reading,
    source: Path | Dataset | Table,
    *,
    by,
    dry_run: bool = False,
    request: str = "",
    check: Callable[[Reading], bool] = lambda reading: True,
) -> None:
    """Read a file and write it; nothing stays written if there are problems, or in a dry run.

    All that is wrong becomes problems of the reading, also what the database refuses. `check` is
    asked before anything is written.
    """
    if not may_import(reading.publishable, by):
        raise PermissionDenied(_("You do not have the right to import these records."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Of foreign keys that are checked at the end, every nested write of a trigger walks
            # the whole list again: 10,000 rows took four minutes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with signed(by=by, step="import", why=reading.outcome.file, request=request):
            reading.read(source)
            if check(reading):
                Writing(reading, by=by, rehearsal=dry_run).write()
        transaction.set_rollback(dry_run or bool(reading.problems))
