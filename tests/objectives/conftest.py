"""A copy of the reference files to spoil."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command


class Files:
    """A folder of reference files that a test edits and loads."""

    def __init__(self, folder: Path):
        self.folder = folder

    def swap(self, table: str, old: str, new: str) -> None:
        """Replace the first `old` in a file; it must be there."""
        path = self.folder / f"{table}.csv"
        before = path.read_bytes()
        path.write_bytes(before.replace(old.encode(), new.encode(), 1))
        assert path.read_bytes() != before

    def drop(self, table: str, start: str) -> None:
        """Leave out the rows that begin like this."""
        path = self.folder / f"{table}.csv"
        lines = path.read_bytes().decode().splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) < len(lines)
        path.write_text("".join(kept), "utf-8", newline="")

    def write(self, table: str, *rows: dict[str, str]) -> None:
        """Only these rows under the file's own header; cells not named are empty."""
        path = self.folder / f"{table}.csv"
        header = next(csv.reader(io.StringIO(path.read_text("utf-8"))))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def load(self, *options: str) -> list[str]:
        """What `load_reference_data` says of this folder, line by line."""
        said = io.StringIO()
        call_command("load_reference_data", f"--data={self.folder}", *options, stdout=said)
        return said.getvalue().splitlines()


@pytest.fixture
def files(tmp_path):
    from objectives.reference_files import FOLDER  # models cannot be imported before this

    return Files(Path(shutil.copytree(FOLDER, tmp_path / "data")))


@pytest.fixture
def loaded(files, db):
    """The files, loaded once."""
    files.load()
    return files
