"""Counting the records of a list for its pictures, and the addresses of what was counted."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import BadRequest, EmptyResultSet
from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.lists import Question
from public.models import PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.names import Names
from public.views.frame import each_of

# The kinds whose records name States, objectives, both, a year, a cycle; the first one is drawn
# if the address names none.
WITH_STATES = ("practice", "pledge", "report", "roundtable", "stakeholder")
WITH_OBJECTIVES = ("practice", "pledge", "report", "recommendation", "roundtable")
WITH_BOTH = ("practice", "pledge", "report")
WITH_YEAR = ("practice", "pledge", "report", "roundtable")
WITH_CYCLE = ("practice", "pledge", "report", "recommendation", "roundtable")


def question_of(asked: QueryDict, moment: Moment, names: Names, kinds: Sequence[str]) -> Question:
    """The list that a picture counts: that of `?kind=`, with its filters."""
    kind = asked.get("kind") or kinds[0]
    if kind not in kinds:
        raise BadRequest(_("“kind” is one of: %(kinds)s.") % {"kinds": ", ".join(kinds)})
    return filtered(kind, asked, moment, names)


def filtered(kind: str, asked: QueryDict, moment: Moment, names: Names) -> Question:
    """The list with its filters only: the order of a list is not that of a picture."""
    asked = asked.copy()
    for name in ("sort", "page", "page_size"):
        asked.pop(name, None)
    return Question(kind, asked, moment, names)


def by_value(records: PublicRecordQuerySet, column: str) -> dict:
    """How many records have each value of a column, or each value of a column of lists."""
    records = records.order_by()
    if single := getattr(PublicRecord._meta.get_field(column), "base_field", None):
        values = records.annotate(one=each_of(column, single)).values_list("one")
    else:
        values = records.values_list(column)
    return dict(values.annotate(Count("pk")))


def by_state_and_objective(
    records: PublicRecordQuerySet,
) -> dict[tuple[str | None, int | None], int]:
    """How many records name a State and an objective, all pairs in one query.

    None stands for all of them: a record that names several is counted once there.
    """
    try:
        counted, values = (
            records.order_by().values("member_states", "objectives").query.sql_with_params()
        )
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH counted (states, numbers) AS MATERIALIZED ({counted})
            SELECT state, number, count(*)
                FROM counted, unnest(states) AS state, unnest(numbers) AS number GROUP BY 1, 2
            UNION ALL
            SELECT state, NULL, count(*) FROM counted, unnest(states) AS state GROUP BY 1
            UNION ALL
            SELECT NULL, number, count(*) FROM counted, unnest(numbers) AS number GROUP BY 2
            UNION ALL
            SELECT NULL, NULL, count(*) FROM counted
            """,  # noqa: S608  the SQL of a queryset, its values apart
            values,
        )
        return {(state, number): count for state, number, count in cursor.fetchall()}


def list_url(question: Question, **more) -> str:
    """The list that was asked for, narrowed by more values."""
    asked = question.chosen | {name: [value] for name, value in more.items()}
    return _address(reverse(f"public:{question.kind}-list"), asked, question.moment)


def narrowed(question: Question, count: int, **more) -> str | None:
    """The list of just the records counted here; None where there are none.

    If the list asks for other values of a filter, its address cannot ask for this one as well.
    """
    for name, value in more.items():
        chosen = question.chosen.get(name)
        if chosen and str(value) not in map(str, chosen):
            return None
    return list_url(question, **more) if count else None


def query_of(question: Question, **more) -> str:
    """What the address of the same picture asks; what is None is not asked."""
    asked = {"kind": question.kind} | question.chosen | more
    known = {name: value for name, value in asked.items() if value is not None}
    return _address("", known, question.moment).removeprefix("?")


def _address(path: str, asked: dict, moment: Moment) -> str:
    if moment.asked:
        asked = asked | {"at": moment.asked}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


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


def leaders(counts: Iterable[tuple[str, int]]) -> str:
    """A sentence on the greatest numbers."""
    first = sorted((one for one in counts if one[1]), key=lambda one: -one[1])[:3]
    if not first:
        return _("There is nothing to draw yet.")
    return _("Most: %(leaders)s.") % {
        "leaders": ", ".join(f"{name} ({figure(count)})" for name, count in first)
    }


def step(count: int, most: int) -> int:
    """The shade of a number, 0 (none) to 5 (the most).

    By the square root: else one State with many records would leave all others equally pale.
    """
    return next((step for step in range(1, 6) if 25 * count <= step * step * most), 5) * bool(
        count
    )
