"""The dump: everything that is public in one file, made at night, and offered while it is true.

A dump is read as the public reads, from one snapshot, and its manifest tells what the public
record looked like then. Once something is published, begins, is retracted or withdrawn, the dump
says something else than the site, and nobody is given it any more: what was withdrawn must not
live on in a file. The next run of `manage.py build_dumps` makes a new one.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils.text import slugify
from django.utils.translation import override

from public.columns import COLUMNS
from public.downloads import terms
from public.fence import public_side
from public.models import FOLDERS, PublicRecord, Tombstone
from public.names import Names
from public.sheets import csv_lines
from public.tables import CODE_BOOK, Reader, code_book, rows_of

MANIFEST = "manifest.json"
OLDEST = timedelta(days=1)  # names of States and objectives may change without any publication

README = """{site}: everything that is public

As of {moment}. Made by {address}

{counts}

Terms of use: {terms}
Each record names its source (columns sources, source_names, source_locator, url) and has a
permanent address to cite (column address). Codes are permanent and are never given to another
record.

The files are CSV in UTF-8, with commas, as RFC 4180 describes it. The first row has the names of
the columns. The values of a list are joined with a semicolon. A cell that a spreadsheet would
take for a formula begins with an apostrophe, which is not part of the text.
codebook-en.csv, codebook-fr.csv and codebook-ru.csv explain every column and name every code, in
English, French and Russian.
"""


@dataclass(frozen=True)
class Dump:
    """A dump as its manifest tells of it; `state` is what the public record looked like."""

    file: str
    made_at: str
    counts: dict[str, int]
    bytes: int
    sha256: str
    state: dict[str, str]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def path(self) -> Path:
        return Path(settings.DUMPS_ROOT) / self.file

    def told(self) -> dict[str, Any]:
        """What the public is told of it."""
        return {name: value for name, value in asdict(self).items() if name != "state"}


def current(moment: datetime) -> Dump | None:
    """The dump, if it says what the site says at this moment. Read behind the fence."""
    with suppress(OSError, ValueError, TypeError):
        dump = Dump(**json.loads((Path(settings.DUMPS_ROOT) / MANIFEST).read_text()))
        if dump.path.stat().st_size == dump.bytes and dump.state == _state(moment):
            return dump
    return None


def build() -> tuple[Dump, bool]:
    """See to it that there is a dump that is true: the dump, and whether it was made anew."""
    with public_side() as moment, override(settings.LANGUAGE_CODE):
        there = current(moment)
        if there and moment - there.moment < OLDEST:
            return there, False
        dump = _written(moment)
    for other in Path(settings.DUMPS_ROOT).glob("*.zip"):
        if other.name != dump.file:
            other.unlink(missing_ok=True)
    return dump, True


def _state(moment: datetime) -> dict[str, str]:
    """What changes with every publication, beginning, retraction and withdrawal.

    Not a time only: a step that began before a dump may be committed after it.
    """
    begun = PublicRecord.objects.filter(visible__startswith__lte=moment).aggregate(
        editions=Count("pk"), keys=Sum("pk"), newest=Max("visible__startswith")
    )
    withdrawn = Tombstone.objects.aggregate(withdrawals=Count("pk"), withdrawn=Max("withdrawn_at"))
    return {name: str(value) for name, value in (begun | withdrawn).items()}


def _written(moment: datetime) -> Dump:
    """Write dump and manifest; the manifest comes last, so that it never names half a file."""
    root = Path(settings.DUMPS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with _arriving(root) as (file, take_place):
        counts = _write_zip(file, moment)
        size = file.tell()
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"{slugify(settings.SITE_NAME) or 'data'}-{moment:%Y-%m-%d}-{sha256[:8]}.zip"
        take_place(name)
    dump = Dump(name, moment.isoformat(), counts, size, sha256, _state(moment))
    with _arriving(root) as (file, take_place):
        file.write(json.dumps(asdict(dump), indent=2).encode())
        take_place(MANIFEST)
    return dump


def _write_zip(target: IO[bytes], moment: datetime) -> dict[str, int]:
    """Write the files of the dump one after the other; how many records of each kind."""
    names = Names()
    names.at = moment
    reader = Reader(names, settings.SITE_URL)
    counts: dict[str, int] = {}
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:

        def add(name: str, blocks: Iterable[str]) -> None:
            entry = ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # the same bytes, whatever machine makes them
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for block in blocks:
                    file.write(block.encode())

        for kind, columns in COLUMNS.items():
            records = PublicRecord.objects.visible(moment).of_kind(kind).order_by("code")
            rows = _counted(rows_of(records, columns, reader), kind, counts)
            add(f"{folder_of(kind)}.csv", csv_lines([one.name for one in columns], rows))
        for language, _name in settings.LANGUAGES:
            with override(language):
                # names are kept in the language in which they were read: begin anew
                lines = csv_lines(["file", *CODE_BOOK], whole_code_book(Reader(Names(), "")))
                add(f"codebook-{language}.csv", lines)
        add("README.txt", [_readme(moment, counts)])
    return counts


def whole_code_book(reader: Reader) -> Iterator[list[Any]]:
    """The code books of all files, one after the other, the name of the file in front."""
    for kind, columns in COLUMNS.items():
        for row in code_book(columns, reader):
            yield [f"{folder_of(kind)}.csv", *row]


def folder_of(kind: str) -> str:
    """What files of this kind are called."""
    return FOLDERS.get(kind, f"{kind}s")


def _counted(rows: Iterable[list[Any]], kind: str, counts: dict[str, int]) -> Iterator[list[Any]]:
    counts[kind] = 0
    for row in rows:
        counts[kind] += 1
        yield row


def _readme(moment: datetime, counts: dict[str, int]) -> str:
    return README.format(
        site=settings.SITE_NAME,
        moment=f"{moment:%Y-%m-%d %H:%M} UTC",
        address=settings.SITE_URL,
        terms=terms(),
        counts="\n".join(
            f"{folder_of(kind)}.csv: {count} records" for kind, count in counts.items()
        ),
    )


@contextmanager
def _arriving(folder: Path) -> Iterator[tuple[Any, Callable[[str], None]]]:
    """A file, and how it takes its place: when all of it is on the disk, or never."""
    with NamedTemporaryFile(dir=folder, prefix="arriving-", mode="w+b", delete=False) as file:

        def take_place(name: str) -> None:
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, folder / name)
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

        try:
            yield file, take_place
        finally:
            Path(file.name).unlink(missing_ok=True)
