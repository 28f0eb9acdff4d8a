"""What the page of a roundtable shows, and its calendar."""

import json
from typing import Any

from django.http import Http404
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language_info

from objectives.models import ReviewCycle
from public import calendars
from public.citations import citation_of
from public.clock import Times, agenda_times, overrun, times_of, told
from public.cycles import path_to, shown_cycle
from public.disclaimers import disclaimers
from public.documents import Party, RoundtableDocument, Statement
from public.lines import lines_of, texts_of
from public.models import PublicRecord, PublicRecordQuerySet, Redirect, Tombstone
from public.moments import Moment
from public.names import Names
from public.programme import programme_of, sitting_of
from public.shown_files import shown_files
from public.views.record_page import shown_citations
from public.words import RoleName

ATTENDANCE = {  # format → how people attend, in the words of schema.org
    "in_person": "OfflineEventAttendanceMode",
    "virtual": "OnlineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
}
HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})  # nothing ends a script


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a roundtable shows."""
    names = Names(moment)
    names.learn([record])
    document = record.content
    cycle = names.cycles.get(document.cycle)
    programme = programme_of(document.cycle, names)
    times = times_of(document)
    roundtable = {
        **sitting_of(document, names),
        "cycle": shown_cycle(cycle, names) if cycle else None,
        "cluster": _cluster(document.cluster, names),
        "format": format_words(document.format),
        "languages": languages_in_words(document.languages),
        "roles": [
            {
                "role": _role_words(role.role),
                "person": role.person,
                "position": role.position,
                "organization": role.organization,
                "party": _party(role.party, names),
            }
            for role in document.roles
        ],
        "agenda": _agenda(document, times),
        "overrun": overrun(times, document.agenda),
        "questions": [
            {
                "number": question.number,
                "text": question.text,
                "objectives": names.objectives_of(question.objectives, []),
            }
            for question in document.questions
        ],
        "statements": [_statement(one, names) for one in document.statements],
        "own_language": document.language,
        "sources": [
            names.sources[one] for one in document.source.documents if one in names.sources
        ],
        "locator": document.source.locator,
        "original_url": document.url,
        "calendar_url": names.address("public:roundtable-as", args=[record.code, "ics"])
        if times.first_day
        else "",
    }
    citation = citation_of(request, moment, record, names)
    return {
        "path": path_to(moment, cycle),
        "roundtable": roundtable,
        "shown": {
            "kind": record.kind,
            "code": record.code,
            "edition": record.edition,
            "published_at": record.visible.lower,
            "permanent_url": citation.url,
            "own_url": request.build_absolute_uri(record.get_absolute_url()),
        },
        "citations": shown_citations(citation, record, names),
        "files": shown_files(document.files, names),
        "whole": next((one for one in programme if one["code"] == document.part_of), None),
        "parts": [one for one in programme if one["part_of"] == record.code],
        "recommendations": lines_of(_recommendations(record, moment), names),
        "elsewhere": lines_of(_elsewhere(record, moment), names),
        **_neighbours(programme, record.code),
        "structured": _structured(request, document, cycle, times, names),
        "disclaimers": disclaimers(document.title, *document.texts()),
    }


def calendar(request, code: str):
    """The roundtable as an event, cancelled once it is withdrawn; 404 while no day is known."""
    moment = Moment(request)
    records = PublicRecord.objects.visible(moment.at).of_kind("roundtable").filter(code=code)
    if not records:
        if target := Redirect.objects.target_of("roundtable", code, moment.at):
            address = moment.address("public:roundtable-as", [target, "ics"])
            return redirect(address, permanent=True)
        withdrawn = Tombstone.objects.standing("roundtable", moment.at).filter(code=code)
        if not withdrawn:
            raise Http404
        written = calendars.of_roundtables([], Names(moment), request, withdrawn)
        return calendars.answer(written, code)
    if times_of(records[0].content).first_day is None:
        raise Http404
    written = calendars.of_roundtables(records, Names(moment), request)
    return calendars.answer(written, records[0].code)


def format_words(code: str) -> str:
    """In person, online, or both; "" if it is not known."""
    return _word(ReviewCycle.Format, code)


def languages_in_words(codes: list[str]) -> list[str]:
    """Languages by their names in the reader's language."""
    return [capfirst(get_language_info(code)["name_translated"]) for code in codes]


def _recommendations(record, moment: Moment) -> PublicRecordQuerySet:
    """What this roundtable asks for, in the order of the source."""
    found = PublicRecord.objects.visible(moment.at).of_kind("recommendation")
    found = found.filter(cycle=record.cycle, document__roundtable=record.code)
    return found.order_by("document__number", "code")


def _elsewhere(record, moment: Moment) -> PublicRecordQuerySet:
    """Sittings of other cycles on the very same objectives, whatever their number."""
    found = PublicRecord.objects.visible(moment.at).of_kind("roundtable")
    if not record.objectives:
        return found.none()
    same = found.filter(
        objectives__contains=record.objectives, objectives__contained_by=record.objectives
    )
    return same.exclude(cycle=record.cycle).order_by("year", "code")


def _neighbours(programme: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The sittings before and after this one."""
    places = {sitting["code"]: place for place, sitting in enumerate(programme)}
    if code not in places:
        return {"previous": None, "next": None}
    before = places[code] - 1
    return {
        "previous": programme[before] if before >= 0 else None,
        "next": next(iter(programme[before + 2 :]), None),
    }


def _cluster(code: str, names: Names) -> dict[str, Any] | None:
    for place, cluster in enumerate(names.clusters.values(), start=1):
        if cluster.code == code:
            return {"name": cluster.name, "place": place}
    return None


def _agenda(document: RoundtableDocument, times: Times) -> list[dict[str, Any]]:
    return [
        {
            "title": item.title,
            "minutes": item.minutes,
            "role": _role_words(item.role),
            "begins": told(begins),
            "ends": told(ends),
            # told only where the clock has passed midnight
            "day": begins.date() if begins and begins.date() != times.first_day else None,
        }
        for item, (begins, ends) in zip(
            document.agenda, agenda_times(times, document.agenda), strict=True
        )
    ]


def _statement(statement: Statement, names: Names) -> dict[str, Any]:
    return {
        "party": _party(statement.party, names),
        "speaker": statement.speaker,
        "language": statement.language,
        "text": statement.text,
        "objectives": names.objectives_of(statement.objectives, []),
    }


def _party(party: Party | None, names: Names) -> dict[str, str] | None:
    """A party with the address of its page; no address if it has none."""
    if party is None:
        return None
    if party.member_state:
        return names.state(party.member_state)
    url = names.address("public:stakeholder", args=[party.stakeholder])
    return {
        "name": names.party(party),
        "url": url if party.stakeholder in names.stakeholders else "",
    }


def _role_words(code: str) -> str:
    return _word(RoleName, code) if code else ""


def _word(choices, code: str) -> str:
    return capfirst(str(dict(choices.choices).get(code, code)))


def _structured(
    request, document: RoundtableDocument, cycle: ReviewCycle | None, times: Times, names: Names
) -> SafeString:
    """The sitting as an Event of schema.org, for search engines; only what is known."""
    address = names.address("public:roundtable", args=[document.code])
    title, _summary, language = texts_of(document)
    known_begin, known_end = (
        (times.begins, times.ends) if times.are_moments else (times.first_day, times.last_day)
    )
    event = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title,
        "inLanguage": language,
        "identifier": document.code,
        "url": request.build_absolute_uri(address),
        "startDate": known_begin.isoformat() if known_begin else None,
        "endDate": known_end.isoformat() if known_end else None,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[document.format]}"
        if document.format in ATTENDANCE
        else None,
        "location": {"@type": "Place", "name": document.place, "address": document.place}
        if document.place
        else None,
        "superEvent": {
            "@type": "Event",
            "name": cycle.name,
            "url": request.build_absolute_uri(names.address("public:review", args=[cycle.code])),
        }
        if cycle
        else None,
        "performer": [{"@type": "Person", "name": role.person} for role in document.roles],
    }
    text = json.dumps({key: value for key, value in event.items() if value}, ensure_ascii=False)
    return mark_safe(text.translate(HTML))  # noqa: S308  # escaped above for where it stands
