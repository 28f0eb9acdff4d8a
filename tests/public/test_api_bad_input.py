"""What nobody should send: refused as a problem, never a page, never a failure of ours."""

import pytest
from django.test import Client

from tests.factories import PracticeFactory

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


def kind(answer) -> tuple[int, str]:
    """Status and kind of a refusal."""
    assert answer["Content-Type"] == PROBLEM
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"].removeprefix("/api/docs/problems/#")


@pytest.mark.parametrize(
    "query",
    [
        "[" * 1200,
        "q=" + "x" * 201,
        "q=a%00b",
        "page=9e99",
        "page=-1",
        "page=1.5",
        "page=" + "9" * 5000,
        "page_size=%F0%9D%9F%99",  # 𝟙
        "objective=%FF",
        "objective=7;8",
        "objective[]=7",
        "year=1e3",
        "covid19=maybe",
        "at=0000-00-00",
        "at=9999-12-31T23:59:59-23:59",
        "modified_since=0001-01-01T00:00:00%2B23:59",
        "cursor=WyJcdTAwMDAiLCJ4Il0",
        "cursor=" + "A" * 10_000,
        "cursor=&page=2",
        "cursor=null&format=ndjson",
        "fields=code,__class__",
        "expand=../../etc/passwd",
        "ordering=document__title",
        "format=../x",
        "lang=en&lang=fr",
        "__proto__=x",
        "%00=x",
        "&".join(f"a{number}=1" for number in range(10_001)),
    ],
    ids=lambda query: query[:30],
)
def test_bad_questions(client, query):
    answer = client.get(f"/api/v1/practices/?{query}")

    status, why = kind(answer)
    assert (status, why in ("bad-value", "unknown-parameter", "bad-request")) == (400, True)


@pytest.mark.parametrize(
    "query",
    ["q=%27%22%28%29%21%3A%2A%26%7C%3C%3E%5C", "q=-", "q=%22", "at=0001-01-01", "lang=", "page="],
)
def test_odd_questions_that_can_be_answered(client, query):
    assert client.get(f"/api/v1/practices/?{query}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"Accept": "text/html"},
        {"Accept": "application/xml;q=0.9"},
        {"Accept": "image/png"},
    ],
    ids=str,
)
def test_formats_that_there_are_not(client, header):
    assert kind(client.get("/api/v1/practices/", headers=header)) == (406, "not-acceptable")


@pytest.mark.parametrize(
    "header",
    [
        {"Accept": "*/*"},
        {"Accept": "text/html, application/json;q=0.1"},
        {"Accept": "application/problem+json, application/json"},
        {"Accept": ";;;,"},
        {"If-None-Match": '"'},
        {"If-None-Match": "x" * 5000},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=9-1"},
        {"Cookie": "sessionid=\x7f; django_language=xx"},
        {"X-Forwarded-For": "not an address, ::1"},
        {"Authorization": "Bearer nonsense"},
    ],
    ids=str,
)
def test_headers_that_say_nothing(client, header):
    answer = client.get("/api/v1/practices/", headers=header)

    assert answer.status_code in (200, 406)
    assert answer["Content-Type"] in ("application/json", PROBLEM)


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/nothing/",
        "/api/v2/",
        "/api/v1/practices/P-0001/nothing/",
        "/api/v1/practices/a%20b/",
        "/api/v1/practices/%0A/",
        "/api/v1/practices/%00/",
        "/api/v1/practices/%FF/",
        "/api/v1/objectives/9999999999/",
        "/api/v1/objectives/-1/",
        "/api/v1/openapi.xml/",
        "/api/v1/drafts/",
        "/api/v1/practices/" + "x" * 3000 + "/",
    ],
    ids=lambda address: address[:40],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_addresses_that_there_are_not(client, address, method):
    status, why = kind(getattr(client, method)(address))

    # a code of the right form may be asked for, but not written
    assert (status, why) in {(404, "not-found"), (405, "method-not-allowed")}
    assert method != "get" or status == 404


def test_an_address_without_its_slash_leads_to_it(client):
    wrong = client.get("/api/v1/nothing", follow=True)
    right = client.get("/api/v1/practices?objective=&page=1", follow=True)

    assert kind(wrong) == (404, "not-found")
    assert (right.status_code, right.redirect_chain) == (
        200,
        [("/api/v1/practices/?objective=&page=1", 301)],
    )


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/practices/", "/api/v1/sdgs/1/"])
def test_options_says_what_is_allowed_and_nothing_else(client, address):
    answer = client.options(address)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "Content-Type" not in answer


def test_head_says_what_get_says(client):
    PracticeFactory(code="P-0001", published=True)

    for address in (
        "/api/v1/",
        "/api/v1/practices/",
        "/api/v1/practices/P-0001/",
        "/api/v1/practices/P-9999/",
        "/api/v1/practices/?page=0",
        "/api/v1/openapi.json",
    ):
        head, get = client.head(address), client.get(address)
        told = [
            {name: answer.headers[name] for name in ("Content-Type", "ETag") if name in answer}
            for answer in (head, get)
        ]
        assert (head.status_code, head.content, told[0]) == (get.status_code, b"", told[1])


def test_methods_that_nobody_knows(client):
    assert kind(client.generic("BREW", "/api/v1/practices/")) == (405, "method-not-allowed")
    assert kind(client.trace("/api/v1/practices/")) == (405, "method-not-allowed")


def test_a_foreign_host_is_told_as_a_problem(settings):
    settings.ALLOWED_HOSTS = ["review.example.org"]

    answer = Client(headers={"Host": "evil.example"}).get("/api/v1/practices/")

    assert kind(answer) == (400, "bad-request")
