"""OpenDocument texts: what their parts say and what they hide."""

import re
from typing import TYPE_CHECKING

from public.inspection.findings import Findings, Refused
from public.inspection.markup import Reader, parse

if TYPE_CHECKING:
    from public.inspection.packages import Package

ODT = "application/vnd.oasis.opendocument.text"
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|\\\\|/|\.\./)", re.IGNORECASE)
LOCAL = re.compile(r"^(?:file:/*)?/?[A-Za-z]:[/\\]", re.IGNORECASE)
FETCHED = {"image", "object", "section-source", "background-image", "fill-image", "font-face-uri"}
FETCHED |= {"floating-frame"}
OBJECTS = {"object-ole", "plugin", "applet"}
MACROS = {"script", "event-listener"}
PEOPLE = {"creator", "initial-creator", "printed-by"}
SAID = {"title": "Title", "subject": "Subject", "description": "Description"}
SAID |= {"keyword": "Keywords"}


def look(package: "Package") -> str:
    """The media type, which such a file writes in its first part."""
    if package.read("mimetype").strip() != ODT.encode():
        raise Refused("unknown")
    for name in package.names:
        if name.startswith(("Basic/", "Scripts/")) and not name.endswith("/"):
            raise Refused("macros", where=name)
        if name.startswith("Versions/") and not name.endswith("/"):
            package.findings.add("earlier")
    if "content.xml" not in package.names:
        raise Refused("damaged", where="content.xml")
    hidden: set[str] = set()
    # styles say what is hidden, so they come first
    parts = [name for name in package.names if name.endswith(".xml")]
    parts.sort(
        key=lambda name: (not name.endswith("manifest.xml"), not name.endswith("styles.xml"))
    )
    for name in parts:
        reader = Text(name, package.findings, hidden)

        def choose(root, _attributes, reader=reader, name=name):
            if root == "manifest":
                return Manifest()
            if root == "document-meta":
                return Meta(package.findings)
            return reader if root in ("document-content", "document-styles") else None

        parse(package.read(name), name, choose)
    return ODT


class Manifest(Reader):
    """The list of parts; it says which are encrypted."""

    watched = frozenset({"encryption-data"})

    def begun(self, tag, attributes):
        raise Refused("password")


class Meta(Reader):
    """Who wrote it, and what else the document says of itself."""

    watched = frozenset({*PEOPLE, *SAID, "user-defined", "template"})
    reads_text = True

    def __init__(self, findings: Findings):
        self.findings = findings
        self.said = self.named = ""

    def begun(self, tag, attributes):
        self.said, self.named = "", attributes.get("name", "")
        if tag == "template" and attributes.get("href"):
            self.findings.add("local_paths", attributes["href"])

    def text(self, said):
        self.said += said

    def ended(self, tag):
        said = self.said.strip()
        if tag in PEOPLE:
            self.findings.name(said)
        elif said and tag != "template":
            self.findings.add("properties", f"{SAID.get(tag, self.named)}: {said}")
        self.said = ""


class Text(Reader):
    """The text with its tracked changes, comments and hidden passages."""

    watched = frozenset(
        {"style", "text-properties", "span", "p", "h", "section"}
        | {"changed-region", "deletion", "annotation", "creator", "dde-source", "dde-connection"}
        | {"hidden-text", "hidden-paragraph"}
        | FETCHED
        | OBJECTS
        | MACROS
    )
    reads_text = True

    def __init__(self, part: str, findings: Findings, hidden: set[str]):
        self.part = part
        self.findings = findings
        self.hidden = hidden
        self.style = ""
        # what is open now, from the outside in: tag, and whether it hides what it holds
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.creator: str | None = None

    def begun(self, tag, attributes):
        href = attributes.get("href", "")
        if tag in MACROS:
            raise Refused("macros", where=self.part)
        if tag in OBJECTS:
            raise Refused("objects", where=href or self.part)
        if tag.startswith("dde-"):
            raise Refused("starts", where=self.part)
        if tag in FETCHED and ELSEWHERE.match(href):
            if not LOCAL.match(href):
                raise Refused("outside", target=href, where=self.part)
            self.findings.add("local_paths", href)
        if tag == "style":
            self.style = attributes.get("name", "")
        elif tag == "text-properties":
            if attributes.get("display") == "none" and self.style:
                self.hidden.add(self.style)
        elif tag == "changed-region":
            self.findings.add("tracked")
        elif tag == "creator":
            self.creator = ""
        hides = (
            tag in ("hidden-text", "hidden-paragraph")
            or attributes.get("style-name", "") in self.hidden
            or (tag == "section" and attributes.get("display", "true") != "true")
        )
        if tag == "hidden-text":
            self.findings.add("hidden_text", attributes.get("string-value", ""))
            hides = False
        self.open.append((tag, hides))
        if hides or tag in ("deletion", "annotation"):
            self.texts.append("")

    def text(self, said):
        if self.creator is not None:
            self.creator += said
        elif self.texts:
            self.texts[-1] += said

    def ended(self, tag):
        _tag, hides = self.open.pop()
        if tag == "style":
            self.style = ""
        elif tag == "creator":
            self.findings.name(self.creator or "")
            self.creator = None
        said = self.texts.pop() if hides or tag in ("deletion", "annotation") else ""
        if tag == "deletion":
            self.findings.add("tracked", said, count=0)
        elif tag == "annotation":
            self.findings.add("comments", said)
        elif hides and said.strip():
            self.findings.add("hidden_text", said)
