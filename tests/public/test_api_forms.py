"""Records of the API in other formats: tables, hashtags, citations, linked data, calendars."""

import json
import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from public.columns import COLUMNS
from public.hashtags import HASHTAGS
from public.models import FOLDERS, database_now
from public.workflow import Status
from tests.browser import public_site
from tests.factories import (
    ExcerptFactory,
    PledgeFactory,
    PracticeFactory,
    RoundtableFactory,
    cycle,
    published,
    published_again,
)
from tests.public.files import codes_of, content_of, rows_of, workbook_of

pytestmark = pytest.mark.django_db

SITTING = {"starts_on": "2024-03-11", "start_time": "10:00", "end_time": "11:15"}


def events(answer) -> list:
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).events


# --- Tables -----------------------------------------------------------------------------------


def test_csv_is_the_whole_list_with_the_columns_of_the_site(client):
    practices = PracticeFactory.create_batch(3, member_states=["ALB"], published=True)
    PracticeFactory(objectives=[2], published=True)

    answer = client.get("/api/v1/practices/?objective=7&sort=oldest&page_size=1&format=csv")
    page = client.get("/practices.csv?objective=7&sort=oldest")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = rows_of(answer)
    assert [row["code"] for row in rows] == [practice.code for practice in practices]
    assert rows == rows_of(page)


def test_csv_can_be_asked_for_by_header_too(client):
    practice = PracticeFactory(published=True)

    answer = client.get("/api/v1/practices/", headers={"Accept": "text/csv"})

    assert codes_of(answer) == [practice.code]
    assert "Accept" in answer["Vary"].split(", ")


def test_csv_has_names_in_the_language_asked_for(client):
    PracticeFactory(published=True)

    [row] = rows_of(client.get("/api/v1/practices/?format=csv&lang=fr"))

    assert row["language_name"] == "anglais"


def test_xlsx_is_the_same_table(client):
    practices = PracticeFactory.create_batch(2, published=True)

    book = workbook_of(client.get("/api/v1/practices/?ordering=code&format=xlsx"))

    rows = list(book["practices"].values)
    assert rows[0] == tuple(column.name for column in COLUMNS["practice"])
    assert [row[0] for row in rows[1:]] == [practice.code for practice in practices]
    assert book.sheetnames == ["practices", "Code book", "Read me"]


def test_xlsx_that_would_be_too_large_is_refused(client, monkeypatch):
    PracticeFactory.create_batch(2, published=True)
    monkeypatch.setattr("public.downloads.MOST_IN_XLSX", 1)

    answer = client.get("/api/v1/practices/?format=xlsx")

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert "Choose CSV" in answer.json()["detail"]


def test_excerpts_have_tables_too(client):
    excerpt = ExcerptFactory(published=True)

    assert codes_of(client.get("/api/v1/excerpts/?format=csv")) == [excerpt.code]


def test_hashtags_stand_below_the_header(client):
    practice = PracticeFactory(member_states=["ALB"], published=True)

    answer = client.get("/api/v1/practices/?format=csv&hxl=1")

    tags, row = rows_of(answer)
    assert (tags["code"], tags["title"], tags["member_states"]) == (
        "#meta+code",
        "#activity+name",
        "#country+code+v_iso3+list",
    )
    assert row["code"] == practice.code
    assert len(rows_of(client.get("/api/v1/practices/?format=csv"))) == 1


def test_every_column_has_a_well_formed_hashtag():
    columns = {column.name for columns in COLUMNS.values() for column in columns}

    assert set(HASHTAGS) == columns
    assert [
        tag for tag in HASHTAGS.values() if not re.fullmatch(r"#[a-z]+(\+[a-z][a-z0-9_]*)*", tag)
    ] == []
    for columns in COLUMNS.values():  # no two columns of a file mean the same
        tags = [HASHTAGS[column.name] for column in columns]
        assert len(tags) == len(set(tags))


# --- Citations, linked data -------------------------------------------------------------------


def test_citations_of_a_page(client):
    practices = PracticeFactory.create_batch(3, published=True)
    first_two = [practice.code for practice in practices[:2]]
    asked = "/api/v1/practices/?ordering=code&page_size=2&format="

    ris, bib, csl = (client.get(f"{asked}{form}") for form in ("ris", "bib", "csl"))

    assert ris["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    assert re.findall(r"^AN  - (.*)\r$", ris.content.decode(), re.MULTILINE) == first_two
    assert ris.content.decode().count("ER  - \r\n") == 2
    assert bib["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert re.findall(r"^@misc\{(.*),$", bib.content.decode(), re.MULTILINE) == first_two
    assert csl["Content-Type"] == "application/vnd.citationstyles.csl+json"
    assert [item["id"] for item in csl.json()] == first_two
    assert 'page=2>; rel="next"' in csl["Link"]


@pytest.mark.parametrize("form", ["ris", "bib"])
def test_citations_of_nothing_are_still_citations(client, form):
    answer = client.get(f"/api/v1/practices/?format={form}")

    assert (answer.status_code, answer.content) == (200, b"\n")
    assert answer["Content-Type"].startswith("application/x-")


@pytest.mark.parametrize(("form", "ending"), [("ris", "ris"), ("bib", "bib"), ("csl", "json")])
def test_citation_of_a_record_is_that_of_its_page(client, form, ending):
    code = PracticeFactory(published=True).code

    answer = client.get(f"/api/v1/practices/{code}/?format={form}")

    assert answer.content == client.get(f"/practices/{code}.{ending}").content


def test_linked_data_of_a_list_and_of_a_record(client):
    practice = PracticeFactory(member_states=["ALB"], published=True)
    page = client.get(f"/practices/{practice.code}/").content.decode()
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    of_page = json.loads(block)

    listed = client.get("/api/v1/practices/?format=jsonld")
    alone = client.get(f"/api/v1/practices/{practice.code}/?format=jsonld")

    assert listed["Content-Type"] == "application/ld+json"
    assert listed.json() == {"@context": of_page.pop("@context"), "@graph": [of_page]}
    assert alone.json() == listed.json()


def test_citations_by_cursor(client):
    practices = PracticeFactory.create_batch(3, published=True)
    seen, address = [], "/api/v1/practices/?ordering=code&cursor=&page_size=2&format=csl"

    while address:
        answer = client.get(address)
        seen += [item["id"] for item in answer.json()]
        address = re.search('<(.*)>; rel="next"', answer.headers.get("Link", ""))
        address = address and address[1]

    assert seen == [practice.code for practice in practices]


def test_what_has_no_page_has_no_citation(client):
    answer = client.get("/api/v1/figures/?format=ris")

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["parameter"]) == (400, "format")
    assert error["allowed"] == ["json", "ndjson", "csv", "xlsx"]


# --- Feeds, calendars -------------------------------------------------------------------------


def test_feed_is_that_of_the_page(client):
    PracticeFactory(published=True)

    answer = client.get("/api/v1/practices/?objective=7&q=newcomers&format=atom&page_size=5")
    feed = client.get(answer["Location"].removeprefix("http://testserver"))

    assert answer.status_code == 302
    assert answer["Location"] == "http://testserver/practices.atom?q=newcomers&objective=7"
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_calendar_of_roundtables(client):
    RoundtableFactory(**SITTING, published=True)
    RoundtableFactory(**SITTING, objectives=[2], published=True)
    RoundtableFactory(**SITTING, objectives=[2])
    undated = RoundtableFactory(published=True)

    listed = events(client.get("/api/v1/roundtables/?objective=2&format=ics"))
    alone = events(client.get("/api/v1/roundtables/RR2024-S1/?format=ics"))

    assert [event["uid"] for event in listed] == ["RR2024-S2@testserver"]
    assert [event["uid"] for event in alone] == ["RR2024-S1@testserver"]
    assert client.get(f"/api/v1/roundtables/{undated.code}/?format=ics").status_code == 404


def test_calendars_of_reviews(client):
    RoundtableFactory(**SITTING, published=True)
    RoundtableFactory(**SITTING)
    cycle("RR2020")

    listed = events(client.get("/api/v1/cycles/?format=ics"))
    alone = events(client.get("/api/v1/cycles/RR2024/?format=ics"))

    assert [event["uid"] for event in listed] == ["RR2020@testserver", "RR2024@testserver"]
    assert [event["uid"] for event in alone] == ["RR2024@testserver", "RR2024-S1@testserver"]


# --- All formats ------------------------------------------------------------------------------


FORMATS = ["json", "ndjson", "csv", "xlsx", "jsonld", "ris", "bib", "csl"]


@pytest.mark.parametrize("format", [*FORMATS, "ics"])
def test_no_format_holds_what_is_not_public(client, format):
    canary = "ZEISIG"
    kinds = [
        (PracticeFactory, "practices", "title"),
        (RoundtableFactory, "roundtables", "title_en"),
    ]
    for factory, folder, name in kinds[format == "ics" :]:
        values = {name: canary} | (SITTING if folder == "roundtables" else {})
        for status in Status:
            if status != Status.PUBLISHED:
                factory(status=status, **values)
        published(factory(**values), at=database_now() + timedelta(days=1))
        again = factory(**values, published=True)
        published_again(again, retract_earlier=True, **{name: "Corrected"})

        answer = client.get(f"/api/v1/{folder}/?format={format}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if format == "xlsx":
            values = workbook_of(client.get(f"/api/v1/{folder}/?format=xlsx"))[folder].values
            content = str(list(values)).encode()

        assert b"Corrected" in content
        assert canary.encode() not in content


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_kind_has_every_format(client, kind):
    public_site.make()

    for format in FORMATS:
        answer = client.get(f"/api/v1/{FOLDERS[kind]}/?format={format}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, len(content) > 200) == (200, True), format


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("format", "queries"), [("csv", 19), ("xlsx", 16), ("jsonld", 12), ("ris", 9), ("csl", 9)]
)
def test_formats_cost_the_same_for_one_and_for_many(
    client, how_many, format, queries, django_assert_num_queries
):
    PledgeFactory.create_batch(how_many, published=True)

    with django_assert_num_queries(queries):  # 4 of them are the fence, 2 the allowance
        answer = client.get(f"/api/v1/pledges/?format={format}")
        if answer.streaming:
            content_of(answer)


@pytest.mark.parametrize("how_many", [1, 4])
def test_calendars_cost_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    RoundtableFactory.create_batch(how_many, **SITTING, published=True)

    with django_assert_num_queries(9):
        client.get("/api/v1/roundtables/?format=ics")


@pytest.mark.parametrize("format", ["jsonld", "ris", "csl"])
def test_unchanged_answers_are_not_sent_again(client, format):
    practice = PracticeFactory(published=True)
    address = f"/api/v1/practices/?format={format}"
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})
    published_again(practice, title="Changed")
    changed = client.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, changed.status_code) == (304, 200)
