"""Calendars that people subscribe to (RFC 5545): sittings and review cycles as events.

An event keeps its UID for ever, and its SEQUENCE grows with each edition and with a withdrawal, so
that a calendar that has it already is brought up to date; a sitting that was withdrawn stays as a
cancelled event, or clients would show it for ever. Only what is known is said: a sitting whose day
is not known is no event, and one whose time zone is not known takes the day, with its clock times
in words.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from objectives.models import ReviewCycle
from public.clock import Times, times_of
from public.filters import RecordFilter
from public.lines import texts_of
from public.models import PublicRecord, Tombstone
from public.names import Names
from public.words import RoundtableType

MEDIA_TYPE = "text/calendar; charset=utf-8"
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # but not the line feed


def of_roundtables(
    records: Iterable[PublicRecord],
    names: Names,
    request,
    withdrawn: Iterable[Tombstone] = (),
) -> bytes:
    """A calendar of sittings and of those withdrawn; those whose day is not known are left out."""
    events = [*_sittings(records, names, request), *_cancelled(withdrawn, names, request)]
    return _written(_("Roundtables"), events)


def of_list(
    records: Iterable[PublicRecord], filters: RecordFilter, names: Names, request, moment: datetime
) -> bytes:
    """A calendar of what a list shows. Only where it shows all can it say what is withdrawn."""
    withdrawn = () if filters.chosen else Tombstone.objects.standing("roundtable", moment)
    return of_roundtables(records, names, request, withdrawn)


def of_cycles(cycles: Iterable[ReviewCycle], names: Names, request) -> bytes:
    """A calendar of reviews and forums; those whose days are not known are left out."""
    return _written(_("Reviews and forums"), [_cycle(one, names, request) for one in cycles])


def of_cycle(
    cycle: ReviewCycle, records: Iterable[PublicRecord], names: Names, request, moment: datetime
) -> bytes:
    """A calendar of one review and its sittings.

    All that is left of a withdrawn sitting is its code, which begins with that of its review.
    """
    withdrawn = Tombstone.objects.standing("roundtable", moment)
    events = [
        _cycle(cycle, names, request),
        *_sittings(records, names, request),
        *_cancelled(withdrawn.filter(code__startswith=f"{cycle.code}-"), names, request),
    ]
    return _written(cycle.short_name, events)


def answer(calendar: bytes, name: str) -> HttpResponse:
    """The calendar as a file of this name that a calendar program opens."""
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return HttpResponse(calendar, content_type=MEDIA_TYPE, headers=headers)


def _written(name: str, events: Iterable[Event | None]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{settings.SITE_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _plain(f"{settings.SITE_NAME}: {name}"))
    for event in filter(None, events):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _sittings(records: Iterable[PublicRecord], names: Names, request) -> list[Event | None]:
    return [_sitting(record, names, request) for record in records]


def _sitting(record: PublicRecord, names: Names, request) -> Event | None:
    document = record.content
    times = times_of(document)
    if times.first_day is None or times.last_day is None:
        return None
    cycle = names.cycles.get(record.cycle)
    cycle_name = cycle.short_name if cycle else record.cycle
    kind = capfirst(str(dict(RoundtableType.choices).get(document.type, document.type)))
    address = request.build_absolute_uri(names.address("public:roundtable", args=[record.code]))
    event = Event()
    event.add("uid", _uid(record.code, request))
    event.add("dtstamp", record.visible.lower)
    event.add("created", record.first_published_at)
    event.add("last-modified", record.visible.lower)
    event.add("sequence", _sequence(record.visible.lower or record.first_published_at))
    event.add("summary", _plain(f"{texts_of(document)[0]} – {cycle_name}"))
    if times.are_moments:
        event.add("dtstart", times.begins)
        event.add("dtend", times.ends)
    else:
        event.add("dtstart", times.first_day)
        event.add("dtend", times.last_day + timedelta(days=1))  # the first day it is over
        event.add("transp", "TRANSPARENT")
    if document.place:
        event.add("location", _plain(document.place))
    event.add("categories", [_plain(kind), _plain(cycle_name)])
    event.add("url", address)
    event.add("status", "CONFIRMED")
    lines = [*_in_words(times), *_objectives(document.objectives, names), address]
    if document.inferred:
        lines.insert(0, _("Inferred from context: no source states that this sitting took place."))
    event.add("description", _plain("\n".join(lines)))
    return event


def _cancelled(withdrawn: Iterable[Tombstone], names: Names, request) -> list[Event]:
    last = {stone.code: stone for stone in withdrawn}  # the oldest come first
    return [_cancelled_sitting(stone, names, request) for stone in last.values()]


def _cancelled_sitting(stone: Tombstone, names: Names, request) -> Event:
    """What is left of it. An event must begin some day: this one does when it was withdrawn."""
    event = Event()
    event.add("uid", _uid(stone.code, request))
    event.add("dtstamp", stone.withdrawn_at)
    event.add("last-modified", stone.withdrawn_at)
    event.add("sequence", _sequence(stone.withdrawn_at))
    event.add("summary", _("%(code)s: withdrawn") % {"code": stone.code})
    event.add("dtstart", stone.withdrawn_at.date())
    event.add("transp", "TRANSPARENT")
    address = names.address("public:roundtable", args=[stone.code])
    event.add("url", request.build_absolute_uri(address))
    event.add("status", "CANCELLED")
    return event


def _sequence(changed_at: datetime) -> int:
    """Which change this is: any number that grows (RFC 5545, 3.8.7.4); here minutes since 1970.

    The number of the edition would do, but for a withdrawal nobody outside the office knows it.
    Of two changes in one minute clients take the one with the later DTSTAMP (RFC 5546, 2.1.5).
    """
    return int(changed_at.timestamp()) // 60


def _in_words(times: Times) -> list[str]:
    """Clock times that no calendar can place, because nobody knows on which clock."""
    if times.begins is None or times.ends is None or times.are_moments:
        return []
    return [f"{times.begins:%H:%M}–{times.ends:%H:%M} ({times.zone_words})"]


def _objectives(numbers: list[int], names: Names) -> list[str]:
    return [
        _("Objective %(number)d: %(title)s")
        % {"number": one["number"], "title": one["short_title"]}
        for one in names.objectives_of(numbers, [])
    ]


def _cycle(cycle: ReviewCycle, names: Names, request) -> Event | None:
    if cycle.starts_on is None:
        return None
    address = request.build_absolute_uri(names.address("public:review", args=[cycle.code]))
    event = Event()
    event.add("uid", _uid(cycle.code, request))
    event.add("dtstamp", names.at or request.moment)
    event.add("sequence", cycle.version - 1)
    event.add("summary", _plain(cycle.name))
    event.add("dtstart", cycle.starts_on)
    event.add("dtend", (cycle.ends_on or cycle.starts_on) + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if cycle.place:
        event.add("location", _plain(cycle.place))
    event.add("categories", [_plain(capfirst(cycle.get_kind_display()))])
    event.add("url", address)
    event.add("status", "CONFIRMED")
    event.add("description", _plain("\n".join(filter(None, [cycle.facts, address]))))
    return event


def _uid(code: str, request) -> str:
    return f"{code}@{urlsplit(request.build_absolute_uri('/')).hostname}"


def _plain(text: str) -> str:
    """A text of one or more lines, without what breaks the lines of a calendar file."""
    return CONTROLS.sub(" ", text.replace("\r\n", "\n"))
