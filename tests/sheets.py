"""Files of records to import: a row has every column, empty where the test says nothing."""

import csv
from pathlib import Path

import pytest

from objectives.reference_files import FilesRefused
from office.imports import Outcome, RecordResource, import_file

PRACTICE = {
    "code": "P-0001",
    "title": "One-stop centres",
    "summary": "All services in one place.",
    "cycle": "RR2024",
    "objectives": "7",
    "primary_objectives": "7",
    "primary_objectives_claimed": "1",
    "level": "national",
    "covid19": "false",
    "language": "en",
}
ROUNDTABLE = {
    "code": "RR2024-S1",
    "cycle": "RR2024",
    "type": "roundtable",
    "title_en": "Session 1",
    "inferred": "false",
    "language": "en",
}


def write(path: Path, header: list[str], rows: list[dict[str, str]]) -> Path:
    """A CSV file with these columns, as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Sheets:
    """A folder in which a test writes files, and what importing them does."""

    def __init__(self, folder: Path, by):
        self.folder = folder
        self.by = by

    def load(self, resource: type[RecordResource], *rows: dict, **options) -> Outcome:
        """What importing these rows does, as the editor."""
        path = write(self.folder / "rows.csv", list(resource.columns()), list(rows))
        return import_file(resource, path, **{"by": self.by, **options})

    def problems(self, resource, *rows: dict, **options) -> list[tuple[int, str, str]]:
        """Why these rows are refused: row, column, reason."""
        with pytest.raises(FilesRefused) as refusal:
            self.load(resource, *rows, **options)
        assert {problem.file for problem in refusal.value.problems} == {"rows.csv"}
        return [(one.row, one.column, one.reason) for one in refusal.value.problems]
