"""What a browser that comes for the first time waits for and carries home, seen from outside."""

import gzip
import re
from html.parser import HTMLParser

import brotli
import pytest

from tests.trouble.stage import Visitor

PAGES = ["/", "/practices/", "/fr/coverage/", "/ru/search/?q=doors", "/data/", "/api/docs/"]
A_YEAR = 31_536_000
BROWSER = {"Accept_Encoding": "gzip, deflate, br"}


class Parts(HTMLParser):
    """What a page asks for: sheets, scripts, letters and pictures."""

    def __init__(self, page: str):
        super().__init__()
        self.sheets: list[str] = []
        self.waiting: list[str] = []  # scripts that stop the page
        self.every: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "link" and given["rel"] in ("stylesheet", "preload", "icon"):
            self.every.append(given["href"])
            if given["rel"] == "stylesheet":
                self.sheets.append(given["href"])
        if tag == "script" and "src" in given:
            self.every.append(given["src"])
            if "defer" not in given:
                self.waiting.append(given["src"])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_waits_for_one_sheet_and_weighs_little(stage, path):
    visitor = Visitor(stage)
    page = visitor.get(path, **BROWSER)
    parts = Parts(gzip.decompress(page.content).decode())
    answers = {part: visitor.get(part, **BROWSER) for part in parts.every}

    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert (len(parts.sheets), parts.waiting) == (1, [])
    assert {part: one.status for part, one in answers.items() if one.status != 200} == {}
    assert len(answers[parts.sheets[0]].content) < 25_000
    assert len(page.content) + sum(len(one.content) for one in answers.values()) < 150_000
    for part, one in answers.items():
        seconds, _, rest = one.headers["Cache-Control"].partition(", ")
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", part)
        assert int(seconds.removeprefix("max-age=")) >= A_YEAR
        assert rest == "public, immutable"
        assert one.headers["Content-Encoding"] == (None if part.endswith(".woff2") else "br")


def test_the_sheet_is_all_it_imports(stage):
    visitor = Visitor(stage)
    (address,) = Parts(visitor.get("/").text).sheets

    packed = visitor.get(address, Accept_Encoding="br")
    gzipped = visitor.get(address, Accept_Encoding="gzip")
    plain = visitor.get(address)
    sheet = plain.text

    assert brotli.decompress(packed.content) == gzip.decompress(gzipped.content) == plain.content
    assert "@import" not in sheet
    assert re.findall(r"url\([^)]*\)", sheet) == re.findall(
        r'url\("\.\./fonts/[\w-]+\.[0-9a-f]{12}\.woff2"\)', sheet
    )
    for rule in ("--ink:", ".masthead", ".records", ".api-operations"):
        assert rule in sheet


@pytest.mark.parametrize("path", ["/account/sign-in/", "/practices.csv", "/api/v1/practices/"])
def test_nothing_that_holds_a_secret_or_is_large_is_packed(stage, path):
    answer = Visitor(stage, session=stage.session).get(path, **BROWSER)

    assert answer.headers["Content-Encoding"] is None


def test_the_office_is_not_packed(stage):
    answer = Visitor(stage, session=stage.session).get("/admin/", **BROWSER)

    assert (answer.status, answer.headers["Content-Encoding"]) == (200, None)
    assert "csrfmiddlewaretoken" in answer.text
