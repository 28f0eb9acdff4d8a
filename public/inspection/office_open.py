"""Word, Excel and PowerPoint files since 2007: what their parts say and what they hide."""

import posixpath
import re
from typing import TYPE_CHECKING

from public.inspection.documents import (
    Changed,
    Names,
    Properties,
    Styles,
    WordText,
)
from public.inspection.findings import Findings, Refused
from public.inspection.markup import Reader, parse
from public.inspection.sheets import Connections, External, Formulas, Pivot, Sheet, SheetComments
from public.inspection.slides import Slide, SlideComments, SlideNotes

if TYPE_CHECKING:
    from public.inspection.packages import Package

OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {  # what [Content_Types].xml calls the main part of each
    f"{OFFICE}.{kind}.main+xml": f"{OFFICE}.{kind}"
    for kind in (
        "wordprocessingml.document",
        "spreadsheetml.sheet",
        "presentationml.presentation",
    )
}
MACRO = re.compile(r"macroenabled|vbaproject|macrosheet|vbadata", re.IGNORECASE)
LOCAL = re.compile(r"^(?:file:/*)?[A-Za-z]:[/\\]", re.IGNORECASE)  # on the writer's own disk
SERVER = re.compile(r"^(?:file:|\\\\|[A-Za-z]:[/\\])", re.IGNORECASE)  # inside the writer's house
CHUNK = "afchunk"  # a whole document in another format, taken in when it is opened

ROOTS: dict[str, type] = {
    "document": WordText,
    "hdr": WordText,
    "ftr": WordText,
    "footnotes": WordText,
    "endnotes": WordText,
    "comments": SheetComments,  # Word's too: both have authors and texts
    "threadedcomments": SheetComments,
    "coreproperties": Properties,
    "properties": Properties,
    "people": Names,
    "personlist": Names,
    "cmauthorlst": Names,
    "authorlst": Names,
    "headers": Changed,
    "worksheet": Sheet,
    "connections": Connections,
    "externallink": External,
    "pivotcacherecords": Pivot,
    "sld": Slide,
    "sldlayout": Slide,
    "sldmaster": Slide,
    "notes": SlideNotes,
    "cmlst": SlideComments,
}


class Document:
    """What the readers of the parts of one document share."""

    def __init__(self, findings: Findings):
        self.findings = findings
        self.hidden_styles: set[str] = set()
        self.targets: dict[tuple[str, str], str] = {}  # folder and id of a relation → part
        self.labels: dict[str, str] = {}  # part → what people call it: a sheet's name
        self.cells = 0
        self.main: list[str] = []
        self.macros = ""


def look(package: "Package") -> str:
    """The media type of the document."""
    shared = Document(package.findings)
    for name in package.names:
        lowered = name.lower()
        if lowered.endswith(("vbaproject.bin", "vbadata.xml")):
            raise Refused("macros", where=name)
        if "/activex/" in lowered:
            raise Refused("objects", where=name)
    # relations and what names others come first
    parts = [name for name in package.names if name.lower().endswith((".xml", ".rels"))]
    parts.sort(key=lambda name: (name != "[Content_Types].xml", *_order(name), name))
    for name in parts:
        content = package.read(name)
        parse(content, name, _chooser(name, content, shared))
        if shared.macros:
            raise Refused("macros", where=shared.macros)
    found = {MAIN_PARTS[one] for one in shared.main if one in MAIN_PARTS}
    if len(found) != 1:
        raise Refused("unknown")
    return found.pop()


def _order(name: str) -> tuple[bool, bool]:
    names_others = ("styles.xml", "workbook.xml", "presentation.xml")
    return not name.endswith(".rels"), not name.endswith(names_others)


def _chooser(part: str, content: bytes, shared: Document):
    def choose(root: str, attributes: dict[str, str]) -> Reader | None:
        root = root.lower()
        if root == "types":
            return Types(shared)
        if root == "relationships":
            return Relations(part, shared)
        if root == "styles":
            return Styles(shared)
        if root in ("workbook", "presentation"):
            return Contents(part, shared)
        if root == "macrosheet":
            raise Refused("macros", where=part)
        if root == "worksheet":
            Formulas.look(content, shared.labels.get(part, part))
        reader = ROOTS.get(root)
        return reader(part, shared, attributes) if reader else None

    return choose


class Types(Reader):
    """[Content_Types].xml: what each part says it is."""

    watched = frozenset({"Override", "Default"})

    def __init__(self, shared: Document):
        self.shared = shared

    def begun(self, tag, attributes):
        kind = attributes.get("ContentType", "")
        self.shared.main.append(kind)
        if MACRO.search(kind):
            self.shared.macros = attributes.get("PartName") or kind


class Relations(Reader):
    """What a part refers to. A link that a reader follows is fine; what is fetched is not."""

    watched = frozenset({"Relationship"})

    def __init__(self, part: str, shared: Document):
        self.part = part
        self.folder = posixpath.dirname(posixpath.dirname(part))
        self.shared = shared

    def begun(self, tag, attributes):
        target = attributes.get("Target", "")
        kind = attributes.get("Type", "").rsplit("/", 1)[-1].lower()
        if attributes.get("TargetMode", "").lower() == "external":
            # a template on the writer's own disk is in every second document, and found nowhere
            found_nowhere = kind == "attachedtemplate" and LOCAL.match(target)
            if kind != "hyperlink" and not found_nowhere:
                raise Refused("outside", target=target, where=self.part)
            if SERVER.match(target):
                self.shared.findings.add("local_paths", target)
            return
        if MACRO.search(kind):
            raise Refused("macros", where=target)
        if kind == CHUNK:
            raise Refused("objects", where=target)
        place = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
        self.shared.targets[self.folder, attributes.get("Id", "")] = place


class Contents(Reader):
    """A workbook or a presentation: its sheets or slides, in order."""

    watched = frozenset({"sheet", "sldId"})

    def __init__(self, part: str, shared: Document):
        self.folder = posixpath.dirname(part)
        self.shared = shared
        self.slides = 0

    def begun(self, tag, attributes):
        self.slides += 1
        label = attributes.get("name", "") if tag == "sheet" else str(self.slides)
        place = self.shared.targets.get((self.folder, attributes.get("rid", "")), "")
        self.shared.labels[place] = label
        if tag == "sheet" and attributes.get("state", "visible").lower() != "visible":
            self.shared.findings.add("hidden_sheets", label)
