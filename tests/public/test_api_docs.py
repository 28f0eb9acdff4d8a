"""The pages that describe the API, made from its description."""

import re

import pytest

from public.api.explanations import EXPLANATIONS
from public.api.problems import TITLES
from public.views.api_docs import operations

pytestmark = pytest.mark.django_db


def test_the_index_leads_to_every_operation(client):
    page = client.get("/api/docs/").content.decode()

    links = re.findall(r'href="/api/docs/(\w+)/"', page)
    assert sorted(links) == sorted([*operations(), "guide", "problems"])


@pytest.mark.parametrize("language", ["", "/fr", "/ru"])
def test_every_operation_has_its_page(client, language):
    for name, operation in operations().items():
        answer = client.get(f"{language}/api/docs/{name}/")
        page = answer.content.decode()

        assert answer.status_code == 200
        assert operation["path"] in page
        for parameter in operation["said"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in page
        for status in operation["said"]["responses"]:
            assert f">{status}</dt>" in page


def test_no_link_inside_a_page_leads_nowhere(client):
    for name in operations():
        page = client.get(f"/api/docs/{name}/").content.decode()
        anchors, ids = re.findall(r'href="#([^"]+)"', page), re.findall(r'id="([^"]+)"', page)

        assert set(anchors) <= set(ids), name
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize(
    ("form", "address"),
    [
        ("list_practices/try/?objective=7&q=&page=", "/api/v1/practices/?objective=7"),
        ("list_practices/try/?q=a+%26+b&colour=red", "/api/v1/practices/?q=a+%26+b"),
        ("list_practices/try/", "/api/v1/practices/"),
        ("get_practice/try/?code=P-0001&lang=fr", "/api/v1/practices/P-0001/?lang=fr"),
        ("get_practice/try/?code=../../admin", "/api/v1/practices/..%2F..%2Fadmin/"),
        ("get_practice/try/?code=%7Bcode%7D", "/api/v1/practices/%7Bcode%7D/"),
        ("get_practice/try/?code=", "/api/docs/get_practice/"),
    ],
)
def test_the_form_asks_the_api(client, form, address):
    answer = client.get(f"/api/docs/{form}")

    assert (answer.status_code, answer["Location"]) == (302, address)


@pytest.mark.parametrize("name", ["nothing", "nothing/try", "get_practice_draft/try"])
def test_there_are_no_other_pages(client, name):
    assert client.get(f"/api/docs/{name}/").status_code == 404


def test_drafts_have_no_form(client):
    assert (
        '<button class="button"'
        not in client.get("/api/docs/get_practice_draft/").content.decode()
    )


def test_every_problem_is_explained(client):
    page = client.get("/api/docs/problems/").content.decode()

    assert list(EXPLANATIONS) == list(TITLES)
    assert re.findall(r'<div id="([-\w]+)">', page) == list(TITLES)


def test_the_guide_speaks_of_this_site(client):
    page = client.get("/api/docs/guide/").content.decode()

    assert "http://testserver/api/v1/practices/?objective=7" in page
    assert "review.example.org" not in page
    assert 'id="recipes"' in page


def test_the_description_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(4):  # the fence
        client.get("/api/docs/list_practices/")
