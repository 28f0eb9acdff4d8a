"""The first of the API: practices, with the filters of the pages."""

import pytest

from public.workflow import Status
from tests.factories import PracticeFactory

pytestmark = pytest.mark.django_db


def codes(answer) -> list[str]:
    return [document["code"] for document in answer.json()["results"]]


def test_api_lists_published_documents_newest_first(client):
    older, newer = PracticeFactory.create_batch(2, published=True)
    PracticeFactory(status=Status.APPROVED)

    answer = client.get("/api/v1/practices/")

    assert answer.json()["count"] == 2
    assert answer.json()["results"] == [newer.document().as_json(), older.document().as_json()]


def test_api_filters_with_or_inside_and_and_across_parameters(client):
    seven = PracticeFactory(objectives=[7], member_states=["ALB"], published=True)
    fifteen = PracticeFactory(objectives=[15], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[7], member_states=["SRB"], published=True)
    PracticeFactory(objectives=[2], member_states=["ALB"], published=True)

    answer = client.get("/api/v1/practices/?objective=7&objective=15&member_state=ALB")

    assert codes(answer) == [fifteen.code, seven.code]


def test_api_gives_one_practice_by_its_code(client):
    practice = PracticeFactory(published=True)

    answer = client.get(f"/api/v1/practices/{practice.code}/")

    assert answer.json() == practice.document().as_json()


def test_api_answers_for_an_unpublished_practice_like_for_none(client):
    hidden = PracticeFactory(status=Status.APPROVED)

    answer = client.get(f"/api/v1/practices/{hidden.code}/")
    stranger = client.get("/api/v1/practices/P-9999/")

    assert (answer.status_code, answer.content) == (404, stranger.content)


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("objective=99", "objective"),
        ("objective=x", "objective"),
        ("objective=%00", "objective"),
        ("colour=red", "colour"),
        ("at=tomorrow", "at"),
        ("year=9e99", "year"),
        ("level=cosmic", "level"),
    ],
)
def test_api_refuses_a_bad_question_by_name(client, question, parameter):
    answer = client.get(f"/api/v1/practices/?{question}")

    assert answer.status_code == 400
    assert list(answer.json()) == [parameter]


@pytest.mark.parametrize("how_many", [1, 4])
def test_api_list_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, published=True)

    with django_assert_num_queries(7):  # 4 of them are the fence
        client.get("/api/v1/practices/?objective=7")
