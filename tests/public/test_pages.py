"""The public pages: what they show, what they never show, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from public.models import database_now
from public.publication import revise, withdraw
from public.workflow import Status
from tests.factories import (
    PracticeFactory,
    brought_to,
    member_state,
    objective,
    person,
    published,
    published_again,
    source_document,
)
from tests.public.files import headers_of

pytestmark = pytest.mark.django_db

UNPUBLISHED = [Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.APPROVED]


def text(response) -> str:
    return response.content.decode()


def test_practice_page_shows_the_document_with_names_and_source(client):
    practice = PracticeFactory(
        title="Guichets uniques",
        language="fr",
        member_states=["SRB", "ALB"],
        sources=["SR2020"],
        source_locator="Annex, Objective 7",
        year_start=2019,
        published=True,
    )

    page = client.get(practice_address(practice))

    shown = page.context["shown"]
    assert page.status_code == 200
    assert [state["name"] for state in shown["states"]] == ["Albania", "Serbia"]
    assert page.context["source"]["documents"] == [source_document()]
    assert page.context["source"]["locator"] == "Annex, Objective 7"
    assert shown["edition"] == 1
    assert '<h1 lang="fr">Guichets uniques</h1>' in text(page)
    assert page.context["citations"][0]["text"].startswith(
        f"Guichets uniques. Practice {practice.code}, edition 1. "
    )


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_unpublished_practice_answers_like_one_that_does_not_exist(client, status):
    hidden = PracticeFactory(status=status)

    assert_unknown(client, hidden)


def test_embargoed_practice_answers_like_one_that_does_not_exist(client):
    hidden = published(PracticeFactory(), at=database_now() + timedelta(days=1))

    assert_unknown(client, hidden)


def test_withdrawn_practice_is_gone_from_pages_and_api_at_every_moment(client):
    practice = PracticeFactory(published=True)
    before, then = "2020-01-01", database_now().isoformat()
    withdraw(practice, by=person("Publisher"), note="Asked for by the party.")

    assert statuses(client, practice, {}, {"at": then}, {"at": before}) == [410] * 6


def test_what_is_public_again_was_unknown_and_not_gone_between(client):
    practice = PracticeFactory(published=True)
    withdraw(practice, by=person("Publisher"), note="Asked for by the party.")
    between = database_now().isoformat()
    published_again(practice)

    assert statuses(client, practice, {}, {"at": between}) == [200] * 2 + [404] * 2


def statuses(client, practice, *queries) -> list[int]:
    """What page and API answer to each of these."""
    addresses = (practice_address(practice), f"/api/v1{practice_address(practice)}")
    return [client.get(one, query).status_code for query in queries for one in addresses]


def test_practice_page_shows_the_public_edition_while_the_next_is_prepared(client):
    practice = PracticeFactory(title="As approved", published=True)
    revise(practice, by=person("Editor"))
    type(practice).objects.filter(pk=practice.pk).update(title="Not yet approved")

    page = text(client.get(practice_address(practice)))

    assert "As approved" in page
    assert "Not yet approved" not in page


def test_pages_show_what_was_public_at_a_past_moment(client):
    practice = PracticeFactory(title="First words", published=True)
    then = database_now()
    revise(practice, by=person("Editor"))
    type(practice).objects.filter(pk=practice.pk).update(title="Better words")
    practice.refresh_from_db()
    brought_to(Status.PUBLISHED, practice)

    now = client.get(practice_address(practice))
    past = client.get(practice_address(practice), {"at": then.isoformat()})
    before = client.get(
        practice_address(practice), {"at": (then - timedelta(days=1)).date().isoformat()}
    )

    assert now.context["shown"]["title"] == "Better words"
    assert past.context["shown"]["title"] == "First words"
    assert before.status_code == 404
    assert "This page shows what was public on" in text(past)
    assert "at=" in past.context["shown"]["objectives"][0]["url"]


@pytest.mark.parametrize(
    "moment", ["yesterday", "2024-02-30", "2024-03-11T12:00:00", "9999-12-31", "\x00", "2024"]
)
@pytest.mark.parametrize("address", ["/", "/fr/", "/objectives/7/", "/practices/P-0001/"])
def test_pages_refuse_what_is_not_a_past_moment(client, address, moment):
    objective(7)

    page = client.get(address, {"at": moment})

    assert page.status_code == 400
    assert "at" in text(page)


def test_pages_of_today_show_what_is_public_today(client):
    PracticeFactory(published=True)

    page = client.get("/", {"at": timezone.now().date().isoformat()})

    assert page.context["counts"][0]["value"] == 1


@pytest.mark.parametrize(
    ("prefix", "name"), [("", "Albania"), ("/fr", "Albanie"), ("/ru", "Албания")]
)
def test_pages_name_states_in_the_readers_language(client, prefix, name):
    state = member_state("ALB")
    state.name_fr, state.name_ru = "Albanie", "Албания"
    state.save()
    practice = PracticeFactory(member_states=["ALB"], published=True)

    page = client.get(f"{prefix}/practices/{practice.code}/")

    assert [one["name"] for one in page.context["shown"]["states"]] == [name]
    assert [(one["code"], one["url"], one["current"]) for one in page.context["languages"]] == [
        ("en", f"/practices/{practice.code}/", prefix == ""),
        ("fr", f"/fr/practices/{practice.code}/", prefix == "/fr"),
        ("ru", f"/ru/practices/{practice.code}/", prefix == "/ru"),
    ]


def test_page_that_names_kosovo_says_how_it_is_meant_once(client):
    practice = PracticeFactory(summary="Also carried out in Kosovo.", published=True)

    page = text(client.get(practice_address(practice)))

    assert page.count("resolution 1244") == 1


def test_pages_set_no_cookie_and_send_a_strict_policy(client):
    page = client.get("/")

    assert page.cookies == {}
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("how_many", [1, 4])
def test_practice_page_costs_the_same_alone_and_beside_others(
    client, how_many, django_assert_num_queries
):
    first, *_others = PracticeFactory.create_batch(how_many, published=True, member_states=["ALB"])

    with django_assert_num_queries(12):  # 4 of them are the fence
        client.get(practice_address(first))


def assert_unknown(client, practice):
    """The practice answers like one that does not exist, but for the address that was asked."""
    answer = client.get(practice_address(practice))
    stranger = client.get(reverse("public:practice", args=["P-9999"]))

    assert answer.status_code == stranger.status_code == 404
    assert text(answer).replace(practice.code, "P-9999") == text(stranger)
    assert headers_of(answer) == headers_of(stranger)


def practice_address(practice) -> str:
    with translation.override("en"):
        return reverse("public:practice", args=[practice.code])
