"""The catalogue for portals of open data: what DCAT-AP 3 asks of it."""

from datetime import datetime

import pytest

from public import dumps
from public.api.records import RESOURCES
from public.catalogue import CONTEXT
from tests.browser import public_site
from tests.factories import PracticeFactory, member_state
from tests.public.files import content_of

pytestmark = pytest.mark.django_db

# What DCAT-AP 3.0 calls mandatory, and what it recommends and we know.
ASKED = {
    "dcat:Catalog": {
        "dct:title",
        "dct:description",
        "dct:publisher",
        "dcat:dataset",
        "foaf:homepage",
        "dct:language",
        "dct:license",
        "dct:modified",
        "dct:spatial",
        "dcat:themeTaxonomy",
    },
    "dcat:Dataset": {
        "dct:title",
        "dct:description",
        "dcat:distribution",
        "dcat:keyword",
        "dct:publisher",
        "dct:spatial",
        "dcat:theme",
        "dct:modified",
        "dct:language",
        "dct:identifier",
        "dcat:landingPage",
    },
    "dcat:Distribution": {"dcat:accessURL", "dct:format", "dct:license"},
    "foaf:Agent": {"foaf:name"},
    "spdx:Checksum": {"spdx:algorithm", "spdx:checksumValue"},
    "dct:PeriodOfTime": {"dcat:startDate", "dcat:endDate"},
}


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.DUMPS_ROOT = tmp_path / "dumps"
    settings.SITE_NAME = "Regional review"
    settings.DATA_LICENCE_URL = "https://licences.example/by"


def nodes(value):
    """Everything in it that is something."""
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)
    elif isinstance(value, dict):
        yield value
        for name, one in value.items():
            if name != "@context":
                yield from nodes(one)


def of_type(told, name: str) -> list[dict]:
    return [node for node in nodes(told) if node.get("@type") == name]


def test_it_has_what_dcat_ap_asks_for(client):
    public_site.make()
    dumps.build()

    answer = client.get("/data/catalog.jsonld")

    told = answer.json()
    assert answer["Content-Type"] == "application/ld+json"
    for name, asked in ASKED.items():
        found = of_type(told, name)
        missing = [(node.get("@id"), asked - set(node)) for node in found if asked - set(node)]
        # no excerpt is public here, so nothing of them was ever modified
        missing = [one for one in missing if one[0] != "http://testserver/data/#excerpts"]
        assert (bool(found), missing) == (True, []), name
    assert [one["@id"].partition("#")[2] for one in told["dcat:dataset"]] == [
        *RESOURCES.values(),
        "everything",
    ]
    publishers = {one["dct:publisher"]["@id"] for one in [told, *told["dcat:dataset"]]}
    assert publishers == {told["dct:publisher"]["@id"]}
    assert told["dct:publisher"]["foaf:name"] == "Regional review"


def test_every_term_is_of_a_known_vocabulary(client):
    PracticeFactory(published=True)
    told = client.get("/data/catalog.jsonld").json()

    terms = {
        term
        for node in nodes(told)
        for term in [*node, node.get("@type", "@none")]
        if not term.startswith("@")
    }

    assert {term.partition(":")[0] for term in terms} <= set(CONTEXT)


def test_every_file_of_it_can_be_taken(client):
    public_site.make()
    dumps.build()
    told = client.get("/data/catalog.jsonld").json()

    for one in of_type(told, "dcat:Distribution"):
        address = one["dcat:downloadURL"]["@id"].removeprefix("http://testserver")
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if answer.streaming:
            content_of(answer)  # to its end


def test_dumps_are_told_while_they_are_true(client):
    PracticeFactory(published=True)
    dump, _is_new = dumps.build()
    [whole] = [
        one
        for one in client.get("/data/catalog.jsonld").json()["dcat:dataset"]
        if one["@id"].endswith("#everything")
    ]
    PracticeFactory(published=True)
    later = client.get("/data/catalog.jsonld").json()["dcat:dataset"]

    assert [
        (
            one["dcat:accessURL"]["@id"],
            one["dcat:byteSize"]["@value"],
            one["spdx:checksum"]["spdx:checksumValue"]["@value"],
        )
        for one in whole["dcat:distribution"]
    ] == [(f"http://testserver/data/{one.file}", str(one.bytes), one.sha256) for one in dump.files]
    assert len(later) == len(RESOURCES)


def test_texts_are_in_all_languages_and_times_are_times(client):
    PracticeFactory(year_start=2019, published=True)
    PracticeFactory(year_start=2021, published=True)
    member_state("SRB")

    told = client.get("/data/catalog.jsonld").json()
    in_french = client.get("/fr/data/catalog.jsonld").json()

    practices = told["dcat:dataset"][0]
    assert [one["@language"] for one in practices["dct:title"]] == ["en", "fr", "ru"]
    assert practices["dct:title"][1]["@value"] == "Regional review\N{NO-BREAK SPACE}: Pratiques"
    assert datetime.fromisoformat(practices["dct:modified"]["@value"]).tzinfo
    assert practices["dct:temporal"]["dcat:startDate"]["@value"] == "2019"
    assert practices["dct:temporal"]["dcat:endDate"]["@value"] == "2021"
    assert [one["@id"].rpartition("/")[2] for one in practices["dct:spatial"]] == ["SRB"]
    assert in_french == told


def test_without_a_licence_none_is_told(client, settings):
    settings.DATA_LICENCE_URL = ""

    assert "license" not in client.get("/data/catalog.jsonld").content.decode()


@pytest.mark.parametrize("how_many", [1, 4])
def test_it_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, published=True)
    dumps.build()

    with django_assert_num_queries(8):  # 4 of them are the fence
        client.get("/data/catalog.jsonld")
