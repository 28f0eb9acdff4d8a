"""My list: records that a reader has put together, without an account.

The list is its address. A browser may keep one list for its reader (static/js/my_list.js); nothing
of it is kept here.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from public.columns import MIXED
from public.disclaimers import disclaimers
from public.downloads import Download, site_of
from public.lines import lines_of
from public.models import FOLDERS, PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.names import Names
from public.tables import Reader
from public.views.frame import framed

MOST = 200  # records
NAMED = re.compile(rf"({'|'.join(FOLDERS)}):([-\w]{{1,60}})", re.ASCII)

Named = tuple[str, str]  # the kind and the code of a record


def page(request):
    """The records that the address names, in its order; how to make a list if it names none."""
    moment = Moment(request)
    names = Names(moment)
    asked, unreadable = _asked(request)
    found = {_named(one): one for one in _records(asked, moment)}
    shown = [one for one in asked if one in found]
    reader = Reader(names, site_of(request))
    lines = lines_of([found[one] for one in shown], names)
    for line in lines:
        rest = [one for one in shown if one != (line["kind"], line["code"])]
        line["remove_url"] = _address(moment, rest)
        line["permanent_url"] = reader.address(line["kind"], line["code"])
    context = {
        "asked": bool(asked or unreadable),
        "records": lines,
        "together": " ".join(f"{kind}:{code}" for kind, code in shown),
        "hidden": [code for kind, code in asked if (kind, code) not in found],
        "unreadable": unreadable,
        "address": request.build_absolute_uri(_address(moment, shown)),
        "csv": _address(moment, shown, "csv"),
        "ris": _address(moment, shown, "ris") if _can_cite() else "",
        "disclaimers": disclaimers(*(f"{line['title']} {line['summary']}" for line in lines)),
    }
    return framed(request, moment, "public/my_list.html", context)


def form(request, form: str):
    """The same records as a table, or as citations."""
    moment = Moment(request)
    names = Names(moment)
    records = _records(_asked(request)[0], moment).order_by("kind", "code")
    file = Download(request, moment, names, records=records, columns=MIXED, called="my-list")
    if form == "csv":
        return file.csv()
    if not _can_cite():
        raise Http404
    citations = import_module("public.citations")
    names.learn(records)
    text = "".join(
        citations.ris(citations.citation_of(request, moment, record, names)) for record in records
    )
    disposition = content_disposition_header(True, file.file_name("ris")) or ""
    return HttpResponse(
        text,
        content_type=f"{citations.FORMS['ris'].media_type}; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _asked(request) -> tuple[list[Named], list[str]]:
    """The records that the address names, each once, and what of it names none."""
    values = list(dict.fromkeys(request.GET.getlist("record")))
    if len(values) > MOST:
        raise BadRequest(
            _("A list holds %(most)d records, and this address names %(count)d. Make two lists.")
            % {"most": MOST, "count": len(values)}
        )
    matches = [(value, NAMED.fullmatch(value)) for value in values]
    named = [(match[1], match[2]) for _value, match in matches if match]
    return named, [value for value, match in matches if not match and value]


def _records(asked: Iterable[Named], moment: Moment) -> PublicRecordQuerySet:
    """Those of them that are public at this moment, in no order."""
    by_kind: dict[str, list[str]] = {}
    for kind, code in asked:
        by_kind.setdefault(kind, []).append(code)
    if not by_kind:
        return PublicRecord.objects.none()
    wanted = Q()
    for kind, codes in by_kind.items():
        wanted |= Q(kind=kind, code__in=codes)
    return PublicRecord.objects.visible(moment.at).filter(wanted)


def _named(record: PublicRecord) -> Named:
    return record.kind, record.code


def _address(moment: Moment, named: Iterable[Named], form: str = "") -> str:
    """The address of a list of these records."""
    path = reverse("public:my-list-as", args=[form]) if form else reverse("public:my-list")
    asked = [("record", f"{kind}:{code}") for kind, code in named]
    if asked and moment.asked:
        asked.append(("at", moment.asked))
    return f"{path}?{urlencode(asked).replace('%3A', ':')}" if asked else path


def _can_cite() -> bool:
    return find_spec("public.citations") is not None
