"""How a page of the office is made: inside the admin's frame, with the way back to its record."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse


def office_page(request, template: str, *, title, model=None, record=None, status=200, **context):
    """A page that extends `office/page.html`; `model` and `record` give it its breadcrumbs."""
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
    record = get_object_or_404(screen.get_queryset(request), pk=pk)
    if not screen.has_view_permission(request, record):
        raise PermissionDenied
    return record


def list_address(model, query: str = "") -> str:
    """The list of this kind; `query` holds its filters, as they stood in the address."""
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{address}?{QueryDict(query).urlencode()}" if query else address


def record_address(model, pk) -> str:
    """The screen of one record of this kind."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])
