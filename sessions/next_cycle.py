"""The next review cycle, made from an earlier one: what is carried over, and carrying it over.

Everything is a draft, with its days moved by whole weeks, so that a Monday stays a Monday. Nothing
of it is sure until somebody confirms it, and each copy says so to staff. Which Member States are
expected to report needs no rows: they are the States of the cycle's region.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Count
from django.utils.translation import gettext as _

from objectives.models import Doubt, MemberState, ReviewCycle
from objectives.records import signed
from objectives.rules import explain
from public.workflow import Status
from sessions.models import AgendaItem, GuidingQuestion, Recommendation, Roundtable

USUAL_GAP = 4  # years between two reviews, where there is only one to copy
DAYS = ("starts_on", "ends_on", "preparation_starts_on", "inputs_open_on", "inputs_close_on")
NAMES = ("name_en", "name_fr", "name_ru")

# What a copied roundtable has from the earlier one; its code, title and days may be changed.
AS_BEFORE = (
    "type",
    "number",
    "title_fr",
    "title_ru",
    "cluster",
    "start_time",
    "end_time",
    "time_zone",
    "place",
    "format",
    "languages",
    "language",
)
RIGHTS = (
    "objectives.add_reviewcycle",
    "roundtables.add_roundtable",
    "roundtables.add_recommendation",
)


@dataclass(frozen=True)
class Copy:
    """An earlier roundtable or recommendation, and what the new one has instead."""

    of: Any
    values: dict[str, Any]


def roundtables_of(cycle: ReviewCycle):
    """The sittings that may be carried over, with what belongs to them counted."""
    return (
        cycle.roundtables.exclude(status=Status.WITHDRAWN)
        .annotate(items=Count("agenda", distinct=True), asked=Count("questions", distinct=True))
        .select_related("cluster")
        .prefetch_related("objectives")
    )


def recommendations_of(cycle: ReviewCycle):
    """The recommendations that may be carried over as open items."""
    return (
        cycle.recommendations.exclude(status=Status.WITHDRAWN)
        .select_related("roundtable")
        .prefetch_related("objectives")
    )


def expected_to_report(cycle: ReviewCycle):
    """The States of the cycle's region; of every region, for a forum."""
    states = MemberState.objects.in_use()
    return states.filter(regions=cycle.region) if cycle.region_id else states


def next_year(cycle: ReviewCycle) -> int:
    """As many years later as this cycle came after the one of its kind before it."""
    earlier = ReviewCycle.objects.filter(
        kind=cycle.kind, region=cycle.region_id, year__lt=cycle.year
    )
    last = earlier.order_by("-year").values_list("year", flat=True).first()
    return cycle.year + (cycle.year - last if last else USUAL_GAP)


def moved(day: date | None, years: int) -> date | None:
    """The same day of the week, so many years later: at most three days off."""
    return day and day + timedelta(weeks=round(years * 365.2425 / 7))


def new_code(code: str, cycle: ReviewCycle, new: str, year: int) -> str:
    """The code of the copy: the new cycle's letters and year in place of the old ones."""
    if code.startswith(cycle.code):
        return new + code.removeprefix(cycle.code)
    return re.sub(r"^([A-Z]+)[0-9]{4}", rf"\g<1>{year}", code)


def proposal(cycle: ReviewCycle, year: int) -> dict[str, Any]:
    """What the next cycle would say of itself, for somebody to correct."""
    years = year - cycle.year
    code = re.sub(r"[0-9]{4}$", str(year), cycle.code)
    return {
        "code": code,
        "year": year,
        **{name: getattr(cycle, name).replace(str(cycle.year), str(year)) for name in NAMES},
        **{name: moved(getattr(cycle, name), years) for name in DAYS},
        "facts": "The days are to be confirmed.",
    }


def open_cycle(
    cycle: ReviewCycle,
    *,
    values: dict[str, Any],
    roundtables: Sequence[Copy],
    recommendations: Sequence[Copy],
    by,
) -> ReviewCycle:
    """Create the next cycle from this one with all that is carried over, or nothing of it."""
    if by.cycle_id or (by.region_id and by.region_id != cycle.region_id):
        raise ValidationError(
            _("Your account is limited to another part of the work: ask a colleague."),
            code="scope",
        )
    with signed(by=by, step="next_cycle", why=_("From %(code)s") % {"code": cycle.code}):
        as_before = {name: getattr(cycle, name) for name in ("kind", "region", "languages")}
        new = ReviewCycle(**as_before, **values)
        _save(new)
        Doubt.objects.update_or_create(
            table="review_cycles",
            code=new.code,
            defaults={"text": _to_be_confirmed(cycle), "settled_on": None},
        )
        made: dict[int, Roundtable] = {}
        for copy in _parents_first(roundtables):
            made[copy.of.pk] = _copied_roundtable(copy, new, made, by)
        for copy in recommendations:
            _carried_over(copy, new, made, by)
    return new


def _to_be_confirmed(cycle: ReviewCycle) -> str:
    return _(
        "Made from %(code)s. To be confirmed: the name in all languages, the days, the place, and"
        " what was carried over."
    ) % {"code": cycle.code}


def _save(row: Any) -> None:
    """Save a new row; what the database refuses is said with the row's code."""
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(
            [f"{row.code}: {reason}" for reason in explain(error).messages]
        ) from error


def _parents_first(copies: Sequence[Copy]) -> list[Copy]:
    """A sitting comes after the one that contains it."""
    left, order = list(copies), []
    chosen = {copy.of.pk for copy in copies}
    placed: set[int] = set()
    while left:
        ready = [one for one in left if one.of.part_of_id not in chosen - placed] or left
        order += ready
        placed |= {one.of.pk for one in ready}
        left = [one for one in left if one not in ready]
    return order


def _copied_roundtable(copy: Copy, cycle: ReviewCycle, made: dict, by) -> Roundtable:
    source = copy.of
    roundtable = Roundtable(
        cycle=cycle,
        part_of=made.get(source.part_of_id),
        edited_by=by,
        staff_notes=_("Copied from %(code)s. Everything is to be confirmed, the days first.")
        % {"code": source.code},
        **{name: getattr(source, name) for name in AS_BEFORE},
        **copy.values,
    )
    if roundtable.starts_on is None:  # times stand on a day only
        roundtable.start_time = roundtable.end_time = None
    _save(roundtable)
    roundtable.objectives.set(source.objectives.all())
    AgendaItem.objects.bulk_create(
        AgendaItem(
            roundtable=roundtable,
            **{name: getattr(item, name) for name in ("sort_order", "title", "minutes", "role")},
        )
        for item in source.agenda.all()
    )
    for question in source.questions.prefetch_related("objectives"):
        new = GuidingQuestion.objects.create(
            roundtable=roundtable,
            number=question.number,
            text=question.text,
            staff_notes=_("Asked in %(code)s. To be confirmed.") % {"code": source.code},
        )
        new.objectives.set(question.objectives.all())
    return roundtable


def _carried_over(copy: Copy, cycle: ReviewCycle, made: dict, by) -> None:
    source = copy.of
    recommendation = Recommendation(
        cycle=cycle,
        roundtable=made.get(source.roundtable_id),
        continues=source,
        edited_by=by,
        staff_notes=_(
            "Open item from %(code)s: say what has been done since, or delete this draft."
        )
        % {"code": source.code},
        **{
            name: getattr(source, name)
            for name in ("number", "text", "addressed_to", "strength", "language")
        },
        **copy.values,
    )
    _save(recommendation)
    recommendation.objectives.set(source.objectives.all())
