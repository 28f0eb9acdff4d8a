"""The page of a roundtable: times at the venue, who speaks, what is asked, what came of it."""

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from public.clock import agenda_times, later, overrun, times_of, zone_of
from public.documents import AgendaItem
from public.models import database_now
from public.publication import withdraw
from tests.factories import (
    AgendaItemFactory,
    DocumentFactory,
    GuidingQuestionFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    StatementFactory,
    cycle,
    objective,
    person,
    published,
    published_again,
    source_document,
)

pytestmark = pytest.mark.django_db

SITTING = {
    "title_en": "Session 1",
    "starts_on": date(2024, 3, 11),
    "start_time": time(10),
    "end_time": time(11, 15),
    "time_zone": "Europe/Zurich",
    "place": "Palais des Nations, Geneva",
}


def published_with_parts(roundtable):
    roundtable.refresh_from_db()  # its parts have moved its version
    return published(roundtable)


def page_of(client, roundtable, **asked):
    return client.get(reverse("public:roundtable", args=[roundtable.code]), asked)


def shown(client, roundtable) -> dict:
    return page_of(client, roundtable).context["roundtable"]


def clock(items) -> list[tuple]:
    return [
        (one["begins"]["clock"], one["ends"]["clock"]) if one["begins"] else None for one in items
    ]


def test_page_tells_times_at_the_venue_and_the_moments_they_are(client):
    roundtable = RoundtableFactory(**SITTING, number=1, objectives=[7], published=True)

    page = page_of(client, roundtable)

    sitting = page.context["roundtable"]
    assert (sitting["first_day"], sitting["last_day"]) == (date(2024, 3, 11), date(2024, 3, 11))
    assert sitting["begins"] == {"clock": "10:00", "moment": "2024-03-11T09:00:00Z"}
    assert sitting["ends"] == {"clock": "11:15", "moment": "2024-03-11T10:15:00Z"}
    assert sitting["zone_words"] == "time in Europe/Zurich, UTC+1"
    assert sitting["calendar_url"] == "/roundtables/RR2024-S1.ics"
    assert '<time datetime="2024-03-11T09:00:00Z">10:00</time>' in page.content.decode()
    assert 'data-zone="Europe/Zurich"' in page.content.decode()


def test_page_without_a_zone_tells_the_clock_only(client):
    roundtable = RoundtableFactory(**{**SITTING, "time_zone": ""}, published=True)

    sitting = shown(client, roundtable)

    assert sitting["begins"] == {"clock": "10:00", "moment": ""}
    assert sitting["zone_words"] == "the source names no time zone"
    assert sitting["zone"] == ""


def test_page_without_a_day_has_no_calendar(client):
    page = page_of(client, RoundtableFactory(published=True))

    assert page.context["roundtable"]["calendar_url"] == ""
    assert "The day is not known." in page.content.decode()


def test_agenda_runs_from_the_beginning_of_the_sitting(client):
    roundtable = RoundtableFactory(**SITTING)
    AgendaItemFactory(roundtable=roundtable, title="Opening", minutes=5)
    AgendaItemFactory(
        roundtable=roundtable, sort_order=2, title="Debate", minutes=75, role="moderator"
    )
    published_with_parts(roundtable)

    sitting = shown(client, roundtable)

    assert clock(sitting["agenda"]) == [("10:00", "10:05"), ("10:05", "11:20")]
    assert [(one["title"], one["role"], one["minutes"]) for one in sitting["agenda"]] == [
        ("Opening", "", 5),
        ("Debate", "Moderator", 75),
    ]
    assert sitting["overrun"] == 5


def test_agenda_without_a_beginning_has_no_times(client):
    roundtable = RoundtableFactory()
    AgendaItemFactory(roundtable=roundtable)
    published_with_parts(roundtable)

    page = page_of(client, roundtable)

    assert clock(page.context["roundtable"]["agenda"]) == [None]
    assert '<th scope="col">Time</th>' not in page.content.decode()


def test_agenda_past_midnight_names_the_day(client):
    night = {"start_time": time(23), "ends_on": date(2024, 3, 12), "end_time": time(0, 45)}
    roundtable = RoundtableFactory(**{**SITTING, **night})
    for place in (1, 2):
        AgendaItemFactory(roundtable=roundtable, sort_order=place, minutes=60)
    published_with_parts(roundtable)

    agenda = shown(client, roundtable)["agenda"]

    assert clock(agenda) == [("23:00", "00:00"), ("00:00", "01:00")]
    assert [item["day"] for item in agenda] == [None, date(2024, 3, 12)]


def test_agenda_of_several_days_has_no_times():
    document = RoundtableFactory(
        **{**SITTING, "ends_on": date(2024, 3, 12), "end_time": time(17)}
    ).document()
    items = [AgendaItem(title="Day one", minutes=600, role="")]

    assert agenda_times(times_of(document), items) == [(None, None)]
    assert overrun(times_of(document), items) == 0


@pytest.mark.parametrize(
    ("day", "first", "second"), [(date(2024, 3, 31), 1, 4), (date(2024, 10, 27), 1, 2)]
)
def test_clock_jumps_when_summer_time_begins_or_ends(day, first, second):
    begins = datetime.combine(day, time(first), zone_of("Europe/Zurich"))

    assert later(begins, 120).hour == second


@pytest.mark.parametrize("name", ["", "Nowhere", "../../etc/passwd", "Europe", "\x00", "x" * 300])
def test_zone_that_is_none_is_none(name):
    assert zone_of(name) is None


def test_page_names_people_with_their_parties(client):
    union = StakeholderFactory(published=True)
    roundtable = RoundtableFactory(**SITTING)
    RoleFactory(roundtable=roundtable, position="Minister", email="ana@gov.example")
    RoleFactory(
        roundtable=roundtable,
        sort_order=2,
        role="panellist",
        person="Bo Li",
        member_state=None,
        stakeholder=union,
    )
    published_with_parts(roundtable)

    page = page_of(client, roundtable)

    assert [
        (one["role"], one["person"], one["position"], one["party"]["name"], one["party"]["url"])
        for one in page.context["roundtable"]["roles"]
    ] == [
        ("Moderator", "Ana Hoxha", "Minister", "Albania", "/member-states/ALB/"),
        ("Panellist", "Bo Li", "", union.title, f"/stakeholders/{union.code}/"),
    ]
    assert "ana@gov.example" not in page.content.decode()


def test_page_shows_questions_and_statements_with_their_objectives(client):
    roundtable = RoundtableFactory(**SITTING, objectives=[7])
    GuidingQuestionFactory(roundtable=roundtable, objectives=[7, 15])
    StatementFactory(
        roundtable=roundtable, language="fr", text="Trois centres.\n\nOuverts.", objectives=[15]
    )
    published_with_parts(roundtable)

    page = page_of(client, roundtable)

    sitting = page.context["roundtable"]
    assert [
        (one["number"], one["text"], [of["number"] for of in one["objectives"]])
        for one in sitting["questions"]
    ] == [(1, "What has worked?", [7, 15])]
    assert [
        (one["party"]["name"], one["language"], [of["number"] for of in one["objectives"]])
        for one in sitting["statements"]
    ] == [("Albania", "fr", [15])]
    assert '<blockquote class="prose" lang="fr"><p>Trois centres.</p>' in page.content.decode()


def test_page_offers_files_with_the_background_note_first(client):
    roundtable = RoundtableFactory(**SITTING)
    DocumentFactory(roundtable=roundtable, kind="annex", title="Annex", name="annex.pdf")
    DocumentFactory(roundtable=roundtable, kind="background_note", title="Note", name="n.pdf")
    published_with_parts(roundtable)

    files = page_of(client, roundtable).context["files"]

    assert [(one["kind"], one["title"], one["url"]) for one in files] == [
        ("Background note", "Note", f"/files/{'0' * 64}/n.pdf"),
        ("Annex", "Annex", f"/files/{'0' * 64}/annex.pdf"),
    ]


def test_page_shows_the_recommendations_of_this_sitting_in_their_order(client):
    roundtable = RoundtableFactory(published=True)
    other = RoundtableFactory(published=True)
    second = RecommendationFactory(roundtable=roundtable, number=2, published=True)
    first = RecommendationFactory(roundtable=roundtable, number=1, published=True)
    RecommendationFactory(roundtable=roundtable, number=3)
    RecommendationFactory(roundtable=other, number=4, published=True)
    RecommendationFactory(number=5, published=True)

    page = page_of(client, roundtable)

    assert [line["code"] for line in page.context["recommendations"]] == [first.code, second.code]


def test_page_finds_the_same_objectives_in_other_reviews_whatever_the_number(client):
    roundtable = RoundtableFactory(number=1, objectives=[7, 15], published=True)
    for code, number, objectives in [
        ("RR2020-RT1", 1, [7]),
        ("RR2020-RT2", 2, [15, 7]),
        ("RR2020-RT3", 3, [7, 15, 16]),
    ]:
        RoundtableFactory(
            code=code, cycle="RR2020", number=number, objectives=objectives, published=True
        )
    RoundtableFactory(number=9, objectives=[7, 15], published=True)  # of the same review

    page = page_of(client, roundtable)

    assert [line["code"] for line in page.context["elsewhere"]] == ["RR2020-RT2"]


def test_page_without_objectives_is_like_no_other(client):
    roundtable = RoundtableFactory(published=True)
    RoundtableFactory(code="RR2020-RT1", cycle="RR2020", published=True)

    assert page_of(client, roundtable).context["elsewhere"] == []


def test_page_leads_to_what_contains_it_and_to_what_comes_before_and_after(client):
    whole = RoundtableFactory(**SITTING, type="consultation", published=True)
    part = RoundtableFactory(**SITTING, part_of=whole, number=1, published=True)
    last = RoundtableFactory(type="closing", starts_on=date(2024, 3, 11), published=True)
    RoundtableFactory(**SITTING)  # not public

    of_whole, of_part = page_of(client, whole).context, page_of(client, part).context

    assert [one["code"] for one in of_whole["parts"]] == [part.code]
    assert (of_whole["whole"], of_whole["previous"]) == (None, None)
    assert of_part["whole"]["code"] == whole.code
    assert (of_part["previous"]["code"], of_part["next"]["code"]) == (whole.code, last.code)


@pytest.mark.parametrize(
    ("prefix", "title", "language"),
    [("", "Session 1", "en"), ("/fr", "Séance 1", "fr"), ("/ru", "Session 1", "en")],
)
def test_page_has_the_title_in_the_readers_language_else_in_english(
    client, prefix, title, language
):
    roundtable = RoundtableFactory(**SITTING, title_fr="Séance 1", published=True)

    page = client.get(f"{prefix}/roundtables/{roundtable.code}/")

    assert f'<h1 lang="{language}">{title}</h1>' in page.content.decode()


def test_page_says_what_is_inferred_and_where_it_comes_from(client):
    roundtable = RoundtableFactory(
        inferred=True, sources=["SR2020"], source_locator="By inference", published=True
    )

    page = page_of(client, roundtable)

    assert "Inferred from context" in page.content.decode()
    assert [one.title for one in page.context["roundtable"]["sources"]] == [
        source_document().title_en
    ]
    assert page.context["roundtable"]["locator"] == "By inference"


def test_page_describes_the_event_for_search_engines(client):
    roundtable = RoundtableFactory(**SITTING, format="hybrid", published=True)

    assert structured(page_of(client, roundtable)) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Session 1",
        "inLanguage": "en",
        "identifier": "RR2024-S1",
        "url": "http://testserver/roundtables/RR2024-S1/",
        "startDate": "2024-03-11T10:00:00+01:00",
        "endDate": "2024-03-11T11:15:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Palais des Nations, Geneva",
            "address": "Palais des Nations, Geneva",
        },
        "superEvent": {
            "@type": "Event",
            "name": "Review of 2024",
            "url": "http://testserver/reviews/RR2024/",
        },
    }


def test_hostile_texts_are_shown_as_texts(client):
    evil = "</script><script>alert('x')</script>&{{ evil }}"
    roundtable = RoundtableFactory(**{**SITTING, "title_en": evil, "place": evil})
    RoleFactory(roundtable=roundtable, person=evil, position=evil)
    AgendaItemFactory(roundtable=roundtable, title=evil)
    GuidingQuestionFactory(roundtable=roundtable, text=evil)
    StatementFactory(roundtable=roundtable, text=evil, speaker=evil)
    DocumentFactory(roundtable=roundtable, title=evil)
    published_with_parts(roundtable)

    page = page_of(client, roundtable)

    assert "<script>alert" not in page.content.decode()
    assert structured(page)["name"] == evil


def structured(page) -> dict:
    [text] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.content.decode(), re.DOTALL
    )
    return json.loads(text)


def test_unpublished_roundtables_answer_like_those_that_do_not_exist(client):
    draft = RoundtableFactory(**SITTING)
    later_on = published(RoundtableFactory(**SITTING), at=database_now() + timedelta(days=1))
    gone = RoundtableFactory(**SITTING, published=True)
    withdraw(gone, by=person("Publisher"), note="Asked for by the party.")

    for roundtable in (draft, later_on, gone):
        assert page_of(client, roundtable).status_code == 404
    assert client.get("/roundtables/RR2099-S1/").status_code == 404


def test_page_shows_a_past_moment_in_all_its_parts(client):
    roundtable = RoundtableFactory(**SITTING, objectives=[7], published=True)
    then = database_now().isoformat()
    published_again(roundtable, title_en="Session one")
    RoundtableFactory(**SITTING, published=True)
    RecommendationFactory(roundtable=roundtable, published=True)

    past, now = page_of(client, roundtable, at=then), page_of(client, roundtable)

    assert [
        (page.context["roundtable"]["title"], len(page.context["recommendations"]))
        for page in (past, now)
    ] == [("Session 1", 0), ("Session one", 1)]
    assert past.context["next"] is None
    assert now.context["next"]["code"] == "RR2024-S2"
    assert "?at=" in past.context["roundtable"]["calendar_url"]
    assert "?at=" in past.context["path"][0]["url"]


def test_staff_see_the_page_before_it_is_public(client, roundtable_officer):
    roundtable = RoundtableFactory(**SITTING)
    AgendaItemFactory(roundtable=roundtable)
    client.force_login(roundtable_officer)

    page = client.get(reverse("admin:preview", args=[type(roundtable), roundtable.pk]))

    assert page.status_code == 200
    assert page.context["roundtable"]["title"] == "Session 1"


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    objective(7)
    cycle("RR2020")
    union = StakeholderFactory(published=True)
    roundtable = RoundtableFactory(**SITTING, objectives=[7], sources=["SR2020"])
    for place in range(1, how_many + 1):
        for party in ({"member_state": "ALB"}, {"member_state": None, "stakeholder": union}):
            order = 2 * place - ("stakeholder" in party)
            RoleFactory(roundtable=roundtable, sort_order=order, **party)
            StatementFactory(roundtable=roundtable, sort_order=order, **party)
        GuidingQuestionFactory(roundtable=roundtable, number=place, objectives=[7])
        AgendaItemFactory(roundtable=roundtable, sort_order=place)
        DocumentFactory(roundtable=roundtable)
    published_with_parts(roundtable)
    RoundtableFactory.create_batch(how_many, **SITTING, published=True)
    for number in range(1, how_many + 1):
        RecommendationFactory(roundtable=roundtable, objectives=[7], published=True)
        RoundtableFactory(
            code=f"RR2020-RT{number}", cycle="RR2020", objectives=[7], published=True
        )

    with django_assert_num_queries(14):  # 4 of them are the fence
        page_of(client, roundtable)
