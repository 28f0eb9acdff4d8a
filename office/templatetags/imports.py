"""What templates ask about imports."""

from django import template

from office.imports.actions import may_import
from public.publishable import Publishable

register = template.Library()


@register.filter
def may_be_imported_by(model, user) -> bool:
    """May this person import records of this kind from files?"""
    return issubclass(model, Publishable) and may_import(model, user)
