"""What the page of a stakeholder shows: who it is, and everything of its that is public."""

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from public.documents import RoundtableDocument, StakeholderDocument
from public.lines import lines_of
from public.models import PublicRecord
from public.moments import Moment
from public.views.record_page import RecordPage, fact
from public.words import KIND_NAMES

KINDS = ("practice", "pledge", "report", "roundtable")
MOST = 5  # of each kind; the list has them all


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a stakeholder shows."""
    page = RecordPage(request, moment, record)
    document: StakeholderDocument = page.document
    kind_of_it = page.names.stakeholder_types.get(
        document.stakeholder_type, document.stakeholder_type
    )
    return page.context(
        facts=[
            fact(_("Type"), capfirst(kind_of_it)),
            fact(_("Also called"), document.acronym),
            page.states_fact(),
        ],
        description=document.description,
        **_own_records(page, moment),
    )


def _own_records(page: RecordPage, moment: Moment) -> dict:
    """The newest records that name it as a party, kind by kind, and what it said at sittings."""
    code = page.record.code
    records = PublicRecord.objects.visible(moment.at).filter(
        kind__in=KINDS, parties__contains=[code]
    )
    counts = dict(records.values_list("kind").annotate(Count("pk")).order_by())
    order = [F("first_published_at").desc(), F("code").asc()]
    newest = list(
        records.annotate(place=Window(RowNumber(), partition_by=F("kind"), order_by=order))
        .filter(place__lte=MOST)
        .order_by(*order)
    )
    lines = dict(zip(newest, lines_of(newest, page.names), strict=True))
    asked = urlencode({"party": code} | ({"at": moment.asked} if moment.asked else {}))
    groups = [
        {
            "kind": kind,
            "heading": capfirst(str(KIND_NAMES[kind][1])),
            "count": counts[kind],
            "records": [line for record, line in lines.items() if record.kind == kind],
            "more_url": f"{page.names.address(f'public:{kind}-list').partition('?')[0]}?{asked}"
            if counts[kind] > MOST
            else "",
        }
        for kind in KINDS
        if kind in counts
    ]
    statements = [
        {"record": lines[record], "text": said.text, "language": said.language}
        for record in newest
        for said in _statements(record.content)
        if said.party.stakeholder == code
    ]
    return {"groups": groups, "statements": statements}


def _statements(document):
    return document.statements if isinstance(document, RoundtableDocument) else []
