"""The Atom feeds of lists, read as a feed reader reads them."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from public import feeds
from public.models import PublicRecord
from public.views import list_forms
from tests.factories import PledgeFactory, PracticeFactory, published_again

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_of(client, kind: str = "practice", query: str = ""):
    path = reverse(f"public:{kind}-list-as", args=["atom"])
    return read(client, f"{path}{query}")


def read(client, address: str):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    return ElementTree.fromstring(answer.content)  # noqa: S314  it is our own


def links_of(element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def test_feed_has_what_the_standard_asks_for(client):
    practice = PracticeFactory(
        title="Guichets <uniques> & plus",
        language="fr",
        member_state="ALB",
        objectives=[7, 15],
        published=True,
    )
    record = PublicRecord.objects.get()

    feed = feed_of(client, query="?objective=7")

    assert feed.get(LANGUAGE) == "en"
    assert feed.findtext(f"{ATOM}id") == "http://testserver/practices.atom?objective=7"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "reviewhub"
    assert links_of(feed) == {
        "self": "http://testserver/practices.atom?objective=7",
        "alternate": "http://testserver/practices/?objective=7",
    }
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.get(LANGUAGE) == "fr"
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/practices/{practice.code}/"
    assert links_of(entry) == {"alternate": f"http://testserver/practices/{practice.code}/"}
    assert entry.findtext(f"{ATOM}title") == "Guichets <uniques> & plus"
    assert entry.findtext(f"{ATOM}summary") == "Newcomers find all services in one place."
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Albania"
    assert [one.attrib for one in entry.findall(f"{ATOM}category")] == [
        {
            "term": number,
            "scheme": "http://testserver/objectives/",
            "label": f"Objective {number}",
        }
        for number in ("7", "15")
    ]
    for element in (entry, feed):
        updated = datetime.fromisoformat(element.findtext(f"{ATOM}updated"))
        assert updated == record.visible.lower


def test_entry_keeps_its_address_in_every_language_and_edition(client):
    practice = PracticeFactory(published=True)
    first = PublicRecord.objects.get().visible.lower
    published_again(practice, title="After")

    [entry] = feed_of(client).findall(f"{ATOM}entry")
    [french] = read(client, "/fr/practices.atom").findall(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}id") == french.findtext(f"{ATOM}id")
    assert links_of(french)["alternate"] == f"http://testserver/fr/practices/{practice.code}/"
    assert entry.findtext(f"{ATOM}title") == "After"
    published = datetime.fromisoformat(entry.findtext(f"{ATOM}published"))
    assert published == first


def test_feed_shows_what_was_published_last_first(client):
    first, second = PracticeFactory.create_batch(2, published=True)
    published_again(first, title="Changed")

    entries = feed_of(client).findall(f"{ATOM}entry")

    assert [one.findtext(f"{ATOM}id").split("/")[-2] for one in entries] == [
        first.code,
        second.code,
    ]


def test_feed_leads_to_its_other_pages(client, monkeypatch):
    monkeypatch.setattr(list_forms, "ENTRIES", 1)
    PracticeFactory.create_batch(3, published=True)

    first, second = feed_of(client), feed_of(client, query="?objective=7&page=2")

    assert links_of(first)["next"] == "http://testserver/practices.atom?page=2"
    assert links_of(second) == {
        "alternate": "http://testserver/practices/?objective=7",
        "self": "http://testserver/practices.atom?objective=7&page=2",
        "previous": "http://testserver/practices.atom?objective=7&page=1",
        "next": "http://testserver/practices.atom?objective=7&page=3",
    }
    assert client.get("/practices.atom?page=4").status_code == 404


def test_feed_is_xml_whatever_a_text_says(client):
    PledgeFactory(title="A\x0b]]>\ufffe<b>&amp;", published=True)

    [entry] = feed_of(client, "pledge", "?q=%0b%3Cscript%3E").findall(f"{ATOM}entry") or [None]
    [shown] = feed_of(client, "pledge").findall(f"{ATOM}entry")

    assert entry is None
    assert shown.findtext(f"{ATOM}title") == "A]]><b>&amp;"
    assert feeds.ENTRIES == 50


def test_empty_feed_is_whole(client):
    feed = feed_of(client)

    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")
