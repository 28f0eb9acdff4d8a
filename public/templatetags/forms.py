"""The other forms of a list, for its page."""

from typing import Any

from django import template
from django.utils.http import urlencode

from public.list_formats import formats_of
from public.lists import Question

register = template.Library()


@register.filter
def other_forms(question: Question) -> list[dict[str, Any]]:
    """The same list as files and as a feed: same filters, same order, same moment."""
    kept = {name: question.asked[name] for name in ("sort",) if question.asked.get(name)}
    query = "&".join(filter(None, [question.query, urlencode(kept)]))
    forms = []
    for one in formats_of(question.kind):
        url = question.moment.address(f"public:{question.kind}-list-as", [one.ending])
        if query:
            url += ("&" if "?" in url else "?") + query
        forms.append({"url": url, **one._asdict()})
    return forms
