"""What lists of the API can be asked besides filters: words, facets, the orders of the pages."""

import pytest

from public.api.questions import facets_known
from public.facets import facets_of
from public.filters import FILTERS
from public.lists import Question
from public.models import FOLDERS, PublicRecord, database_now
from public.moments import Moment
from public.names import Names
from public.workflow import Status
from tests.factories import (
    ExcerptFactory,
    FigureFactory,
    PracticeFactory,
    RoundtableFactory,
    objective,
    published,
    published_again,
)

pytestmark = pytest.mark.django_db


def codes(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [document["code"] for document in answer.json()["results"]]


def refusal(answer) -> list[dict]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == 400
    return answer.json()["errors"]


# --- Filters of what has no page --------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "objective=7",
        "member_state=ALB",
        "cycle=RR2024",
        "type=achievement",
        "cluster=RT4",
        "subregion=EUROPE",
        "language=en",
        "q=centres",
    ],
)
def test_excerpts_are_found(client, question):
    wanted = ExcerptFactory(member_states=["ALB"], published=True)
    ExcerptFactory(
        objectives=[],
        cycle="RR2020",
        type="gap",
        language="fr",
        text="Rien.",
        published=True,
    )

    assert codes(client.get(f"/api/v1/excerpts/?{question}")) == [wanted.code]


@pytest.mark.parametrize(
    "question", ["member_state=ALB", "type=network", "year=2024", "subregion=EUROPE", "q=networks"]
)
def test_figures_are_found(client, question):
    wanted = FigureFactory(member_states=["ALB"], published=True)
    FigureFactory(category="pledges", title="Pledges", as_of=2020, published=True)

    assert codes(client.get(f"/api/v1/figures/?{question}")) == [wanted.code]


@pytest.mark.parametrize("kind", FILTERS)
def test_every_filter_refuses_what_no_record_has_and_says_what_there_is(client, kind):
    objective(7)
    folder = FOLDERS.get(kind, f"{kind}s")
    silent = []

    for name in set(FILTERS[kind].base_filters) - {"q"}:
        for value in ("no such value", "\x00", "x" * 500):
            [error] = refusal(client.get(f"/api/v1/{folder}/", {name: value}))
            if error["parameter"] != name or not error["detail"]:
                silent.append((name, value))

    assert silent == []


def test_refusal_lists_the_values_that_there_are(client):
    PracticeFactory(member_states=["ALB"], published=True)

    [error] = refusal(client.get("/api/v1/practices/?member_state=XXX"))

    assert (error["parameter"], error["allowed"]) == ("member_state", ["ALB"])


# --- Words --------------------------------------------------------------------------------------


def test_words_are_corrected_and_the_answer_says_so(client):
    practice = PracticeFactory(title="Integration of newcomers", published=True)

    answer = client.get("/api/v1/practices/?q=intergation")
    as_typed = client.get("/api/v1/practices/?q=intergation&exact=1")
    right = client.get("/api/v1/practices/?q=integration")

    assert codes(answer) == [practice.code]
    assert answer.json()["search"] == {"typed": "intergation", "searched": "integration"}
    assert codes(as_typed) == []
    assert codes(right) == [practice.code]
    assert "search" not in right.json()


WITH_WORDS = {
    "q=bridge": ["P-0002", "P-0003", "P-0001"],
    "q=bridge&sort=relevance": ["P-0002", "P-0003", "P-0001"],
    "q=bridge&sort=newest": ["P-0003", "P-0002", "P-0001"],
    "q=bridge&ordering=code": ["P-0001", "P-0002", "P-0003"],
    "q=bridge&cursor=": ["P-0003", "P-0002", "P-0001"],
    "q=bridge&modified_since=2020-01-01": ["P-0001", "P-0002", "P-0003"],
}


@pytest.mark.parametrize(("question", "found"), WITH_WORDS.items())
def test_what_answers_words_best_comes_first(client, question, found):
    PracticeFactory(code="P-0001", title="A", summary="Once a bridge.", published=True)
    PracticeFactory(code="P-0002", title="A bridge", published=True)
    PracticeFactory(code="P-0003", title="C", summary="A bridge, a bridge.", published=True)

    answer = client.get(f"/api/v1/practices/?{question}")

    assert codes(answer) == found


def test_pages_of_the_best_match_follow_one_another(client):
    PracticeFactory.create_batch(3, title="A bridge", published=True)

    whole = codes(client.get("/api/v1/practices/?q=bridge"))
    pages = [
        codes(client.get(f"/api/v1/practices/?q=bridge&page_size=1&page={page}"))
        for page in (1, 2, 3)
    ]

    assert [code for page in pages for code in page] == whole


# --- Orders -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["newest", "oldest", "title"])
def test_orders_of_the_pages(client, sort):
    days = {1: None, 2: "2024-03-11", 3: "2024-03-12"}
    for number, day in days.items():
        RoundtableFactory(title_en=f"{number * 7 % 5}", starts_on=day, published=True)

    answer = client.get(f"/api/v1/roundtables/?sort={sort}")
    page = client.get(f"/roundtables/?sort={sort}")

    assert codes(answer) == [line["code"] for line in page.context["page"]]


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("sort=colour", "sort"),
        ("sort=relevance", "sort"),
        ("sort=newest&ordering=code", "sort"),
        ("sort=newest&cursor=", "sort"),
        ("sort=newest&sort=title", "sort"),
        ("exact=yes", "exact"),
        ("hxl=true", "hxl"),
        ("facets=colour", "facets"),
        ("facets=q", "facets"),
        ("q=" + "a" * 201, "q"),
        ("q=%00", "q"),
    ],
)
def test_bad_values_are_refused_by_name(client, question, parameter):
    [error] = refusal(client.get(f"/api/v1/practices/?{question}"))

    assert error["parameter"] == parameter


# --- Facets -------------------------------------------------------------------------------------


def test_facets_count_what_there_would_be(client):
    PracticeFactory(objectives=[7], member_states=["ALB"], covid19=True, published=True)
    PracticeFactory(objectives=[7, 15], member_states=["SRB"], published=True)
    PracticeFactory(objectives=[2], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[5], status=Status.APPROVED)

    answer = client.get("/api/v1/practices/?objective=7&facets=objective,covid19&facets=cluster")

    assert (answer.json()["count"], answer.json()["facets"]) == (
        2,
        {
            "objective": [
                {"value": 2, "label": "Objective 2", "count": 1},
                {"value": 7, "label": "Objective 7", "count": 2},
                {"value": 15, "label": "Objective 15", "count": 1},
            ],
            "covid19": [
                {"value": True, "label": "Yes", "count": 1},
                {"value": False, "label": "No", "count": 1},
            ],
            "cluster": [{"value": "RT4", "label": "RT4", "count": 2}],
        },
    )


def test_facets_are_named_in_the_language_asked_for(client):
    PracticeFactory(published=True)

    answer = client.get("/api/v1/practices/?facets=language&lang=fr")

    assert answer.json()["facets"]["language"][0]["label"] == "Anglais"


def test_facets_of_what_changed_count_only_that(client):
    first, _second = PracticeFactory.create_batch(2, published=True)
    since = database_now().isoformat().replace("+00:00", "Z")
    published_again(first, title="Changed")

    answer = client.get(f"/api/v1/practices/?modified_since={since}&facets=objective")

    assert [value["count"] for value in answer.json()["facets"]["objective"]] == [1]


@pytest.mark.parametrize("kind", FOLDERS)
def test_facets_are_those_of_the_page(client, rf, kind):
    PracticeFactory(published=True)
    RoundtableFactory(published=True)
    request = rf.get("/")
    request.moment = database_now()
    moment = Moment(request)
    question = Question(kind, request.GET, moment, Names(moment))
    of_page = {
        facet.name: [(value.label, value.count) for value in facet.values]
        for facet in facets_of(question.filters).facets
    }

    answer = client.get(f"/api/v1/{FOLDERS[kind]}/?facets={','.join(facets_known(kind))}")

    assert {
        name: [(value["label"], value["count"]) for value in values]
        for name, values in answer.json()["facets"].items()
        if values
    } == of_page


# --- What it costs --------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("question", "queries"),
    [
        ("facets=objective,member_state", 11),
        ("q=newcomers", 14),
        ("q=newcommers", 22),
        ("sort=title", 8),
    ],
)
def test_it_costs_the_same_for_one_and_for_many(
    client, how_many, question, queries, django_assert_num_queries
):
    published(*PracticeFactory.create_batch(how_many, member_states=["ALB"]))

    with django_assert_num_queries(queries):  # 4 of them are the fence, 2 the allowance
        client.get(f"/api/v1/practices/?{question}")


def test_pages_are_read_by_their_keys(client, django_assert_num_queries):
    PracticeFactory.create_batch(2, published=True)

    with django_assert_num_queries(8) as asked:
        client.get("/api/v1/practices/?page_size=1&page=2")

    [read] = [one["sql"] for one in asked if '"document"' in one["sql"]]
    assert "LIMIT 1 OFFSET 1" in read
    assert PublicRecord.objects.count() == 2
