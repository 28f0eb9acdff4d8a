"""Two to four States side by side, or one State in several reviews."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from public import counts
from public.milestones import in_order_of_time
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.words import KIND_NAMES, Stage

MOST = 4  # columns that a person can still compare
KINDS = ("practice", "pledge", "report", "roundtable")
BY_OBJECTIVE = ("practice", "pledge", "report")


@dataclass(frozen=True)
class Side:
    """One column of a comparison; `filters` are those of the lists that it counts."""

    code: str
    name: str
    url: str
    filters: dict[str, Any]
    kinds: Counter[str]
    stages: Counter[tuple[str, str]]
    objectives: Counter[tuple[str, int]]


class Choice:
    """What an address asks to compare. `BadRequest` says what cannot be compared and why."""

    def __init__(self, asked: QueryDict, names: Names):
        self.states = _known(asked.getlist("state"), names.member_states, _("State"))
        self.cycles = _known(asked.getlist("cycle"), names.cycles, _("review"))
        if len(self.states) > MOST or len(self.cycles) > MOST:
            raise BadRequest(
                _("At most %(most)d columns fit side by side: leave some out.") % {"most": MOST}
            )
        if len(self.states) > 1 and self.cycles:
            raise BadRequest(
                _("Compare several States, or one State in several reviews, not both at once.")
            )
        self.names = names

    @property
    def is_complete(self) -> bool:
        return len(self.states) > 1 or (len(self.states) == 1 and len(self.cycles) > 1)

    @property
    def title(self) -> str:
        """ "Albania and Serbia, side by side", or "Albania in Regional review 2020 and …"."""
        states = listed([self.names.states[iso3] for iso3 in self.states])
        if len(self.states) > 1:
            return _("%(states)s, side by side") % {"states": states}
        cycles = listed([self.names.cycles[code].short_name for code in self.cycles])
        return _("%(state)s: %(reviews)s") % {"state": states, "reviews": cycles}

    def sides(self, moment: Moment) -> list[Side]:
        """Each column with what is counted in it."""
        if len(self.states) > 1:
            return [
                _side(moment, iso3, self.names.state(iso3), {"member_state": iso3})
                for iso3 in self.states
            ]
        [iso3] = self.states
        return [
            _side(
                moment,
                f"{iso3} {code}",
                {
                    "name": self.names.cycles[code].short_name,
                    "url": moment.address("public:review", [code]),
                },
                {"member_state": iso3, "cycle": code},
            )
            for code in self.cycles
        ]


def _known(codes: Iterable[str], table: dict[str, Any], what: str) -> list[str]:
    """The codes that were chosen, each once; empty fields of the form choose nothing."""
    chosen = list(dict.fromkeys(code for code in codes if code))
    for code in chosen:
        if code not in table:
            raise BadRequest(
                _("“%(code)s” is no %(what)s that we know: choose from the list.")
                % {"code": code[:40], "what": what}
            )
    return chosen


def _side(moment: Moment, code: str, name: dict[str, str], filters: dict[str, Any]) -> Side:
    records = counts.of_state(PublicRecord.objects.visible(moment.at), filters["member_state"])
    if "cycle" in filters:
        records = records.filter(cycle=filters["cycle"])
    stages = counts.by_stage(records)
    return Side(
        code=code,
        name=name["name"],
        url=name["url"],
        filters=filters,
        kinds=counts.of_kinds(stages),
        stages=stages,
        objectives=counts.by_objective(records),
    )


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "Albania, Serbia and Türkiye"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def kind_rows(sides: Sequence[Side], moment: Moment) -> list[dict[str, Any]]:
    """What each side has of each kind, and its pledges by stage."""
    rows: list[dict[str, Any]] = [
        {
            "name": capfirst(str(KIND_NAMES[kind][1])),
            "cells": [
                {
                    "label": side.name,
                    "count": side.kinds[kind],
                    "url": moment.address(f"public:{kind}-list", **side.filters),
                }
                for side in sides
            ],
        }
        for kind in KINDS
    ]
    stages = [
        {
            "name": _("Pledges: %(stage)s") % {"stage": name},
            "cells": [
                {
                    "label": side.name,
                    "count": side.stages["pledge", stage],
                    "url": moment.address("public:pledge-list", **side.filters, stage=stage),
                }
                for side in sides
            ],
        }
        for stage, name in Stage.choices
        if any(side.stages["pledge", stage] for side in sides)
    ]
    rows[2:2] = stages
    return [_compared(row, sides) for row in rows]


def objective_rows(
    sides: Sequence[Side], moment: Moment, names: Names
) -> tuple[list[dict[str, Any]], int]:
    """A row for each objective, and the largest number in any: the length of a full bar."""
    rows: list[dict[str, Any]] = [
        {
            "objective": objective,
            "cells": [_cell(side, number, moment) for side in sides],
        }
        for number, objective in names.objectives.items()
    ]
    rows = [_compared(row, sides) for row in rows]
    most = max((cell["count"] for row in rows for cell in row["cells"]), default=1)
    return rows, most or 1


def _compared(row: dict[str, Any], sides: Sequence[Side]) -> dict[str, Any]:
    """The row with how its cells differ; a gap is a row in which nobody has anything."""
    totals = [cell["count"] for cell in row["cells"]]
    return {**row, "remark": remark(sides, totals), "gap": not any(totals)}


def _cell(side: Side, number: int, moment: Moment) -> dict[str, Any]:
    parts = [
        {
            "text": counts.counted(kind, side.objectives[kind, number]),
            "url": moment.address(f"public:{kind}-list", **side.filters, objective=number),
        }
        for kind in BY_OBJECTIVE
        if side.objectives[kind, number]
    ]
    total = sum(side.objectives[kind, number] for kind in BY_OBJECTIVE)
    return {"label": side.name, "count": total, "parts": parts}


def remark(sides: Sequence[Side], totals: Sequence[int]) -> str:
    """How the sides differ, in words."""
    holders = [side.name for side, total in zip(sides, totals, strict=True) if total]
    if not holders:
        return _("nothing published")
    if len(holders) < len(sides):
        return _("only %(names)s") % {"names": listed(holders)}
    if len(set(totals)) == 1:
        return _("equal")
    top = [side.name for side, total in zip(sides, totals, strict=True) if total == max(totals)]
    return _("most: %(names)s") % {"names": listed(top)}


def sheet_of(sides: Sequence[Side], names: Names) -> tuple[list[str], list[list[Any]]]:
    """The comparison as a table of codes and numbers: a header and its rows."""
    header = ["objective", "kind", "stage", *(side.code for side in sides)]
    rows: list[list[Any]] = [
        ["", kind, "", *(side.kinds[kind] for side in sides)] for kind in KINDS
    ]
    rows += [
        ["", "pledge", stage, *(side.stages["pledge", stage] for side in sides)]
        for stage in Stage.values
    ]
    rows += [
        [number, kind, "", *(side.objectives[kind, number] for side in sides)]
        for number in names.objectives
        for kind in BY_OBJECTIVE
    ]
    return header, rows


def examples(moment: Moment, names: Names) -> list[dict[str, str]]:
    """Comparisons to try: of the States with most practices."""
    records = PublicRecord.objects.visible(moment.at).of_kind("practice")
    by_state = counts.by_state(records)
    ordered = sorted(by_state.items(), key=lambda item: (-item[1], item[0]))
    most = [iso3 for (_kind, iso3), _count in ordered if iso3 in names.states]
    cycles = [
        cycle.code
        for cycle in in_order_of_time(names.cycles.values())
        if cycle.kind == cycle.Kind.REGIONAL_REVIEW
    ][-2:]
    asked = [{"state": most[:many]} for many in (2, MOST) if len(most) >= many]
    if most and len(cycles) > 1:
        asked.append({"state": most[:1], "cycle": cycles})
    return [
        {
            "name": Choice(_query(one), names).title,
            "url": moment.address("public:compare", **one),
        }
        for one in asked
    ]


def _query(asked: dict[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in asked.items():
        query.setlist(name, values)
    return query
