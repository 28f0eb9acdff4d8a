"""How a page of the office is made: inside the admin's frame, with the way back to its record."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _


class Gone(Http404):
    """There is no such record, or there is none any more."""


def office_page(request, template: str, *, title, model=None, record=None, status=200, **context):
    """A page that extends `office/page.html`; `model` and `record` give it its breadcrumbs.

    Of the rest of the context, `guide` names the chapter of the staff guide that it links to.
    """
    frame = admin.site.each_context(request)
    model = model or (type(record) if record else None)
    context |= {"title": title, "opts": model and model._meta, "original": record}
    return TemplateResponse(request, template, frame | context, status=status)


def screen_of(model) -> admin.ModelAdmin:
    """The admin's screen of this model, which knows who may do what there."""
    return admin.site.get_model_admin(model)


def record_or_404(request, model, pk: int):
    """The record, as its screen would open it; refused to those who may not see it."""
    screen = screen_of(model)
    record = screen.get_queryset(request).filter(pk=pk).first()
    if record is None:
        raise Gone
    if not screen.has_view_permission(request, record):
        raise PermissionDenied
    return record


def told_if_gone(page):
    """Decorator: who confirms something on a record that has been deleted is told, not lost.

    The answer holds the note that they typed, to be copied.
    """

    @wraps(page)
    def answer(request, model, *args, **kwargs):
        try:
            return page(request, model, *args, **kwargs)
        except Gone:
            if request.method != "POST":
                raise
            note = request.POST.get("note", "")
            return office_page(
                request,
                "office/typed_again.html",
                title=_("Nothing was saved"),
                guide="history",
                model=model,
                status=409,
                typed=[(_("What you typed"), [(_("Note"), note)])] if note else [],
            )

    return answer


def list_address(model, query: str = "") -> str:
    """The list of this kind; `query` holds its filters, as they stood in the address."""
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{address}?{QueryDict(query).urlencode()}" if query else address


def record_address(model, pk) -> str:
    """The screen of one record of this kind."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])
