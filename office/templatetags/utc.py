"""Moments as the office writes them: always in UTC, and saying so."""

from datetime import UTC, datetime

from django import template
from django.utils.formats import date_format

from public.templatetags.review import day

register = template.Library()


@register.filter
def utc(moment: datetime | None) -> str:
    """ "11 March 2024, 09:00 UTC"; with seconds only where somebody has chosen them."""
    if moment is None:
        return ""
    moment = moment.astimezone(UTC)
    clock = date_format(moment, "H:i:s" if moment.second and not moment.microsecond else "H:i")
    return f"{day(moment)}, {clock} UTC"
