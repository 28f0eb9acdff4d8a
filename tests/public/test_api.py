"""The read API: published documents, found with the filters of the pages."""

import json

import pytest

from public.models import database_now
from public.publication import withdraw
from public.workflow import Status
from tests.factories import (
    RECORD_FACTORIES,
    FigureFactory,
    PracticeFactory,
    StakeholderFactory,
    person,
    published,
    published_again,
    stakeholder_type,
)

pytestmark = pytest.mark.django_db

META = {"edition", "published_at", "first_published_at", "permanent_url"}


def codes(answer) -> list[str]:
    return [document["code"] for document in answer.json()["results"]]


def documents(answer) -> list[dict]:
    """The documents of a list, without what the API adds."""
    return [
        {name: value for name, value in one.items() if name not in META}
        for one in answer.json()["results"]
    ]


def problem(answer) -> tuple:
    """Status, kind, and the parameters that a refusal names."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    kind = body["type"].rpartition("#")[2]
    return answer.status_code, kind, [error["parameter"] for error in body.get("errors", [])]


def test_api_lists_published_documents_newest_first(client):
    older, newer = PracticeFactory.create_batch(2, published=True)
    PracticeFactory(status=Status.APPROVED)

    answer = client.get("/api/v1/practices/")

    assert answer.json()["count"] == 2
    assert documents(answer) == [newer.document().as_json(), older.document().as_json()]


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.kind)
def test_every_kind_has_its_list_and_its_records(client, factory):
    shown = factory(published=True)
    factory()
    root = client.get("/api/v1/").json()
    [address] = [url for name, url in root.items() if name.rstrip("s") == shown.kind]

    answer = client.get(address)
    [listed] = answer.json()["results"]
    alone = client.get(f"{address}{shown.code}/").json()

    assert documents(answer) == [shown.document().as_json()]
    assert alone == listed
    assert client.get(listed["permanent_url"]).status_code == 200


def test_api_tells_of_the_edition(client):
    practice = PracticeFactory(published=True)
    published_again(practice, title="Better centres")

    told = client.get(f"/api/v1/practices/{practice.code}/").json()

    assert (told["edition"], told["title"]) == (2, "Better centres")
    assert told["first_published_at"] < told["published_at"]
    assert told["permanent_url"] == f"http://testserver/practices/{practice.code}/"


def test_api_filters_with_or_inside_and_and_across_parameters(client):
    seven = PracticeFactory(objectives=[7], member_states=["ALB"], published=True)
    fifteen = PracticeFactory(objectives=[15], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[7], member_states=["SRB"], published=True)
    PracticeFactory(objectives=[2], member_states=["ALB"], published=True)

    answer = client.get("/api/v1/practices/?objective=7&objective=15&member_state=ALB")

    assert codes(answer) == [fifteen.code, seven.code]


# --- Fields, names, order -------------------------------------------------------------------


def test_fields_are_what_was_asked_for(client):
    practice = PracticeFactory(published=True)

    answer = client.get("/api/v1/practices/?fields=code,title&fields=edition")

    assert answer.json()["results"] == [
        {"code": practice.code, "title": practice.title, "edition": 1}
    ]


def test_names_stand_beside_the_documents_in_the_language_asked_for(client):
    kind = stakeholder_type("trade_union")
    kind.name_fr = "Syndicat"
    kind.save()
    PracticeFactory(member_states=["ALB"], published=True)
    StakeholderFactory(stakeholder_type="trade_union", published=True)

    practices = client.get("/api/v1/practices/?expand=member_states,objectives").json()
    stakeholders = client.get("/api/v1/stakeholders/?expand=stakeholder_types&lang=fr").json()

    assert practices["included"] == {
        "member_states": {"ALB": {"name": "Albania"}},
        "objectives": {
            "7": {"title": "Objective 7", "short_title": "Objective 7", "cluster": "RT4"}
        },
    }
    assert stakeholders["included"] == {"stakeholder_types": {"trade_union": {"name": "Syndicat"}}}


@pytest.mark.parametrize(
    ("ordering", "titles"),
    [
        ("title", ["A", "B", "C"]),
        ("-title", ["C", "B", "A"]),
        ("first_published_at", ["B", "C", "A"]),
        ("-first_published_at", ["A", "C", "B"]),
        ("published_at", ["C", "A", "B"]),
        ("-code", ["A", "C", "B"]),
    ],
)
def test_order(client, ordering, titles):
    first = PracticeFactory(title="B", published=True)
    PracticeFactory(title="C", published=True)
    PracticeFactory(title="A", published=True)
    published_again(first)

    by_page = client.get(f"/api/v1/practices/?ordering={ordering}")
    seen, address = [], f"/api/v1/practices/?ordering={ordering}&cursor=&page_size=1"
    while address:
        answer = client.get(address).json()
        seen += [one["title"] for one in answer["results"]]
        address = answer["next"]

    assert [one["title"] for one in by_page.json()["results"]] == titles
    assert seen == titles


def test_pages_are_linked(client):
    PracticeFactory.create_batch(3, published=True)

    answer = client.get("/api/v1/practices/?page_size=1&page=2&objective=7")

    at = "http://testserver/api/v1/practices/?page_size=1&objective=7&page="
    assert answer["Link"] == (
        f'<{at}1>; rel="first", <{at}1>; rel="prev", <{at}3>; rel="next", <{at}3>; rel="last"'
    )
    assert (answer.json()["previous"], answer.json()["next"]) == (f"{at}1", f"{at}3")
    assert client.get(f"{at}4").status_code == 404


# --- Harvesting -----------------------------------------------------------------------------


def test_harvest_of_what_changed_and_what_was_withdrawn(client):
    changed, gone, back = PracticeFactory.create_batch(3, published=True)
    FigureFactory(published=True)
    hidden = PracticeFactory(status=Status.APPROVED)
    start = database_now().isoformat().replace("+00:00", "Z")
    published_again(changed, title="Changed")
    for one in (gone, back):
        withdraw(one, by=person("Publisher"), note="Wrong.")
    published_again(back)

    answer = client.get(f"/api/v1/practices/?modified_since={start}")
    told = answer.json()

    assert codes(answer) == [changed.code, back.code]
    assert [stone["code"] for stone in told["withdrawn"]] == [gone.code]
    assert list(told["withdrawn"][0]) == ["code", "withdrawn_at"]
    assert hidden.code not in answer.content.decode()


def test_harvest_line_by_line_says_the_same(client):
    practices = PracticeFactory.create_batch(3, published=True)
    withdraw(practices[0], by=person("Publisher"), note="Wrong.")

    page = client.get("/api/v1/practices/?modified_since=2000-01-01").json()
    lines = client.get("/api/v1/practices/?modified_since=2000-01-01&format=ndjson")

    assert lines["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.getvalue().splitlines()] == [
        *page["results"],
        *page["withdrawn"],
    ]


@pytest.mark.parametrize("address", ["/api/v1/practices/", "/api/v1/practices/P-0001/"])
def test_unchanged_answers_are_not_sent_again(client, address):
    PracticeFactory(code="P-0001", published=True)
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    other = client.get(address, headers={"If-None-Match": '"other"'})
    published_again(PracticeFactory.model.objects.get(), title="Changed")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (other.status_code, other.content) == (200, first.content)
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Last-Modified" in first


def test_head_is_get_without_a_body(client):
    PracticeFactory(published=True)

    head, get = client.head("/api/v1/practices/"), client.get("/api/v1/practices/")

    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Link"]) == (get["ETag"], get["Link"])


def test_other_sites_may_read_and_nobody_gets_a_cookie(client):
    answer = client.get("/api/v1/", headers={"Origin": "https://ministry.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer.cookies == {}


def test_other_sites_may_not_ask_for_drafts(client):
    answer = client.get(
        "/api/v1/drafts/practices/P-0001/", headers={"Origin": "https://a.example"}
    )

    assert "Access-Control-Allow-Origin" not in answer


# --- What there is not ----------------------------------------------------------------------


def test_api_answers_for_an_unpublished_practice_like_for_none(client):
    hidden = PracticeFactory(status=Status.APPROVED)

    answer = client.get(f"/api/v1/practices/{hidden.code}/")
    stranger = client.get("/api/v1/practices/P-9999/")

    assert (answer.status_code, answer.content) == (404, stranger.content)
    assert problem(answer) == (404, "not-found", [])


def test_a_withdrawn_record_is_gone(client):
    practice = PracticeFactory(published=True)
    withdraw(practice, by=person("Publisher"), note="A secret reason.")

    answer = client.get(f"/api/v1/practices/{practice.code}/")

    assert problem(answer) == (410, "withdrawn", [])
    assert answer.json()["code"] == practice.code
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("objective=99", "objective"),
        ("objective=x", "objective"),
        ("objective=%00", "objective"),
        ("at=tomorrow", "at"),
        ("at=2024-01-01&at=2024-01-02", "at"),
        ("year=9e99", "year"),
        ("level=cosmic", "level"),
        ("page=0", "page"),
        ("page=9e99", "page"),
        ("page=%D9%A1", "page"),
        ("page_size=501", "page_size"),
        ("cursor=x", "cursor"),
        ("cursor=WyIxIiwiMiJd", "cursor"),
        ("cursor=&page=1", "cursor"),
        ("ordering=colour", "ordering"),
        ("fields=colour", "fields"),
        ("expand=title", "expand"),
        ("modified_since=yesterday", "modified_since"),
        ("modified_since=2024-01-01T00:00", "modified_since"),
        ("lang=de", "lang"),
        ("format=docx", "format"),
    ],
)
def test_api_refuses_a_bad_value_by_name(client, question, parameter):
    answer = client.get(f"/api/v1/practices/?{question}")

    assert problem(answer) == (400, "bad-value", [parameter])


def test_api_refuses_unknown_parameters_with_those_that_there_are(client):
    answer = client.get("/api/v1/practices/?colour=red&taste=sweet&q=x")

    assert problem(answer) == (400, "unknown-parameter", ["colour", "taste"])
    assert "objective" in answer.json()["errors"][0]["allowed"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_read_api_cannot_be_written(client, method):
    answer = getattr(client, method)("/api/v1/practices/")

    assert problem(answer) == (405, "method-not-allowed", [])
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


# --- Reference data -------------------------------------------------------------------------


def test_reference_data_by_their_codes(client):
    PracticeFactory(member_states=["ALB"], published=True)

    state = client.get("/api/v1/member-states/ALB/").json()
    objective = client.get("/api/v1/objectives/7/").json()
    cycles = client.get("/api/v1/cycles/").json()

    assert (state["name_en"], state["subregion"]) == ("Albania", "EUROPE")
    assert (objective["number"], objective["cluster"]) == (7, "RT4")
    assert [cycle["code"] for cycle in cycles["results"]] == ["RR2024"]
    assert client.get("/api/v1/member-states/XXX/").status_code == 404
    assert client.get("/api/v1/objectives/seven/").status_code == 404


# --- What it costs --------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("question", "queries"),
    [
        ("objective=7", 9),
        ("objective=7&expand=objectives,member_states", 11),
        ("cursor=", 7),
    ],
)
def test_api_list_costs_the_same_for_one_and_for_many(
    client, how_many, question, queries, django_assert_num_queries
):
    published(*PracticeFactory.create_batch(how_many, member_states=["ALB"]))

    with django_assert_num_queries(queries):  # 4 of them are the fence, 2 the allowance
        client.get(f"/api/v1/practices/?{question}")
