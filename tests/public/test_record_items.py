"""The items of lists are written by hand, so what they say must be escaped by hand as well."""

from html.parser import HTMLParser

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

EVIL = '<b onclick="x()">\'&'
LINE = {
    "kind": "practice",
    "kind_name": EVIL,
    "code": EVIL,
    "url": f"/practices/{EVIL}/",
    "title": EVIL,
    "summary": EVIL,
    "snippet": "",
    "language": "en",
    "states": [{"name": EVIL}, {"name": "Albania"}],
    "objectives": [
        {"number": 7, "short_title": EVIL, "url": EVIL, "cluster": 1, "primary": primary}
        for primary in (True, False)
    ],
    "party": "",
    "facts": [EVIL, "2024"],
    "cycle_name": EVIL,
}


class Read(HTMLParser):
    """What a browser makes of it: the tags, the values of attributes, the texts."""

    def __init__(self, **more):
        super().__init__()
        self.tags, self.values, self.texts = [], [], []
        context = {"records": [LINE | more], "level_of_heading": "h3", "show_kind": True}
        self.feed(render_to_string("public/components/records.html", context))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.values += [value for name, value in attrs if name != "class"]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data)


def test_nothing_that_a_record_says_becomes_markup():
    read = Read()

    assert " ".join(read.tags) == (
        "ol li p br div h3 a p div a span span a span span div p p p button span span span"
    )
    assert read.values == [
        *("en", f"/practices/{EVIL}/", "en"),
        *(EVIL, "true", EVIL, "true"),
        *("button", f"practice:{EVIL}", "false", None),
    ]
    assert read.texts == [
        *(EVIL, EVIL, EVIL, EVIL),
        *("7", f"Primary objective 7: {EVIL}", "7", f"Objective 7: {EVIL}"),
        *(f"{EVIL}, Albania", f"{EVIL} · 2024", EVIL),
        *("Keep", "Kept", f" {EVIL}"),
    ]


def test_party_and_ways_of_my_list_are_no_markup_either():
    read = Read(party=EVIL, remove_url=EVIL, permanent_url=EVIL)

    assert "b" not in read.tags
    assert read.values[-2:] == [EVIL, f"practice:{EVIL}"]
    assert read.texts.count(EVIL) == 7


def test_the_place_that_has_the_words_is_marked():
    read = Read(snippet=mark_safe("has <mark>words</mark>"))

    assert read.tags.count("mark") == 1
    assert "words" in read.texts
