"""Page, facets, CSV, feed, map and API say the same of a list, whatever is asked of it."""

import json
import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from public.feeds import ENTRIES
from tests.public.files import content_of, table_of
from tests.public.varied_practices import (
    SECRET,
    SUBREGIONS,
    expected_facets,
    having,
    some_filters,
)

pytestmark = pytest.mark.django_db

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


def test_all_forms_of_a_list_agree_for_200_combinations_and_tell_nothing_hidden(documents, client):
    """Each of the 200 asks every form over HTTP, and is held against plain Python."""
    public = {document.code for document in documents}

    @settings(
        max_examples=200,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(chosen=some_filters)
    def agree(chosen):
        found = having(documents, chosen)
        codes = sorted(document.code for document in found)
        states = Counter(iso3 for document in found for iso3 in document.member_states)

        bodies = {form: body_of(client, form, chosen | more) for form, more in FORMS.items()}
        later = body_of(client, FEED, chosen | {"page": 2}) if len(codes) > ENTRIES else ""

        page, api = bodies[PAGE], json.loads(bodies[API])
        assert COUNT.findall(page) == [str(len(codes))]
        assert sorted(LINE.findall(page)) == codes
        assert facets_in(page) == narrowing(expected_facets(documents, chosen), chosen, len(codes))
        assert [row["code"] for row in table_of(bodies[CSV])] == LINE.findall(page)
        assert len(entries_in(bodies[FEED])) == min(len(codes), ENTRIES)
        assert sorted(entries_in(bodies[FEED]) + entries_in(later)) == codes
        assert {row["iso3"]: int(row["Practices"]) for row in table_of(bodies[MAP])} == {
            iso3: states[iso3] for iso3 in SUBREGIONS
        }
        assert sorted(document["code"] for document in api["results"]) == codes
        assert api["count"] == len(codes)
        everything = " ".join([*bodies.values(), later])
        assert SECRET not in everything
        assert set(CODE.findall(everything)) <= public

    agree()


def test_words_that_only_hidden_practices_say_find_nothing_and_correct_nothing(documents, client):
    """A spelling mistake near such a word would tell of it, were it corrected."""
    for words in (SECRET, f"{SECRET}i", f"bridge {SECRET}"):
        asked = {"q": words}
        bodies = {form: body_of(client, form, asked | more) for form, more in FORMS.items()}

        assert COUNT.findall(bodies[PAGE]) == ["0"]
        assert table_of(bodies[CSV]) == []
        assert entries_in(bodies[FEED]) == []
        assert {row["Practices"] for row in table_of(bodies[MAP])} == {"0"}
        assert json.loads(bodies[API])["results"] == []
        assert CODE.findall(" ".join(bodies.values())) == []
