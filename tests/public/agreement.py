"""What the forms of a list say of one question, held against plain Python."""

import json
import re
from collections import Counter
from xml.etree import ElementTree

from django.urls import reverse
from hypothesis import HealthCheck, settings

from public.feeds import ENTRIES
from tests.public.files import content_of, table_of
from tests.public.varied_practices import expected_facets, having

PAGE = reverse("public:practice-list")
CSV = reverse("public:practice-list-as", args=["csv"])
FEED = reverse("public:practice-list-as", args=["atom"])
MAP = reverse("public:picture-as", args=["states", "csv"])
API = reverse("public-api:practice-list")
FORMS = {PAGE: {"page_size": 100}, CSV: {}, FEED: {}, MAP: {}, API: {"page_size": 100}}

CODE = re.compile(r"P-\d+")
COUNT = re.compile(r"<h1>(\d+) practices?\b")
LINE = re.compile(r'<p class="record-code figures">([^<]+)</p>')
VALUE = re.compile(
    r'<input type="checkbox" [^>]*name="(\w+)" value="([^"]+)".*?'
    r'<span class="count figures">(\d+)</span>'
)
ASKED_OFTEN = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
ENTRY = "{http://www.w3.org/2005/Atom}entry"
IDENTITY = "{http://www.w3.org/2005/Atom}id"


def body_of(client, address: str, asked: dict) -> str:
    """What a reader or a program gets who asks this."""
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return (content_of(answer) if answer.streaming else answer.content).decode("utf-8-sig")


def facets_in(page: str) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {}
    for name, value, count in VALUE.findall(page):
        facets.setdefault(name, {})[value] = int(count)
    return facets


def entries_in(feed: str) -> list[str]:
    entries = ElementTree.fromstring(feed).findall(ENTRY) if feed else []  # noqa: S314  our own
    return [CODE.search(entry.findtext(IDENTITY))[0] for entry in entries]


def narrowing(facets: dict[str, dict[str, int]], chosen: dict, total: int) -> dict:
    """Those that a page offers: not one whose only value is that of every record."""
    return {
        name: counts
        for name, counts in facets.items()
        if len(counts) > 1 or name in chosen or sum(counts.values()) < total
    }


def said_in_agreement(client, documents, chosen, names, states) -> str:
    """All that the forms of the list say, if each agrees with plain Python over the documents."""
    found = having(documents, chosen)
    codes = sorted(document.code for document in found)
    by_state = Counter(iso3 for document in found for iso3 in document.member_states)

    bodies = {form: body_of(client, form, chosen | more) for form, more in FORMS.items()}
    more_pages = range(2, -(-len(codes) // 100) + 1)
    pages = [bodies[PAGE], *(body_of(client, PAGE, chosen | page_of(n)) for n in more_pages)]
    feeds = [bodies[FEED]]
    feeds += [body_of(client, FEED, chosen | {"page": 2})] if len(codes) > ENTRIES else []

    listed = [code for page in pages for code in LINE.findall(page)]
    api = json.loads(bodies[API])
    facets = {name: counts for name, counts in facets_in(pages[0]).items() if name in names}
    entries = [entries_in(feed) for feed in feeds]
    assert COUNT.findall(pages[0]) == [str(len(codes))]
    assert sorted(listed) == codes
    assert facets == narrowing(expected_facets(documents, chosen, names), chosen, len(codes))
    assert [row["code"] for row in table_of(bodies[CSV])] == listed
    assert [len(some) for some in entries] == [
        min(len(codes) - first, ENTRIES) for first in range(0, len(entries) * ENTRIES, ENTRIES)
    ]
    assert {row["iso3"]: int(row["Practices"]) for row in table_of(bodies[MAP])} == {
        iso3: by_state[iso3] for iso3 in states
    }
    assert [document["code"] for document in api["results"]] == listed[:100]
    assert api["count"] == len(codes)
    return " ".join([*bodies.values(), *pages, *feeds])


def page_of(number: int) -> dict:
    return {"page_size": 100, "page": number}
