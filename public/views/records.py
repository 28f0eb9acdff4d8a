"""The page of a record: one view for every kind, each with its own template and context."""

from django.http import Http404
from django.shortcuts import redirect

from public.models import PublicRecord, Redirect
from public.moments import Moment
from public.views import pledge, practice, recommendation, report, roundtable, stakeholder
from public.views.frame import framed

# kind → the template of its page, and what fills it; the office previews a record with these
RECORD_PAGES = {
    "practice": ("public/practice.html", practice.context_of),
    "pledge": ("public/pledge.html", pledge.context_of),
    "report": ("public/report.html", report.context_of),
    "recommendation": ("public/recommendation.html", recommendation.context_of),
    "stakeholder": ("public/stakeholder.html", stakeholder.context_of),
    "roundtable": ("public/roundtable.html", roundtable.context_of),
}


def page(request, kind: str, code: str):
    """One record, with its source, how to cite it, and what is like it."""
    moment = Moment(request)
    record = PublicRecord.objects.visible(moment.at).of_kind(kind).filter(code=code).first()
    if record is None:
        if target := Redirect.objects.target_of(kind, code, moment.at):
            return redirect(moment.address(f"public:{kind}", [target]), permanent=True)
        raise Http404
    template, context_of = RECORD_PAGES[kind]
    return framed(request, moment, template, context_of(request, moment, record))
