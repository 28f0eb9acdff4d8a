"""Where the review stands: the days of its cycles, past and to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import ReviewCycle


@dataclass(frozen=True)
class Milestone:
    """A day or span of days of a cycle; `when` says the year where no day is known.

    `state` is "past", "next" (the first that is not over) or "later".
    """

    name: str
    starts_on: date | None
    ends_on: date | None
    when: str
    state: str
    in_days: str = ""


def in_order_of_time(cycles: Iterable[ReviewCycle]) -> list[ReviewCycle]:
    """All cycles, the earliest first."""
    return sorted(cycles, key=lambda cycle: (cycle.year, cycle.starts_on or date.max, cycle.code))


def current_of(cycles: Iterable[ReviewCycle], today: date) -> ReviewCycle | None:
    """The cycle that is under way, else the latest review that has begun, else the next one."""
    ordered = in_order_of_time(cycles)
    under_way = [one for one in ordered if any(_days(one)) and _begun(one, today)]
    under_way = [one for one in under_way if not is_over(one, today)]
    begun = [
        one
        for one in ordered
        if one.kind == ReviewCycle.Kind.REGIONAL_REVIEW
        and one.starts_on
        and one.starts_on <= today
    ]
    to_come = [one for one in ordered if not is_over(one, today)]
    return next(iter([*under_way, *begun[::-1], *to_come]), None)


def is_over(cycle: ReviewCycle, today: date) -> bool:
    """Its last day has passed; where no day is known, its year."""
    last = cycle.ends_on or cycle.starts_on
    return last < today if last else cycle.year < today.year


def state_of(cycle: ReviewCycle, current: ReviewCycle | None, today: date) -> str:
    """Where it stands in a timeline: past, current or next."""
    if current and cycle.pk == current.pk:
        return "current"
    return "past" if is_over(cycle, today) else "next"


def milestones_of(cycles: Iterable[ReviewCycle], today: date) -> list[Milestone]:
    """The days of the current cycle, and the cycles after it that are not over."""
    current = current_of(cycles, today)
    if current is None:
        return []
    days = [
        (_("Call for inputs opens"), current.inputs_open_on, None),
        (_("Call for inputs closes"), current.inputs_close_on, None),
        (_("Preparatory sittings begin"), current.preparation_starts_on, None),
        (capfirst(current.get_kind_display()), current.starts_on, current.ends_on),
    ]
    known = sorted(
        ((name, first, last) for name, first, last in days if first), key=lambda day: day[1]
    )
    told: list[tuple[str, date | None, date | None, str]] = [
        (name, first, last, str(current.year)) for name, first, last in known
    ]
    told = told or [(capfirst(current.get_kind_display()), None, None, str(current.year))]
    for cycle in in_order_of_time(cycles):
        if cycle.pk != current.pk and not is_over(cycle, today):
            told.append((cycle.name, cycle.starts_on, cycle.ends_on, str(cycle.year)))
    return _placed(told, today)


def _placed(told: list[tuple], today: date) -> list[Milestone]:
    """The same with where each stands; the first that is not over is next."""
    placed, next_found = [], False
    for name, first, last, year in told:
        end = last or first
        over = end < today if end else int(year) < today.year
        state = "past" if over else "later" if next_found else "next"
        next_found = next_found or not over
        when = "" if first else year
        days = _in_days(first, today) if state == "next" and first else ""
        placed.append(Milestone(name, first, last, when, state, days))
    return placed


def _in_days(day: date, today: date) -> str:
    left = (day - today).days
    if left < 1:
        return _("today") if left == 0 else _("now")
    return ngettext("in %(count)d day", "in %(count)d days", left) % {"count": left}


def _days(cycle: ReviewCycle) -> list[date | None]:
    return [
        cycle.inputs_open_on,
        cycle.inputs_close_on,
        cycle.preparation_starts_on,
        cycle.starts_on,
    ]


def _begun(cycle: ReviewCycle, today: date) -> bool:
    return min(day for day in _days(cycle) if day) <= today
