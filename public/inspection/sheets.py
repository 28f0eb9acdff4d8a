"""The parts of workbooks."""

import re

from public.inspection.documents import NO, Part
from public.inspection.findings import Refused

MOST_CELLS = 2_000_000
FETCHES = re.compile(rb"\b(?:WEBSERVICE|IMAGE)\s*\(")
COPY = "[Threaded comment]"  # for programs that do not know such comments


class Formulas:
    """Formulas that ask other sites when the file is opened."""

    @staticmethod
    def look(content: bytes, where: str) -> None:
        if found := FETCHES.search(content):
            raise Refused("outside", target=found[0].decode().rstrip("( "), where=where)


class Sheet(Part):
    """A sheet: how many cells, and which rows and columns are hidden."""

    watched = frozenset({"row", "col", "c"})

    def begun(self, tag, attributes):
        if tag == "c":
            self.shared.cells += 1
            if self.shared.cells > MOST_CELLS:
                raise Refused("cells", most=MOST_CELLS, where=self.label)
        elif attributes.get("hidden", "0").lower() not in NO:
            self.findings.add("hidden_rows" if tag == "row" else "hidden_columns", self.label)


class SheetComments(Part):
    """Comments of a workbook or a text, with who wrote them."""

    watched = frozenset({"comment", "threadedComment", "author", "t", "text"})
    reads_text = True

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        self.within = self.said = self.who = ""

    def begun(self, tag, attributes):
        if tag in ("comment", "threadedComment"):
            self.said, self.who = "", attributes.get("author", "")
            self.findings.name(self.who)
        else:
            self.within = tag
            if tag == "author":
                self.said = ""

    def text(self, said):
        if self.within:
            self.said += said

    def ended(self, tag):
        self.within = ""
        if tag == "author":
            # a threaded comment is signed with a key; its people stand in a part of their own
            if not self.said.startswith("tc="):
                self.findings.name(self.said)
        elif tag in ("comment", "threadedComment") and not self.said.startswith(COPY):
            self.findings.add("comments", f"{self.who}: {self.said}" if self.who else self.said)


class Connections(Part):
    """Queries to databases and other sites."""

    watched = frozenset({"connection"})

    def begun(self, tag, attributes):
        raise Refused("outside", target=attributes.get("name") or "connection", where=self.part)


class External(Part):
    """Cells of other files; those that are fetched by starting a program."""

    watched = frozenset({"ddeLink", "oleLink"})

    def begun(self, tag, attributes):
        raise Refused("starts", where=self.part)


class Pivot(Part):
    """The rows that a pivot table was made of, also if their sheet is gone."""

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        count = attributes.get("count", "")
        self.findings.add("pivot_rows", count=int(count) if count.isdecimal() else 1)
