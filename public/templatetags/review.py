"""What the pages need beyond Django's own filters: days, the longest bar, page numbers."""

from datetime import date
from html import escape

from django import template
from django.core.paginator import Page
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


def _month() -> str:
    """Russian puts the month of a date in the genitive, which Django calls E."""
    return "E" if get_language() == "ru" else "F"


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A day as people write it: "11 March 2024", « 11 mars 2024 », «11 марта 2024»."""
    if not value:
        return ""
    first = "j\\e\\r" if get_language() == "fr" and value.day == 1 else "j"  # 1er mars, 2 mars
    return date_format(value, f"{first} {_month()} Y")


@register.simple_tag
def days(start: date | None, end: date | None) -> str:
    """A span of days: "12–13 November 2020". Empty when no day is known."""
    if start is None or end is None or start == end:
        return day(start)
    if start.year != end.year:
        return f"{day(start)} – {day(end)}"
    if start.month != end.month:
        return f"{date_format(start, f'j {_month()}')} – {day(end)}"
    return f"{start.day}–{day(end)}"


@register.filter
def longest(clusters) -> int:
    """The most practices that any one objective has, at least 1: the full length of a bar."""
    counts = [objective["practices"] for group in clusters for objective in group["objectives"]]
    return max(counts, default=1) or 1


@register.filter
def numbers(page: Page):
    """The page numbers to offer, with gaps: 1 … 4 5 6 … 12."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
def values_of(facet) -> SafeString:
    """The values of a facet (public/facets.py), a check box each.

    A list has some two hundred: a template takes ten times as long for them.
    """
    return mark_safe("\n".join(_value(facet.name, value) for value in facet.values))  # noqa: S308  # `_value` escapes


def _value(name: str, value) -> str:
    """A value as HTML; names of facets and numbers of clusters are our own."""
    code, label = escape(value.value), escape(value.label)
    count = str(value.count)
    if value.count >= 1000:
        count = number_format(value.count, 0, force_grouping=True)
    badge = ""
    if value.number:
        badge = (
            f'<span class="badge secondary cluster-{value.cluster}">{escape(value.number)}</span>'
        )
    elif value.cluster:
        badge = f'<span class="swatch cluster-{value.cluster}"></span>'
    return (
        f"<li><label{'' if value.count else NONE}>"
        f'<input type="checkbox" id="is-{name}-{code}" name="{name}" value="{code}"'
        f"{' checked' if value.chosen else ''}>{badge}"
        f'<span class="name">{label}</span>'
        f' <span class="count figures">{count}</span>'
        "</label></li>"
    )


NONE = ' class="none"'
