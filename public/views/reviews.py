"""The pages of reviews and forums: all of them, one, and who has submitted to it."""

from collections import Counter
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from objectives.models import ReviewCycle
from public import calendars
from public.cycles import (
    call_for_inputs,
    counted_words,
    counts_by_cycle,
    counts_of,
    has_not_begun,
    is_open,
    key_counts,
    list_address,
    next_cycle,
    path_to,
    shown_cycle,
    timeline,
)
from public.disclaimers import disclaimers
from public.lines import lines_of
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.programme import days_of, programme_of
from public.shown_files import shown_files
from public.tracker import tracker_of
from public.views.frame import framed
from public.views.roundtable import format_words, languages_in_words

RECOMMENDATIONS_SHOWN = 6


def index(request):
    """All reviews and forums in order of time, with what each has brought."""
    moment = Moment(request)
    names = Names(moment)
    counts = counts_by_cycle(moment)
    cycles = [
        {**cycle, "counts": counted_words(counts.get(cycle["code"], {}), cycle["code"], moment)}
        for cycle in timeline(names.cycles.values(), moment)
    ]
    coming = next_cycle(names.cycles.values(), moment)
    context = {
        "cycles": cycles,
        "next": {**shown_cycle(coming, names), "cycle": coming} if coming else None,
        "calls": [
            {**shown_cycle(cycle, names), "call": call_for_inputs(cycle, moment.at.date())}
            for cycle in names.cycles.values()
            if is_open(cycle, moment.at.date())
        ],
        "calendar_url": moment.address("public:reviews-as", ["ics"]),
    }
    return framed(request, moment, "public/reviews.html", context)


def page(request, code: str):
    """One review: what it is, its programme, and what was brought to it."""
    moment = Moment(request)
    names = Names(moment)
    cycle = _cycle_or_404(names, code)
    counts = counts_of(code, moment)
    programme = programme_of(code, names)
    recommendations = (
        PublicRecord.objects.visible(moment.at)
        .of_kind("recommendation")
        .filter(cycle=code)
        .order_by("document__roundtable", "document__number", "code")[:RECOMMENDATIONS_SHOWN]
    )
    tracker = tracker_of(cycle, names)
    submitted = len(tracker["submitted"])
    context = {
        "path": path_to(moment),
        "cycle": _facts(cycle, moment),
        "counts": key_counts(counts, code, moment),
        "submitted": submitted,
        "asked": submitted + len(tracker["missing"]),
        "submissions_url": moment.address("public:submissions", [code]),
        "days": days_of(programme),
        "recommendations": lines_of(recommendations, names),
        "recommendation_count": counts.get("recommendation", 0),
        "recommendations_url": list_address("recommendation", code, moment),
        "documents": [
            {**sitting, "files": shown_files(sitting["files"], names)}
            for sitting in programme
            if sitting["files"]
        ],
        "calendar_url": moment.address("public:review-as", [code, "ics"]),
        **_neighbours(names, moment, code),
        "disclaimers": disclaimers(cycle.facts),
    }
    return framed(request, moment, "public/review.html", context)


def submissions(request, code: str):
    """Which Member States have submitted to a review, which have not, and stakeholders."""
    moment = Moment(request)
    today = moment.at.date()
    names = Names(moment)
    cycle = _cycle_or_404(names, code)
    subregions = {state.subregion.code: state.subregion for state in names.member_states.values()}
    chosen = [one for one in request.GET.getlist("subregion") if one]
    if unknown := [one for one in chosen if one not in subregions]:
        raise BadRequest(_("subregion: there is no sub-region “%s”.") % unknown[0])
    tracker = tracker_of(cycle, names)
    asked = [*tracker["submitted"], *tracker["missing"]]
    shown = {
        group: [line for line in tracker[group] if not chosen or line["subregion"] in chosen]
        for group in ("submitted", "missing")
    }
    here = moment.address("public:submissions", [code])
    context = {
        "path": path_to(moment, cycle),
        "cycle": shown_cycle(cycle, names),
        "still_open": is_open(cycle, today) or has_not_begun(cycle, today),
        "counts": _submission_counts(cycle, tracker),
        "numbers_differ": cycle.member_state_reports not in (None, len(tracker["submitted"])),
        **shown,
        "stakeholders": tracker["stakeholders"],
        "subregions": _subregion_links(subregions, asked, chosen, here),
        "chosen": [subregions[one].name for one in chosen],
        "all_url": here,
        "reports_url": list_address("report", code, moment),
    }
    return framed(request, moment, "public/submissions.html", context)


def calendar_of_all(request, form: str):
    """All reviews and forums whose days are known, as events."""
    names = Names(Moment(request))
    cycles = sorted(names.cycles.values(), key=lambda cycle: cycle.code)
    return calendars.answer(calendars.of_cycles(cycles, names, request), "reviews")


def calendar_of_one(request, code: str, form: str):
    """One review and its sittings as events."""
    moment = Moment(request)
    names = Names(moment)
    cycle = _cycle_or_404(names, code)
    sittings = PublicRecord.objects.visible(moment.at).of_kind("roundtable").filter(cycle=code)
    written = calendars.of_cycle(cycle, sittings.order_by("code"), names, request, moment.at)
    return calendars.answer(written, code)


def _cycle_or_404(names: Names, code: str) -> ReviewCycle:
    if code not in names.cycles:
        raise Http404
    return names.cycles[code]


def _facts(cycle: ReviewCycle, moment: Moment) -> dict[str, Any]:
    """A review with the facts that its page shows; unknown ones are empty."""
    return {
        "code": cycle.code,
        "name": cycle.name,
        "kind": cycle.get_kind_display(),
        "is_forum": cycle.kind == ReviewCycle.Kind.IMRF,
        "year": cycle.year,
        "starts_on": cycle.starts_on,
        "ends_on": cycle.ends_on,
        "preparation_starts_on": cycle.preparation_starts_on,
        "place": cycle.place,
        "host": cycle.host,
        "format": format_words(cycle.format),
        "languages": languages_in_words(cycle.languages),
        "call": call_for_inputs(cycle, moment.at.date()),
        "member_state_reports": cycle.member_state_reports,
        "stakeholder_reports": cycle.stakeholder_reports,
        "attendance": sorted({cycle.attendance_min, cycle.attendance_max} - {None}),
        "facts": cycle.facts,
        "url": cycle.url,
        "sources": list(cycle.sources.all()),
        "locator": cycle.source_locator,
    }


def _neighbours(names: Names, moment: Moment, code: str) -> dict[str, Any]:
    """The reviews before and after this one in time."""
    cycles = timeline(names.cycles.values(), moment)
    place = next(place for place, cycle in enumerate(cycles) if cycle["code"] == code)
    return {
        "previous": cycles[place - 1] if place else None,
        "next": next(iter(cycles[place + 1 :]), None),
    }


def _submission_counts(cycle: ReviewCycle, tracker: dict[str, list]) -> list[dict[str, Any]]:
    """Our count beside that of the source, each with its rule; neither depends on filters."""
    submitted = len(tracker["submitted"])
    counts = [
        {
            "value": submitted,
            "label": _("Member States whose report is known here"),
            "rule": _("Each counted once, also if only a source mentions the report."),
        }
    ]
    if cycle.member_state_reports is not None:
        counts.append(
            {
                "value": cycle.member_state_reports,
                "label": _("reports by Member States, as the source counts them"),
                "rule": _("Not computed from what is published here."),
            }
        )
    counts.append(
        {
            "value": sum(len(one["reports"]) for one in tracker["stakeholders"]),
            "label": _("reports by stakeholders known here"),
            "rule": _("Each report counted once."),
        }
    )
    if cycle.stakeholder_reports is not None:
        counts.append(
            {
                "value": cycle.stakeholder_reports,
                "label": _("reports by stakeholders, as the source counts them"),
                "rule": _("Not computed from what is published here."),
            }
        )
    return counts


def _subregion_links(subregions, asked: list[dict], chosen: list[str], here: str) -> list[dict]:
    """The sub-regions of the States that were asked, each as a filter with its count."""
    counts = Counter(line["subregion"] for line in asked)
    join = "&" if "?" in here else "?"
    return [
        {
            "name": subregion.name,
            "count": counts[code],
            "url": f"{here}{join}{urlencode({'subregion': code})}",
            "current": code in chosen,
        }
        for code, subregion in sorted(subregions.items(), key=lambda one: one[1].sort_order)
        if counts[code]
    ]
