"""Documents that are ZIP files of parts: what they are, and what may stand in them."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from public.inspection import office_open, open_document, pictures
from public.inspection.findings import Findings, Refused

MEGABYTE = 1024 * 1024
MOST_PARTS = 5_000
MOST_UNPACKED = 500 * MEGABYTE  # of all parts together
MOST_MARKUP = 200 * MEGABYTE  # of all that is read as XML
DEEPEST = 2  # a workbook in a presentation in a document

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAMS = (b"MZ\x90\x00", b"\x7fELF", b"%PDF-", b"{\\rtf")
PART_OF_ZIP = re.compile(rb"PK\x01\x02")  # each part has one in the list at the end
STRANGE_NAME = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\\|[\x00-\x1f]")
DAMAGES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,  # a packing that no office program uses
    EOFError,
    ValueError,
    OSError,
    struct.error,
    zlib.error,
)


class Package:
    """The parts of one document; those that lie in it count towards the same limits."""

    def __init__(self, content: bytes, findings: Findings, outer: "Package | None" = None):
        self.findings = findings
        self.depth: int = outer.depth + 1 if outer else 0
        self.outermost: Package = outer.outermost if outer else self
        self.unpacked = self.markup = self.count = 0
        # before it is all listed: a list itself can be too much
        if sum(1 for _part in PART_OF_ZIP.finditer(content)) > 2 * MOST_PARTS:
            raise Refused("parts", most=MOST_PARTS)
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        parts = self.archive.infolist()
        self.names = [part.filename for part in parts]
        self._count(parts)
        for part in parts:
            # its name as it was sent: the library cuts it off at a NUL
            if STRANGE_NAME.search(part.orig_filename):
                raise Refused("paths", where=part.orig_filename)
            if part.flag_bits & 1:
                raise Refused("password")
        folded = [name.casefold() for name in self.names]
        if len(set(folded)) < len(folded):
            raise Refused("twice", where=next(one for one in folded if folded.count(one) > 1))

    def _count(self, parts: list[zipfile.ZipInfo]) -> None:
        """A part that is longer than it says fails its check sum, so what is said here holds."""
        total = self.outermost
        total.count += len(parts)
        total.unpacked += sum(part.file_size for part in parts)
        if total.count > MOST_PARTS:
            raise Refused("parts", most=MOST_PARTS)
        if total.unpacked > MOST_UNPACKED:
            raise Refused("unpacked", most=MOST_UNPACKED // MEGABYTE)

    def read(self, name: str) -> bytes:
        """The bytes of a part; what is read as XML has a limit of its own."""
        if name.endswith((".xml", ".rels")):
            total = self.outermost
            total.markup += self.archive.getinfo(name).file_size
            if total.markup > MOST_MARKUP:
                raise Refused("unpacked", most=MOST_MARKUP // MEGABYTE)
        return self.archive.read(name)

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """The first bytes of each part."""
        for name in self.names:
            with self.archive.open(name) as part:
                yield name, part.read(8)


def look(content: bytes, findings: Findings) -> str:
    """The media type of a zipped document; `Refused` if it is none that we take."""
    try:
        return _look(Package(content, findings))
    except DAMAGES as error:
        raise Refused("damaged", where="") from error


def _look(package: Package) -> str:
    if "mimetype" in package.names:
        media_type = open_document.look(package)
    elif "[Content_Types].xml" in package.names:
        media_type = office_open.look(package)
    else:
        raise Refused("unknown" if not package.depth else "objects", where="ZIP")
    for name, head in package.heads():
        if head.startswith((OLE, *PROGRAMS)):
            raise Refused("objects", where=name)
        if head.startswith(ZIP):
            if package.depth == DEEPEST:
                raise Refused("nested", most=DEEPEST, where=name)
            inner = package.read(name)
            _look(Package(inner, package.findings, package))
            package.findings.add("embedded", name.rpartition("/")[2])
        elif head.startswith(b"\xff\xd8\xff"):
            pictures.place_of_jpeg(package.read(name), package.findings)
    return media_type
