"""Columns: the records of a list by year."""

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from public.facets import by_value
from public.moments import Moment
from public.names import Names
from public.pictures.counting import (
    WITH_YEAR,
    figure,
    leaders,
    list_url,
    named,
    narrowed,
    query_of,
    question_of,
)
from public.pictures.picture import Drawing, Picture
from public.words import KIND_NAMES

LONGEST = 40  # years side by side; a longer time is drawn without its empty years
COLUMN = 150  # height of the highest column
HEIGHT = 196
LABELS = 10  # years named under the columns


def picture(asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """The records of a list by year: the year in which a practice began, a pledge was made …"""
    question = question_of(asked, moment, names, WITH_YEAR)
    counts = by_value(question.filters, "year")
    unknown = counts.pop(None, 0)
    years = sorted(counts)
    if years and years[-1] - years[0] < LONGEST:
        years = list(range(years[0], years[-1] + 1))
    most = max(counts.values(), default=1)
    rows = [(str(year), counts.get(year, 0)) for year in years]
    links = [narrowed(question, counts.get(year, 0), year=year) for year in years]
    pitch = 100 / max(len(years), 4)
    every = -(-len(years) // LABELS)
    columns = []
    for place, ((year, count), url) in enumerate(zip(rows, links, strict=True)):
        height = round(COLUMN * count / most)
        columns.append(
            {
                "x": f"{place * pitch:.3f}%",
                "top": HEIGHT - 24 - height,
                "above": HEIGHT - 30 - height,
                "height": height,
                "label": year if (len(years) - 1 - place) % every == 0 else "",
                "wide_only": len(years) > 6 and (len(years) - 1 - place) // every % 2 == 1,
                "number": figure(count) if count else "",
                "name": named(year, question.kind, count),
                "url": url,
            }
        )
    if unknown:
        rows.append((_("Year not known"), unknown))
        links.append(None)
    return Picture(
        name="years",
        title=_("%(list)s, by year") % {"list": question.sentence},
        description=leaders(rows[: len(years)]),
        drawing=Drawing(
            {
                "columns": columns,
                "width": f"{pitch:.3f}%",
                "height": HEIGHT,
                "base": HEIGHT - 24,
                "under": HEIGHT - 6,
            },
            "public/pictures/columns.svg",
            "public/pictures/columns.svg",
            HEIGHT,
        ),
        key="year",
        keys=[*years, ""] if unknown else years,
        columns=[_("Year"), capfirst(str(KIND_NAMES[question.kind][1]))],
        rows=rows,
        links=links,
        rule=_rule(question.kind, unknown),
        as_of=moment.at,
        query=query_of(question),
        list_url=list_url(question),
    )


def _rule(kind: str, unknown: int) -> str:
    rules = {
        "practice": _("A practice counts in the year in which it began."),
        "pledge": _("A pledge counts in the year in which it was made."),
        "report": _("A report counts in the year in which it was submitted."),
        "roundtable": _("A roundtable counts in the year in which it began."),
    }
    if not unknown:
        return rules[kind]
    return " ".join(
        [
            rules[kind],
            _("Not drawn, because no year is known: %(count)s.") % {"count": figure(unknown)},
        ]
    )
