"""The programme of a review cycle: its sittings in order, each followed by its parts."""

from collections import defaultdict
from typing import Any

from django.utils.text import capfirst

from public.clock import Times, times_of, told
from public.documents import RoundtableDocument
from public.lines import texts_of
from public.models import PublicRecord
from public.names import Names
from public.shortened import shortened
from public.words import RoundtableType

RANKS: dict[str, int] = {RoundtableType.OPENING: 0, RoundtableType.CLOSING: 2}  # others: 1
NO_DAY = "9999"  # after every day


def programme_of(cycle: str, names: Names) -> list[dict[str, Any]]:
    """The sittings of a cycle in the order of time; `depth` says how far inside others.

    Those whose day is not known stand at the end.
    """
    records = shortened(
        PublicRecord.objects.visible(names.at).of_kind("roundtable").filter(cycle=cycle),
        *("roles", "agenda", "questions", "statements"),
    )
    documents = [RoundtableDocument.from_json(record.shortened) for record in records]
    return _unfolded([sitting_of(document, names) for document in _in_order(documents)])


def sitting_of(document: RoundtableDocument, names: Names) -> dict[str, Any]:
    """A sitting as a line of a programme."""
    title, _summary, language = texts_of(document)
    return {
        "code": document.code,
        "url": names.address("public:roundtable", args=[document.code]),
        "title": title,
        "language": language,
        "type": capfirst(str(dict(RoundtableType.choices).get(document.type, document.type))),
        "number": document.number,
        "part_of": document.part_of,
        "objectives": names.objectives_of(document.objectives, []),
        "place": document.place,
        "inferred": document.inferred,
        "files": document.files,
        "depth": 0,
        **shown_times(times_of(document)),
    }


def shown_times(times: Times) -> dict[str, Any]:
    """Days and clock times as `components/clock.html` shows them."""
    return {
        "first_day": times.first_day,
        "last_day": times.last_day,
        "begins": told(times.begins),
        "ends": told(times.ends),
        "zone": times.zone,
        "zone_words": times.zone_words,
    }


def days_of(programme: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, day by day: {first_day, last_day, timed, zone_words, sittings}.

    A part stands with the sitting that contains it. `zone_words` is "" where not all clock times
    of a day are in one zone: then each sitting says its own.
    """
    days: list[dict[str, Any]] = []
    for sitting in programme:
        span = (sitting["first_day"], sitting["last_day"])
        if not days or (not sitting["depth"] and days[-1]["span"] != span):
            days.append({"span": span, "first_day": span[0], "last_day": span[1], "sittings": []})
        days[-1]["sittings"].append(sitting)
    for day in days:
        words = {sitting["zone_words"] for sitting in day["sittings"] if sitting["begins"]}
        day["timed"] = bool(words)
        day["zone_words"] = words.pop() if len(words) == 1 else ""
    return days


def _in_order(documents: list[RoundtableDocument]) -> list[RoundtableDocument]:
    """By day and by time; among those without a time openings come first and closings last.

    Session 2 without a time comes after session 1 and before what begins later than that.
    """
    documents = sorted(documents, key=_place)
    day, latest, keyed = "", "", []
    for document in documents:
        if (document.starts_on or NO_DAY) != day:
            day, latest = document.starts_on or NO_DAY, ""
        # without a time: no earlier than anything before it
        keyed.append(((day, document.start_time or latest), document))
        latest = max(latest, document.start_time or "")
    return [document for _key, document in sorted(keyed, key=lambda one: one[0])]


def _place(document: RoundtableDocument) -> tuple[str, int, int, str]:
    rank = RANKS.get(document.type, 1)
    number = document.number if document.number is not None else 10_000
    return (document.starts_on or NO_DAY, rank, number, document.code)


def _unfolded(sittings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each sitting once, its parts right after it. What is part of itself comes last."""
    codes = {sitting["code"] for sitting in sittings}
    parts = defaultdict(list)
    for sitting in sittings:
        parts[sitting["part_of"] if sitting["part_of"] in codes else ""].append(sitting)
    placed: dict[str, dict[str, Any]] = {}

    def place(sitting, depth: int) -> None:
        if sitting["code"] not in placed:
            placed[sitting["code"]] = {**sitting, "depth": depth}
            for part in parts[sitting["code"]]:
                place(part, depth + 1)

    for sitting in [*parts[""], *sittings]:
        place(sitting, 0)
    return list(placed.values())
