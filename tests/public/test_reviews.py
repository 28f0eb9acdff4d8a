"""Reviews and forums: all of them, one with its programme, and who has submitted."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from objectives.models import Region, ReviewCycle
from public.cycles import call_for_inputs, is_open
from public.models import database_now
from public.publication import withdraw
from tests.factories import (
    DocumentFactory,
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    person,
    published,
    published_again,
    region,
    source_document,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 11)


def changed(review: ReviewCycle, **values) -> ReviewCycle:
    for name, value in values.items():
        setattr(review, name, value)
    review.save()
    return review


def text(page) -> str:
    return page.content.decode()


# --- All reviews ----------------------------------------------------------------------------


def test_index_shows_reviews_in_order_of_time_with_what_each_has_brought(client):
    changed(cycle("IMRF2022"), starts_on=None, ends_on=None)
    cycle("RR2020")
    PracticeFactory.create_batch(2, cycle="RR2020", published=True)
    VoluntaryReportFactory(published=True)
    PledgeFactory(published=True)
    RoundtableFactory(published=True)
    PracticeFactory(cycle="RR2020")

    page = client.get("/reviews/")

    assert [
        (one["code"], one["state"], [count["text"] for count in one["counts"]])
        for one in page.context["cycles"]
    ] == [
        ("RR2020", "past", ["2 practices"]),
        ("IMRF2022", "past", []),
        ("RR2024", "current", ["1 report", "1 pledge", "1 roundtable"]),
    ]
    assert page.context["cycles"][0]["counts"][0]["url"] == "/practices/?cycle=RR2020"
    assert page.context["next"] is None


def test_index_says_what_is_next(client):
    cycle("RR2024")
    this_year = database_now().year
    coming = ReviewCycle.objects.create(
        code=f"IMRF{this_year}", kind="imrf", year=this_year, name_en="The next forum"
    )
    ReviewCycle.objects.create(
        code=f"RR{this_year + 2}", kind="regional_review", year=this_year + 2, name_en="Later"
    )

    page = client.get("/reviews/")

    assert page.context["next"]["code"] == coming.code
    assert f"in {this_year}; the days are not set yet" in text(page)


def test_index_names_open_calls_for_inputs(client):
    today = database_now().date()
    changed(cycle("RR2020"), inputs_open_on=date(2020, 1, 1), inputs_close_on=date(2020, 2, 1))
    changed(cycle("RR2024"), inputs_open_on=today, inputs_close_on=today + timedelta(days=1))

    page = client.get("/reviews/")

    assert [one["code"] for one in page.context["calls"]] == ["RR2024"]


def test_index_of_an_empty_database_says_what_comes_next(client):
    page = client.get("/reviews/")

    assert page.status_code == 200
    assert "No review has been entered yet." in text(page)


def test_index_keeps_the_past_moment(client):
    PracticeFactory(published=True)
    before = (database_now() - timedelta(days=1)).date().isoformat()

    page = client.get("/reviews/", {"at": before})

    [review] = page.context["cycles"]
    assert (review["counts"], review["url"]) == ([], f"/reviews/RR2024/?at={before}")


@pytest.mark.parametrize("how_many", [1, 4])
def test_index_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    for code in ["RR2020", "IMRF2022", "RR2024"][:how_many]:
        PracticeFactory.create_batch(how_many, cycle=cycle(code), published=True)

    with django_assert_num_queries(6):  # 4 of them are the fence
        client.get("/reviews/")


# --- One review -----------------------------------------------------------------------------


def test_page_tells_the_facts_of_a_review(client):
    review = changed(
        cycle("RR2020"),
        place="Geneva",
        host="UNECE",
        format="virtual",
        languages=["en", "ru"],
        preparation_starts_on=date(2020, 11, 9),
        inputs_open_on=date(2020, 9, 1),
        inputs_close_on=date(2020, 10, 15),
        attendance_min=133,
        attendance_max=159,
        facts="First review.",
        source_locator="Section 1",
    )
    review.sources.add(source_document())

    page = client.get("/reviews/RR2020/")

    shown = page.context["cycle"]
    assert [shown[name] for name in ("place", "host", "format", "facts", "locator")] == [
        "Geneva",
        "UNECE",
        "Online",
        "First review.",
        "Section 1",
    ]
    assert shown["languages"] == ["English", "Russian"]
    assert shown["call"] == ("closed; it was open 1 September – 15 October 2020")
    assert shown["attendance"] == [133, 159]
    assert shown["sources"] == [source_document()]
    assert "12–13 November 2020" in text(page)


def test_page_of_a_review_without_records_says_so_plainly(client):
    cycle("IMRF2022")

    page = client.get("/reviews/IMRF2022/")

    assert page.status_code == 200
    assert (page.context["counts"], page.context["days"]) == ([], [])
    assert "Nothing has been published for this review yet." in text(page)


@pytest.mark.parametrize("address", ["/reviews/RR2099/", "/reviews/rr2024/"])
@pytest.mark.parametrize("part", ["", "submissions/"])
def test_page_of_an_unknown_review_is_not_found(client, address, part):
    cycle("RR2024")

    assert client.get(f"{address}{part}").status_code == 404


def test_page_counts_what_was_brought_with_rule_and_list(client):
    PracticeFactory.create_batch(2, published=True)
    PracticeFactory(cycle="RR2020", published=True)
    withdraw(PledgeFactory(published=True), by=person("Publisher"), note="By mistake.")

    page = client.get("/reviews/RR2024/")

    assert page.context["counts"] == [
        {
            "value": 2,
            "label": "Practices",
            "rule": "Each counted once, whatever it touches.",
            "url": "/practices/?cycle=RR2024",
        }
    ]


def test_programme_is_in_order_of_time_day_by_day_with_parts(client):
    changed(cycle(), preparation_starts_on=date(2024, 3, 9))

    def sitting(code, **values):
        return RoundtableFactory(code=f"RR2024-{code}", published=True, **values)

    at = {"starts_on": DAY, "time_zone": "Europe/Zurich"}
    sitting("CLOSE", type="closing", starts_on=DAY)
    sitting("S4", number=4, start_time=time(16, 15), end_time=time(17, 30), **at)
    sitting("S2", number=2, starts_on=DAY)
    sitting("LUNCH", type="side_event", start_time=time(13), end_time=time(14), **at)
    sitting("S1", number=1, start_time=time(10), end_time=time(11, 15), **at)
    sitting("OPEN", type="opening", starts_on=DAY)
    sitting("X", number=9)
    whole = sitting("MSC", type="consultation", starts_on=date(2024, 3, 9))
    sitting("MSC2", number=2, part_of=whole)
    sitting("MSC1", number=1, part_of=whole)

    days = client.get("/reviews/RR2024/").context["days"]

    assert [
        (day["first_day"], day["zone_words"], [one["code"][7:] for one in day["sittings"]])
        for day in days
    ] == [
        (date(2024, 3, 9), "", ["MSC", "MSC1", "MSC2"]),
        (
            DAY,
            "time in Europe/Zurich, UTC+1",
            ["OPEN", "S1", "S2", "LUNCH", "S4", "CLOSE"],
        ),
        (None, "", ["X"]),
    ]
    assert [one["depth"] for one in days[0]["sittings"]] == [0, 1, 1]


def test_programme_shows_each_sitting_once_even_if_each_is_part_of_the_other(client):
    first = RoundtableFactory(published=True)
    second = RoundtableFactory(part_of=first, published=True)
    published_again(first, part_of=second)

    [day] = client.get("/reviews/RR2024/").context["days"]

    assert [one["code"] for one in day["sittings"]] == [first.code, second.code]


def test_programme_tells_the_zone_at_each_sitting_where_a_day_has_two(client):
    for hour, zone in ((10, "Europe/Zurich"), (12, "Asia/Bishkek")):
        RoundtableFactory(
            starts_on=DAY,
            start_time=time(hour),
            end_time=time(hour + 1),
            time_zone=zone,
            published=True,
        )

    page = client.get("/reviews/RR2024/")

    [day] = page.context["days"]
    assert day["zone_words"] == ""
    assert "(time in Asia/Bishkek, UTC+6)" in text(page)


def test_page_shows_recommendations_and_documents(client):
    roundtable = RoundtableFactory()
    DocumentFactory(roundtable=roundtable, title="Background note")
    roundtable.refresh_from_db()
    published(roundtable)
    RecommendationFactory(roundtable=roundtable, number=1, published=True)
    general = RecommendationFactory.create_batch(7, published=True)

    page = client.get("/reviews/RR2024/")

    assert [one["code"] for one in page.context["recommendations"]] == [
        one.code for one in general[:6]
    ]
    assert page.context["recommendation_count"] == 8
    assert "All 8 recommendations" in text(page)
    [document] = page.context["documents"]
    assert [file["title"] for file in document["files"]] == ["Background note"]


def test_page_shows_nothing_unpublished_and_nothing_later_than_its_moment(client):
    RoundtableFactory()
    published(RoundtableFactory(), at=database_now() + timedelta(days=1))
    RecommendationFactory()
    VoluntaryReportFactory()
    PracticeFactory()
    then = database_now().isoformat()
    now = client.get("/reviews/RR2024/")
    RoundtableFactory(published=True)

    for page in (now, client.get("/reviews/RR2024/", {"at": then})):
        seen = [page.context[name] for name in ("counts", "days", "recommendations", "submitted")]
        assert seen == [[], [], [], 0]


def test_page_leads_to_the_reviews_before_and_after(client):
    for code in ("RR2020", "IMRF2022", "RR2024"):
        cycle(code)

    page = client.get("/reviews/IMRF2022/")

    around = [page.context[name]["code"] for name in ("previous", "next")]
    assert around == ["RR2020", "RR2024"]


def test_hostile_facts_are_shown_as_texts(client):
    changed(cycle(), facts="<script>alert(1)</script>", place="<b>x</b>", name_en="<i>y</i>")

    for address in ("/reviews/", "/reviews/RR2024/", "/reviews/RR2024/submissions/"):
        page = text(client.get(address))
        assert "<script>alert" not in page
        assert "<b>x" not in page
        assert "<i>y" not in page


@pytest.mark.parametrize(
    ("opens", "closes", "today", "words", "open_now"),
    [
        (None, None, DAY, "", False),
        (date(2024, 3, 12), None, DAY, "opens on 12 March 2024", False),
        (
            date(2024, 3, 12),
            date(2024, 4, 1),
            DAY,
            "opens on 12 March 2024, until 1 April 2024",
            False,
        ),
        (date(2024, 3, 11), date(2024, 3, 11), DAY, "open until 11 March 2024", True),
        (None, date(2024, 3, 10), DAY, "closed on 10 March 2024", False),
        (date(2024, 3, 1), None, DAY, "open since 1 March 2024", True),
    ],
)
def test_call_for_inputs_in_words(opens, closes, today, words, open_now):
    review = ReviewCycle(inputs_open_on=opens, inputs_close_on=closes)

    assert (call_for_inputs(review, today), is_open(review, today)) == (words, open_now)


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    for number in range(1, how_many + 1):
        union = StakeholderFactory(published=True)
        VoluntaryReportFactory(
            code=f"VR-2024-{union.code}", member_state=None, stakeholder=union, published=True
        )
        roundtable = RoundtableFactory(starts_on=DAY, objectives=[7])
        DocumentFactory(roundtable=roundtable)
        roundtable.refresh_from_db()
        published(roundtable)
        RecommendationFactory(number=number, objectives=[7], published=True)

    with django_assert_num_queries(15):  # 4 of them are the fence
        client.get("/reviews/RR2024/")


# --- Who has submitted ----------------------------------------------------------------------


def submissions(client, code="RR2024", **asked):
    return client.get(reverse("public:submissions", args=[code]), asked)


def test_tracker_tells_who_has_submitted_and_who_has_not(client):
    for iso3 in ("CHE", "KGZ"):
        member_state(iso3)
    report = VoluntaryReportFactory(
        code="VR-2024-SRB", member_state="SRB", submitted_on=date(2024, 2, 1), language="fr"
    )
    SubmissionFileFactory(report=report, language="ru", kind="report")
    report.refresh_from_db()
    published(report)
    VoluntaryReportFactory(
        code="VR-2024-ALB", evidence="reporting_verb", title="Albania", published=True
    )
    VoluntaryReportFactory(
        code="VR-2024-KGZ-2", member_state="KGZ", type="statement", published=True
    )
    VoluntaryReportFactory(code="VR-2024-CHE", member_state="CHE")
    cycle("RR2020")
    VoluntaryReportFactory(code="VR-2020-CHE", member_state="CHE", cycle="RR2020", published=True)

    page = submissions(client)

    assert [
        (
            line["name"],
            line["url"],
            [
                (one["submitted_on"], one["languages"], one["evidence"], one["received"])
                for one in line["reports"]
            ],
        )
        for line in page.context["submitted"]
    ] == [
        (
            "Albania",
            "/member-states/ALB/",
            [(None, [], "A source says that the party reported", False)],
        ),
        (
            "Serbia",
            "/member-states/SRB/",
            [(date(2024, 2, 1), ["Russian"], "Received by the secretariat", True)],
        ),
    ]
    assert [
        (line["name"], [one["type"] for one in line["reports"]])
        for line in page.context["missing"]
    ] == [("Kyrgyzstan", ["Statement"]), ("Switzerland", [])]


def test_tracker_asks_the_states_of_the_region_only_and_not_retired_ones(client):
    unece = Region.objects.create(code="UNECE", kind="commission", name_en="UNECE")
    for iso3 in ("ALB", "SRB", "TUR"):
        member_state(iso3).regions.add(unece)
    member_state("KGZ")
    turkiye = member_state("TUR")
    turkiye.retired_on = DAY
    turkiye.save()
    changed(cycle(), region=unece)
    cycle("IMRF2022")

    regional, forum = submissions(client), submissions(client, "IMRF2022")

    assert [[line["iso3"] for line in page.context["missing"]] for page in (regional, forum)] == [
        ["ALB", "SRB"],
        ["ALB", "KGZ", "SRB"],
    ]


def test_tracker_lists_stakeholders_after_states(client):
    union = StakeholderFactory(published=True)
    VoluntaryReportFactory(
        code=f"VR-2024-{union.code}",
        type="stakeholder_report",
        member_state=None,
        stakeholder=union,
        published=True,
    )

    page = submissions(client)

    assert [
        (line["name"], line["url"], len(line["reports"])) for line in page.context["stakeholders"]
    ] == [(union.title, f"/stakeholders/{union.code}/", 1)]
    assert page.context["submitted"] == []


def test_tracker_sets_its_count_beside_that_of_the_source(client):
    changed(cycle(), member_state_reports=28)
    VoluntaryReportFactory(published=True)

    page = submissions(client)

    assert [one["value"] for one in page.context["counts"]] == [1, 28, 0]
    assert "The numbers differ" in text(page)


def test_tracker_filters_by_subregion(client):
    member_state("ALB")
    kyrgyzstan = member_state("KGZ")
    kyrgyzstan.subregion = region("central_asia")
    kyrgyzstan.save()
    cycle()

    page = submissions(client, subregion="central_asia")
    both = submissions(client, subregion=["central_asia", "EUROPE"])

    assert [line["iso3"] for line in page.context["missing"]] == ["KGZ"]
    assert [line["iso3"] for line in both.context["missing"]] == ["ALB", "KGZ"]
    assert [
        (one["name"], one["count"], one["url"], one["current"])
        for one in page.context["subregions"]
    ] == [
        ("EUROPE", 1, "/reviews/RR2024/submissions/?subregion=EUROPE", False),
        ("central_asia", 1, "/reviews/RR2024/submissions/?subregion=central_asia", True),
    ]


@pytest.mark.parametrize("asked", ["nowhere", "<script>", "\x00", "9" * 400])
def test_tracker_refuses_an_unknown_subregion(client, asked):
    cycle()

    assert submissions(client, subregion=asked).status_code == 400


def test_tracker_says_yet_while_the_review_is_to_come(client):
    today = database_now().date()
    member_state()
    changed(cycle(), inputs_open_on=today, inputs_close_on=today)

    assert "1 Member State has not submitted yet" in text(submissions(client))
    cycle("RR2020")
    assert "1 Member State has not submitted<" in text(submissions(client, "RR2020"))


def test_tracker_shows_a_past_moment(client):
    then = database_now().isoformat()
    VoluntaryReportFactory(published=True)

    page = submissions(client, at=then)

    assert [line["iso3"] for line in page.context["missing"]] == ["ALB"]
    assert "?at=" in page.context["missing"][0]["url"]


@pytest.mark.parametrize("how_many", [1, 4])
def test_tracker_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    for iso3 in ["ALB", "SRB", "KGZ", "CHE"][:how_many]:
        VoluntaryReportFactory(code=f"VR-2024-{iso3}", member_state=iso3, published=True)
        union = StakeholderFactory(published=True)
        VoluntaryReportFactory(
            code=f"VR-2024-{union.code}", member_state=None, stakeholder=union, published=True
        )

    with django_assert_num_queries(9):  # 4 of them are the fence
        submissions(client)
