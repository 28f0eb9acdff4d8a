"""The home page: where the review stands, key figures, and the ways in."""

from datetime import timedelta

import pytest

from objectives.models import MemberState
from public.models import database_now
from public.workflow import Status
from tests.factories import (
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    cluster,
    cycle,
    member_state,
    objective,
    published,
)

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def test_home_counts_published_practices_by_objective(client):
    cycle("RR2024")
    objective(15)
    PracticeFactory(published=True, objectives=[7, 15], member_states=["ALB"])
    PracticeFactory(published=True, objectives=[7], member_states=["ALB", "SRB"])
    PracticeFactory(objectives=[7])
    FigureFactory(published=True)

    page = client.get("/")

    assert page.status_code == 200
    [group] = page.context["clusters"]
    assert [(one["number"], one["practices"]) for one in group["objectives"]] == [(7, 2), (15, 1)]
    assert [(one["label"], one["value"], one["url"]) for one in page.context["counts"]] == [
        ("Practices", 2, "/practices/"),
        ("Member States", 2, "/member-states/"),
        ("Reports", 0, "/reports/"),
        ("Recommendations", 0, "/recommendations/"),
        ("Pledges", 0, "/pledges/"),
    ]
    assert page.context["cycle"]["code"] == "RR2024"
    assert page.context["cycle"]["url"] == "/reviews/RR2024/"


def test_home_of_an_empty_database_says_what_comes_next(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "Nothing has been published here yet." in text(page)
    assert page.context["counts"] == []
    assert page.context["latest"] == []


def test_home_places_cycles_around_the_latest_review_that_has_begun(client):
    for code in ("RR2020", "IMRF2022", "RR2024"):
        cycle(code)

    page = client.get("/")

    assert [(one["code"], one["state"]) for one in page.context["cycles"]] == [
        ("RR2020", "past"),
        ("IMRF2022", "past"),
        ("RR2024", "current"),
    ]
    assert [(one.name, one.state) for one in page.context["milestones"]] == [
        ("Regional review", "past")
    ]


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["Albania", "Switzerland", "Türkiye"]),
        ("/fr", ["Albanie", "Suisse", "Türkiye"]),
        ("/ru", ["Албания", "Турция", "Швейцария"]),
    ],
)
def test_home_lists_states_in_the_readers_alphabet(client, prefix, names):
    for iso3, name_fr, name_ru in (
        ("TUR", "Türkiye", "Турция"),
        ("CHE", "Suisse", "Швейцария"),
        ("ALB", "Albanie", "Албания"),
    ):
        member_state(iso3)
        MemberState.objects.filter(iso3=iso3).update(name_fr=name_fr, name_ru=name_ru)
    PracticeFactory(member_states=["ALB"], published=True)
    PracticeFactory(member_states=["ALB"], status=Status.APPROVED)

    page = client.get(f"{prefix}/")

    assert [one["name"] for one in page.context["states"]] == names
    assert [one["count"] for one in page.context["states"]] == [1, 0, 0]


def test_home_shows_the_latest_records_of_all_kinds(client):
    shown = [
        factory(published=True)
        for factory in (
            PracticeFactory,
            PracticeFactory,
            RecommendationFactory,
            StakeholderFactory,
            VoluntaryReportFactory,
            PledgeFactory,
        )
    ]
    FigureFactory(published=True)
    PracticeFactory(status=Status.IN_REVIEW)
    published(PracticeFactory(), at=database_now() + timedelta(days=1))

    page = client.get("/")

    assert [one["code"] for one in page.context["latest"]] == [
        one.code for one in reversed(shown[1:])
    ]


def test_home_of_the_past_shows_and_links_what_was_public_then(client):
    first = PracticeFactory(member_states=["ALB"], published=True)
    then = database_now().isoformat()
    PracticeFactory(member_states=["ALB", "SRB"], published=True)

    page = client.get("/", {"at": then})

    assert [one["code"] for one in page.context["latest"]] == [first.code]
    assert page.context["counts"][0]["value"] == 1
    assert [one["count"] for one in page.context["states"]] == [1, 0]
    for address in (
        page.context["counts"][0]["url"],
        page.context["examples"][0]["url"],
        page.context["states"][0]["url"],
        page.context["cycles"][0]["url"],
    ):
        assert "at=2" in address
    assert f'name="at" value="{then}"' in text(page)


def test_home_offers_searches_to_try(client):
    page = client.get("/")

    assert [one["url"] for one in page.context["examples"]] == [
        "/search/?q=labour+migration",
        "/search/?q=unaccompanied+children",
        "/search/?q=objective+7",
    ]


@pytest.mark.parametrize("how_many", [1, 4])
def test_home_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    cluster()
    PracticeFactory.create_batch(how_many, published=True, member_states=["ALB"])

    with django_assert_num_queries(14):  # 4 of them are the fence
        client.get("/")
