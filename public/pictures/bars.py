"""Bars: the records of a list by objective, cycle, level or stage."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from public.facets import by_value
from public.lists import Question
from public.moments import Moment
from public.names import Names
from public.pictures.counting import (
    WITH_CYCLE,
    WITH_OBJECTIVES,
    figure,
    leaders,
    list_url,
    named,
    narrowed,
    query_of,
    question_of,
)
from public.pictures.picture import Drawing, Picture
from public.words import KIND_NAMES, Level, Stage

ROW = 30  # height of a bar with its name, in a file
LONGEST_NAME = 44  # characters that have room beside a bar, in a file


@dataclass(frozen=True)
class Bar:
    """One value of what records are counted by. `cluster` gives an objective's bar its hue."""

    value: str | int
    name: str
    cluster: int | None = None


def objectives(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """The records of a list by objective."""
    question = question_of(asked, moment, names, WITH_OBJECTIVES)
    return _picture(
        "objectives",
        question,
        title=_("%(list)s, by objective"),
        column="objectives",
        parameter="objective",
        heading=_("Objective"),
        bars=[
            Bar(one["number"], one["short_title"], one["cluster"])
            for one in names.objectives.values()
        ],
        rule=_("A record that names several objectives counts in each of them."),
    )


def cycles(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """The records of a list by review cycle."""
    question = question_of(asked, moment, names, WITH_CYCLE)
    ordered = sorted(names.cycles.values(), key=lambda cycle: (cycle.year, cycle.code))
    return _picture(
        "cycles",
        question,
        title=_("%(list)s, by review cycle"),
        column="cycle",
        parameter="cycle",
        heading=_("Review cycle"),
        bars=[Bar(cycle.code, cycle.short_name) for cycle in ordered],
        rule=_("A record counts in the review cycle in which it was submitted or made."),
    )


def levels(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """Practices by how far they reach."""
    return _picture(
        "levels",
        question_of(asked, moment, names, ["practice"]),
        title=_("%(list)s, by level"),
        column="level",
        parameter="level",
        heading=_("Level"),
        bars=[Bar(value, capfirst(str(word))) for value, word in Level.choices],
        rule=_("A practice counts once, at the level that it names."),
    )


def stages(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """Pledges by how far they have come."""
    return _picture(
        "stages",
        question_of(asked, moment, names, ["pledge"]),
        title=_("%(list)s, by stage"),
        column="stage",
        parameter="stage",
        heading=_("Stage"),
        bars=[Bar(value, capfirst(str(word))) for value, word in Stage.choices],
        rule=_("A pledge counts once, at the stage of its latest public edition."),
    )


def _picture(
    name: str,
    question: Question,
    *,
    title: str,
    column: str,
    parameter: str,
    heading: str,
    bars: Sequence[Bar],
    rule: str,
) -> Picture:
    """A picture with a bar for each value, and a row more for records without one."""
    counts = by_value(question.filters, column)
    counted = [(bar, counts.get(bar.value, 0)) for bar in bars]
    links = [narrowed(question, count, **{parameter: bar.value}) for bar, count in counted]
    rows = [(_row_name(bar), count) for bar, count in counted]
    keys = [bar.value for bar in bars]
    most = max((count for _bar, count in counted), default=0) or 1
    drawn = [
        {
            "badge": bar.value if bar.cluster else "",
            "cluster": bar.cluster,
            "name": bar.name,
            "short_name": Truncator(bar.name).chars(LONGEST_NAME),
            "count": count,
            "number": figure(count),
            "says": named(row[0], question.kind, count),
            "url": url,
            "y": place * ROW,
            "width": f"{38 * count / most:.3f}%",
            "end": f"{55 + 38 * count / most:.3f}%",
        }
        for place, ((bar, count), row, url) in enumerate(zip(counted, rows, links, strict=True))
    ]
    if unknown := counts.get("", 0):
        rows.append((_("Not said"), unknown))
        links.append(None)
        keys.append("")
        rule = " ".join([rule, _("Not drawn, because it is not said: %s.") % figure(unknown)])
    return Picture(
        name=name,
        title=title % {"list": question.sentence},
        description=leaders((row[0], row[1]) for row in rows[: len(bars)]),
        drawing=Drawing(
            {
                "bars": drawn,
                "most": most,
                "height": ROW * len(drawn),
                "badges": name == "objectives",
            },
            "public/pictures/bars.html",
            "public/pictures/bars.svg",
            ROW * max(len(drawn), 1),
        ),
        key=parameter,
        keys=keys,
        columns=[heading, capfirst(str(KIND_NAMES[question.kind][1]))],
        rows=rows,
        links=links,
        rule=rule,
        as_of=question.moment.at,
        query=query_of(question),
        list_url=list_url(question),
    )


def _row_name(bar: Bar) -> str:
    return f"{bar.value}. {bar.name}" if bar.cluster else bar.name
