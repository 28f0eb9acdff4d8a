"""What the page of a roundtable shows."""

from django.http import Http404

from public.disclaimers import disclaimers
from public.lines import line_of
from public.moments import Moment
from public.names import Names


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a roundtable shows."""
    names = Names(moment)
    names.learn([record])
    document = record.content
    return {
        "roundtable": line_of(record, names),
        "disclaimers": disclaimers(document.title, *document.texts()),
    }


def calendar(request, code: str):
    """To be written."""
    raise Http404
