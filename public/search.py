"""Searching the public record: what `?q=` means, in lists and in the search over everything.

`Search(text, names)` reads a text once; `matching` and `ranked` ask it of records. All its words
must be found, whichever of our languages they are read in; "in quotes" they stand next to one
another; a `-word` must not be found; of two words with OR between them one is enough. A State, an
objective, a review and a code are understood under all their names.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, Self

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext

from public.editions import SEARCH_CONFIG
from public.marks import Marked
from public.models import PublicRecord, PublicRecordQuerySet, Redirect, database_now
from public.names import Names
from public.search_index import by_index_of_words
from public.search_places import LETTERS, Place, Places, plain_words
from public.search_spelling import nearest, unknown

LONGEST = 200  # characters of a search; what comes after is not read
MOST_PARTS = 24
MOST_OFFERED = 3  # pages, besides those that the text names

# a word, or a phrase in quotes, perhaps with a minus before it
QUOTES = '"“”„«»'
PART = re.compile(
    rf"(?P<out>[-−–]?)(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]?|(?P<word>[^\s{QUOTES}]+))"
)
OR = re.compile(r"[Oo][Rr]|OU|ИЛИ|\|")
HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")
CODE = re.compile(r"[a-z][a-z0-9_-]*[0-9][a-z0-9_-]*", re.IGNORECASE | re.ASCII)
SHORT_CODE = re.compile(r"([A-Z]+)-?0*([0-9]{1,4})")  # p12 is P-0012

AnyQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Part:
    """A word, a phrase or a name that is looked for; records may be marked with it instead."""

    text: str
    start: int  # where it begins and ends in the search
    end: int
    quoted: bool = False
    out: bool = False  # records that have it are left out
    or_next: bool = False  # this one or the next is enough
    marks: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The codes of records that it may stand for."""
        if self.quoted or not CODE.fullmatch(self.text):
            return []
        code = self.text.upper()
        short = SHORT_CODE.fullmatch(code)
        return [code, f"{short[1]}-{short[2]:>04}"] if short else [code]

    def asked(self, config: str) -> AnyQuery:
        """Records that have it, in any way."""
        return reduce(or_, self._ways(config))

    def left_out(self, config: str) -> AnyQuery:
        """Records that have it in no way."""
        return reduce(and_, (~way for way in self._ways(config)))

    def words(self, config: str) -> SearchQuery:
        plain = self.text if self.codes else HYPHEN.sub(" ", self.text)
        return SearchQuery(plain, config=config, search_type="phrase")

    def _ways(self, config: str) -> list[SearchQuery]:
        codes = [Marked(f"code={code.lower()}", begins=True) for code in self.codes]
        return [self.words(config), *map(Marked, self.marks), *codes]


class Search:
    """What somebody looks for, as they typed it. Nothing at all is true of every record.

    `names` are those of the page, with its moment, so that one request reads no table twice.
    """

    def __init__(self, text: str, names: Names | None = None, places: Places | None = None):
        self.names = names or Names()
        self.places = places or Places.of(self.names)
        # the database knows no NUL, and takes an accent for a part of its letter
        whole = unicodedata.normalize("NFC", text.replace("\x00", " "))
        whole = " ".join(whole.split())
        self.text = whole[:LONGEST].strip()
        self.cut = len(whole) > LONGEST
        self.corrections: list[tuple[str, str]] = []  # words as typed, and as they are searched
        self.typed = self.text

    def __bool__(self) -> bool:
        """Whether there is anything to look for: signs alone say nothing."""
        return bool(self.parts)

    @property
    def misspelled(self) -> str:
        """The words that were corrected, for people."""
        return ", ".join(gettext("“%s”") % word for word, _known in self.corrections)

    # --- What it means ---

    @cached_property
    def parts(self) -> list[Part]:
        return _named(_parts(self.text), self.text, self.places)[:MOST_PARTS]

    @cached_property
    def wanted(self) -> list[Part]:
        return [part for part in self.parts if not part.out]

    @cached_property
    def query(self) -> AnyQuery:
        """Of text vectors: found as read in one of our languages, left out as read in any."""
        configs = SEARCH_CONFIG.values()
        found = [reduce(or_, map(self._in, configs))] if self.wanted else []
        unwanted = (part for part in self.parts if part.out)
        return reduce(
            and_, found + [part.left_out(config) for part in unwanted for config in configs]
        )

    def _in(self, config: str) -> AnyQuery:
        groups: list[list[AnyQuery]] = [[]]
        for part in self.wanted:
            groups[-1].append(part.asked(config))
            if not part.or_next:
                groups.append([])
        return reduce(and_, (reduce(or_, group) for group in groups if group))

    def any_word_in(self, config: str) -> AnyQuery:
        """What is worth marking in a text of this language."""
        return reduce(or_, (part.words(config) for part in self.wanted))

    @cached_property
    def codes(self) -> list[str]:
        return [code for part in self.wanted for code in part.codes]

    @property
    def any_word(self) -> str:
        """The search for any of the same words, "" if there is but one."""
        if len(self.wanted) < 2 or any(part.or_next for part in self.wanted):
            return ""
        return " OR ".join(
            f'"{part.text}"' if " " in part.text else part.text for part in self.wanted
        )

    # --- What it finds ---

    def among(self, records: PublicRecordQuerySet) -> PublicRecordQuerySet:
        """Those of these records that answer it, in no order."""
        return records.filter(text__vector=self.query) if self else records

    def best_first(self, records: PublicRecordQuerySet) -> PublicRecordQuerySet:
        """The same in order: code, title, how often and where, then the newest, then by code."""
        newest: list[Any] = [F("first_published_at").desc(), "code"]
        if not self:
            return records.order_by(*newest)
        tiers = [When(text__title_vector=self.query, then=2)]
        if self.codes:
            begins = reduce(or_, (Q(code__startswith=code) for code in self.codes))
            tiers = [When(code__in=self.codes, then=0), When(begins, then=1), *tiers]
        # one column for all tiers: PostgreSQL would sort by codes alone before it looks for words
        tier = Case(*tiers, default=3)
        rank = SearchRank(F("text__vector"), self.query).desc()
        return self.among(records).order_by(tier, rank, *newest)

    def destinations(
        self, records: PublicRecordQuerySet
    ) -> tuple[list[Place], list[PublicRecord]]:
        """The pages that somebody may mean: of States and so on, and of records by their code."""
        marks = {mark for part in self.wanted for mark in part.marks}
        places = self.places.marked(marks)
        if not places and self.wanted:
            places = self.places.called(self.text, MOST_OFFERED)
        if not self.codes:
            return places, []
        moved = Redirect.objects.filter(code__in=self.codes).values_list("target", flat=True)
        by_code = records.filter(code__in={*self.codes, *moved})  # a list is looked up by index
        return places, list(by_code.order_by("code")[:MOST_OFFERED])

    # --- Spelling ---

    def corrected(self, records: PublicRecordQuerySet) -> Self | None:
        """The same with unknown words spelled as the nearest known ones; None if that is no help.

        It helps if none of these records answers what was typed, and one answers the correction.
        A word that any public record has, whatever its kind, is right as it is.
        """
        if not self.wanted:
            return None
        with by_index_of_words():
            if self.among(records).exists():
                return None
            at = self.names.at or database_now()
            words = unknown(self._words(), at)
        corrections = nearest(words, self.places, at)
        if not corrections:
            return None
        text = LETTERS.sub(lambda word: corrections.get(word[0], word[0]), self.text)
        better = type(self)(text, self.names, self.places)
        better.corrections, better.typed = list(corrections.items()), self.text
        with by_index_of_words():
            return better if better.among(records).exists() else None

    def _words(self) -> list[str]:
        """Those that may be misspelled, each once."""
        return list(
            dict.fromkeys(
                word
                for part in self.wanted
                if not part.marks and not part.codes
                for word in LETTERS.findall(part.text)
            )
        )


def matching(records: PublicRecordQuerySet, text: str | Search) -> PublicRecordQuerySet:
    """The records that answer this search, in no order; all of them where it is empty."""
    return _search(text).among(records)


def ranked(records: PublicRecordQuerySet, text: str | Search) -> PublicRecordQuerySet:
    """The same in order: what answers best, then the newest, then by code."""
    return _search(text).best_first(records)


def _search(text: str | Search) -> Search:
    return Search(text) if isinstance(text, str) else text


# --- Reading the text -----------------------------------------------------------------------


def _parts(text: str) -> list[Part]:
    """Words and phrases, as they stand there."""
    parts: list[Part] = []
    for found in PART.finditer(text):
        word, phrase, out = found["word"], found["phrase"], bool(found["out"])
        if word and not out and OR.fullmatch(word):
            if parts and not parts[-1].out:
                parts[-1] = replace(parts[-1], or_next=True)
        elif word != "AND" and plain_words(word or phrase or ""):
            parts.append(
                Part(
                    (word or phrase).strip(),
                    *found.span(),
                    quoted=phrase is not None,
                    out=out,
                )
            )
    return parts


def _named(parts: list[Part], text: str, places: Places) -> list[Part]:
    """The same with those words made one part that together name something."""
    named = []
    while parts:
        run = _run(parts)
        words = [plain_words(part.text) for part in run]
        length, marks = places.at_start(sum(words, ())) if run else (0, ())
        ends = [len(sum(words[: count + 1], ())) for count in range(len(words))]
        if length in ends:
            first, last = run[0], run[ends.index(length)]
            whole = first.text if first is last else text[first.start : last.end]
            named.append(replace(last, text=whole, start=first.start, marks=marks))
            parts = parts[ends.index(length) + 1 :]
        else:
            named.append(parts[0])
            parts = parts[1:]
    return named


def _run(parts: list[Part]) -> list[Part]:
    """The words at the beginning that can be one name: nothing stands between them."""
    run: list[Part] = []
    for part in parts:
        alone = part.quoted or part.out
        if run and alone:
            break
        run.append(part)
        if alone or part.or_next:
            break
    return run
