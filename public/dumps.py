"""The dumps: everything that is public, made at night, and offered while it is true.

    reviewhub-2026-11-21-1a2b3c4d.zip        a CSV for each kind, with code books and a read-me
    reviewhub-2026-11-21-5e6f7a8b.ndjson.gz  a document a line, as the API gives them
    reviewhub-2026-11-21-9c0d1e2f.sqlite     a table for each kind, with the codes of all columns

They are read as the public reads, from one snapshot, and their manifest tells what the public
record looked like then. Once something is published, begins, is retracted or withdrawn, they say
something else than the site, and nobody is given them any more: what was withdrawn must not live
on in a file. The next run of `manage.py build_dumps` makes new ones.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils.text import slugify
from django.utils.translation import override

from public.dump_files import write_ndjson, write_sqlite, write_zip
from public.fence import public_side
from public.models import PublicRecord, Tombstone

MANIFEST = "manifest.json"
OLDEST = timedelta(days=1)  # names of States and objectives may change without any publication

# how the name of a dump ends → its media type
MEDIA_TYPES = {
    "zip": "application/zip",
    "ndjson.gz": "application/gzip",
    "sqlite": "application/vnd.sqlite3",
}


@dataclass(frozen=True)
class DumpFile:
    """A file of a dump."""

    file: str
    bytes: int
    sha256: str

    @property
    def ending(self) -> str:
        return self.file.partition(".")[2]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.ending]

    @property
    def path(self) -> Path:
        return Path(settings.DUMPS_ROOT) / self.file


@dataclass(frozen=True)
class Dump:
    """A dump as its manifest tells of it; `state` is what the public record looked like."""

    made_at: str
    counts: dict[str, int]
    files: list[DumpFile]
    state: dict[str, str]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def told(self) -> dict[str, Any]:
        """What the public is told of it."""
        return {name: value for name, value in asdict(self).items() if name != "state"}


def current(moment: datetime) -> Dump | None:
    """The dump, if it says what the site says at this moment. Read behind the fence."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads((Path(settings.DUMPS_ROOT) / MANIFEST).read_text())
        dump = Dump(**told | {"files": [DumpFile(**one) for one in told["files"]]})
        sizes = {one.path.stat().st_size == one.bytes for one in dump.files}
        endings = [one.ending for one in dump.files]
        if sizes == {True} and endings == list(MEDIA_TYPES) and dump.state == _state(moment):
            return dump
    return None


def build() -> tuple[Dump, bool]:
    """See to it that there is a dump that is true: the dump, and whether it was made anew."""
    with public_side() as moment, override(settings.LANGUAGE_CODE):
        there = current(moment)
        if there and moment - there.moment < OLDEST:
            return there, False
        dump = _written(moment)
    kept = {one.file for one in dump.files}
    for ending in MEDIA_TYPES:
        for other in Path(settings.DUMPS_ROOT).glob(f"*.{ending}"):
            if other.name not in kept:
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
    counts: dict[str, int] = {}
    files = [
        _file(root, moment, "zip", lambda file: counts.update(write_zip(file, moment))),
        _file(root, moment, "ndjson.gz", lambda file: write_ndjson(file, moment)),
        _file(root, moment, "sqlite", lambda file: write_sqlite(Path(file.name), moment)),
    ]
    dump = Dump(moment.isoformat(), counts, files, _state(moment))
    with _arriving(root) as (file, take_place):
        file.write(json.dumps(asdict(dump), indent=2).encode())
        take_place(MANIFEST)
    return dump


def _file(root: Path, moment: datetime, ending: str, write: Callable[[Any], object]) -> DumpFile:
    """A file in its place, named by its day and what is in it."""
    with _arriving(root) as (file, take_place):
        write(file)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"{slugify(settings.SITE_NAME) or 'data'}-{moment:%Y-%m-%d}-{sha256[:8]}.{ending}"
        take_place(name)
    return DumpFile(name, size, sha256)


# --- Arriving ---------------------------------------------------------------------------------


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
