"""The pages of the objectives: who does what about each of the 23."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public import counts
from public.disclaimers import disclaimers
from public.lines import lines_of
from public.milestones import in_order_of_time
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.pictures import picture_of
from public.shelves import Shelf, newest, shelf
from public.views.frame import framed
from public.words import KIND_NAMES

# kind → how many of its records the page of an objective shows; its list shows the rest
SHOWN = {"practice": 6, "pledge": 5, "report": 5, "recommendation": 5, "roundtable": 20}
COUNTED = ("practice", "pledge", "report", "recommendation")


def index(request):
    """All objectives by cluster, with how much of each kind there is on them."""
    moment = Moment(request)
    names = Names(moment)
    by_objective = counts.everywhere(moment, "objectives")
    objectives = [
        {
            **objective,
            "cells": [
                {
                    "kind": kind,
                    "label": KIND_NAMES[kind][1],
                    "count": by_objective[kind, str(objective["number"])],
                    "url": moment.address(f"public:{kind}-list", objective=objective["number"]),
                }
                for kind in COUNTED
            ],
        }
        for objective in names.objectives.values()
    ]
    context = {
        "kinds": [KIND_NAMES[kind][1] for kind in COUNTED],
        "clusters": [
            {
                "code": cluster.code,
                "name": cluster.name,
                "place": place,
                "objectives": [one for one in objectives if one["cluster_id"] == pk],
            }
            for place, (pk, cluster) in enumerate(names.clusters.items(), start=1)
        ],
        "total": len(objectives),
        "most": max((one["cells"][0]["count"] for one in objectives), default=1) or 1,
        "coverage_url": moment.address("public:coverage"),
    }
    return framed(request, moment, "public/objectives.html", context)


def page(request, number: int):
    """An objective: practices, pledges, reports, recommendations and roundtables that touch it."""
    moment = Moment(request)
    names = Names(moment)
    if number not in names.objectives:
        raise Http404
    records = PublicRecord.objects.visible(moment.at).touching(number)
    kinds = counts.by_kind(records)
    found = newest(records, SHOWN)
    names.learn(record for kept in found.values() for record in kept)
    shelves = {
        kind: _shelf(kind, kinds[kind], lines_of(found[kind], names), number, moment)
        for kind in COUNTED
    }
    reviews = _reviews(found["roundtable"], number, names)
    context = {
        "path": [{"name": _("All objectives"), "url": moment.address("public:objectives")}],
        "objective": names.objectives[number],
        "previous": names.objectives.get(number - 1),
        "next": names.objectives.get(number + 1),
        "kinds": [
            {"id": kind, "text": counts.counted(kind, kinds[kind])}
            for kind in (*COUNTED, "roundtable")
            if kinds[kind]
        ],
        "shelves": [one for one in shelves.values() if one.count],
        "reviews": reviews,
        "roundtables_url": moment.address("public:roundtable-list", objective=number),
        "roundtables_left": max(0, kinds["roundtable"] - SHOWN["roundtable"]),
        "nothing_yet": [
            str(KIND_NAMES[kind][1]) for kind in (*COUNTED, "roundtable") if not kinds[kind]
        ],
        "states": _states(counts.by_state(records.of_kind("practice")), number, names, moment),
        "pictures": {
            name: picture_of(name, QueryDict(f"kind=practice&objective={number}"), moment, names)
            for name in ("states", "years")
        },
        "coverage_url": moment.address("public:coverage"),
        "compare_url": moment.address("public:compare"),
        "disclaimers": disclaimers(*_texts(shelves, reviews)),
    }
    return framed(request, moment, "public/objective.html", context)


def _shelf(kind: str, count: int, lines: list[dict], number: int, moment: Moment) -> Shelf:
    headings = {
        "practice": ngettext(
            "%(count)d practice on objective %(number)d",
            "%(count)d practices on objective %(number)d",
            count,
        ),
        "pledge": ngettext("%(count)d pledge", "%(count)d pledges", count),
        "report": ngettext(
            "%(count)d report with a section on it",
            "%(count)d reports with a section on it",
            count,
        ),
        "recommendation": ngettext("%(count)d recommendation", "%(count)d recommendations", count),
    }
    if kind == "report":  # straight to its section
        lines = [{**line, "url": f"{line['url']}#objective-{number}"} for line in lines]
    heading = headings[kind] % {"count": count, "number": number}
    return shelf(kind, heading, count, lines, moment, objective=number)


def _reviews(roundtables, number: int, names: Names) -> list[dict[str, Any]]:
    """The sittings on the objective and what they asked about it, cycle by cycle, newest first."""
    sittings: dict[str, list[dict[str, Any]]] = {}
    by_day = sorted(roundtables, key=lambda one: (one.document["starts_on"] or "", one.code))
    for record, line in zip(by_day, lines_of(by_day, names), strict=True):
        questions = [one for one in record.content.questions if number in one.objectives]
        sittings.setdefault(record.cycle, []).append(
            {**line, "questions": questions, "spoken": record.language}
        )
    return [
        {
            "name": cycle.name,
            "url": names.address("public:review", args=[cycle.code]),
            "roundtables": sittings[cycle.code],
        }
        for cycle in in_order_of_time(names.cycles.values())[::-1]
        if cycle.code in sittings
    ]


def _states(by_state, number: int, names: Names, moment: Moment) -> dict[str, Any]:
    """Where practices on the objective are carried out, most first, and where none is."""
    counted = [
        {
            "name": state.name,
            "count": by_state["practice", iso3],
            "url": moment.address("public:practice-list", objective=number, member_state=iso3),
            "state_url": moment.address("public:member-state", [iso3]),
        }
        for iso3, state in names.member_states.items()
        if not state.retired_on or by_state["practice", iso3]
    ]
    some = [state for state in counted if state["count"]]
    return {
        "some": sorted(some, key=lambda state: -state["count"]),
        "none": [state for state in counted if not state["count"]],
        "most": max((state["count"] for state in some), default=1),
        "sentence": ngettext(
            "Practices in %(count)d of %(all)d Member State",
            "Practices in %(count)d of %(all)d Member States",
            len(counted),
        )
        % {"count": len(some), "all": len(counted)},
    }


def _texts(shelves: dict[str, Shelf], reviews: list[dict[str, Any]]):
    for one in shelves.values():
        for line in one.lines:
            yield from (line["title"], line["summary"])
    for review in reviews:
        for roundtable in review["roundtables"]:
            yield roundtable["title"]
            yield from (question.text for question in roundtable["questions"])
