"""What a browser would send of a form as it stands in a page: names and values, as one reads them.

cells = sent(staff.get(address))
cells["title"] = ["Another"]
staff.post(address, cells)
"""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The controls of the form that has a CSRF token and is not for leaving or languages."""

    def __init__(self):
        super().__init__()
        self.cells: dict[str, list[str]] = {}
        self.inside = False
        self.name = self.text = None
        self.options: list[tuple[str, bool]] = []
        self.many = self.silent = False

    def handle_starttag(self, tag, attributes):
        cell = dict(attributes)
        if tag == "form":
            self.inside = (cell.get("id") or "").endswith("_form") and "logout" not in cell["id"]
        elif tag == "noscript":
            self.silent = True
        if not self.inside or self.silent:
            return
        name, kind = cell.get("name"), cell.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "file", "button"):
            if kind not in ("checkbox", "radio") or "checked" in cell:
                self.cells.setdefault(name, []).append(cell.get("value") or "")
        elif tag == "textarea":
            self.name, self.text = name, ""
        elif tag == "select":
            self.name, self.options, self.many = name, [], "multiple" in cell
        elif tag == "option":
            self.options.append((cell.get("value") or "", "selected" in cell))

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "noscript":
            self.silent = False
        elif tag == "textarea" and self.text is not None:
            # the first line break belongs to the markup; browsers send the others as CRLF
            text = self.text.removeprefix("\r").removeprefix("\n")
            self.cells.setdefault(self.name, []).append(text.replace("\n", "\r\n"))
            self.name = self.text = None
        elif tag == "select" and self.name:
            chosen = [value for value, selected in self.options if selected]
            if not chosen and self.options and not self.many:
                chosen = [self.options[0][0]]
            if chosen:
                self.cells.setdefault(self.name, []).extend(chosen)
            self.name = None


def sent(page) -> dict[str, list[str]]:
    """Every cell of the page's form, without the empty part that scripts copy."""
    form = _Form()
    form.feed(page.content.decode())
    return {name: values for name, values in form.cells.items() if "__prefix__" not in name}
