"""The page of a record: one view for every kind, each with its own template and context."""

from django.http import Http404
from django.shortcuts import redirect

from public.models import PublicRecord, Redirect, Tombstone
from public.moments import Moment
from public.views import pledge, practice, recommendation, report, roundtable, stakeholder
from public.views.frame import framed
from public.words import KIND_NAMES

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
    record = visible_record(moment, kind, code)
    if record is None:
        return instead_of(request, moment, kind, code, f"public:{kind}")
    template, context_of = RECORD_PAGES[kind]
    return framed(request, moment, template, context_of(request, moment, record))


def visible_record(moment: Moment, kind: str, code: str) -> PublicRecord | None:
    """The record of this code as it is or was public at the moment."""
    return PublicRecord.objects.visible(moment.at).of_kind(kind).filter(code=code).first()


def instead_of(request, moment: Moment, kind: str, code: str, address: str, *more: str):
    """What a code answers that is not public at the moment.

    One that was merged leads to the record that stays: to its `address`, made of code and `more`.
    One that was withdrawn says so; whatever was never public does not exist.
    """
    if target := Redirect.objects.target_of(kind, code, moment.at):
        return redirect(moment.address(address, [target, *more]), permanent=True)
    stone = Tombstone.objects.of_gone(kind, code)
    if stone is None:
        raise Http404
    context = {
        "code": code,
        "kind_name": KIND_NAMES[kind][0],
        "kind_names": KIND_NAMES[kind][1],
        "withdrawn_on": stone.withdrawn_at,
        "list_url": moment.address(f"public:{kind}-list"),
    }
    return framed(request, moment, "410.html", context, status=410)
