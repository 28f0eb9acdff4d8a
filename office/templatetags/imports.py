"""What templates ask about imports."""

from django import template

from office.imports.actions import may_import
from public.publishable import Publishable

register = template.Library()


@register.filter
def may_be_imported_by(opts, user) -> bool:
    """May this person import records of this kind (the `_meta` of a model) from files?"""
    return issubclass(opts.model, Publishable) and may_import(opts.model, user)
