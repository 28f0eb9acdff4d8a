"""My list: an address that names records, and nothing that is kept."""

import pytest

from public.views import my_list
from public.workflow import Status
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    published_again,
    take,
)
from tests.public.files import rows_of

pytestmark = pytest.mark.django_db


def asked(*records) -> str:
    return "&".join(f"record={record.kind}:{record.code}" for record in records)


def test_list_shows_the_records_of_its_address_in_its_order(client):
    practice = PracticeFactory(published=True)
    pledge = PledgeFactory(published=True)

    page = client.get(f"/my-list/?{asked(pledge, practice, pledge)}")

    assert [line["code"] for line in page.context["records"]] == [pledge.code, practice.code]
    assert [line["remove_url"] for line in page.context["records"]] == [
        f"/my-list/?{asked(practice)}",
        f"/my-list/?{asked(pledge)}",
    ]
    assert [line["permanent_url"] for line in page.context["records"]] == [
        f"http://testserver/pledges/{pledge.code}/",
        f"http://testserver/practices/{practice.code}/",
    ]
    assert page.context["address"] == f"http://testserver/my-list/?{asked(pledge, practice)}"


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_list_says_of_what_is_not_public_nothing_but_its_code(client, status):
    hidden = PracticeFactory(status=status, title="ZEISIG")

    page = client.get(f"/my-list/?{asked(hidden)}&record=practice:P-9999")

    assert page.status_code == 200
    assert page.context["hidden"] == [hidden.code, "P-9999"]
    assert page.context["records"] == []
    assert "ZEISIG" not in page.content.decode()


@pytest.mark.parametrize(
    "value",
    ["P-0001", "figure:x", "practice:", "practice:a b", "x" * 500, "practice:é", ":", "<b>"],
)
def test_list_leaves_out_what_names_no_record_and_says_so(client, value):
    page = client.get("/my-list/", {"record": value})

    assert page.status_code == 200
    assert page.context["unreadable"] == [value]
    assert "names no record and was left out" in page.content.decode()


def test_list_has_an_end(client):
    codes = [f"practice:P-{number:04}" for number in range(my_list.MOST + 1)]

    assert client.get("/my-list/", {"record": codes[1:]}).status_code == 200
    refused = client.get("/my-list/", {"record": codes})
    assert refused.status_code == 400
    assert "A list holds 200 records, and this address names 201." in refused.content.decode()


def test_empty_list_says_how_to_make_one(client):
    page = client.get("/my-list/").content.decode()

    assert "data-my-list-empty" in page
    assert "?record=practice:P-0001&amp;record=pledge:PL-0001" in page


def test_list_of_the_past_stays_in_the_past(client):
    practice = PracticeFactory(published=True)

    page = client.get(f"/my-list/?{asked(practice)}&at=2024-03-11")

    assert page.context["hidden"] == [practice.code]


def test_list_as_csv_mixes_kinds_in_the_same_columns(client):
    stakeholder = StakeholderFactory(published=True)
    practice = PracticeFactory(stakeholder=stakeholder, member_states=["ALB"], published=True)
    recommendation = RecommendationFactory(text="Count who is missing.", published=True)
    report = VoluntaryReportFactory(published=True)
    hidden = PledgeFactory()

    rows = rows_of(
        client.get(f"/my-list.csv?{asked(recommendation, practice, report, stakeholder, hidden)}")
    )

    assert [(row["kind"], row["code"], row["title"]) for row in rows] == [
        ("practice", practice.code, practice.title),
        ("recommendation", recommendation.code, "Count who is missing."),
        ("report", report.code, report.title),
        ("stakeholder", stakeholder.code, stakeholder.title),
    ]
    assert (rows[0]["party_name"], rows[0]["member_state_names"]) == (
        stakeholder.title,
        "Albania",
    )


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(("path", "queries"), [("/my-list/", 9), ("/my-list.csv", 13)])
def test_list_costs_the_same_for_one_and_for_many(
    client, how_many, path, queries, django_assert_num_queries
):
    records = PracticeFactory.create_batch(how_many, member_states=["ALB"], published=True)

    with django_assert_num_queries(queries):
        answer = client.get(f"{path}?{asked(*records)}")
        if answer.streaming:
            list(answer.streaming_content)


def test_list_shows_the_edition_that_is_public(client):
    practice = PracticeFactory(title="Before", published=True)
    take("revise", practice)
    page = client.get(f"/my-list/?{asked(practice)}")
    assert [line["title"] for line in page.context["records"]] == ["Before"]


def test_corrected_record_stays_on_the_list(client):
    practice = PracticeFactory(title="Before", published=True)
    published_again(practice, title="After", retract_earlier=True)

    page = client.get(f"/my-list/?{asked(practice)}")

    assert [line["title"] for line in page.context["records"]] == ["After"]
