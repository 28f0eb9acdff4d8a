"""The items of lists of records, and what stands in them elsewhere as well.

A page has up to a hundred of them: a template takes five times as long.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

register = template.Library()


@register.simple_tag
def badge_of(objective: dict[str, Any]) -> SafeString:
    """The badge of an objective (as `Names.objectives` has it), a link; filled when primary."""
    primary = objective.get("primary")
    number, title = escape(objective["number"]), escape(objective["short_title"])
    if primary:
        said = gettext("Primary objective %(number)s: %(title)s")
    else:
        said = gettext("Objective %(number)s: %(title)s")
    said %= {"number": number, "title": title}
    return mark_safe(  # noqa: S308  # nothing is in it that is not escaped
        f'<a class="badge cluster-{escape(objective["cluster"])}{"" if primary else " secondary"}"'
        f' href="{escape(objective["url"])}"><span aria-hidden="true">{number}</span>'
        f'<span class="visually-hidden">{said}</span></a>'
    )


@register.simple_tag
def keep_button(kind: str, code: str) -> SafeString:
    """Puts a record on the reader's own list, which the browser keeps: static/js/my_list.js."""
    code = escape(code)
    keep, kept = pgettext("a record on my list", "Keep"), pgettext("a record on my list", "Kept")
    return mark_safe(  # noqa: S308  # nothing is in it that is not escaped
        '<button type="button" class="keep quiet-button screen-only"'
        f' data-keep="{escape(kind)}:{code}" aria-pressed="false" hidden>'
        f'<span class="when-off">{keep}</span>'
        f'<span class="when-on">{kept}</span>'
        f'<span class="visually-hidden"> {code}</span></button>'
    )


@register.simple_tag
def items_of(
    records: Iterable[dict[str, Any]], heading: str, show_kind: bool | str = False
) -> SafeString:
    """Lines (public/lines.py) as the items of a list, with headings such as "h2"."""
    return mark_safe("".join(_item(one, heading, bool(show_kind)) for one in records))  # noqa: S308  # as above


def _item(record: dict[str, Any], heading: str, show_kind: bool) -> str:
    code, language = escape(record["code"]), escape(record["language"])
    kind = f"{escape(capfirst(str(record['kind_name'])))}<br>" if show_kind else ""
    summary = ""
    if snippet := record.get("snippet"):
        summary = f'<p class="summary snippet" lang="{language}">{escape(snippet)}</p>'
    elif record["summary"]:
        summary = f'<p class="summary" lang="{language}">{escape(record["summary"])}</p>'
    address = badges = whose = facts = cycle = ""
    if permanent := record.get("permanent_url"):
        address = f'<p class="paper-only address note">{escape(permanent)}</p>'
    if record["objectives"]:
        each = "\n".join(map(badge_of, record["objectives"]))  # with a blank between
        badges = f'<div class="badges">\n{each}\n</div>'
    if record["party"]:
        whose = f"<p>{escape(record['party'])}</p>"
    elif record["states"]:
        whose = f"<p>{', '.join(escape(state['name']) for state in record['states'])}</p>"
    if record["facts"]:
        facts = f"<p>{' · '.join(map(escape, record['facts']))}</p>"
    if record["cycle_name"]:
        cycle = f"<p>{escape(record['cycle_name'])}</p>"
    if away := record.get("remove_url"):
        remove = gettext("Remove")
        keep = (
            f'<p class="screen-only"><a href="{escape(away)}"'
            f' data-drop="{escape(record["kind"])}:{code}">{remove}'
            f'<span class="visually-hidden"> {code}</span></a></p>'
        )
    else:
        keep = keep_button(record["kind"], record["code"])
    return f"""
  <li>
    <p class="record-code figures">{kind}{code}</p>
    <div>
      <{heading} class="record-title" lang="{language}"><a href="{escape(record["url"])}">\
{escape(record["title"])}</a></{heading}>
      {summary}
      {address}
      {badges}
    </div>
    <div class="note">
      {whose}
      {facts}
      {cycle}
      {keep}
    </div>
  </li>
  """
