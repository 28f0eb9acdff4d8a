"""The search over everything, and what it suggests while one types."""

from typing import Any

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.disclaimers import disclaimers
from public.lines import lines_of, texts_of
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.search import CODE, Search
from public.search_index import by_index
from public.search_places import Place
from public.search_results import Found, counted, of_all_kinds, snippets, titled
from public.search_spelling import nearest_name
from public.views.frame import framed, numbered_page
from public.words import KIND_NAMES

SUGGESTED = 8  # links at most
PLACES = 4  # of them, States, objectives and reviews
CODES = 3


def page(request):
    """Records of every kind that answer, best first; States, objectives and codes before them."""
    moment = Moment(request)
    names = Names(moment)
    kind = request.GET.get("kind", "")
    if kind and kind not in KIND_NAMES:
        raise BadRequest(_("“kind” is one of: %(kinds)s.") % {"kinds": ", ".join(KIND_NAMES)})
    typed = request.GET.get("q", "")
    search = Search(typed, names)
    context = {"search": search, "typed": typed, "kind": kind, "at_asked": moment.asked}
    if search:
        with by_index():
            context |= _found(request, moment, names, search, kind)
    return framed(request, moment, "public/search.html", context)


def _found(request, moment: Moment, names: Names, search: Search, kind: str) -> dict[str, Any]:
    records = of_all_kinds(moment.at)
    search, counts = counted(search, records, exact=bool(request.GET.get("exact")))
    of_kind = records.of_kind(kind) if kind else records
    count = counts.get(kind, 0) if kind else sum(counts.values())
    numbered = numbered_page(request, Found(search.best_first(of_kind), count))
    shown = list(numbered)
    places, by_code = search.destinations(records)
    lines = lines_of([*shown, *by_code], names)
    numbered.object_list = lines[: len(shown)]
    marked = snippets(shown, search)
    for record, line in zip(shown, numbered.object_list, strict=True):
        line["snippet"] = marked.get(record.pk, "")
    return {
        "search": search,
        "sentence": _sentence(search, kind, count),
        "page": numbered,
        "tabs": _tabs(search, request, kind, counts),
        "places": places,
        "objectives_url": moment.address("public:objectives"),
        "member_states_url": moment.address("public:member-states"),
        "by_code": lines[len(shown) :],
        "disclaimers": disclaimers(
            *(text for line in lines for text in (line["title"], line["summary"]))
        ),
    }


def suggestions(request):
    """Up to eight pages that somebody may be about to type; `part` asks for the list alone."""
    moment = Moment(request)
    names = Names(moment)
    typed = request.GET.get("q", "")
    context = {"typed": typed, "suggestions": _suggested(Search(typed, names), moment)}
    if request.GET.get("part"):
        return render(request, "public/components/suggestions.html", context)
    return framed(request, moment, "public/suggestions.html", context)


def _tabs(search: Search, request, chosen: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The kinds that were found, and all of them together, each a link to the same search."""
    asked = {name: value for name in ("at", "exact") if (value := request.GET.get(name))}
    kinds = [("", _("All"), sum(counts.values()))]
    kinds += [
        (kind, capfirst(str(many)), counts.get(kind, 0))
        for kind, (_one, many) in KIND_NAMES.items()
        if counts.get(kind) or kind == chosen
    ]
    return [
        {
            "name": name,
            "count": count,
            "url": "?" + urlencode({"q": search.typed} | ({"kind": kind} if kind else {}) | asked),
            "current": kind == chosen,
        }
        for kind, name, count in kinds
    ]


def _sentence(search: Search, kind: str, count: int) -> str:
    words = {"count": number_format(count, force_grouping=True), "text": search.text}
    if not count:
        sentence = _("No record for “%(text)s”") % words
    else:
        sentence = (
            ngettext("%(count)s record for “%(text)s”", "%(count)s records for “%(text)s”", count)
            % words
        )
    if not kind:
        return sentence
    return _("%(kind)s: %(sentence)s") % {
        "kind": capfirst(KIND_NAMES[kind][1]),
        "sentence": sentence,
    }


def _suggested(search: Search, moment: Moment) -> list[dict[str, Any]]:
    """States, objectives and reviews first, then codes, then titles."""
    if not search:
        return []
    places = search.places.beginning(search.text)[:PLACES]
    records = of_all_kinds(moment.at)
    found: list[PublicRecord] = []
    for code in dict.fromkeys(search.codes if CODE.fullmatch(search.text) else []):
        found += records.filter(code__startswith=code).order_by("code")[: CODES - len(found)]
    left = SUGGESTED - len(places) - len(found)
    titles = titled(records, search.text).exclude(pk__in=[record.pk for record in found])
    found += Found(titles, left)[:left]
    if not places and not found and (near := nearest_name(search.text, search.places)):
        places = search.places.beginning(near)[:PLACES]
    return [_suggestion_of_place(place) for place in places] + [
        {
            "url": moment.address(f"public:{record.kind}", [record.code]),
            "name": title or record.code,
            "note": f"{capfirst(KIND_NAMES[record.kind][0])} · {record.code}",
            "language": language,
        }
        for record in found
        for title, _summary, language in [texts_of(record.content)]
    ]


def _suggestion_of_place(place: Place) -> dict[str, Any]:
    return {
        "url": place.url,
        "name": place.name,
        "note": capfirst(place.kind_name),
        "language": "",
    }
