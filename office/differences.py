"""Two texts side by side in one: what was taken out and what was put in, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

CONTEXT = 12  # words shown around a change
LONGEST = 1_500  # words that differ: more are compared by lines, or it would take seconds

Piece = tuple[str, str]  # how ("same", "gone", "new"), text


def pieces(was: str, became: str) -> list[Piece]:
    """The two texts cut into what both say, what only the first and only the second says."""
    before, after = _words(was), _words(became)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    shorter = min(len(before), len(after)) - start
    while end < shorter and before[-1 - end] == after[-1 - end]:
        end += 1
    same = "".join(before[:start]), "".join(before[len(before) - end :])
    changed = before[start : len(before) - end], after[start : len(after) - end]
    middle = list(_compared(*changed))
    return [("same", same[0]), *middle, ("same", same[1])]


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text.replace("\r\n", "\n"))


def _compared(before: list[str], after: list[str]) -> Iterator[Piece]:
    if max(len(before), len(after)) > LONGEST:
        before = "".join(before).splitlines(keepends=True)
        after = "".join(after).splitlines(keepends=True)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if max(len(before), len(after)) > LONGEST or matcher.ratio() < 0.3:
        yield from (("gone", "".join(before)), ("new", "".join(after)))  # another text altogether
        return
    gone = new = ""
    for how, left, left_end, right, right_end in matcher.get_opcodes():
        same = "".join(before[left:left_end])
        if how == "equal" and same.strip():
            yield from (("gone", gone), ("new", new), ("same", same))
            gone = new = ""
        else:  # blanks between two changes belong to both: whole phrases read better
            gone += same
            new += "".join(after[right:right_end])
    yield from (("gone", gone), ("new", new))


def difference(was: str, became: str, *, whole: bool = False) -> SafeString:
    """Both texts in HTML; a listener hears where words were taken out and put in.

    Long stretches that both share are cut short, unless the `whole` text is wanted.
    """
    shown = [(how, text) for how, text in pieces(was, became) if text]
    parts = []
    for place, (how, text) in enumerate(shown):
        if how == "gone":
            parts.append(marked_as_gone(text))
        elif how == "new":
            parts.append(marked_as_new(text))
        else:
            kept = text if whole else _cut(text, place == 0, place == len(shown) - 1)
            parts.append(format_html("{}", kept))
    return format_html_join("", "{}", ((part,) for part in parts))


def marked_as_gone(text: str) -> SafeString:
    return _marked("del", _("taken out:"), text)


def marked_as_new(text: str) -> SafeString:
    return _marked("ins", _("put in:"), text)


def _marked(tag: str, said: str, text: str) -> SafeString:
    return format_html(
        '<{}><span class="visually-hidden">[{} </span>{}'
        '<span class="visually-hidden">]</span></{}>',
        tag,
        said,
        text,
        tag,
    )


def _cut(text: str, is_first: bool, is_last: bool) -> str:
    words = re.findall(r"\s*\S+\s*", text)
    if len(words) <= 2 * CONTEXT + 4:
        return text
    begin = "" if is_first else "".join(words[:CONTEXT])
    end = "" if is_last else "".join(words[-CONTEXT:])
    return f"{begin} … {end}"
