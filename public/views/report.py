"""What the page of a report shows."""

from public.disclaimers import disclaimers
from public.lines import line_of
from public.moments import Moment
from public.names import Names


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a report shows."""
    names = Names(moment)
    names.learn([record])
    document = record.content
    return {
        "report": line_of(record, names),
        "disclaimers": disclaimers(document.title, *document.texts()),
    }
