"""The files of a dump: how everything that is public is written into one.

Each is read anew from the snapshot that the caller holds, a few records in memory at a time, and
is the same bytes for the same content and moment.
"""

import gzip
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.utils.translation import override

from public.api.formats import encoded
from public.api.records import RESOURCES, shown, written
from public.columns import COLUMNS
from public.downloads import terms
from public.models import FOLDERS, PublicRecord
from public.names import Names
from public.sheets import as_text, csv_blocks, csv_lines
from public.tables import AT_ONCE, CODE_BOOK, Reader, code_book, csv_rows, rows_of
from public.vocabularies import VOCABULARIES

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


def _records(kind: str, moment: datetime):
    return PublicRecord.objects.visible(moment).of_kind(kind).order_by("code")


def _reader(moment: datetime) -> Reader:
    names = Names()
    names.at = moment
    return Reader(names, settings.SITE_URL)


# --- ZIP --------------------------------------------------------------------------------------


def write_zip(target: IO[bytes], moment: datetime) -> dict[str, int]:
    """Write the files of the dump one after the other; how many records of each kind."""
    reader = _reader(moment)
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
            lines = _counted(csv_rows(_records(kind, moment), columns, reader), kind, counts)
            add(f"{folder_of(kind)}.csv", csv_blocks([one.name for one in columns], lines))
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
    return RESOURCES[kind]


def _counted(rows: Iterable[str], kind: str, counts: dict[str, int]) -> Iterator[str]:
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


# --- NDJSON -----------------------------------------------------------------------------------


def write_ndjson(target: IO[bytes], moment: datetime) -> None:
    """A record a line, as the API gives it, kind by kind, by code."""
    with gzip.GzipFile("", "wb", fileobj=target, mtime=int(moment.timestamp())) as file:
        for kind in COLUMNS:
            rows = _records(kind, moment)
            found = written(rows).iterator(chunk_size=AT_ONCE)
            for one in shown(found, _place_of(kind), ()):
                file.write(encoded(one) + b"\n")


def _place_of(kind: str) -> str:
    """What stands before the code in a permanent address."""
    folder = FOLDERS.get(kind, f"api/v1/{folder_of(kind)}")
    return f"{settings.SITE_URL}/{folder}/"


# --- SQLite -----------------------------------------------------------------------------------


def write_sqlite(path: Path, moment: datetime) -> None:
    """The tables of the CSV files, the codes with their names, and what the file is."""
    reader = _reader(moment)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # nobody reads it before it is whole: no journal beside it
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for kind, columns in COLUMNS.items():
            header = [one.name for one in columns]
            rows = rows_of(_records(kind, moment), columns, reader)
            _add_table(database, folder_of(kind), header, rows)
        _add_table(database, "about", ["name", "value"], _about(moment))
        meanings = ["table_name", "column_name", "meaning", "codes"]
        _add_table(database, "columns", meanings, _meanings())
        languages = [f"name_{language}" for language, _name in settings.LANGUAGES]
        for name, codes in _code_tables():
            _add_table(database, f"codes_{name}", ["code", *languages], codes)
        database.execute("COMMIT")


def _add_table(
    database: sqlite3.Connection, name: str, header: list[str], rows: Iterable[Iterable[Any]]
) -> None:
    """A table with these rows; where there is a code, records are found by it."""
    columns = [f'"{one}" PRIMARY KEY' if one == "code" else f'"{one}"' for one in header]
    database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    places = ", ".join("?" * len(header))
    database.executemany(
        f'INSERT INTO "{name}" VALUES ({places})',  # noqa: S608  # names of our own
        (list(map(_as_stored, row)) for row in rows),
    )


def _as_stored(value: Any) -> Any:
    """A value as SQLite keeps it: numbers as such, true and false and days as the CSV has them."""
    return as_text(value) if isinstance(value, bool | date) else value


def _about(moment: datetime) -> list[tuple[str, str]]:
    return [
        ("site", settings.SITE_NAME),
        ("address", settings.SITE_URL),
        ("as_of", moment.isoformat()),
        ("terms", terms()),
    ]


def _meanings() -> Iterator[tuple[str, str, str, str]]:
    """What each column means, and the table of its codes."""
    for kind, columns in COLUMNS.items():
        for one in columns:
            codes = f"codes_{one.vocabulary}" if one.vocabulary else ""
            yield folder_of(kind), one.name, str(one.meaning), codes


def _code_tables() -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Each vocabulary: a row for each code, with its name in every language."""
    named = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            names = Names()
            named.append({name: dict(one.read(names)) for name, one in VOCABULARIES.items()})
    for vocabulary in VOCABULARIES:
        codes = sorted(named[0][vocabulary])
        yield (
            vocabulary,
            [
                (code, *(str(of_language[vocabulary][code]) for of_language in named))
                for code in codes
            ],
        )
