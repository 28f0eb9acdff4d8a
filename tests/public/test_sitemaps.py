"""What search engines are told."""

from xml.etree import ElementTree

import pytest

from public.models import PublicRecord
from public.views import sitemaps
from public.workflow import Status
from tests.factories import (
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    cycle,
    member_state,
    objective,
    published_again,
    take,
)

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TWIN = "{http://www.w3.org/1999/xhtml}link"


def read(client, path: str):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314  it is our own


def locations(tree) -> list[str]:
    return [one.text.removeprefix("http://testserver") for one in tree.iter(f"{MAP}loc")]


def test_sitemap_names_the_maps_of_what_there_is(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "IN_ONE_MAP", 2)
    PracticeFactory.create_batch(3, published=True)
    FigureFactory(published=True)
    PledgeFactory(status=Status.APPROVED)

    maps = read(client, "/sitemap.xml")

    assert locations(maps) == [
        "/sitemaps/pages.xml",
        "/sitemaps/practices.xml",
        "/sitemaps/practices.xml?page=2",
    ]
    assert len(locations(read(client, "/sitemaps/practices.xml"))) == 2 * 3
    assert len(locations(read(client, "/sitemaps/practices.xml?page=2"))) == 3


def test_map_of_records_has_every_language_and_the_time_of_the_edition(client):
    practice = published_again(PracticeFactory(published=True), title="The second edition")
    PracticeFactory(status=Status.APPROVED)
    take("withdraw", PracticeFactory(published=True))
    day = f"{PublicRecord.objects.visible().get().visible.lower:%Y-%m-%d}"

    tree = read(client, "/sitemaps/practices.xml")

    path = f"/practices/{practice.code}/"
    assert locations(tree) == [path, f"/fr{path}", f"/ru{path}"]
    for url in tree:
        assert url.findtext(f"{MAP}lastmod") == day
        assert [(one.get("hreflang"), one.get("href")) for one in url.iter(TWIN)] == [
            ("en", f"http://testserver{path}"),
            ("fr", f"http://testserver/fr{path}"),
            ("ru", f"http://testserver/ru{path}"),
        ]


def test_map_of_pages_names_objectives_states_and_reviews(client):
    objective(7), member_state("ALB"), cycle("RR2024")

    english = [path for path in locations(read(client, "/sitemaps/pages.xml")) if path[3:4] != "/"]

    assert english == [
        "/",
        "/objectives/",
        "/member-states/",
        "/coverage/",
        "/compare/",
        "/reviews/",
        "/data/",
        "/practices/",
        "/pledges/",
        "/reports/",
        "/recommendations/",
        "/roundtables/",
        "/stakeholders/",
        "/objectives/7/",
        "/member-states/ALB/",
        "/reviews/RR2024/",
    ]


@pytest.mark.parametrize("path", ["figures.xml", "nothing.xml", "practices.xml?page=2"])
def test_there_are_no_other_maps(client, path):
    PracticeFactory(published=True)

    assert client.get(f"/sitemaps/{path}").status_code == 404


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("path", "queries"), [("/sitemap.xml", 5), ("/sitemaps/practices.xml", 6)]
)
def test_maps_cost_the_same_for_one_and_for_many(
    client, how_many, path, queries, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, published=True)

    with django_assert_num_queries(queries):
        client.get(path)


def test_robots_may_walk_what_is_public_but_no_searches(client):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /account/",
        "Disallow: /*/account/",
        "Disallow: /*?q=",
        "Disallow: /*&q=",
        "Disallow: /*?at=",
        "Disallow: /*&at=",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]
