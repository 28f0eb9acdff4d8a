"""Review cycles as pages show them: in order of time, with what each has brought."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import ReviewCycle
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.templatetags.review import day, days

# the kinds that are counted for a cycle, in the order in which pages name them
COUNTED = ("report", "practice", "pledge", "recommendation", "roundtable")


def timeline(cycles: Iterable[ReviewCycle], moment: Moment) -> list[dict[str, Any]]:
    """All cycles in order of time; current is the latest regional review that has begun."""
    ordered = sorted(cycles, key=lambda cycle: (cycle.year, cycle.starts_on or date.max))
    begun = [
        cycle
        for cycle in ordered
        if cycle.kind == ReviewCycle.Kind.REGIONAL_REVIEW
        and cycle.starts_on
        and cycle.starts_on <= moment.at.date()
    ]
    place = ordered.index(begun[-1]) if begun else -1
    return [
        {
            "code": cycle.code,
            "name": cycle.name,
            "title": cycle.short_name,
            "starts_on": cycle.starts_on,
            "ends_on": cycle.ends_on,
            "place": cycle.place,
            "url": moment.address("public:review", [cycle.code]),
            "state": "past" if index < place else "current" if index == place else "next",
        }
        for index, cycle in enumerate(ordered)
    ]


def has_not_begun(cycle: ReviewCycle, today: date) -> bool:
    """Whether the review is still to come; one without a day is to come until its year is over."""
    return cycle.starts_on > today if cycle.starts_on else cycle.year >= today.year


def next_cycle(cycles: Iterable[ReviewCycle], moment: Moment) -> ReviewCycle | None:
    """The first cycle that has not begun."""
    coming = [cycle for cycle in cycles if has_not_begun(cycle, moment.at.date())]
    return min(coming, key=lambda cycle: (cycle.year, cycle.starts_on or date.max), default=None)


def counts_by_cycle(moment: Moment) -> dict[str, dict[str, int]]:
    """How many public records each cycle has, by code and kind."""
    counted = (
        PublicRecord.objects.visible(moment.at)
        .filter(kind__in=COUNTED)
        .exclude(cycle="")
        .values_list("cycle", "kind")
        .annotate(Count("pk"))
        .order_by()
    )
    counts: dict[str, dict[str, int]] = {}
    for cycle, kind, count in counted:
        counts.setdefault(cycle, {})[kind] = count
    return counts


def counts_of(cycle: str, moment: Moment) -> dict[str, int]:
    """How many public records a cycle has, by kind."""
    counted = PublicRecord.objects.visible(moment.at).filter(kind__in=COUNTED, cycle=cycle)
    return dict(counted.values_list("kind").annotate(Count("pk")).order_by())


def counted_words(counts: dict[str, int], cycle: str, moment: Moment) -> list[dict[str, str]]:
    """What a cycle has brought in words, each with the address of its list."""
    words = {
        "report": lambda n: ngettext("%(count)d report", "%(count)d reports", n),
        "practice": lambda n: ngettext("%(count)d practice", "%(count)d practices", n),
        "pledge": lambda n: ngettext("%(count)d pledge", "%(count)d pledges", n),
        "recommendation": lambda n: ngettext(
            "%(count)d recommendation", "%(count)d recommendations", n
        ),
        "roundtable": lambda n: ngettext("%(count)d roundtable", "%(count)d roundtables", n),
    }
    return [
        {
            "text": words[kind](counts[kind]) % {"count": counts[kind]},
            "url": list_address(kind, cycle, moment),
        }
        for kind in COUNTED
        if counts.get(kind)
    ]


def key_counts(counts: dict[str, int], cycle: str, moment: Moment) -> list[dict[str, Any]]:
    """The same as key figures, each with the rule by which it is counted."""
    rules = {
        "report": (_("Reports"), _("Reports and statements of States and stakeholders.")),
        "practice": (_("Practices"), _("Each counted once, whatever it touches.")),
        "pledge": (_("Pledges"), _("Pledges of all parties, whatever has become of them.")),
        "recommendation": (_("Recommendations"), _("General ones and those of roundtables.")),
        "roundtable": (_("Roundtables"), _("All sittings, openings and consultations too.")),
    }
    return [
        {
            "value": counts[kind],
            "label": label,
            "rule": rule,
            "url": list_address(kind, cycle, moment),
        }
        for kind, (label, rule) in rules.items()
        if counts.get(kind)
    ]


def list_address(kind: str, cycle: str, moment: Moment) -> str:
    """The address of the list of one kind of records of a cycle."""
    address = moment.address(f"public:{kind}-list")
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'cycle': cycle})}"


def is_open(cycle: ReviewCycle, today: date) -> bool:
    """Whether the call for inputs is open; until the end of the review if no day closes it."""
    opens, closes = cycle.inputs_open_on, cycle.inputs_close_on
    last = closes or cycle.ends_on
    return bool(opens or closes) and (opens or today) <= today <= (last or today)


def call_for_inputs(cycle: ReviewCycle, today: date) -> str:
    """Whether the call for inputs is open, in words; "" where its days are not known."""
    opens, closes = cycle.inputs_open_on, cycle.inputs_close_on
    if opens and today < opens:
        if closes:
            return _("opens on %(opens)s, until %(closes)s") % {
                "opens": day(opens),
                "closes": day(closes),
            }
        return _("opens on %(opens)s") % {"opens": day(opens)}
    if closes and today > closes:
        if opens:
            return _("closed; it was open %(days)s") % {"days": days(opens, closes)}
        return _("closed on %(closes)s") % {"closes": day(closes)}
    if closes:
        return _("open until %(closes)s") % {"closes": day(closes)}
    return _("open since %(opens)s") % {"opens": day(opens)} if opens else ""


def shown_cycle(cycle: ReviewCycle, names: Names) -> dict[str, Any]:
    """A cycle as a link: its name and the address of its page."""
    return {
        "code": cycle.code,
        "name": cycle.name,
        "short_name": cycle.short_name,
        "url": names.address("public:review", args=[cycle.code]),
    }


def path_to(moment: Moment, cycle: ReviewCycle | None = None) -> list[dict[str, str]]:
    """The way back from a page of a review: all reviews, then this one."""
    path = [{"name": _("Reviews and forums"), "url": moment.address("public:reviews")}]
    if cycle:
        address = moment.address("public:review", [cycle.code])
        path.append({"name": cycle.short_name, "url": address})
    return path
