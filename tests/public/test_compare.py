"""States side by side: numbers, differences in words, and what cannot be compared."""

import csv
import io

import pytest

from public.models import database_now
from public.words import Stage
from public.workflow import Status
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
)

pytestmark = pytest.mark.django_db

TWO = "/compare/?state=ALB&state=SRB"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def brought():
    """Albania and Serbia share objective 7; 8 and 9 are of one each; 15 of nobody."""
    for iso3 in ("ALB", "SRB", "CHE", "KGZ", "TUR"):
        member_state(iso3)
    objective(15), cycle("RR2020")
    PracticeFactory(objectives=[7, 8], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[7], member_states=["ALB"], cycle="RR2020", published=True)
    PracticeFactory(objectives=[7, 9], member_states=["SRB"], published=True)
    PracticeFactory(objectives=[15], member_states=["ALB"], status=Status.APPROVED)
    PledgeFactory(objectives=[7], stage=Stage.FULFILLED, published=True)
    VoluntaryReportFactory(code="VR-2024-SRB", member_state="SRB", published=True)


def test_two_states_side_by_side(client, brought):
    page = client.get(TWO)

    assert page.status_code == 200
    assert page.context["title"] == "Albania and Serbia, side by side"
    assert [
        (row["name"], [cell["count"] for cell in row["cells"]], row["remark"])
        for row in page.context["kinds"]
    ] == [
        ("Practices", [2, 1], "most: Albania"),
        ("Pledges", [1, 0], "only Albania"),
        ("Pledges: fulfilled", [1, 0], "only Albania"),
        ("Reports", [0, 1], "only Serbia"),
        ("Roundtables", [0, 0], "nothing published"),
    ]
    assert [
        (
            row["objective"]["number"],
            [[part["text"] for part in cell["parts"]] for cell in row["cells"]],
            row["remark"],
        )
        for row in page.context["objectives"]
    ] == [
        (7, [["2 practices", "1 pledge"], ["1 practice"]], "most: Albania"),
        (8, [["1 practice"], []], "only Albania"),
        (9, [[], ["1 practice"]], "only Serbia"),
        (15, [[], []], "nothing published"),
    ]
    assert page.context["objectives"][0]["cells"][0]["parts"][1]["url"] == (
        "/pledges/?member_state=ALB&objective=7"
    )


def test_one_state_in_two_reviews(client, brought):
    page = client.get("/compare/?state=ALB&cycle=RR2020&cycle=RR2024")

    assert page.context["title"] == "Albania: Regional review 2020 and Regional review 2024"
    assert [
        (row["objective"]["number"], [cell["count"] for cell in row["cells"]], row["remark"])
        for row in page.context["objectives"]
    ] == [
        (7, [1, 2], "most: Regional review 2024"),
        (8, [0, 1], "only Regional review 2024"),
        (9, [0, 0], "nothing published"),
        (15, [0, 0], "nothing published"),
    ]
    assert page.context["objectives"][0]["cells"][0]["parts"][0]["url"] == (
        "/practices/?member_state=ALB&cycle=RR2020&objective=7"
    )


def test_comparison_says_what_is_equal(client):
    PracticeFactory(member_states=["ALB", "SRB"], published=True)

    [row] = client.get(TWO).context["objectives"]

    assert row["remark"] == "equal"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("state=ALB&state=XXX", "“XXX” is no State that we know"),
        ("state=alb&state=SRB", "“alb” is no State that we know"),
        ("state=ALB&cycle=RR1999&cycle=RR2020", "“RR1999” is no review that we know"),
        ("state=ALB&state=SRB&state=CHE&state=KGZ&state=TUR", "At most 4 columns"),
        ("state=ALB&state=SRB&cycle=RR2020", "not both at once"),
        ("state=ALB&state=SRB&as=pdf", "“as” is “csv”"),
        ("state=ALB&state=%00", "is no State that we know"),
        ("state=ALB&state=SRB&at=tomorrow", "“at” is a day"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(client, brought, query, reason):
    page = client.get(f"/compare/?{query}")

    assert page.status_code == 400
    assert reason in text(page)


@pytest.mark.parametrize(
    ("query", "chosen", "incomplete"),
    [
        ("", ["", "", "", ""], False),
        ("?state=&state=", ["", "", "", ""], False),
        ("?state=SRB", ["SRB", "", "", ""], True),
        ("?state=SRB&state=SRB&cycle=RR2020", ["SRB", "", "", ""], True),
        ("?cycle=RR2020", ["", "", "", ""], True),
    ],
)
def test_what_is_not_enough_to_compare_leads_to_the_form(
    client, brought, query, chosen, incomplete
):
    page = client.get(f"/compare/{query}")

    assert page.status_code == 200
    assert page.context["chosen_states"] == chosen
    assert page.context["incomplete"] is incomplete
    assert [one["iso3"] for one in page.context["states"]] == ["ALB", "KGZ", "SRB", "CHE", "TUR"]


def test_form_gives_examples_of_the_states_with_most_practices(client, brought):
    assert [(one["name"], one["url"]) for one in client.get("/compare/").context["examples"]] == [
        ("Albania and Serbia, side by side", "/compare/?state=ALB&state=SRB"),
        (
            "Albania: Regional review 2020 and Regional review 2024",
            "/compare/?state=ALB&cycle=RR2020&cycle=RR2024",
        ),
    ]


def test_form_of_an_empty_database(client):
    page = client.get("/compare/")

    assert page.status_code == 200
    assert page.context["examples"] == []


def test_comparison_of_the_past_keeps_its_moment(client):
    member_state("SRB")
    PracticeFactory(member_states=["ALB"], published=True)
    then = database_now().isoformat()
    PracticeFactory(member_states=["ALB"], published=True)

    page = client.get(TWO, {"at": then, "state": ["ALB", "SRB"]})

    assert page.context["kinds"][0]["cells"][0]["count"] == 1
    assert "at=2" in page.context["kinds"][0]["cells"][0]["url"]
    assert f'name="at" value="{then}"' in text(page)


def test_comparison_as_csv_says_the_same(client, brought):
    answer = client.get(f"{TWO}&as=csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="compare-ALB-SRB.csv"'
    assert rows[:9] == [
        ["objective", "kind", "stage", "ALB", "SRB"],
        ["", "practice", "", "2", "1"],
        ["", "pledge", "", "1", "0"],
        ["", "report", "", "0", "1"],
        ["", "roundtable", "", "0", "0"],
        ["", "pledge", "planned", "0", "0"],
        ["", "pledge", "in_progress", "0", "0"],
        ["", "pledge", "fulfilled", "1", "0"],
        ["", "pledge", "discontinued", "0", "0"],
    ]
    assert rows[9:12] == [
        ["7", "practice", "", "2", "1"],
        ["7", "pledge", "", "1", "0"],
        ["7", "report", "", "0", "0"],
    ]
    assert len(rows) == 9 + 4 * 3


@pytest.mark.parametrize("how_many", [1, 4])
def test_comparison_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, member_states=["ALB", "SRB"], published=True)

    with django_assert_num_queries(12):  # 4 of them are the fence, 2 are for each column
        client.get(TWO)
