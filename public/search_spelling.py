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
TRIGRAMS = 0.5  # the least share of a word's trigrams in a title; less finds no more and is slow
TITLES = 40  # the nearest ones, whose words are compared

CONFIGS = tuple(SEARCH_CONFIG.values())
EMPTY = ", ".join(f"numnode(plainto_tsquery('{config}', %s))" for config in CONFIGS)
QUERY = " || ".join(f"plainto_tsquery('{config}', %s)" for config in CONFIGS)
KNOWN = f"""
    SELECT %s WHERE 0 IN ({EMPTY})
    OR EXISTS (SELECT FROM public_text WHERE visible @> %s AND vector @@ ({QUERY}))
"""  # noqa: S608  # names of configurations only

NEAREST = """
    SELECT r.title FROM public_text t JOIN public_record r ON r.id = t.edition_id
    WHERE latin_letters(t.folded_title) %%> latin_letters(fold(%s))
        AND r.visible @> %s AND r.kind = ANY(%s)
    ORDER BY word_similarity(latin_letters(fold(%s)), latin_letters(t.folded_title)) DESC, r.code
    LIMIT %s
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


def nearest(word: str, places: Places, at: datetime) -> str | None:
    """The known word that is most like this one, if any is like it."""
    found = _most_like(word, Counter(places.words.values()))
    if found and found[0] >= SO_NEAR:
        return found[1]
    in_title = _most_like(word, _words_of_titles_like(word, at))
    best = max(filter(None, (found, in_title)), default=None)
    return best[1] if best else None


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


def _words_of_titles_like(word: str, at: datetime) -> Counter[str]:
    """The words of the public titles that have one like this, and how often they have it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT latin_letters(fold(%s)) ~ '[a-z]'", [word])
        if not cursor.fetchone()[0]:
            return Counter()  # another script: the index cannot help, and would read it all
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(TRIGRAMS)]
        )
        cursor.execute(NEAREST, [word, at, list(FOLDERS), word, TITLES])
        titles = [title for (title,) in cursor.fetchall()]
    return Counter(one.lower() for title in titles for one in LETTERS.findall(title))
