"""The tile map: every Member State a tile of the same size, roughly where it lies. No borders."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import MemberState
from public.facets import by_value
from public.moments import Moment
from public.names import Names
from public.pictures.counting import (
    WITH_STATES,
    figure,
    leaders,
    list_url,
    named,
    narrowed,
    query_of,
    question_of,
    step,
)
from public.pictures.picture import Drawing, Picture
from public.words import KIND_NAMES

COLUMNS = 12  # 24 px each on the narrowest screen, the least that a finger needs
TILE = 46  # height of a tile


def picture(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """The records of a list by Member State."""
    question = question_of(asked, moment, names, WITH_STATES)
    counts = by_value(question.filters, "member_states")
    states = [
        state
        for state in names.member_states.values()
        if state.retired_on is None or state.iso3 in counts
    ]
    most = max(counts.values(), default=0)
    rows, links = [], []
    tiles: list[dict[str, Any]] = []
    places = placed(states)
    for state in states:
        count = counts.get(state.iso3, 0)
        url = narrowed(question, count, member_state=state.iso3)
        rows.append((state.name, count))
        links.append(url)
        column, row = places[state.iso3]
        tiles.append(
            {
                "x": f"{100 * (column - 1) / COLUMNS:.3f}%",
                "y": (row - 1) * TILE,
                "step": step(count, most),
                "code": state.iso3,
                "number": figure(count),
                "name": named(state.name, question.kind, count),
                "url": url,
                "place": (row, column),
            }
        )
    tiles.sort(key=lambda tile: tile["place"])  # the way eyes and the Tab key go
    height = TILE * max((row for _column, row in places.values()), default=1)
    return Picture(
        name="states",
        title=_("%(list)s, by Member State") % {"list": question.sentence},
        description=_description(rows),
        drawing=Drawing(
            {"tiles": tiles, "height": height, "width": f"{100 / COLUMNS:.3f}%"},
            "public/pictures/tiles.svg",
            "public/pictures/tiles.svg",
            height,
        ),
        key="iso3",
        keys=[state.iso3 for state in states],
        columns=[_("Member State"), capfirst(str(KIND_NAMES[question.kind][1]))],
        rows=rows,
        links=links,
        rule=_(
            "A record that names several Member States counts in each of them. Every State has a"
            " tile of the same size; the map shows no borders. A stronger shade means more."
        ),
        as_of=moment.at,
        query=query_of(question),
        list_url=list_url(question),
    )


def _description(rows: list[tuple[str, int]]) -> str:
    none = sum(1 for _name, count in rows if not count)
    if none in (0, len(rows)):
        return leaders(rows)
    without = ngettext(
        "%(count)s Member State has none.", "%(count)s Member States have none.", none
    )
    return f"{leaders(rows)} {without % {'count': figure(none)}}"


def placed(states: list[MemberState]) -> dict[str, tuple[int, int]]:
    """Column and row of each State; those that the layout does not know stand in rows below it,
    sub-region by sub-region."""
    known = layout()
    places = {state.iso3: known[state.iso3] for state in states if state.iso3 in known}
    row = max((row for _column, row in places.values()), default=0)
    column, subregion = COLUMNS, None
    for state in sorted(states, key=lambda state: state.subregion.sort_order):
        if state.iso3 in places:
            continue
        column += 1
        if column > COLUMNS or state.subregion_id != subregion:
            column, row, subregion = 1, row + 1, state.subregion_id
        places[state.iso3] = (column, row)
    return places


@cache
def layout() -> dict[str, tuple[int, int]]:
    """Where each State stands: iso3 → column and row, both from 1.

    Another commission lays its own `tiles.csv` beside its reference data.
    """
    own = Path(settings.REFERENCE_DATA_DIR) / "tiles.csv"
    path = own if own.exists() else Path(__file__).with_name("tiles.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            line["iso3"]: (int(line["column"]), int(line["row"])) for line in csv.DictReader(file)
        }
