"""Coverage: every cell is what its list counts, gaps can be seen, and all orders work."""

import csv
import io
import re
import zlib
from itertools import product

import pytest
from django.core.management import call_command

from objectives.models import MemberState
from public.models import PublicRecord, database_now
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    cycle,
    member_state,
    objective,
    region,
)

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def coverage(client, query: str = ""):
    """What the page draws, and its picture."""
    drawn = client.get(f"/coverage/?{query}").context["picture"]
    return drawn.drawing.values, drawn


def cells(values) -> dict:
    """State and objective → number and address, where there is one."""
    return {
        (line["iso3"], cell["number"]): (cell["count"], cell["list_url"])
        for line in values["lines"]
        for cell in line["cells"]
        if cell["count"]
    }


@pytest.fixture
def practices(db):
    """Four practices on two of three objectives in two of three States of two sub-regions."""
    for number in (7, 15, 23):
        objective(number)
    for iso3 in ("ALB", "CHE", "SRB"):
        member_state(iso3)
    west = region("western_europe", name_en="Western Europe", sort_order=5)
    MemberState.objects.filter(iso3="CHE").update(subregion=west)
    cycle("RR2020")
    PracticeFactory(published=True, member_states=["ALB", "SRB"], objectives=[7, 15])
    PracticeFactory(published=True, member_states=["SRB"], objectives=[7], cycle="RR2020")
    PracticeFactory(published=True, member_states=["SRB"], objectives=[7])
    PracticeFactory(published=True, member_states=[], objectives=[15])
    PracticeFactory(member_states=["CHE"], objectives=[23])  # not published


def test_every_cell_counts_what_its_list_counts(client, practices):
    values, _drawn = coverage(client)

    visible = list(PublicRecord.objects.visible().of_kind("practice"))
    plain = {
        pair: count
        for pair in product(("ALB", "CHE", "SRB"), (7, 15, 23))
        if (
            count := sum(
                pair[0] in one.member_states and pair[1] in one.objectives for one in visible
            )
        )
    }
    found = cells(values)
    assert {pair: count for pair, (count, _url) in found.items()} == plain
    assert plain == {("ALB", 7): 1, ("ALB", 15): 1, ("SRB", 7): 3, ("SRB", 15): 1}
    assert found["SRB", 7][1] == "/practices/?objective=7&member_state=SRB"
    assert {
        pair: client.get(url).context["question"].count for pair, (_count, url) in found.items()
    } == plain


def test_totals_count_each_practice_once(client, practices):
    values, drawn = coverage(client)

    assert [(line["iso3"], line["total"], line["url"]) for line in values["lines"]] == [
        ("ALB", 1, "/practices/?member_state=ALB"),
        ("SRB", 3, "/practices/?member_state=SRB"),
        ("CHE", 0, None),
    ]
    assert [(one["number"], one["count"]) for one in values["objectives"]] == [
        (7, 3),
        (15, 2),
        (23, 0),
    ]
    assert (values["total"], values["list_url"]) == ("4", "/practices/")
    assert drawn.description == (
        "2 of 3 Member States have at least one; 4 of 9 pairs of a State and an objective are"
        " covered."
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cycle=RR2020", {("SRB", 7): 1}),
        ("kind=pledge", {("ALB", 15): 1}),
        ("kind=report", {}),
        ("cycle=RR2020&kind=pledge", {}),
        ("objective=15", {("ALB", 7): 1, ("ALB", 15): 1, ("SRB", 7): 1, ("SRB", 15): 1}),
    ],
)
def test_coverage_of_a_kind_and_a_cycle(client, practices, query, expected):
    PledgeFactory(published=True, member_states=["ALB"], objectives=[15])

    values, _drawn = coverage(client, query)

    assert {pair: count for pair, (count, _url) in cells(values).items()} == expected


def test_cells_keep_the_filters_in_their_addresses(client, practices):
    values, _drawn = coverage(client, "cycle=RR2024")

    assert cells(values)["SRB", 7] == (
        2,
        "/practices/?cycle=RR2024&objective=7&member_state=SRB",
    )


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", [("EUROPE", ["ALB", "SRB"]), ("Western Europe", ["CHE"])]),
        ("subregion", [("EUROPE", ["ALB", "SRB"]), ("Western Europe", ["CHE"])]),
        ("name", [("", ["ALB", "SRB", "CHE"])]),
        ("total", [("", ["SRB", "ALB", "CHE"])]),
    ],
)
def test_coverage_stands_in_three_orders(client, practices, sort, expected):
    values, _drawn = coverage(client, f"sort={sort}")

    assert [
        (group["name"], [line["iso3"] for line in group["lines"]]) for group in values["groups"]
    ] == expected


def test_choices_are_links_that_keep_all_else(client, practices):
    page = client.get("/coverage/?cycle=RR2020&sort=total&level=national")

    assert [
        (choice["label"], [(one["url"], one["current"]) for one in choice["options"]])
        for choice in page.context["choices"]
    ] == [
        (
            "Show",
            [
                ("/coverage/?cycle=RR2020&sort=total&level=national", True),
                ("/coverage/?cycle=RR2020&sort=total&level=national&kind=pledge", False),
                ("/coverage/?cycle=RR2020&sort=total&level=national&kind=report", False),
            ],
        ),
        (
            "Review cycle",
            [
                ("/coverage/?sort=total&level=national", False),
                ("/coverage/?sort=total&level=national&cycle=RR2020", True),
                ("/coverage/?sort=total&level=national&cycle=RR2024", False),
            ],
        ),
        (
            "Order",
            [
                ("/coverage/?cycle=RR2020&level=national", False),
                ("/coverage/?cycle=RR2020&level=national&sort=name", False),
                ("/coverage/?cycle=RR2020&level=national&sort=total", True),
            ],
        ),
    ]


def test_list_says_what_each_state_has_nothing_on(client, practices):
    page = " ".join(re.sub(r"<[^>]+>", " ", text(client.get("/coverage/"))).split())

    assert "Nothing on 1 objective: 23" in page  # Albania, Serbia
    assert "Nothing on any objective" in page  # Switzerland


def test_coverage_as_a_file_has_states_and_totals(client, practices):
    page = text(client.get("/coverage/?cycle=RR2024&sort=total"))
    address = "/pictures/coverage.csv?kind=practice&cycle=RR2024&sort=total"

    assert address.replace("&", "&amp;") in page
    lines = csv.reader(io.StringIO(text(client.get(address)).removeprefix("\ufeff")))
    assert list(lines) == [
        ["iso3", "Member State", "7", "15", "23", "Total"],
        ["SRB", "Serbia", "2", "1", "0", "2"],
        ["ALB", "Albania", "1", "1", "0", "1"],
        ["CHE", "Switzerland", "0", "0", "0", "0"],
        ["", "Total", "2", "2", "0", "3"],
    ]


def test_coverage_shows_a_past_moment(client, practices):
    then = database_now().isoformat().replace("+", "%2B")
    PracticeFactory(published=True, member_states=["CHE"], objectives=[23])

    now, _drawn = coverage(client)
    past, drawn = coverage(client, f"at={then}")

    assert cells(now)["CHE", 23] == (1, "/practices/?objective=23&member_state=CHE")
    assert ("CHE", 23) not in cells(past)
    assert f"at={then.replace(':', '%3A')}" in cells(past)["SRB", 7][1]
    assert "at=" in drawn.query


@pytest.mark.parametrize(
    "query", ["kind=recommendation", "kind=x", "sort=x", "cycle=x", "objective=99", "at=x"]
)
def test_coverage_refuses_what_it_does_not_know(client, practices, query):
    assert client.get(f"/coverage/?{query}").status_code == 400


def test_coverage_of_an_empty_database(client):
    page = client.get("/coverage/")

    assert page.status_code == 200
    assert "0 of 0 Member States have at least one" in text(page)


@pytest.mark.parametrize("how_many", [1, 4])
def test_coverage_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, published=True, member_states=["ALB", "SRB"])

    with django_assert_num_queries(10):  # 4 of them are the fence
        client.get("/coverage/")


def test_coverage_of_the_whole_region_is_light(client):
    """Every cell is full: no page of it can be heavier."""
    call_command("load_reference_data", verbosity=0)
    PracticeFactory(
        published=True,
        member_states=list(MemberState.objects.all()),
        objectives=list(range(1, 24)),
    )

    page = client.get("/coverage/")

    assert len(zlib.compress(page.content)) < 60_000
