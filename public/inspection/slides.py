"""The parts of presentations."""

from public.inspection.documents import NO, Part
from public.inspection.findings import Refused

RUNS = ("ppaction://macro", "ppaction://program", "ppaction://ole")


class Slide(Part):
    """A slide, or what slides are made of: is it shown, does something on it start a program?"""

    watched = frozenset({"cNvPr", "hlinkClick", "hlinkHover", "hlinkMouseOver"})

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        if attributes.get("show", "1").lower() in NO:
            self.findings.add("hidden_slides", self.label)

    def begun(self, tag, attributes):
        if attributes.get("action", "").lower().startswith(RUNS):
            raise Refused("starts", where=self.label)
        if tag == "cNvPr" and attributes.get("hidden", "0").lower() not in NO:
            self.findings.add("hidden_objects", attributes.get("name", ""))


class SlideNotes(Part):
    """What the speaker wants to say."""

    watched = frozenset({"sp", "ph", "t"})
    reads_text = True

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        self.is_note = self.within = False
        self.said = ""

    def begun(self, tag, attributes):
        if tag == "sp":
            self.is_note, self.said = False, ""
        elif tag == "ph":
            self.is_note = attributes.get("type") == "body"
        else:
            self.within = True

    def text(self, said):
        if self.within:
            self.said += said

    def ended(self, tag):
        if tag == "t":
            self.within = False
        elif tag == "sp" and self.is_note and self.said.strip():
            self.findings.add("notes", self.said)


class SlideComments(Part):
    """Comments on a slide, of older and newer programs."""

    watched = frozenset({"cm", "text", "t"})
    reads_text = True

    def __init__(self, part, shared, attributes):
        super().__init__(part, shared, attributes)
        self.within = False
        self.said = ""

    def begun(self, tag, attributes):
        self.within = tag != "cm"
        if tag == "cm":
            self.said = ""

    def text(self, said):
        if self.within:
            self.said += said

    def ended(self, tag):
        self.within = False
        if tag == "cm":
            self.findings.add("comments", self.said)
