"""The other formats of records: tables, citations, linked data, calendars, feeds.

Tables, calendars and feeds hold the whole list; citations and linked data the page, as JSON does.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.text import Truncator
from rest_framework.response import Response

from public import calendars, citations
from public.api.answers import conditional, fresh, last_modified
from public.api.formats import (
    CSL,
    CSV,
    JSON,
    JSONLD,
    NDJSON,
    RIS,
    XLSX,
    Atom,
    BibTeX,
    Calendar,
    Written,
)
from public.api.problems import Problem
from public.api.questions import Records
from public.columns import COLUMNS
from public.downloads import Download
from public.hashtags import HASHTAGS
from public.lines import texts_of
from public.linked_data import CONTEXT, node_of
from public.models import FOLDERS, PublicRecord
from public.moments import Moment
from public.names import Names
from public.sheets import DoesNotFit

# format of the API → how an address of a page ends that gives the same
CITED = {"ris": "ris", "bib": "bib", "csl": "json"}


def list_formats(kind: str) -> list[type[Written | JSON]]:
    """The formats of lists of this kind; what has no page has no citation and no feed."""
    formats = [JSON, NDJSON, CSV, XLSX]
    if kind in FOLDERS:
        formats += [JSONLD, Atom, RIS, BibTeX, CSL]
    return [*formats, Calendar] if kind == "roundtable" else formats


def record_formats(kind: str) -> list[type[Written | JSON]]:
    """The formats of one record of this kind."""
    formats = [JSON, JSONLD, RIS, BibTeX, CSL] if kind in FOLDERS else [JSON]
    return [*formats, Calendar] if kind == "roundtable" else formats


# --- Lists ----------------------------------------------------------------------------------


def of_list(format: str, request, records: Records) -> HttpResponseBase:
    """The list in another format than JSON and NDJSON."""
    return LISTS.get(format, _page)(request, records)


def _download(request, records: Records) -> Download:
    return Download(
        request,
        records.moment,
        records.names,
        records=records.ordered,
        columns=COLUMNS[records.kind],
        called=FOLDERS.get(records.kind, f"{records.kind}s"),
    )


def _csv(request, records: Records) -> HttpResponseBase:
    return fresh(_download(request, records).csv(HASHTAGS if records.hashtags else None))


def _xlsx(request, records: Records) -> HttpResponseBase:
    try:
        return fresh(_download(request, records).xlsx())
    except DoesNotFit as reason:
        raise Problem(
            "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=str(reason)
        ) from reason


def _feed(request, records: Records) -> HttpResponseBase:
    """Where the feed of these records is: there it stays, for those who subscribe to it."""
    feed = records.moment.address(f"public:{records.kind}-list-as", ["atom"])
    asked = urlencode(records.filters.chosen, doseq=True)
    if asked:
        feed += f"{'&' if '?' in feed else '?'}{asked}"
    return HttpResponseRedirect(request.build_absolute_uri(feed))


def _calendar(request, records: Records) -> HttpResponseBase:
    found, moment = records.ordered, records.moment.at
    written = calendars.of_list(found, records.filters, records.names, request, moment)
    return _answer(request, written, {})


def _page(request, records: Records) -> HttpResponseBase:
    """What page or cursor take, as citations or as a graph."""
    found, _frame, links = records.taken()
    links |= last_modified(max((one.visible.lower for one in found), default=None))
    format = request.accepted_renderer.format
    return _answer(request, told(format, request, found, records.moment, records.names), links)


LISTS: dict[str, Callable[..., HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "atom": _feed,
    "ics": _calendar,
}

# --- Records --------------------------------------------------------------------------------


def of_record(format: str, request, record: PublicRecord, moment: Moment) -> HttpResponseBase:
    """One record in another format than JSON."""
    names = Names(moment)
    body: object
    if format == "ics":
        if not record.content.starts_on:
            raise Http404  # a calendar without events is none
        body = calendars.of_roundtables([record], names, request)
    else:
        body = told(format, request, [record], moment, names)
    return _answer(request, body, last_modified(record.visible.lower))


def told(format: str, request, found: list[PublicRecord], moment: Moment, names: Names) -> object:
    """Records as citations, or as linked data."""
    names.learn(found)
    cited = [citations.citation_of(request, moment, record, names) for record in found]
    if format in CITED:
        return citations.written(CITED[format], cited).encode() or b"\n"  # empty has no media type
    nodes = [
        node_of(record, citation, names, Truncator(texts_of(record.content)[1]).chars(300))
        for record, citation in zip(found, cited, strict=True)
    ]
    return {"@context": CONTEXT, "@graph": nodes}


def _answer(request, body: object, headers: dict[str, str]) -> HttpResponseBase:
    return conditional(Response(body, headers=headers))
