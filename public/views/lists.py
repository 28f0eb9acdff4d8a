"""The page of a list of records of one kind."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from public.disclaimers import disclaimers
from public.facets import Facets, facets_of
from public.lines import lines_of
from public.lists import PAGE_SIZES, SORTS, Pages, Question
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.pictures import PICTURES
from public.search_results import snippets
from public.views.frame import framed

FORMS = {"csv": "CSV", "xlsx": "XLSX", "atom": "Atom", "ics": "iCalendar"}


def page(request, kind: str):
    """The records that the address asks for, page by page, with what else could be asked."""
    moment = Moment(request)
    names = Names(moment)
    question = Question(kind, request.GET, moment, names)
    counted = facets_of(question.filters)
    question.count = counted.total  # one reading for the sentence, the pages and the facets
    numbered = _page_of(question)
    numbered.object_list = lines = _lines(question, list(numbered))
    context = {
        "question": question,
        "page": numbered,
        "facets": [facet for facet in counted.facets if facet.narrows(counted.total)],
        "chips": _chips(question),
        "clear": question.query_with(**dict.fromkeys(question.chosen)),
        "sorts": [
            {
                "label": SORTS[sort],
                "query": question.query_with(sort=sort if sort != question.usual_sort else None),
                "current": sort == question.sort,
            }
            for sort in question.sorts
        ],
        "sizes": [
            {
                "size": size,
                "query": question.query_with(page_size=size if size != PAGE_SIZES[0] else None),
                "current": size == question.page_size,
            }
            for size in PAGE_SIZES
        ],
        "relax": _relax(question, counted),
        "other_forms": _other_forms(question),
        "states_url": _states_url(question),
        "canonical": _canonical(request, question, numbered.number),
        "noindex": bool("q" in question.chosen or len(question.chosen) > 2 or moment.asked),
        "disclaimers": disclaimers(*(f"{line['title']} {line['summary']}" for line in lines)),
    }
    return framed(request, moment, "public/list.html", context)


def _lines(question: Question, records: list[PublicRecord]) -> list[dict[str, Any]]:
    """The records as lines; where words are looked for, with the place that has them."""
    lines = lines_of(records, question.names)
    marked = snippets(records, question.filters.search) if "q" in question.chosen else {}
    for record, line in zip(records, lines, strict=True):
        line["snippet"] = marked.get(record.pk, "")
    return lines


def _page_of(question: Question):
    asked = question.asked.get("page") or "1"
    if not (asked.isascii() and asked.isdecimal() and int(asked[:9])):
        raise BadRequest(
            _("page: “%(value)s” is not the number of a page. Use 1 or more.")
            % {"value": asked[:60]}
        )
    try:
        return Pages(question).page(asked)
    except InvalidPage as error:
        raise Http404(str(error)) from error


def _chips(question: Question) -> list[dict[str, Any]]:
    """What is chosen, each with the query of the list without it."""
    chips = []
    for name, chosen in question.chosen.items():
        asked = question.filters.filters[name]
        labels = asked.labels(chosen) if name != "q" else {one: f"“{one}”" for one in chosen}
        for value, label in labels.items():
            others = [one for one in chosen if one != value]
            chips.append(
                {
                    "filter": asked.label,
                    "label": label,
                    "badge": asked.badge_of(value) if name != "q" else {},
                    "query": question.query_with(**{name: others}),
                }
            )
    return chips


def _relax(question: Question, counted: Facets) -> list[dict[str, Any]]:
    """Which filter to give up where nothing is found: the one that hides most comes first."""
    if counted.total:
        return []
    ways = [
        {
            "filter": question.filters.filters[name].label,
            "count": count,
            "query": question.query_with(**{name: None}),
        }
        for name, count in counted.without.items()
        if count
    ]
    return sorted(ways, key=lambda way: -way["count"])


def _other_forms(question: Question) -> list[dict[str, str]]:
    """The same list for programs: its records in the same order, all of them."""
    query = question.query_with(page_size=None)
    forms = ["csv", "xlsx", "atom", *(["ics"] if question.kind == "roundtable" else [])]
    return [
        {
            "name": FORMS[form],
            "url": _address(reverse(f"public:{question.kind}-list-as", args=[form]), query),
        }
        for form in forms
    ]


def _states_url(question: Question) -> str:
    """The map of these records, where they are of Member States."""
    if "states" not in PICTURES or "member_state" not in question.filters.filters:
        return ""
    query = question.query_with(sort=None, page_size=None, kind=question.kind)
    return _address(reverse("public:picture", args=["states"]), query)


def _canonical(request, question: Question, number: int) -> str:
    """The one address of what this page shows, however it was asked for."""
    query = question.query_with(
        sort=None, page_size=None, at=None, page=number if number > 1 else None
    )
    return request.build_absolute_uri(_address(request.path, query))


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
