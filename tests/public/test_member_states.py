"""The pages of the Member States: what each brought, and what no source says."""

from datetime import date, timedelta

import pytest

from objectives.models import MemberState, MemberStateName
from public.models import database_now
from public.words import Stage
from public.workflow import Status
from tests.factories import (
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    RoleFactory,
    RoundtableFactory,
    StatementFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    published,
    region,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/member-states/ALB/"


def text(response) -> str:
    return response.content.decode()


def spoken(*states: str, **values):
    """A published roundtable at which these States made statements."""
    roundtable = RoundtableFactory(**values)
    for iso3 in states:
        StatementFactory(roundtable=roundtable, member_state=iso3, text=f"{iso3} opened centres.")
    roundtable.refresh_from_db()
    return published(roundtable)


def profile(page) -> dict:
    return {
        row["objective"]["number"]: [cell["count"] for cell in row["cells"]]
        for row in page.context["profile"]["rows"]
    }


def test_state_page_counts_by_objective_what_names_the_state(client):
    objective(9)
    PracticeFactory(objectives=[7, 8], member_states=["ALB", "SRB"], published=True)
    PracticeFactory(objectives=[8], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[7], member_states=["SRB"], published=True)
    PracticeFactory(objectives=[9], member_states=["ALB"], status=Status.APPROVED)
    published(PracticeFactory(member_states=["ALB"]), at=database_now() + timedelta(days=1))
    PledgeFactory(objectives=[7], published=True)

    page = client.get(ADDRESS)

    # practices, of them primary, pledges, reports
    assert profile(page) == {7: [1, 1, 1, 0], 8: [2, 1, 0, 0], 9: [0, 0, 0, 0]}
    assert [one["number"] for one in page.context["profile"]["gaps"]] == [9]
    assert [cell["url"] for cell in page.context["profile"]["rows"][0]["cells"]] == [
        "/practices/?objective=7&member_state=ALB",
        "/practices/?primary_objective=7&member_state=ALB",
        "/pledges/?objective=7&member_state=ALB",
        "/reports/?objective=7&member_state=ALB",
    ]
    assert [one["text"] for one in page.context["kinds"]] == [
        "2 practices",
        "1 pledge",
        "0 reports",
        "0 roundtables",
    ]
    assert "Something on 2 of 3 objectives" in text(page)


def test_state_page_says_what_it_brought_to_each_review(client):
    for code in ("RR2020", "IMRF2022"):
        cycle(code)
    PracticeFactory(member_states=["ALB"], cycle="RR2024", published=True)
    VoluntaryReportFactory(code="VR-2020-ALB", cycle="RR2020", published=True)
    VoluntaryReportFactory(cycle="RR2024", status=Status.APPROVED)

    page = client.get(ADDRESS)

    assert [
        (one["code"], [part["text"] for part in one["brought"]], one["reported"])
        for one in page.context["reviews"]
    ] == [
        ("RR2020", ["1 report"], True),
        ("IMRF2022", [], False),
        ("RR2024", ["1 practice"], False),
    ]
    assert text(page).count("Has not submitted a report, as far as this record shows") == 2


def test_state_page_shows_pledges_with_their_stage(client):
    PledgeFactory(stage=Stage.IN_PROGRESS, published=True)
    PledgeFactory(stage=Stage.FULFILLED, member_state="SRB", member_states=["ALB"], published=True)
    PledgeFactory(stage=Stage.FULFILLED, member_state="SRB", published=True)

    page = client.get(ADDRESS)

    assert [(one["count"], one["name"], one["url"]) for one in page.context["stages"]] == [
        (1, "in progress", "/pledges/?member_state=ALB&stage=in_progress"),
        (1, "fulfilled", "/pledges/?member_state=ALB&stage=fulfilled"),
    ]


def test_state_page_shows_its_roles_and_statements_at_roundtables(client):
    roundtable = RoundtableFactory()
    StatementFactory(roundtable=roundtable, member_state="ALB", speaker="Ms Hoxha", language="fr")
    StatementFactory(
        roundtable=roundtable, member_state="SRB", text="Serbia agrees.", sort_order=2
    )
    RoleFactory(roundtable=roundtable, member_state="ALB")
    roundtable.refresh_from_db()
    published(roundtable)
    spoken("SRB")

    page = client.get(ADDRESS)

    [sitting] = page.context["statements"]
    assert sitting["code"] == roundtable.code
    assert sitting["roles"] == [{"name": "moderator", "who": "Ana Hoxha"}]
    assert sitting["said"] == [
        {"speaker": "Ms Hoxha", "language": "fr", "text": "We opened centres."}
    ]
    assert "Serbia agrees." not in text(page)


def test_state_page_shows_figures_that_name_it_with_rule_and_source(client):
    FigureFactory(
        member_states=["ALB", "SRB"],
        value="56000000",
        unit="thematic_areas",
        counting_rule="Each counted once.",
        sources=["SR2020"],
        source_locator="p. 3",
        published=True,
    )
    FigureFactory(member_states=["SRB"], published=True)
    FigureFactory(member_states=["ALB"], status=Status.APPROVED)

    [figure] = client.get(ADDRESS).context["figures"]

    assert (figure["value"], figure["unit"], figure["as_of"]) == (
        "56,000,000",
        "thematic areas",
        2024,
    )
    assert (figure["rule"], figure["locator"]) == ("Each counted once.", "p. 3")
    assert [one["title"] for one in figure["sources"]] == ["Summary report"]
    assert [one["name"] for one in figure["states"]] == ["Albania", "Serbia"]


def test_state_page_tells_facts_and_says_what_no_source_says(client):
    state = member_state("ALB")
    state.regions.add(region("EU", name_fr="Union européenne"))
    MemberStateName.objects.create(
        member_state=state,
        name="People's Republic of Albania",
        kind="former",
        used_until=date(1976, 12, 28),
    )
    MemberStateName.objects.create(member_state=state, name="Shqipëria", kind="spelling")

    unknown = client.get(ADDRESS)
    MemberState.objects.update(champion_country=True, country_network="planned")
    known = client.get(ADDRESS)

    facts = [(one["term"], one["values"]) for one in unknown.context["facts"]]
    assert facts == [
        ("Official name", ["Albania"]),
        ("ISO 3166", ["ALB, AL"]),
        ("M49", ["008"]),
        ("Sub-region", ["EUROPE"]),
        ("Belongs to", ["EU"]),
        ("Champion country of the compact", ["No source says"]),
        ("UN network on migration in the country", ["No source says"]),
    ]
    assert [one["values"] for one in known.context["facts"][-2:]] == [["Yes"], ["Planned"]]
    assert "People&#x27;s Republic of Albania" in text(known)
    assert "(until 28 December 1976)" in text(known)
    assert "Shqipëria" not in text(known)


def test_state_page_with_nothing_says_so(client):
    objective(7)
    member_state("ALB")
    PracticeFactory(member_states=["ALB"])

    page = client.get(ADDRESS)

    assert page.status_code == 200
    assert "Nothing from Albania has been published yet." in text(page)


def test_state_page_of_the_past(client):
    first = PracticeFactory(member_states=["ALB"], published=True)
    then = database_now().isoformat()
    PracticeFactory(member_states=["ALB"], published=True)

    page = client.get(ADDRESS, {"at": then})

    [practices] = page.context["shelves"]
    assert [line["code"] for line in practices.lines] == [first.code]
    assert profile(page) == {7: [1, 1, 0, 0]}
    assert "at=2" in page.context["ways"][0]["url"]


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/member-states/alb/", "/member-states/ALB/"),
        ("/fr/member-states/Alb/", "/fr/member-states/ALB/"),
        ("/member-states/alb/?at=2024-03-11", "/member-states/ALB/?at=2024-03-11"),
    ],
)
def test_state_codes_in_small_letters_lead_to_the_page(client, asked, led_to):
    member_state("ALB")

    answer = client.get(asked)

    assert (answer.status_code, answer.headers["Location"]) == (301, led_to)


@pytest.mark.parametrize("code", ["SRB", "YUG", "AL", "008", "albania", "ALBX"])
def test_unknown_states_are_not_found(client, code):
    member_state("ALB")

    assert client.get(f"/member-states/{code}/").status_code == 404


def test_state_page_that_names_kosovo_says_how_it_is_meant_once(client):
    PracticeFactory(member_states=["ALB"], summary="Also in Kosovo.", published=True)

    assert text(client.get(ADDRESS)).count("resolution 1244") == 1


@pytest.mark.parametrize("how_many", [1, 4])
def test_state_page_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, member_states=["ALB"], published=True)
    PledgeFactory.create_batch(how_many, published=True)
    VoluntaryReportFactory.create_batch(how_many, published=True)
    FigureFactory.create_batch(how_many, member_states=["ALB"], sources=["SR2020"], published=True)
    for _ in range(how_many):
        spoken("ALB")

    with django_assert_num_queries(16):  # 4 of them are the fence
        client.get(ADDRESS)


def test_index_counts_what_each_state_brought(client):
    for iso3 in ("SRB", "CHE"):
        member_state(iso3)
    PracticeFactory(member_states=["ALB", "SRB"], published=True)
    PracticeFactory(member_states=["CHE"])
    PledgeFactory(member_state="SRB", published=True)
    VoluntaryReportFactory(published=True)

    page = client.get("/member-states/")

    [group] = page.context["groups"]
    assert group["name"] == "EUROPE"
    assert [
        (one["iso3"], [cell["count"] for cell in one["cells"]]) for one in group["states"]
    ] == [("ALB", [1, 0, 1]), ("SRB", [1, 1, 0]), ("CHE", [0, 0, 0])]


@pytest.mark.parametrize(
    ("prefix", "order"), [("", ["ALB", "CHE", "TUR"]), ("/ru", ["ALB", "TUR", "CHE"])]
)
def test_index_by_name_follows_the_readers_alphabet(client, prefix, order):
    for iso3, name_ru in (("TUR", "Турция"), ("CHE", "Швейцария"), ("ALB", "Албания")):
        member_state(iso3)
        MemberState.objects.filter(iso3=iso3).update(name_ru=name_ru)

    page = client.get(f"{prefix}/member-states/", {"sort": "name"})

    [group] = page.context["groups"]
    assert [one["iso3"] for one in group["states"]] == order


def test_index_groups_by_sub_region_in_the_order_of_reference_data(client):
    asia = region("ASIA", sort_order=1)
    region("EUROPE", sort_order=2)
    member_state("ALB"), member_state("KGZ")
    MemberState.objects.filter(iso3="KGZ").update(subregion=asia)

    page = client.get("/member-states/")

    assert [
        (group["name"], [one["iso3"] for one in group["states"]])
        for group in page.context["groups"]
    ] == [("ASIA", ["KGZ"]), ("EUROPE", ["ALB"])]


def test_index_refuses_an_order_that_it_does_not_know(client):
    page = client.get("/member-states/", {"sort": "size"})

    assert page.status_code == 400
    assert "sort" in text(page)


def test_index_of_an_empty_database_says_what_comes_next(client):
    page = client.get("/member-states/")

    assert page.status_code == 200
    assert "No Member State is known here yet." in text(page)


@pytest.mark.parametrize("how_many", [1, 4])
def test_index_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, member_states=["ALB", "SRB"], published=True)

    with django_assert_num_queries(6):  # 4 of them are the fence
        client.get("/member-states/")
