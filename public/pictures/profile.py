"""The profile of a State: a table of shaded numbers, objectives by kinds."""

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from public.moments import Moment
from public.names import Names
from public.pictures.counting import (
    WITH_BOTH,
    by_value,
    figure,
    filtered,
    list_url,
    narrowed,
    query_of,
    step,
)
from public.pictures.picture import Drawing, Picture
from public.words import KIND_NAMES

ROW = 28  # height in a file


def picture(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """What one State (`?member_state=ALB`) has published, by objective and kind."""
    iso3 = asked.get("member_state", "")
    if asked.getlist("member_state") != [iso3] or iso3 not in names.states:
        raise BadRequest(_("“member_state” names one Member State, for example ALB."))
    own = {"member_state": [iso3]} | {"cycle": asked.getlist("cycle")}
    asked = QueryDict(urlencode(own, doseq=True))
    questions = [filtered(kind, asked, moment, names) for kind in WITH_BOTH]
    counts = [
        by_value(one.records.filter(member_states__contains=[iso3]), "objectives")
        for one in questions
    ]
    objectives = list(names.objectives.values())
    most = max((max(one.values(), default=0) for one in counts), default=0)
    rows = [
        (
            f"{one['number']}. {one['short_title']}",
            *(count.get(one["number"], 0) for count in counts),
        )
        for one in objectives
    ]
    lines = [
        {
            **one,
            "file_name": Truncator(one["short_title"]).chars(50),
            "y": place * ROW,
            "cells": [
                {
                    "number": figure(count) if count else "",
                    "step": step(count, most),
                    "url": narrowed(question, count, objective=one["number"], member_state=iso3),
                    "x": f"{64 + 12 * column}%",
                }
                for column, (question, count) in enumerate(zip(questions, row[1:], strict=True))
            ],
        }
        for place, (one, row) in enumerate(zip(objectives, rows, strict=True), start=1)
    ]
    kinds = [capfirst(str(KIND_NAMES[kind][1])) for kind in WITH_BOTH]
    empty = sum(1 for row in rows if not any(row[1:]))
    height = ROW * (len(rows) + 1)
    return Picture(
        name="profile",
        title=_("%(name)s: practices, pledges and reports by objective")
        % {"name": names.states[iso3]},
        description=_("Something on %(some)s objectives, nothing on %(none)s.")
        % {"some": figure(len(rows) - empty), "none": figure(empty)},
        drawing=Drawing(
            {
                "lines": lines,
                "kinds": [
                    {"name": kind, "x": f"{70 + 12 * column - 1}%"}
                    for column, kind in enumerate(kinds)
                ],
                "height": height,
            },
            "public/pictures/profile.html",
            "public/pictures/profile.svg",
            height,
            is_table=True,
        ),
        key="objective",
        keys=[one["number"] for one in objectives],
        columns=[_("Objective"), *kinds],
        rows=rows,
        links=[None] * len(rows),
        rule=_("A record that names several objectives counts in each of them."),
        as_of=moment.at,
        query=query_of(questions[0], kind=None),
        list_url=list_url(questions[0]),
    )
