"""Importing records from a file: all rows or none, matched by code, and never publishing.

Staff's import screens and the demonstration data come in through `import_file`, each kind with its
resource.
"""

from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from tablib import Dataset

from objectives.records import signed
from objectives.reference_files import FilesRefused
from office.imports.reading import Outcome, Reading
from office.imports.resources import RecordResource
from office.imports.writing import Writing


def import_file(
    resource: type[RecordResource],
    source: Path | Dataset,
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
    model = resource.publishable()
    if not by.has_perm(f"{model._meta.app_label}.import_{model._meta.model_name}"):
        raise PermissionDenied(_("You do not have the right to import these records."))
    with transaction.atomic():
        with signed(by=by, step="import", why=name):
            reading = Reading(resource, name, take_back=take_back, leave=leave)
            reading.read(source)
            if not reading.problems:
                Writing(reading, by=by).write()
            if reading.problems:
                raise FilesRefused(sorted(reading.problems, key=lambda problem: problem.row))
        transaction.set_rollback(dry_run)
    return reading.outcome
