"""The nearest known word to one that nothing public has.

Known are the words of public titles and the names of States, objectives, principles and clusters:
nothing that is not public now can be learned from a correction.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.db import connection

from public.editions import SEARCH_CONFIG
from public.models import FOLDERS
from public.names import sort_key
from public.search_places import LETTERS, Places

NEAR = 0.75  # the least likeness of a correction, as difflib counts: 1 is the same
SO_NEAR = 0.85  # a name that is so near needs no look at the titles
TITLES = 40  # the nearest ones, whose words are compared
MOST = 6  # words that are corrected; nobody mistypes more, and each is a walk through the titles

CONFIGS = tuple(SEARCH_CONFIG.values())
EMPTY = ", ".join(f"numnode(plainto_tsquery('{config}', %s))" for config in CONFIGS)
QUERY = " || ".join(f"plainto_tsquery('{config}', %s)" for config in CONFIGS)
KNOWN = f"""
    SELECT %s WHERE 0 IN ({EMPTY})
    OR EXISTS (SELECT FROM public_text WHERE visible @> %s AND vector @@ ({QUERY}))
"""  # noqa: S608  # names of configurations only

# words of other scripts have no letters that the index knows: it would be read to its end
NEAREST = """
    SELECT word, found.title
    FROM unnest(%s) AS word CROSS JOIN LATERAL (
        SELECT r.title FROM public_text t JOIN public_record r ON r.id = t.edition_id
        WHERE r.visible @> %s AND r.kind = ANY(%s)
        ORDER BY latin_letters(t.folded_title) <->> latin_letters(fold(word))
        LIMIT %s
    ) AS found
    WHERE latin_letters(fold(word)) ~ '[a-z]'
"""


def unknown(words: Sequence[str], at: datetime) -> list[str]:
    """Those of these words that no public text has at this moment; stop words are all known."""
    if not words:
        return []
    params: list[Any] = [
        value
        for word in words
        for value in (word, *[word] * len(CONFIGS), at, *[word] * len(CONFIGS))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([KNOWN] * len(words)), params)
        known = {word for (word,) in cursor.fetchall()}
    return [word for word in words if word not in known]


def nearest(words: Sequence[str], places: Places, at: datetime) -> dict[str, str]:
    """The known word that is most like each of these, where any is like it."""
    names = Counter(places.words.values())
    found = {word: best for word in words[:MOST] if (best := _most_like(word, names))}
    sought = [word for word in words[:MOST] if found.get(word, (0, ""))[0] < SO_NEAR]
    for word, titles in _titles_like(sought, at).items():
        said = Counter(one.lower() for title in titles for one in LETTERS.findall(title))
        if best := max(filter(None, (found.get(word), _most_like(word, said))), default=None):
            found[word] = best
    return {word: known for word, (_likeness, known) in found.items()}


def nearest_name(text: str, places: Places) -> str | None:
    """The text with each word that no name begins with as the name's word that is most like it."""
    known = Counter(places.words.values())

    def near(word: re.Match[str]) -> str:
        folded = sort_key(word[0])
        if any(name.startswith(folded) for name in places.words):
            return word[0]
        found = _most_like(word[0], known)
        return found[1] if found else word[0]

    better = LETTERS.sub(near, text)
    return better if better != text else None


def _most_like(word: str, known: Counter[str]) -> tuple[float, str] | None:
    """The likeness and the word; of two that are as near, the one that is used more."""
    asked = sort_key(word)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked)
    best = None
    for one, count in known.items():
        matcher.set_seq1(sort_key(one))
        if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
            continue
        ratio = matcher.ratio()
        if NEAR <= ratio < 1 and (best is None or (ratio, count, one) > best):
            best = (ratio, count, one)
    return (best[0], best[2]) if best else None


def _titles_like(words: Sequence[str], at: datetime) -> dict[str, list[str]]:
    """For each word, the public titles that have one most like it."""
    found: dict[str, list[str]] = {}
    if words:
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, [list(words), at, list(FOLDERS), TITLES])
            for word, title in cursor.fetchall():
                found.setdefault(word, []).append(title)
    return found
