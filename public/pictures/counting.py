"""Counting the records of a list for its pictures, and the addresses of what was counted."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.lists import Question
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.views.frame import each_of

# The kinds whose records name States, objectives, a year, a cycle: those that can be drawn so.
WITH_STATES = ("practice", "pledge", "report", "roundtable", "stakeholder")
WITH_OBJECTIVES = ("practice", "pledge", "report", "recommendation", "roundtable")
WITH_YEAR = ("practice", "pledge", "report", "roundtable")
WITH_CYCLE = ("practice", "pledge", "report", "recommendation", "roundtable")


def question_of(
    asked: QueryDict, moment: Moment, names: Names, kinds: Sequence[str] = WITH_CYCLE
) -> Question:
    """The list that a picture counts: that of `?kind=`, with its filters."""
    kind = asked.get("kind") or kinds[0]
    if kind not in kinds:
        raise BadRequest(_("“kind” is one of: %(kinds)s.") % {"kinds": ", ".join(kinds)})
    return Question(kind, asked, moment, names)


def by_value(question: Question, column: str) -> dict:
    """How many records have each value of a column, or each value of a column of lists."""
    records = question.records.order_by()
    model_field = PublicRecord._meta.get_field(column)
    if base := getattr(model_field, "base_field", None):
        counted = (
            question.records.order_by().annotate(one=each_of(column, base)).values_list("one")
        )
    else:
        counted = records.values_list(column)
    return dict(counted.annotate(Count("pk")))


def list_url(question: Question, **more) -> str:
    """The list that was asked for, narrowed by one more value."""
    asked = question.chosen | {name: [value] for name, value in more.items()}
    if question.moment.asked:
        asked["at"] = question.moment.asked
    path = reverse(f"public:{question.kind}-list")
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def narrowed(question: Question, name: str, value, count: int) -> str | None:
    """The list of just the records counted here; None where there are none.

    If the list asks for other values of this filter, its address cannot ask for this one as well.
    """
    chosen = question.chosen.get(name)
    if not count or (chosen and str(value) not in map(str, chosen)):
        return None
    return list_url(question, **{name: value})


def query_of(question: Question) -> str:
    """What the address of the same picture asks."""
    asked = {"kind": question.kind} | question.chosen
    if question.moment.asked:
        asked["at"] = question.moment.asked
    return urlencode(asked, doseq=True)


def figure(number: int) -> str:
    """A number as the reader's language writes it."""
    return number_format(number, force_grouping=True)


def how_many(kind: str, count: int) -> str:
    """ "12 practices"."""
    words = {
        "practice": ngettext("%(count)s practice", "%(count)s practices", count),
        "pledge": ngettext("%(count)s pledge", "%(count)s pledges", count),
        "report": ngettext("%(count)s report", "%(count)s reports", count),
        "recommendation": ngettext("%(count)s recommendation", "%(count)s recommendations", count),
        "roundtable": ngettext("%(count)s roundtable", "%(count)s roundtables", count),
        "stakeholder": ngettext("%(count)s stakeholder", "%(count)s stakeholders", count),
    }
    return words[kind] % {"count": figure(count)}


def named(name: str, kind: str, count: int) -> str:
    """What a shape stands for: "Albania: 12 practices"."""
    return _("%(name)s: %(count)s") % {"name": name, "count": how_many(kind, count)}


def leaders(rows: Iterable[tuple[str, int]]) -> str:
    """A sentence on the longest bars; "" where there is nothing."""
    first = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:3]
    if not first:
        return _("There is nothing to draw yet.")
    return _("Most: %(leaders)s.") % {
        "leaders": ", ".join(f"{name} ({figure(count)})" for name, count in first)
    }


def step(count: int, most: int) -> int:
    """The shade of a number, 0 (none) to 5 (the most).

    By the square root: else one State with many records would leave all others equally pale.
    """
    return min(5, -int(-5 * (count / most) ** 0.5 // 1)) if count else 0
