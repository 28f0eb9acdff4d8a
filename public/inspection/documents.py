"""The parts of Word files, and those that all office files share."""

import re
from typing import TYPE_CHECKING

from public.inspection.findings import Refused
from public.inspection.markup import Reader

if TYPE_CHECKING:
    from public.inspection.office_open import Document

CHANGES = {
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "cellIns",
    "cellDel",
    "cellMerge",
    "numberingChange",
}
CHANGES |= {f"{what}Change" for what in ("rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr")}
NO = ("0", "false", "off")
RUNS = re.compile(r"(?:^|\s)DDE(?:AUTO)?\s", re.IGNORECASE)
FETCHES = re.compile(
    r'(?:^|\s)(?:INCLUDE\w+|IMPORT|RD|LINK)\s[^"]*"\s*((?:https?|ftp):[^"]*|\\\\[^"]*)',
    re.IGNORECASE,
)
PEOPLE = {"creator", "lastModifiedBy", "Manager"}
SAID = {
    "title": "Title",
    "subject": "Subject",
    "keywords": "Keywords",
    "description": "Description",
    "category": "Category",
    "contentStatus": "Status",
    "Company": "Company",
    "Template": "Template",
    "HyperlinkBase": "Hyperlink base",
}


class Part(Reader):
    """A part of a document."""

    def __init__(self, part: str, shared: "Document", attributes: dict[str, str]):
        self.part = part
        self.shared = shared
        self.findings = shared.findings

    @property
    def label(self) -> str:
        return self.shared.labels.get(self.part, self.part.rpartition("/")[2])


class Styles(Reader):
    """Which styles hide what is written in them."""

    watched = frozenset({"style", "vanish"})

    def __init__(self, shared: "Document"):
        self.shared = shared
        self.style = ""

    def begun(self, tag, attributes):
        if tag == "style":
            self.style = attributes.get("styleId", "")
        elif self.style and attributes.get("val", "1").lower() not in NO:
            self.shared.hidden_styles.add(self.style)

    def ended(self, tag):
        if tag == "style":
            self.style = ""


class WordText(Part):
    """A text with its tracked changes, hidden passages and fields."""

    watched = frozenset(
        {"p", "r", "t", "delText", "instrText", "fldSimple", "fldChar"}
        | {"vanish", "specVanish", "rStyle", "pStyle"}
        | CHANGES
    )
    reads_text = True

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        self.within = ""
        self.in_run = self.hides_run = self.hides_paragraph = False
        self.run = self.deleted = self.instruction = ""

    def begun(self, tag, attributes):
        if tag in CHANGES:
            self.findings.add("tracked")
            self.findings.name(attributes.get("author", ""))
        elif tag == "p":
            self.hides_paragraph = False
        elif tag == "r":
            self.in_run, self.hides_run, self.run = True, False, ""
        elif tag in ("t", "delText", "instrText"):
            self.within = tag
        elif tag in ("vanish", "specVanish"):
            self.hides_run |= self.in_run and attributes.get("val", "1").lower() not in NO
        elif tag == "rStyle":
            self.hides_run |= attributes.get("val", "") in self.shared.hidden_styles
        elif tag == "pStyle":
            self.hides_paragraph = attributes.get("val", "") in self.shared.hidden_styles
        elif tag == "fldSimple":
            self.follow(attributes.get("instr", ""))
        elif tag == "fldChar" and attributes.get("fldCharType") != "begin":
            self.follow(self.instruction)
            self.instruction = ""

    def ended(self, tag):
        if tag == "r":
            self.in_run = False
            if (self.hides_run or self.hides_paragraph) and self.run.strip():
                self.findings.add("hidden_text", self.run)
        elif tag == "delText":
            self.findings.add("tracked", self.deleted, count=0)
            self.deleted = ""
        if tag == self.within:
            self.within = ""

    def text(self, said):
        if self.within == "t":
            self.run += said
        elif self.within == "delText":
            self.deleted += said
        elif self.within == "instrText":
            self.instruction += said

    def follow(self, instruction: str) -> None:
        """A field that starts a program, or fetches something when it is opened."""
        if RUNS.search(instruction):
            raise Refused("starts", where=self.label)
        if fetched := FETCHES.search(instruction):
            raise Refused("outside", target=fetched[1], where=self.label)


class Properties(Part):
    """Who wrote it, for whom, from what template."""

    watched = frozenset({*PEOPLE, *SAID, "property"})
    reads_text = True

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        self.said = ""
        self.named = ""

    def begun(self, tag, attributes):
        self.said = ""
        self.named = attributes.get("name", "")

    def text(self, said):
        self.said += said

    def ended(self, tag):
        said = self.said.strip()
        if tag in PEOPLE:
            self.findings.name(said)
        elif said and not (tag == "Template" and said.startswith("Normal")):
            self.findings.add("properties", f"{SAID.get(tag, self.named)}: {said}")
        self.said = ""


class Names(Part):
    """People who have written in it."""

    watched = frozenset({"person", "cmAuthor", "author"})

    def begun(self, tag, attributes):
        said = (attributes.get(one, "") for one in ("displayName", "author", "name"))
        self.findings.name(next(filter(None, said), ""))


class Changed(Part):
    """The journal of a workbook whose changes are tracked."""

    watched = frozenset({"header"})

    def begun(self, tag, attributes):
        self.findings.add("tracked")
        self.findings.name(attributes.get("userName", ""))
