"""What kind of file something is, by its content, and why some are refused.

Files come from anybody and leave for everybody, so only kinds that readers can open safely are
taken. A name proves nothing: the first bytes and the parts of a file do. Nothing is unpacked to
disk, and of what is unpacked in memory there is a limit.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, NoReturn
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = "application/pdf"
DOCX = f"{OFFICE}.wordprocessingml.document"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
PPTX = f"{OFFICE}.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"

# media type → how a file of it may end, the usual way first
ENDINGS = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    ODT: (".odt",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}
MAIN_PARTS = {  # what [Content_Types].xml calls the main part of each
    f"{DOCX}.main+xml": DOCX,
    f"{XLSX}.main+xml": XLSX,
    f"{PPTX}.main+xml": PPTX,
}

MOST_PARTS = 5_000  # of a zipped document
MOST_UNPACKED = 500 * 1024 * 1024  # bytes, of all its parts
MOST_OF_A_LIST = 4 * 1024 * 1024  # bytes, of a part that is read here

MEGABYTE = 1024 * 1024

ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
ACTIVE_PDF = re.compile(rb"/(?:JavaScript|Launch|RichMedia)(?=[\s(<\[/>])")
PART_OF_ZIP = re.compile(rb"PK\x01\x02")  # each part has one in the list at the end
OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

PASSWORD = _("This file is protected by a password: save it without one, then choose it again.")
UNKNOWN = _(
    "This is no PDF, DOCX, XLSX, PPTX, ODT, PNG or JPEG file, whatever its name says: save it as"
    " one of these, then choose it again."
)
OLD_OFFICE = _(
    "This is a file of an old office program (DOC, XLS, PPT): save it as DOCX, XLSX, PPTX or PDF,"
    " then choose it again."
)
MACROS = _(
    "This file contains macros, which could do harm on readers' computers: save it as a PDF, or"
    " as a document without macros, then choose it again."
)
SCRIPTS = _(
    "This PDF contains scripts or starts programs, which could do harm on readers' computers:"
    " print it to a new PDF, then choose that."
)
OBJECTS = _(
    "This file contains an embedded object that could run on readers' computers: save it as a"
    " PDF, or remove the object, then choose it again."
)
OUTSIDE = _(
    "This file loads parts from elsewhere (%(target)s), which would tell others who reads it:"
    " break its links to other files, or save it as a PDF, then choose it again."
)
DAMAGED = _(
    "This file is damaged, or did not arrive whole: open it on your computer, save it again,"
    " then choose it again."
)
TOO_MUCH = _(
    "This file unpacks to more than %(most)d MB or has more than %(parts)d parts: save it as a"
    " PDF, or in several files."
)


def refuse(reason, **params) -> NoReturn:
    raise ValidationError(reason, code="file", params=params or None)


def recognize(file: IO[bytes]) -> str:
    """The media type of a file; `ValidationError` with reason and remedy if we do not take it."""
    file.seek(0)
    start = file.read(1024)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # since 2007 an office file lies in such a container only when it is encrypted
        refuse(PASSWORD if any(_found(file, re.compile(OLE_ENCRYPTED))) else OLD_OFFICE)
    if b"%PDF-" in start:
        return _pdf(file)
    if start.startswith(b"PK\x03\x04"):
        return _zipped(file)
    refuse(UNKNOWN)


def _found(file: IO[bytes], pattern: re.Pattern[bytes]) -> Iterator[bytes]:
    """Where the pattern occurs in the file, read piece by piece."""
    file.seek(0)
    before = b""
    while piece := file.read(MEGABYTE):
        for match in pattern.finditer(before + piece):
            yield match[0]
        before = piece[-200:]


def _pdf(file: IO[bytes]) -> str:
    """What stands in the open in a PDF. Packed objects are not looked into here."""
    if any(_found(file, ENCRYPTED_PDF)):
        refuse(PASSWORD)
    if any(_found(file, ACTIVE_PDF)):
        refuse(SCRIPTS)
    return PDF


def _zipped(file: IO[bytes]) -> str:
    if sum(1 for _part in _found(file, PART_OF_ZIP)) > 2 * MOST_PARTS:  # before it is all listed
        refuse(TOO_MUCH, most=MOST_UNPACKED // MEGABYTE, parts=MOST_PARTS)
    try:
        with zipfile.ZipFile(file) as archive:
            return _document(archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,  # a packing that no office program uses
        EOFError,
        ValueError,
        OSError,
        expat.ExpatError,
    ):
        refuse(DAMAGED)


def _document(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        refuse(TOO_MUCH, most=MOST_UNPACKED // MEGABYTE, parts=MOST_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        refuse(PASSWORD)
    names = [part.filename for part in parts]
    if "mimetype" in names:
        return _open_document(archive, names)
    if "[Content_Types].xml" in names:
        return _office_open(archive, names)
    refuse(UNKNOWN)


def _office_open(archive: zipfile.ZipFile, names: list[str]) -> str:
    types = [
        attributes.get("ContentType", "")
        for tag, attributes in _elements(archive, "[Content_Types].xml")
        if tag in ("Override", "Default")
    ]
    lowered = [name.lower() for name in names]
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types) or any(
        name.endswith("vbaproject.bin") for name in lowered
    ):
        refuse(MACROS)
    if any("/activex/" in name or re.search(r"/embeddings/.*\.bin$", name) for name in lowered):
        refuse(OBJECTS)
    for name in names:
        if name.lower().endswith(".rels"):
            _refuse_parts_from_elsewhere(archive, name)
    found = {MAIN_PARTS[one] for one in types if one in MAIN_PARTS}
    if len(found) != 1:
        refuse(UNKNOWN)
    return found.pop()


def _refuse_parts_from_elsewhere(archive: zipfile.ZipFile, name: str) -> None:
    """A link that a reader follows is fine; a template or picture fetched by itself is not."""
    for tag, attributes in _elements(archive, name):
        kind = attributes.get("Type", "").rsplit("/", 1)[-1]
        outside = attributes.get("TargetMode", "").lower() == "external"
        if tag == "Relationship" and outside and kind != "hyperlink":
            refuse(OUTSIDE, target=attributes.get("Target", "")[:80])


def _open_document(archive: zipfile.ZipFile, names: list[str]) -> str:
    if _read(archive, "mimetype").strip() != ODT.encode():
        refuse(UNKNOWN)
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        refuse(MACROS)
    if "META-INF/manifest.xml" in names and any(
        tag == "encryption-data"
        for tag, _attributes in _elements(archive, "META-INF/manifest.xml")
    ):
        refuse(PASSWORD)
    if "content.xml" not in names:
        refuse(DAMAGED)
    return ODT


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(MOST_OF_A_LIST + 1)
    if len(content) > MOST_OF_A_LIST:
        refuse(TOO_MUCH, most=MOST_UNPACKED // MEGABYTE, parts=MOST_PARTS)
    return content


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of an XML part without their prefixes; entities of its own make it damaged."""
    elements: list[tuple[str, dict[str, str]]] = []

    def declared(*_arguments):
        refuse(DAMAGED)

    def begun(tag, attributes):
        elements.append((tag.rsplit(":", 1)[-1], attributes))

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    parser.Parse(_read(archive, name), True)
    return elements
