"""The state of the public record, and what is kept and given again while it lasts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from objectives.models import Objective
from public.models import database_now
from public.state import Kept, State, state_now
from tests.factories import (
    PracticeFactory,
    member_state,
    objective,
    person,
    published,
    published_again,
    take,
)

as_a_server = pytest.mark.django_db(transaction=True)

LIST = "/practices/"
API = "/api/v1/practices/"
FACETS = "/api/v1/practices/?facets=objective,member_state&page_size=1"
AGAIN = 3  # times that a page is asked for: by the second it is kept


@pytest.fixture(autouse=True)
def _keeping(settings):
    settings.KEPT_MB = 24


def moved(before: State) -> bool:
    return state_now() > before


def codes_in(client, path: str = API) -> list[str]:
    """The codes of the list, the same however often it is asked."""
    answers = [client.get(path) for _ in range(AGAIN)]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    return [one["code"] for one in answers[0].json()["results"]]


# --- When it moves --------------------------------------------------------------------------


@as_a_server
def test_state_moves_with_each_change_that_the_public_sees():
    practice = PracticeFactory()
    before = state_now()

    published(practice)

    assert moved(before)
    before = state_now()
    take("withdraw", practice)
    assert moved(before)


@as_a_server
@pytest.mark.parametrize("make", [objective, member_state])
def test_state_moves_with_reference_data(make):
    row = make()
    before = state_now()

    row.save()

    assert moved(before)


@as_a_server
def test_state_moves_when_the_record_is_emptied():
    before = state_now()

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE public_edition CASCADE")

    assert moved(before)


@as_a_server
def test_state_stays_while_nothing_public_changes():
    PracticeFactory(published=True)
    before = state_now()

    PracticeFactory(title="Another draft")
    person("Reader").user_permissions.add(Permission.objects.first())
    with transaction.atomic():
        published(PracticeFactory())
        transaction.set_rollback(True)

    assert state_now() == before


@as_a_server
def test_state_tells_nothing_of_an_embargo_before_its_end():
    practice = PracticeFactory(published=True)
    before = state_now()

    published(PracticeFactory(), at=database_now() + timedelta(days=2))
    published_again(practice, at=database_now() + timedelta(days=2))

    assert state_now() == before


@as_a_server
def test_state_moves_once_an_embargo_has_ended_by_time_alone(client):
    end = database_now() + timedelta(seconds=3)
    practice = published(PracticeFactory(), at=end)
    before = state_now()
    hidden = codes_in(client), client.get(FACETS).json()["count"]
    assert database_now() < end, "The machine was too slow for this test."

    while database_now() <= end:
        pass

    assert hidden == ([], 0)
    assert moved(before)
    assert codes_in(client) == [practice.code]
    assert client.get(FACETS).json()["count"] == 1


# --- What is given again --------------------------------------------------------------------


@as_a_server
def test_answers_given_again_follow_each_publication(client):
    assert codes_in(client) == []
    practice = published(PracticeFactory(title="Housing"))
    assert codes_in(client) == [practice.code]
    assert b"Housing" in client.get(LIST).content

    take("withdraw", practice)

    assert codes_in(client) == []
    assert b"Housing" not in client.get(LIST).content


@as_a_server
def test_answers_given_again_follow_the_names_of_reference_data(client):
    number = PracticeFactory(published=True).objectives.first().number
    asked = f"/api/v1/practices/?facets=objective&objective={number}"
    before = [client.get(asked).json()["facets"]["objective"][0]["label"] for _ in range(AGAIN)]

    Objective.objects.update(short_title_en="A new name")

    after = [client.get(asked).json()["facets"]["objective"][0]["label"] for _ in range(AGAIN)]
    assert before == before[:1] * AGAIN
    assert after == ["A new name"] * AGAIN


@as_a_server
@pytest.mark.parametrize("path", [LIST, API, FACETS])
def test_an_answer_given_again_asks_nothing_but_the_state(client, path, settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    PracticeFactory(published=True)
    first = client.get(path)

    with _counted() as statements:
        second = client.get(path)

    assert len(statements) == 1
    assert second.content == first.content
    assert _lasting(second) == _lasting(first)


@as_a_server
def test_an_answer_given_again_counts_against_the_allowance(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    PracticeFactory(published=True)

    answers = [client.get(API) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


@as_a_server
@pytest.mark.parametrize("path", [LIST, API])
def test_whoever_has_the_answer_is_told_so(client, path):
    PracticeFactory(published=True)
    tags = [client.get(path)["ETag"] for _ in range(2)]

    ask = [client.get, client.get, client.head]
    known = [how(path, headers={"If-None-Match": tags[0]}) for how in ask]

    assert len(set(tags)) == 1
    assert [(one.status_code, one.content) for one in known] == [(304, b"")] * 3
    published(PracticeFactory())
    assert client.get(path, headers={"If-None-Match": tags[0]}).status_code == 200


@as_a_server
def test_languages_formats_and_hosts_have_answers_of_their_own(client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]
    PracticeFactory(published=True)
    asked = [
        (path, host, accept)
        for path in (LIST, f"/fr{LIST}", f"/ru{LIST}", API)
        for host in settings.ALLOWED_HOSTS
        for accept in ("*/*", "application/x-ndjson")
    ]

    def body(path, host, accept):
        answer = client.get(path, headers={"Host": host, "Accept": accept})
        return b"".join(answer) if answer.streaming else answer.content

    alone = [body(*one) for one in asked]
    assert [body(*one) for one in reversed(asked)] == list(reversed(alone))
    assert len({alone[place] for place in (0, 2, 4, 6, 8, 10)}) == 6
    assert alone[12] != alone[13]


@as_a_server
def test_nothing_is_shared_with_those_who_are_signed_in():
    PracticeFactory(published=True)
    staff = Client()
    staff.force_login(person("Publisher"))

    with _counted() as statements:
        answers = [staff.get(LIST) for _ in range(2)]

    assert len(statements) > 2 * 4
    assert [answer.get("Cache-Control") for answer in answers] == [None, None]
    assert "s-maxage" in Client().get(LIST)["Cache-Control"]


@as_a_server
def test_forms_of_the_past_are_kept_apart(client):
    practice = PracticeFactory(published=True)
    today = database_now().date().isoformat()
    now = codes_in(client), codes_in(client, f"{API}?at={today}")

    take("withdraw", practice)

    assert now == ([practice.code], [practice.code])
    assert codes_in(client) == codes_in(client, f"{API}?at={today}") == []


# --- How it is kept -------------------------------------------------------------------------


def test_kept_results_are_found_in_their_own_state_only():
    kept, first, second = Kept(80), State(1, 0), State(1, 5)

    kept.put(first, "one", "old")
    assert (kept.get(first, "one"), kept.get(second, "one"), kept.get(None, "one")) == (
        "old",
        None,
        None,
    )
    kept.put(second, "one", "new")
    kept.put(first, "one", "late")

    assert (kept.get(first, "one"), kept.get(second, "one")) == (None, "new")


def test_kept_results_are_bounded():
    kept, state = Kept(16), State(1, 0)

    for number in range(40):
        kept.put(state, number, str(number))
        kept.get(state, 0)
    kept.put(state, "huge", "huge", 3)

    assert kept.get(state, 0) == "0"
    assert kept.get(state, 39) == "39"
    assert kept.get(state, "huge") is None
    assert sum(kept.get(state, number) is not None for number in range(40)) == 16


def _lasting(answer) -> dict[str, str]:
    return {name: value for name, value in answer.items() if name != "X-Request-ID"}


def _counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)
