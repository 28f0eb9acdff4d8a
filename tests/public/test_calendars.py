"""Calendars, read back with the library that other programs read them with."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404, QueryDict
from django.utils import translation
from icalendar import Calendar

from public import calendars
from public.lists import Question
from public.models import Edition, PublicRecord, Tombstone, database_now
from public.moments import Moment
from public.names import Names
from public.publication import withdraw
from public.views import roundtable as page_of_roundtable
from tests.factories import RoundtableFactory, cycle, objective, person, published, published_again

pytestmark = pytest.mark.django_db

ZURICH = ZoneInfo("Europe/Zurich")
SITTING = {
    "title_en": "Drivers and vulnerabilities",
    "starts_on": date(2024, 3, 11),
    "start_time": time(10),
    "end_time": time(11, 15),
    "time_zone": "Europe/Zurich",
    "place": "Palais des Nations, Geneva",
}


@pytest.fixture
def ask(rf):
    """A request as the fence hands it to views."""

    def make(path="/", at=""):
        request = rf.get(path, {"at": at} if at else {})
        request.moment = database_now()
        return request

    return make


def calendar_of(request) -> Calendar:
    """All public roundtables as a calendar."""
    moment = Moment(request)
    question = Question("roundtable", QueryDict(), moment, Names(moment))
    written = calendars.of_list(
        question.ordered, question.filters, question.names, request, moment.at
    )
    return Calendar.from_ical(written)


def said(event) -> dict:
    """What an event says, as Python's values."""
    return {name.lower(): event.decoded(name) for name in event}


def test_roundtable_is_an_event_at_its_venue(ask):
    objective(7)
    roundtable = RoundtableFactory(**SITTING, objectives=[7], published=True)
    edition = Edition.objects.get()

    calendar = calendar_of(ask())

    [event] = calendar.events
    published_at = edition.visible.lower.astimezone(UTC).replace(microsecond=0)
    assert said(event) == {
        "uid": "RR2024-S1@testserver",
        "dtstamp": published_at,
        "created": published_at,
        "last-modified": published_at,
        "sequence": int(published_at.timestamp()) // 60,
        "summary": "Drivers and vulnerabilities – Regional review 2024",
        "dtstart": datetime(2024, 3, 11, 10, tzinfo=ZURICH),
        "dtend": datetime(2024, 3, 11, 11, 15, tzinfo=ZURICH),
        "location": "Palais des Nations, Geneva",
        "categories": ["Roundtable", "Regional review 2024"],
        "url": f"http://testserver/roundtables/{roundtable.code}/",
        "status": "CONFIRMED",
        "description": "Objective 7: Objective 7\nhttp://testserver/roundtables/RR2024-S1/",
    }
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Zurich"]
    assert (calendar["version"], calendar["prodid"]) == ("2.0", "-//reviewhub//reviewhub//EN")


def test_calendar_is_written_in_lines_of_75_octets(ask):
    RoundtableFactory(**{**SITTING, "title_en": "Миграция" * 30}, published=True)
    request = ask()
    moment = Moment(request)

    written = calendars.of_roundtables(PublicRecord.objects.visible(), Names(moment), request)

    lines = written.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert b"\n" not in b"".join(lines)
    [event] = Calendar.from_ical(written).events
    assert event["summary"] == "Миграция" * 30 + " – Regional review 2024"


def test_next_edition_of_a_roundtable_is_the_same_event_in_the_next_sequence(ask):
    roundtable = RoundtableFactory(**SITTING, published=True)
    then = database_now()
    published_again(roundtable, end_time=time(12))
    first, second = (one.visible.lower for one in Edition.objects.order_by("edition"))

    [now] = calendar_of(ask()).events
    [past] = calendar_of(ask(at=then.isoformat())).events

    assert (now["uid"], now.end.time()) == (past["uid"], time(12))
    assert past.end.time() == time(11, 15)
    assert (past["sequence"], now["sequence"]) == tuple(
        int(begun.timestamp()) // 60 for begun in (first, second)
    )
    assert "?at=" in past["url"]


def test_roundtable_without_a_zone_takes_the_day_and_tells_its_times(ask):
    RoundtableFactory(**{**SITTING, "time_zone": ""}, inferred=True, published=True)

    calendar = calendar_of(ask())

    [event] = calendar.events
    assert (event.start, event.end) == (date(2024, 3, 11), date(2024, 3, 12))
    assert event["description"].splitlines() == [
        "Inferred from context: no source states that this sitting took place.",
        "10:00–11:15 (the source names no time zone)",
        "http://testserver/roundtables/RR2024-S1/",
    ]
    assert calendar.timezones == []


def test_roundtable_without_times_takes_its_days(ask):
    cycle("RR2020")
    days = {"starts_on": date(2020, 11, 12), "ends_on": date(2020, 11, 13)}
    RoundtableFactory(code="RR2020-RT1", cycle="RR2020", **days, published=True)

    [event] = calendar_of(ask()).events

    assert (event.start, event.end) == (date(2020, 11, 12), date(2020, 11, 14))


def test_roundtable_on_the_night_of_summer_time_lasts_as_long_as_it_lasts(ask):
    review = cycle()
    review.ends_on = date(2024, 3, 31)
    review.save()
    night = {"starts_on": date(2024, 3, 31), "start_time": time(1), "end_time": time(4)}
    RoundtableFactory(**{**SITTING, **night}, published=True)

    [event] = calendar_of(ask()).events

    length = event.end.astimezone(UTC) - event.start.astimezone(UTC)
    assert (event.start.hour, event.end.hour, length) == (1, 4, timedelta(hours=2))


def test_roundtable_whose_day_is_not_known_is_no_event(ask):
    roundtable = RoundtableFactory(published=True)

    assert calendar_of(ask()).events == []
    with pytest.raises(Http404):
        page_of_roundtable.calendar(ask(), roundtable.code)


def test_hostile_texts_stay_texts(ask):
    title = "A\r\nBEGIN:VALARM\rEND:VEVENT\n;\\,:\x0b\u2028 <script>"
    RoundtableFactory(**{**SITTING, "title_en": title, "place": title}, published=True)

    calendar = calendar_of(ask())

    [event] = calendar.events
    harmless = "A\nBEGIN:VALARM END:VEVENT\n;\\,:   <script>"
    assert event["location"] == harmless
    assert event["summary"] == f"{harmless} – Regional review 2024"
    assert event.subcomponents == []


def test_calendar_speaks_the_readers_language(ask):
    RoundtableFactory(**SITTING, title_fr="Causes et vulnérabilités", published=True)

    with translation.override("fr"):
        [event] = calendar_of(ask()).events

    assert event["summary"].startswith("Causes et vulnérabilités – ")
    assert event["url"] == "http://testserver/fr/roundtables/RR2024-S1/"


@pytest.mark.parametrize("form", ["one", "all"])
def test_calendars_show_public_roundtables_only(ask, form):
    hidden = RoundtableFactory(**SITTING)
    later = published(RoundtableFactory(**SITTING), at=database_now() + timedelta(days=1))

    if form == "all":
        assert calendar_of(ask()).events == []
    else:
        for roundtable in (hidden, later):
            with pytest.raises(Http404):
                page_of_roundtable.calendar(ask(), roundtable.code)


@pytest.fixture
def gone():
    """A roundtable that was withdrawn; another one is public."""
    RoundtableFactory(**SITTING, code="RR2024-S2", published=True)
    roundtable = RoundtableFactory(**SITTING, code="RR2024-S1", published=True)
    withdraw(roundtable, by=person("Publisher"), note="Asked for by the party.")
    return roundtable


@pytest.mark.parametrize(
    "address",
    [
        "/roundtables.ics",
        "/roundtables/RR2024-S1.ics",
        "/reviews/RR2024.ics",
        "/api/v1/roundtables/?format=ics",
        "/api/v1/cycles/RR2024/?format=ics",
    ],
)
def test_withdrawn_roundtable_is_a_cancelled_event_of_which_nothing_is_told(client, gone, address):
    [stone] = Tombstone.objects.all()

    answer = client.get(address)

    assert answer.status_code == 200
    events = Calendar.from_ical(answer.content).events
    [cancelled] = [one for one in events if one["status"] == "CANCELLED"]
    assert len(events) == (1 if "S1" in address else 3 if "RR2024" in address else 2)
    assert said(cancelled) == {
        "uid": "RR2024-S1@testserver",
        "dtstamp": stone.withdrawn_at.replace(microsecond=0),
        "last-modified": stone.withdrawn_at.replace(microsecond=0),
        "sequence": int(stone.withdrawn_at.timestamp()) // 60,
        "summary": "RR2024-S1: withdrawn",
        "dtstart": stone.withdrawn_at.date(),
        "transp": "TRANSPARENT",
        "url": "http://testserver/roundtables/RR2024-S1/",
        "status": "CANCELLED",
    }


@pytest.mark.parametrize("asked", ["cycle=RR2024", "objective=7", "q=drivers"])
def test_list_that_is_narrowed_knows_of_no_withdrawn_roundtable(client, gone, asked):
    objective(7)

    answer = client.get(f"/roundtables.ics?{asked}")

    assert "CANCELLED" not in answer.content.decode()


def test_roundtable_that_is_public_again_is_no_cancelled_event(ask, gone):
    published_again(gone)

    assert [one["status"] for one in calendar_of(ask()).events] == ["CONFIRMED"] * 2


def test_calendar_of_one_roundtable_is_a_file(ask):
    roundtable = RoundtableFactory(**SITTING, published=True)

    answer = page_of_roundtable.calendar(ask(), roundtable.code)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="RR2024-S1.ics"'
    assert [one["uid"] for one in Calendar.from_ical(answer.content).events] == [
        "RR2024-S1@testserver"
    ]


def test_calendar_of_all_reviews_holds_those_whose_days_are_known(client):
    review = cycle("RR2024")
    review.place, review.facts = "Geneva", "One day."
    review.save()
    cycle("RR2020")
    forum = cycle("IMRF2022")
    forum.starts_on = forum.ends_on = None
    forum.save()

    answer = client.get("/reviews.ics")

    events = Calendar.from_ical(answer.content).events
    assert [(one["uid"], one.start, one.end) for one in events] == [
        ("RR2020@testserver", date(2020, 11, 12), date(2020, 11, 14)),
        ("RR2024@testserver", date(2024, 3, 11), date(2024, 3, 13)),
    ]
    told = said(events[1])
    told.pop("dtstamp")
    assert told == {
        "uid": "RR2024@testserver",
        "sequence": review.__class__.objects.get(code="RR2024").version - 1,
        "summary": "Review of 2024",
        "dtstart": date(2024, 3, 11),
        "dtend": date(2024, 3, 13),
        "transp": "TRANSPARENT",
        "location": "Geneva",
        "categories": ["Regional review"],
        "url": "http://testserver/reviews/RR2024/",
        "status": "CONFIRMED",
        "description": "One day.\nhttp://testserver/reviews/RR2024/",
    }
    assert answer.headers["Content-Disposition"] == 'inline; filename="reviews.ics"'


def test_calendar_of_a_review_holds_its_sittings_too(client):
    RoundtableFactory(**SITTING, published=True)
    RoundtableFactory(**SITTING)
    cycle("RR2020")
    RoundtableFactory(
        code="RR2020-RT1", cycle="RR2020", starts_on=date(2020, 11, 12), published=True
    )

    answer = client.get("/reviews/RR2024.ics")

    assert [one["uid"] for one in Calendar.from_ical(answer.content).events] == [
        "RR2024@testserver",
        "RR2024-S1@testserver",
    ]


def test_calendar_of_a_review_shows_a_past_moment(client):
    roundtable = RoundtableFactory(**SITTING, published=True)
    before = (database_now() - timedelta(days=1)).date().isoformat()

    answer = client.get("/reviews/RR2024.ics", {"at": before})

    assert [one["uid"] for one in Calendar.from_ical(answer.content).events] == [
        "RR2024@testserver"
    ]
    assert roundtable.code == "RR2024-S1"


def test_calendars_of_reviews_that_are_not_there(client):
    assert Calendar.from_ical(client.get("/reviews.ics").content).events == []
    assert client.get("/reviews/RR2024.ics").status_code == 404
    assert client.get("/reviews.ics", {"at": "yesterday"}).status_code == 400


@pytest.mark.parametrize("how_many", [1, 4])
def test_calendar_of_a_review_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    RoundtableFactory.create_batch(how_many, **SITTING, objectives=[7], published=True)

    with django_assert_num_queries(9):  # 4 of them are the fence
        client.get("/reviews/RR2024.ics")
