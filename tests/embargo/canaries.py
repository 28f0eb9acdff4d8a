"""Words that no language has, one for each text of each record, and how they are found again.

A canary is ten small letters, so that nothing on its way stems, folds, splits or translates it.
It is looked for in everything that a reader's programs can make of an answer: as it was sent,
unpacked (gzip, brotli, ZIP, XLSX, DOCX, SQLite), and as the text of a PDF; without markup, and
with the lines of calendars joined again.
"""

import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import brotli
from pypdf import PdfReader

WORD = re.compile(rb"zq[a-j]{6}qz")
CODE = re.compile(rb"(?<![0-9])7[1-9][0-9]{6}(?![0-9])")  # the number in a code: see `world`
MARKUP = re.compile(rb"<[^<>]*>")
FOLDED = re.compile(rb"\r?\n[ \t]")

PUBLIC, RETRACTED, HIDDEN, PRIVATE = "public", "retracted", "hidden", "private"


@dataclass(frozen=True)
class Canary:
    """Where a word stands. `is_secret`: contact data, which not even the log may tell."""

    kind: str
    state: str
    field: str
    rank: str  # PUBLIC, RETRACTED, HIDDEN (of the office) or PRIVATE (never public by its field)
    is_secret: bool = False

    def __str__(self):
        return f"{self.kind}, {self.state}: {self.field} ({self.rank})"


class Canaries(dict[str, Canary]):
    """word → where it stands."""

    def word(self, canary: Canary) -> str:
        """A new word that stands there, and nowhere else."""
        number = f"{len(self):06}".translate(str.maketrans("0123456789", "abcdefghij"))
        word = f"zq{number}qz"
        self[word] = canary
        return word


def found_in(*texts: bytes) -> set[str]:
    """The words and the numbers of codes in what was answered."""
    found: set[bytes] = set()
    for text in texts:
        for one in readings(text):
            low = one.lower()
            found.update(WORD.findall(low))
            found.update(CODE.findall(low))
    return {one.decode() for one in found}


def unpacked(body: bytes, encoding: str) -> bytes:
    """A body as it was before the server compressed it."""
    if encoding == "br":
        return brotli.decompress(body)
    return gzip.decompress(body) if encoding == "gzip" else body


def readings(body: bytes) -> Iterator[bytes]:
    """The same content in every form in which somebody could read it."""
    yield body
    if body[:2] == b"\x1f\x8b":
        yield from readings(gzip.decompress(body))
    elif body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield " ".join(archive.namelist()).encode()
            for name in archive.namelist():
                yield from readings(archive.read(name))
    elif body[:5] == b"%PDF-":
        reader = PdfReader(io.BytesIO(body))
        yield " ".join(map(str, (reader.metadata or {}).values())).encode()
        yield " ".join(page.extract_text() for page in reader.pages).encode()
    elif body[:15] == b"SQLite format 3":
        database = sqlite3.connect(":memory:")
        database.deserialize(body)
        yield "\n".join(database.iterdump()).encode()
        database.close()
    elif body[:1] == b"<" or b"<html" in body[:500]:
        yield MARKUP.sub(b"", body)  # a word with a part of it marked
    elif body[:15] == b"BEGIN:VCALENDAR":
        yield FOLDED.sub(b"", body)
