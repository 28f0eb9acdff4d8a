"""The pages of lists: what their first line says, what they offer, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from public.models import FOLDERS, database_now
from public.workflow import Status
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    cluster,
    member_state,
    objective,
    published,
    published_again,
    source_document,
)

pytestmark = pytest.mark.django_db

FACTORIES = {
    "practice": PracticeFactory,
    "pledge": PledgeFactory,
    "report": VoluntaryReportFactory,
    "recommendation": RecommendationFactory,
    "roundtable": RoundtableFactory,
    "stakeholder": StakeholderFactory,
}
EVERY_KIND = pytest.mark.parametrize("kind", FACTORIES)


def get(client, query="", kind="practice"):
    return client.get(f"/{FOLDERS[kind]}/?{query}")


def sentence(client, query="", kind="practice") -> str:
    return get(client, query, kind).context["question"].sentence


def codes(page) -> list[str]:
    return [line["code"] for line in page.context["page"].object_list]


def text(page) -> str:
    return page.content.decode()


def facets(page) -> dict:
    return {
        facet.name: {value.value: value.count for value in facet.values}
        for facet in page.context["facets"]
    }


# --- What is shown --------------------------------------------------------------------------


@EVERY_KIND
def test_list_shows_what_is_published_and_nothing_else(client, kind):
    shown = FACTORIES[kind](published=True)
    more = {"code": "VR-2024-SRB-1", "member_state": "SRB"} if kind == "report" else {}
    published(FACTORIES[kind](**more), at=database_now() + timedelta(days=1))

    page = get(client, kind=kind)

    assert page.status_code == 200
    assert codes(page) == [shown.code]
    assert page.context["question"].sentence.startswith("1 ")


@pytest.mark.parametrize(
    "status",
    [Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN],
)
def test_list_counts_nothing_unpublished_in_its_facets(client, status):
    PracticeFactory(published=True, objectives=[7], member_states=["ALB"])
    PracticeFactory(published=True, objectives=[8], member_states=["ALB"])
    PracticeFactory(status=status, objectives=[2], member_states=["SRB"])

    page = get(client)

    assert facets(page) == {
        "objective": {"7": 1, "8": 1},
        "primary_objective": {"7": 1, "8": 1},
    }  # of what all records have alike, nothing can be chosen


@EVERY_KIND
def test_empty_list_says_that_nothing_is_published(client, kind):
    page = get(client, kind=kind)

    assert page.status_code == 200
    assert "Nothing has been published here yet." in text(page)


def test_list_shows_what_was_public_at_a_past_moment(client):
    practice = PracticeFactory(published=True, objectives=[7, 8])
    then = database_now().isoformat()
    published_again(practice, title="Other words")
    PracticeFactory(published=True, objectives=[8])

    page = client.get("/practices/", {"at": then, "objective": "8"})

    assert [line["title"] for line in page.context["page"].object_list] == [
        "One-stop centres for newcomers"
    ]
    assert "at=2" in page.context["chips"][0]["query"]
    assert f'name="at" value="{then}"' in text(page)


# --- The sentence ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "2 practices"),
        ("level=local", "0 practices"),
        ("objective=7", "2 practices on objective 7"),
        ("objective=15", "1 practice on objective 15"),
        ("objective=7&objective=15", "2 practices on objectives 7 or 15"),
        ("member_state=SRB&member_state=ALB", "2 practices in Albania or Serbia"),
        ("objective=7&member_state=ALB", "2 practices on objective 7 in Albania"),
        (
            "objective=7&objective=8&objective=15&member_state=ALB",
            "2 practices on objectives 7, 8 or 15 in Albania",
        ),
        (
            "member_state=ALB&member_state=SRB&member_state=CHE&member_state=TUR",
            "2 practices in any of 4 Member States",
        ),
        ("subregion=EUROPE", "2 practices in EUROPE"),
        ("party=ALB", "0 practices by Albania"),
        ("q=newcomers&objective=7", "2 practices on objective 7: “newcomers”"),
    ],
)
def test_first_line_is_a_sentence_with_the_count(client, query, said):
    for iso3 in ("SRB", "CHE", "TUR"):
        member_state(iso3)
    objective(8)
    PracticeFactory(published=True, objectives=[7], member_states=["ALB"])
    PracticeFactory(published=True, objectives=[7, 15], member_states=["ALB"])

    page = get(client, query)

    assert page.context["question"].sentence == said
    assert f"<h1>{said}</h1>" in text(page)
    assert f"<title>{said} – " in text(page)


def test_first_line_says_what_states_are_to_records(client):
    member_state("ALB")

    said = {
        kind: sentence(client, "member_state=ALB", kind)
        for kind in FACTORIES
        if kind != "recommendation"
    }

    assert said == {
        "practice": "0 practices in Albania",
        "pledge": "0 pledges in Albania",
        "report": "0 reports by Albania",
        "roundtable": "0 roundtables with Albania",
        "stakeholder": "0 stakeholders in Albania",
    }


# --- Chips, facets, what to relax -----------------------------------------------------------


def test_chips_take_one_choice_away_each(client):
    member_state("SRB")
    PracticeFactory(published=True, member_states=["ALB"])

    page = get(client, "objective=7&member_state=ALB&member_state=SRB&sort=title&page=1")

    assert [
        (str(chip["filter"]), chip["label"], chip["query"]) for chip in page.context["chips"]
    ] == [
        (
            "Objective",
            "Objective 7",
            "member_state=ALB&member_state=SRB&sort=title",
        ),
        ("Member State", "Albania", "objective=7&member_state=SRB&sort=title"),
        ("Member State", "Serbia", "objective=7&member_state=ALB&sort=title"),
    ]
    assert page.context["clear"] == "sort=title"


def test_practice_in_two_states_of_a_sub_region_counts_once(client):
    PracticeFactory(published=True, objectives=[7, 8], member_states=["ALB", "SRB"])
    PracticeFactory(published=True, objectives=[2], member_states=[])

    counts = facets(get(client))

    assert counts["subregion"] == {"EUROPE": 1}
    assert counts["member_state"] == {"ALB": 1, "SRB": 1}


def test_objective_in_a_facet_has_the_hue_of_its_cluster(client):
    cluster("RT1")
    PracticeFactory(published=True, objectives=[7])
    PracticeFactory(published=True, objectives=[8])

    [facet] = [one for one in get(client).context["facets"] if one.name == "objective"]

    assert [(value.number, value.cluster) for value in facet.values] == [("7", 2), ("8", 2)]


def test_empty_result_says_how_many_there_are_without_each_filter(client):
    member_state("SRB")
    PracticeFactory(published=True, objectives=[7], member_states=["ALB"])
    PracticeFactory(published=True, objectives=[7], member_states=["ALB"], level="local")
    PracticeFactory(published=True, objectives=[8], member_states=["SRB"], level="global")

    page = get(client, "objective=7&member_state=SRB&q=newcomers")

    assert [(str(way["filter"]), way["count"], way["query"]) for way in page.context["relax"]] == [
        ("Member State", 2, "q=newcomers&objective=7"),
        ("Objective", 1, "q=newcomers&member_state=SRB"),
    ]


def test_what_is_typed_is_shown_as_text(client):
    PracticeFactory(published=True)

    page = text(get(client, "q=<script>alert(1)</script>"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- Order and pages ------------------------------------------------------------------------


def test_practices_are_sorted(client):
    for code, title in (("P-0001", "Zürich"), ("P-0002", "école"), ("P-0003", "Albania")):
        PracticeFactory(code=code, title=title, published=True)

    orders = {sort: codes(get(client, f"sort={sort}")) for sort in ("newest", "oldest", "title")}

    assert orders == {
        "newest": ["P-0003", "P-0002", "P-0001"],
        "oldest": ["P-0001", "P-0002", "P-0003"],
        "title": ["P-0003", "P-0002", "P-0001"],
    }
    assert codes(get(client)) == orders["newest"]


def test_words_bring_the_best_match_first(client):
    PracticeFactory(code="P-0001", title="Housing", summary="Housing.", published=True)
    PracticeFactory(code="P-0002", title="Work", summary="Also housing.", published=True)

    assert codes(get(client, "q=housing")) == ["P-0001", "P-0002"]
    assert codes(get(client, "q=housing&sort=newest")) == ["P-0002", "P-0001"]


def test_roundtables_are_sorted_by_their_day(client):
    for code, day in (("S1", "2024-03-12"), ("S2", "2024-03-11"), ("S3", None)):
        RoundtableFactory(code=f"RR2024-{code}", starts_on=day, published=True)

    newest, oldest = (get(client, f"sort={sort}", "roundtable") for sort in ("newest", "oldest"))

    assert codes(newest) == ["RR2024-S1", "RR2024-S2", "RR2024-S3"]
    assert codes(oldest) == ["RR2024-S2", "RR2024-S1", "RR2024-S3"]


def test_recommendations_have_no_title_to_sort_by(client):
    assert get(client, "sort=title", "recommendation").status_code == 400


def test_list_is_split_into_pages(client):
    PracticeFactory.create_batch(27, published=True)

    first, second = get(client), get(client, "page=2&objective=7")
    whole = get(client, "page_size=50")

    assert [len(codes(page)) for page in (first, second, whole)] == [25, 2, 27]
    assert codes(first) + codes(second) == codes(whole)
    assert 'href="?page=2"' in text(first)
    assert get(client, "page=3").status_code == 404
    assert get(client, "page=" + "9" * 400).status_code == 404


# --- Its other forms, and what search engines see --------------------------------------------


def test_list_leads_to_its_other_forms(client):
    RoundtableFactory(published=True)

    page = get(client, "cycle=RR2024&page_size=50&utm_source=mail", "roundtable")

    assert [(form["name"], form["url"]) for form in page.context["other_forms"]] == [
        ("CSV", "/roundtables.csv?cycle=RR2024"),
        ("XLSX", "/roundtables.xlsx?cycle=RR2024"),
        ("Atom", "/roundtables.atom?cycle=RR2024"),
        ("iCalendar", "/roundtables.ics?cycle=RR2024"),
    ]


@pytest.mark.parametrize(
    ("query", "canonical", "noindex"),
    [
        ("", "/practices/", False),
        ("utm_source=mail&sort=title&page_size=50", "/practices/", False),
        (
            "member_state=ALB&objective=7&objective=7",
            "/practices/?objective=7&member_state=ALB",
            False,
        ),
        ("q=newcomers", "/practices/?q=newcomers", True),
        (
            "objective=7&member_state=ALB&level=national",
            "/practices/?objective=7&member_state=ALB&level=national",
            True,
        ),
    ],
)
def test_search_engines_learn_the_one_address_of_a_list(client, query, canonical, noindex):
    PracticeFactory(published=True, member_states=["ALB"])

    page = get(client, query)

    assert page.context["canonical"] == f"http://testserver{canonical}"
    assert ('content="noindex, follow"' in text(page)) == noindex


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_list_works_in_every_language(client, language):
    PracticeFactory(published=True, member_states=["ALB"], objectives=[7, 8])

    with translation.override(language):
        page = client.get(reverse("public:practice-list"), {"member_state": "ALB", "q": "centres"})

    assert page.status_code == 200
    assert len(codes(page)) == 1


# --- What it costs --------------------------------------------------------------------------

QUERIES = {  # 4 of them are the fence, 1 counts everything, 1 reads the page; the rest are names
    "practice": 16,
    "pledge": 16,
    "report": 13,
    "recommendation": 11,
    "roundtable": 13,
    "stakeholder": 13,
}


@EVERY_KIND
@pytest.mark.parametrize("how_many", [1, 4])
def test_list_costs_the_same_for_one_and_for_many(
    client, kind, how_many, django_assert_num_queries
):
    objective(7), member_state("ALB"), source_document()
    if kind == "report":
        for iso3 in ("ALB", "SRB", "CHE", "TUR")[:how_many]:
            VoluntaryReportFactory(
                code=f"VR-2024-{iso3}", member_state=iso3, sources=["SR2020"], published=True
            )
    else:
        FACTORIES[kind].create_batch(how_many, sources=["SR2020"], published=True)

    with django_assert_num_queries(QUERIES[kind]):
        get(client, kind=kind)


@pytest.mark.parametrize("how_many", [1, 4])
def test_filtered_list_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, published=True, member_states=["ALB"])

    with django_assert_num_queries(20):
        get(
            client,
            "objective=7&cluster=RT4&member_state=ALB&subregion=EUROPE&party=ALB&cycle=RR2024"
            "&level=national&level=local&year=2019&q=newcomers&sort=title",
        )


# --- Words ----------------------------------------------------------------------------------


def test_a_misspelled_word_is_corrected_and_the_list_says_so(client):
    PracticeFactory(title="Cheaper remittances for families", published=True)
    PracticeFactory(title="Help desks", published=True)

    page = client.get("/practices/?q=remitances")
    exactly = client.get("/practices/?q=remitances&exact=1")

    assert page.context["question"].sentence == "1 practice: “remittances”"
    assert "No record says “remitances”." in page.content.decode()
    assert "exact=1" in page.content.decode()
    assert exactly.context["question"].count == 0


def test_all_forms_of_a_list_are_corrected_alike(client):
    PracticeFactory(code="P-0001", title="Cheaper remittances for families", published=True)
    PracticeFactory(title="Help desks", published=True)

    found = client.get("/practices.csv?q=remitances").getvalue().decode()
    exactly = client.get("/practices.csv?q=remitances&exact=1").getvalue().decode()

    assert [line[:6] for line in found.splitlines()[1:]] == ["P-0001"]
    assert exactly.splitlines()[1:] == []


def test_a_list_shows_where_the_words_stand(client):
    PracticeFactory(summary="Desks at the border help seasonal workers.", published=True)

    page = client.get("/practices/?q=border")

    assert "<mark>border</mark>" in page.content.decode()
