"""PDF files: what they do when they are opened, and what they carry along."""

import io
import logging
import re
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from public.inspection import pictures
from public.inspection.findings import Findings, Refused

MOST_PAGES = 5_000
MOST_OBJECTS = 500_000

# also where no object that counts names it: programs differ in what they repair
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|RichMedia)(?=[\s(<\[/>])")
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/GoToE", "/Movie", "/Sound", "/Rendition"}
RUNS |= {"/RichMediaExecute"}
SCRIPTS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/OnInstantiate"}
EMBEDDED = {"/EF", "/EmbeddedFiles", "/EmbeddedFile"}
FETCHED = {"/URI", "/SubmitForm", "/GoToR"}  # by themselves; a link that somebody follows is fine
NO_COMMENT = {"/Link", "/Widget", "/Popup", "/PrinterMark", "/TrapNet"}
PEOPLE = {"/Author"}
INVISIBLE = re.compile(rb"(?<![\d.])3\s+Tr\b")
LONGEST_TEXTS = 200 * 1024 * 1024  # bytes of all pages together that are looked through

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def look(content: bytes, findings: Findings) -> int:
    """How many pages it has; `Refused` if it could do harm, or cannot be looked into."""
    try:
        return _look(content, findings)
    except LimitReachedError as error:
        raise Refused("pdf_work") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("damaged_pdf") from error


def _look(content: bytes, findings: Findings) -> int:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("password")
    root: Any = reader.trailer["/Root"]
    said = root["/Pages"].get("/Count")
    if isinstance(said, int) and said > MOST_PAGES:
        raise Refused("pages", count=said, most=MOST_PAGES)
    _opens(root.get("/OpenAction"), 0)
    _opens(root.get("/AA"), 0)
    pages = _pages(reader, findings)
    _objects(reader, findings)
    if ACTIVE.search(content):
        raise Refused("scripts")
    _properties(reader, root, findings)
    layers = root.get("/OCProperties", {}).get("/D", {})
    if layers.get("/OFF") or layers.get("/BaseState") == "/OFF":
        names = [str(one.get_object().get("/Name", "")) for one in layers.get("/OFF", [])]
        findings.add("layers", ", ".join(names), count=max(len(names), 1))
    versions = content.count(b"startxref") - (2 if b"/Linearized" in content[:2048] else 1)
    if versions > 0:
        findings.add("earlier", count=versions)
    return pages


def _opens(action: Any, page: int) -> None:
    """What happens by itself, when the file or a page is opened."""
    action = action.get_object() if isinstance(action, IndirectObject) else action
    if not isinstance(action, DictionaryObject):
        return
    one: Any
    for one in (action, *action.values()):
        one = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(one, DictionaryObject) and one.get("/S") in FETCHED:
            raise Refused("outside", target=str(one.get("/URI") or one.get("/F") or ""), page=page)
    _look_at(action, page)


def _pages(reader: PdfReader, findings: Findings) -> int:
    """Looks at each page: comments, invisible text, and what would run there."""
    count = length = 0
    invisible = 0
    if len(reader.pages) > MOST_PAGES:  # as counted; what it says itself can be wrong
        raise Refused("pages", count=len(reader.pages), most=MOST_PAGES)
    for count, page in enumerate(reader.pages, 1):
        _opens(page.get("/AA"), count)
        for annotation in page.get("/Annots", []) or []:
            annotation = annotation.get_object()
            if not isinstance(annotation, DictionaryObject):
                continue
            _look_at(annotation, count)
            for name in ("/A", "/AA"):
                _deep(annotation.get(name), count)
            kind = annotation.get("/Subtype")
            if kind == "/FileAttachment":
                raise Refused("attachment", page=count)
            if kind in ("/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"):
                raise Refused("scripts", page=count)
            said = str(annotation.get("/Contents", ""))
            if kind not in NO_COMMENT and (said.strip() or kind == "/Text"):
                who = str(annotation.get("/T", ""))
                findings.name(who)
                findings.add("comments", f"{who}: {said}" if who else said)
        if length < LONGEST_TEXTS and (contents := page.get_contents()) is not None:
            drawn = contents.get_data()
            length += len(drawn)
            invisible += bool(INVISIBLE.search(drawn))
    if not count:
        raise Refused("damaged_pdf")
    if invisible:
        findings.add("invisible_text", count=invisible)
    return count


def _deep(action: Any, page: int, depth: int = 0) -> None:
    """An action with those that follow it."""
    action = action.get_object() if isinstance(action, IndirectObject) else action
    if isinstance(action, ArrayObject):
        for one in action:
            _deep(one, page, depth + 1)
    elif isinstance(action, DictionaryObject) and depth < 20:
        _look_at(action, page)
        for one in action.values():
            _deep(one, page, depth + 1)


def _objects(reader: PdfReader, findings: Findings) -> None:
    """Every object that counts, also those packed into streams."""
    numbers = [
        (number, generation) for generation, offsets in reader.xref.items() for number in offsets
    ] + [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused("pdf_work")
    for number, generation in numbers:
        one: Any = reader.get_object(IndirectObject(number, generation, reader))
        _walk(one, findings)


def _walk(one: Any, findings: Findings) -> None:
    """An object with all that stands in it, without what it refers to."""
    waiting = [one]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            _look_at(one, 0)
            if isinstance(one, StreamObject):
                _stream(one, findings)
            waiting += dict.values(one)
        elif isinstance(one, ArrayObject):
            waiting += list(one)


def _look_at(one: DictionaryObject, page: int) -> None:
    keys = set(one)
    if keys & SCRIPTS or dict.get(one, "/S") in RUNS:
        raise Refused("scripts", page=page)
    if keys & EMBEDDED or dict.get(one, "/Type") == "/EmbeddedFile":
        raise Refused("attachment", page=page)


def _stream(one: StreamObject, findings: Findings) -> None:
    if "/F" in one:  # its bytes are in another file
        raise Refused("outside", target=str(one["/F"]))
    packed = dict.get(one, "/Filter")
    if dict.get(one, "/Subtype") == "/Image" and packed in ("/DCTDecode", ["/DCTDecode"]):
        pictures.place_of_jpeg(one._data, findings)


def _properties(reader: PdfReader, root: Any, findings: Findings) -> None:
    for name, value in (reader.trailer.get("/Info") or {}).items():
        said = str(value.get_object() if hasattr(value, "get_object") else value).strip()
        if name in PEOPLE:
            findings.name(said)
        elif said and name not in ("/CreationDate", "/ModDate", "/Trapped"):
            findings.add("properties", f"{name.lstrip('/')}: {said}")
    if "/Metadata" in root:
        pictures.xmp(root["/Metadata"].get_data(), findings)
