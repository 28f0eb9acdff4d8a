"""The pages of the objectives: what is on each, and the ways to the rest."""

from datetime import timedelta

import pytest
from django.urls import reverse

from public.models import database_now
from public.workflow import Status
from tests.factories import (
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    ReportSectionFactory,
    RoundtableFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    published,
)

pytestmark = pytest.mark.django_db

UNPUBLISHED = [Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.APPROVED]
ADDRESS = "/objectives/7/"


def text(response) -> str:
    return response.content.decode()


def shelves(page) -> dict:
    return {one.kind: one for one in page.context["shelves"]}


def report_on(number: int, **values):
    report = VoluntaryReportFactory(**values)
    ReportSectionFactory(report=report, objective=number)
    report.refresh_from_db()
    return published(report)


def roundtable_with(*questions: tuple[str, list[int]], **values):
    """A published roundtable that asks these questions on these objectives."""
    roundtable = RoundtableFactory(**values)
    for number, (words, objectives) in enumerate(questions, start=1):
        GuidingQuestionFactory(
            roundtable=roundtable, number=number, text=words, objectives=objectives
        )
    roundtable.refresh_from_db()
    return published(roundtable)


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_objective_page_shows_published_practices_only(client, status):
    shown = PracticeFactory(published=True)
    PracticeFactory(status=status, member_states=["SRB"])
    published(PracticeFactory(), at=database_now() + timedelta(days=1))

    page = client.get(ADDRESS)

    practices = shelves(page)["practice"]
    assert [line["code"] for line in practices.lines] == [shown.code]
    assert practices.heading == "1 practice on objective 7"
    assert page.context["states"]["some"] == []


def test_objective_page_shows_some_of_each_kind_and_leads_to_the_rest(client):
    PracticeFactory.create_batch(8, published=True)
    PracticeFactory(objectives=[8], published=True)
    PledgeFactory(published=True)
    RecommendationFactory(objectives=[7], published=True)
    report = report_on(7)

    page = client.get(ADDRESS)

    found = shelves(page)
    assert {kind: (one.count, len(one.lines)) for kind, one in found.items()} == {
        "practice": (8, 6),
        "pledge": (1, 1),
        "report": (1, 1),
        "recommendation": (1, 1),
    }
    assert found["practice"].url == "/practices/?objective=7"
    assert found["practice"].csv == "/practices.csv?objective=7"
    assert found["report"].lines[0]["url"] == f"/reports/{report.code}/#objective-7"
    assert "All 8 in a list" in text(page)
    assert [one["text"] for one in page.context["kinds"]] == [
        "8 practices",
        "1 pledge",
        "1 report",
        "1 recommendation",
    ]
    assert page.context["nothing_yet"] == ["roundtables"]


def test_objective_page_shows_roundtables_with_its_questions_review_by_review(client):
    objective(8)
    older = roundtable_with(
        ("What protects?", [7]), ("What saves?", [8]), cycle="RR2020", objectives=[7, 8]
    )
    newer = roundtable_with(("What is new?", [7, 8]), cycle="RR2024", objectives=[7])
    roundtable_with(("What else?", [8]), cycle="RR2024", objectives=[8])

    page = client.get(ADDRESS)

    assert [
        (review["name"], one["code"], [question.text for question in one["questions"]])
        for review in page.context["reviews"]
        for one in review["roundtables"]
    ] == [
        ("Review of 2024", newer.code, ["What is new?"]),
        ("Review of 2020", older.code, ["What protects?"]),
    ]


def test_objective_page_counts_practices_by_state_and_names_the_gaps(client):
    for iso3 in ("SRB", "KGZ", "ALB", "CHE"):
        member_state(iso3)
    PracticeFactory(member_states=["SRB", "KGZ"], published=True)
    PracticeFactory(member_states=["SRB"], published=True)
    PracticeFactory(member_states=["ALB"], objectives=[8], published=True)

    states = client.get(ADDRESS).context["states"]

    assert [(one["name"], one["count"], one["url"]) for one in states["some"]] == [
        ("Serbia", 2, "/practices/?objective=7&member_state=SRB"),
        ("Kyrgyzstan", 1, "/practices/?objective=7&member_state=KGZ"),
    ]
    assert [one["name"] for one in states["none"]] == ["Albania", "Switzerland"]
    assert states["sentence"] == "Practices in 2 of 4 Member States"


def test_objective_page_of_the_past(client):
    first = PracticeFactory(published=True)
    then = database_now().isoformat()
    PracticeFactory(published=True)

    page = client.get(ADDRESS, {"at": then})

    practices = shelves(page)["practice"]
    assert [line["code"] for line in practices.lines] == [first.code]
    assert "objective=7&at=2" in practices.url
    assert client.get(ADDRESS, {"at": "2020-01-01"}).context["shelves"] == []


def test_objective_page_with_nothing_says_so(client):
    objective(7)

    page = client.get(ADDRESS)

    assert "Nothing on this objective has been published yet." in text(page)


@pytest.mark.parametrize("address", ["/objectives/99/", "/objectives/0/", "/objectives/7x/"])
def test_objective_page_of_an_unknown_objective_is_not_found(client, address):
    objective(7)

    assert client.get(address).status_code == 404


def test_objective_page_is_in_the_readers_language(client):
    known = objective(7)
    known.title_fr = "Réduire les vulnérabilités"
    known.save()

    page = client.get("/fr/objectives/7/")

    assert "Réduire les vulnérabilités</h1>" in text(page)


def test_objective_page_that_names_kosovo_says_how_it_is_meant(client):
    roundtable_with(("What is done in Kosovo?", [7]), objectives=[7])

    assert text(client.get(ADDRESS)).count("resolution 1244") == 1


@pytest.mark.parametrize("how_many", [1, 4])
def test_objective_page_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    cycle("RR2020")
    PracticeFactory.create_batch(how_many, published=True, member_states=["ALB"])
    PledgeFactory.create_batch(how_many, published=True)
    RecommendationFactory.create_batch(how_many, objectives=[7], published=True)
    for _ in range(how_many):
        report_on(7)
        roundtable_with(("What has worked?", [7]), objectives=[7])

    with django_assert_num_queries(15):  # 4 of them are the fence
        client.get(ADDRESS)


def test_index_counts_each_kind_on_each_objective(client):
    objective(9)
    PracticeFactory(objectives=[7, 8], published=True)
    PracticeFactory(objectives=[7], published=True)
    PracticeFactory(objectives=[9])
    PledgeFactory(objectives=[8], published=True)
    RecommendationFactory(objectives=[7], published=True)
    report_on(8)

    page = client.get("/objectives/")

    [group] = page.context["clusters"]
    assert [
        (one["number"], [cell["count"] for cell in one["cells"]]) for one in group["objectives"]
    ] == [(7, [2, 0, 0, 1]), (8, [1, 1, 1, 0]), (9, [0, 0, 0, 0])]
    assert group["objectives"][1]["cells"][1]["url"] == "/pledges/?objective=8"


def test_index_of_an_empty_database_says_what_comes_next(client):
    page = client.get("/objectives/")

    assert page.status_code == 200
    assert "Nothing has been published here yet." in text(page)


def test_index_of_the_past_counts_what_was_public_then(client):
    objective(7)
    then = database_now().isoformat()
    PracticeFactory(published=True)

    cells = client.get("/objectives/", {"at": then}).context["clusters"][0]["objectives"][0]

    assert [cell["count"] for cell in cells["cells"]] == [0, 0, 0, 0]


@pytest.mark.parametrize("how_many", [1, 4])
def test_index_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, objectives=[7, 8], published=True)

    with django_assert_num_queries(7):  # 4 of them are the fence
        client.get(reverse("public:objectives"))
