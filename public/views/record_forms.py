"""A record in other forms: its citation for reference managers, a sitting for calendars."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from public.citations import FORMS, citation_of
from public.moments import Moment
from public.names import Names
from public.views import roundtable
from public.views.records import instead_of, visible_record


@require_safe
def form(request, kind: str, code: str, form: str):
    """How to cite a record, as a file; the calendar entry of a roundtable."""
    if form == "ics":
        if kind == "roundtable":
            return roundtable.calendar(request, code)
        raise Http404
    moment = Moment(request)
    record = visible_record(moment, kind, code)
    if record is None:
        return instead_of(request, moment, kind, code, f"public:{kind}-as", form)
    names = Names(moment)
    names.learn([record])
    wanted = FORMS[form]
    return HttpResponse(
        wanted.write(citation_of(request, moment, record, names)),
        content_type=f"{wanted.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, f"{record.code}.{form}"),
            "X-Content-Type-Options": "nosniff",
        },
    )
