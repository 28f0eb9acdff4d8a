"""The form of a page as a browser without scripts reads it, and what it would send."""

from html.parser import HTMLParser

VOID = {"checkbox", "radio"}


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.form: dict[str, list[str]] | None = None
        self.select: tuple[str, bool] | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.form = {}
            self.forms.append(self.form)
        if self.form is None or "disabled" in given:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            if given.get("type") not in VOID or "checked" in given:
                default = "on" if given.get("type") in VOID else ""
                self.form.setdefault(name, []).append(given.get("value") or default)
        elif tag == "textarea" and name:
            self.area = name
            self.form.setdefault(name, []).append("")
        elif tag == "select" and name:
            self.select, self.options = (name, "multiple" in given), []
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))

    def handle_data(self, data):
        if self.area and self.form is not None:
            self.form[self.area][-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            if self.area and self.form is not None:  # browsers drop the first line break
                text = self.form[self.area][-1].removeprefix("\r").removeprefix("\n")
                self.form[self.area][-1] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select" and self.select and self.form is not None:
            name, several = self.select
            chosen = [value for value, selected in self.options if selected]
            if not several and not chosen and self.options:
                chosen = [self.options[0][0]]
            if chosen:
                self.form.setdefault(name, []).extend(chosen if several else chosen[-1:])
            self.select = None


def sent_by(answer, having: str = "read_version") -> dict[str, list[str]]:
    """What a browser would send of the page's form that has this field."""
    parser = _Forms()
    parser.feed(answer.content.decode())
    return next(form for form in parser.forms if having in form)
