"""Coverage: a table of shaded numbers, Member States by objectives, that shows the gaps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from objectives.models import MemberState
from public.lists import Question
from public.moments import Moment
from public.names import Names
from public.pictures.counting import (
    WITH_BOTH,
    by_state_and_objective,
    figure,
    how_many,
    list_url,
    narrowed,
    query_of,
    question_of,
    step,
)
from public.pictures.picture import Drawing, Picture

ROW = 18  # height in a file
LONGEST_NAME = 34  # characters of a State that have room before its row, in a file
SORTS = ("subregion", "name", "total")


def picture(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """The records of a list by Member State and objective; `?sort=` orders the States."""
    question = question_of(asked, moment, names, WITH_BOTH)
    sort = asked.get("sort") or SORTS[0]
    if sort not in SORTS:
        raise BadRequest(_("“sort” is one of: %(sorts)s.") % {"sorts": ", ".join(SORTS)})
    counts = by_state_and_objective(question.records)
    objectives = list(names.objectives.values())
    states = [
        state
        for state in names.member_states.values()
        if state.retired_on is None or (state.iso3, None) in counts
    ]
    if sort == "total":
        states.sort(key=lambda state: -counts.get((state.iso3, None), 0))
    if sort == "subregion":
        states.sort(key=lambda state: (state.subregion.sort_order, state.subregion.code))
    pairs = {key: count for key, count in counts.items() if None not in key}
    most = max(pairs.values(), default=0)
    lines = [_line(state, objectives, counts, most, question) for state in states]
    totals = [counts.get((None, one["number"]), 0) for one in objectives]
    filled = sum(1 for line in lines for cell in line["cells"] if cell["count"])
    covering = sum(1 for line in lines if line["total"])
    values = {
        "groups": _groups(lines) if sort == "subregion" else [{"name": "", "lines": lines}],
        "lines": lines,
        "objectives": [
            {
                **one,
                "total": figure(total),
                "count": total,
                "list_url": narrowed(question, total, objective=one["number"]),
            }
            for one, total in zip(objectives, totals, strict=True)
        ],
        "total": figure(counts.get((None, None), 0)),
        "list_url": list_url(question),
        **_places(lines, objectives, totals),
    }
    return Picture(
        name="coverage",
        title=_("%(list)s, by Member State and objective") % {"list": question.sentence},
        description=_(
            "%(states)s of %(all_states)s Member States have at least one; %(filled)s of %(cells)s"
            " pairs of a State and an objective are covered."
        )
        % {
            "states": figure(covering),
            "all_states": figure(len(states)),
            "filled": figure(filled),
            "cells": figure(len(states) * len(objectives)),
        },
        drawing=Drawing(
            values,
            "public/pictures/coverage.html",
            "public/pictures/coverage.svg",
            values["height"],
            is_table=True,
        ),
        key="iso3",
        keys=[*(state.iso3 for state in states), ""],
        columns=[_("Member State"), *(str(one["number"]) for one in objectives), _("Total")],
        rows=[
            *(
                (line["name"], *(cell["count"] for cell in line["cells"]), line["total"])
                for line in lines
            ),
            (_("Total"), *totals, counts.get((None, None), 0)),
        ],
        links=[*(line["url"] for line in lines), list_url(question)],
        rule=rule_of(question.kind),
        as_of=moment.at,
        query=query_of(question, sort=sort if sort != SORTS[0] else None),
        list_url=list_url(question),
    )


def _line(
    state: MemberState,
    objectives: Sequence[dict],
    counts: dict,
    most: int,
    question: Question,
) -> dict[str, Any]:
    """A State's row: a cell for each objective, and what it has nothing on."""
    cells = []
    for one in objectives:
        count = counts.get((state.iso3, one["number"]), 0)
        cells.append(
            {
                **one,
                "count": count,
                "figure": figure(count) if count else "",
                "step": step(count, most),
                "list_url": narrowed(
                    question, count, objective=one["number"], member_state=state.iso3
                ),
            }
        )
    total = counts.get((state.iso3, None), 0)
    return {
        "iso3": state.iso3,
        "name": state.name,
        "short_name": Truncator(state.name).chars(LONGEST_NAME),
        "state_url": question.names.address("public:member-state", args=[state.iso3]),
        "subregion": state.subregion.name,
        "cells": cells,
        "total": total,
        "total_figure": figure(total),
        "url": narrowed(question, total, member_state=state.iso3),
        "says": how_many(question.kind, total),
        "covered": [cell for cell in cells if cell["count"]],
        "missing": [cell["number"] for cell in cells if not cell["count"]],
    }


def _groups(lines: Iterable[dict]) -> list[dict]:
    """The lines under the names of their sub-regions."""
    groups: list[dict] = []
    for line in lines:
        if not groups or groups[-1]["name"] != line["subregion"]:
            groups.append({"name": line["subregion"], "lines": []})
        groups[-1]["lines"].append(line)
    return groups


def _places(lines: list[dict], objectives: list[dict], totals: list[int]) -> dict[str, Any]:
    """Where everything stands in a file: names at the left, 23 columns, the total at the right."""
    left, right = 31.0, 6.0
    pitch = (100 - left - right) / max(len(objectives), 1)
    top = ROW + 6

    def at(column: float) -> str:
        return f"{left + column * pitch:.3f}%"

    heads = [
        {
            "number": one["number"],
            "cluster": one["cluster"],
            "x": at(place),
            "middle": at(place + 0.5),
            "total": figure(total) if total else "",
        }
        for place, (one, total) in enumerate(zip(objectives, totals, strict=True))
    ]
    file_rows = [
        {
            "name": line["short_name"],
            "y": top + row * ROW,
            "text_y": top + row * ROW + 13,
            "total": line["total_figure"],
            "cells": [
                cell | {"x": at(place), "middle": at(place + 0.5)}
                for place, cell in enumerate(line["cells"])
                if cell["count"]
            ],
        }
        for row, line in enumerate(lines)
    ]
    bottom = top + len(lines) * ROW
    return {
        "heads": heads,
        "file_rows": file_rows,
        "cell_width": f"{pitch:.3f}%",
        "grid_left": at(0),
        "grid_width": f"{pitch * len(objectives):.3f}%",
        "grid_top": top,
        "grid_height": bottom - top + 1,
        "grid_rows": range(top, bottom + 1, ROW),
        "grid_columns": [at(column) for column in range(len(objectives) + 1)],
        "last": bottom + ROW - 2,
        "height": bottom + ROW + 8,
    }


def rule_of(kind: str) -> str:
    """How records of this kind are counted."""
    rules = {
        "practice": _(
            "A practice that names two objectives, or two Member States, counts in each of their"
            " cells; the totals count it once. An empty cell says that nothing has been published,"
            " not that nothing is done."
        ),
        "pledge": _(
            "A pledge that names two objectives, or two Member States, counts in each of their"
            " cells; the totals count it once. An empty cell says that nothing has been published,"
            " not that nothing is done."
        ),
        "report": _(
            "A report that treats two objectives counts in each of their cells; the totals count"
            " it once. An empty cell says that nothing has been published, not that nothing is"
            " done."
        ),
    }
    return rules[kind]
