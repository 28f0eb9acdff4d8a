"""What is done to reference data: loading it from files."""

from datetime import date
from pathlib import Path

from django.db import transaction

from objectives.records import signed
from objectives.reference_files import (
    DOUBTS,
    FILES,
    FilesRefused,
    Problem,
    read_reference_files,
)
from objectives.reference_tables import LOADER, Outcome, ReferenceTable, Tables


def load_reference_data(folder: Path, *, today: date, dry_run: bool = False) -> list[Outcome]:
    """Make the reference tables say what the files in `folder` say: all of it, or nothing.

    A record that left the files is retired as of `today`. A cell that the office wrote last stays
    as it is, and so does a record that only the office made. `FilesRefused` lists what is wrong.
    """
    entries = read_reference_files(folder)
    problems: list[Problem] = []
    tables: Tables = {}
    with transaction.atomic():
        with signed(by=None, step=LOADER):
            for file in [*FILES, DOUBTS]:
                tables[file.model] = table = ReferenceTable(file, tables)
                table.take(entries[file])
                table.retire_the_rest(today)
                table.write(problems)
            if problems:
                raise FilesRefused(problems)
        transaction.set_rollback(dry_run)
    return [table.outcome for table in tables.values()]
