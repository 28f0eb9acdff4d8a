"""The States, objectives and reviews that a search may mean, under all their names."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from objectives.models import Cluster, GuidingPrinciple, MemberStateName, Objective
from public.names import Names, sort_key
from public.state import TABLES

# "objective 7" in our languages, without accents; the goals of 2030 are numbered too
OBJECTIVE = {"objective", "objectives", "obj", "objectif", "objectifs", "цель", "цели", "целью"}
GOAL = {"goal", "goals"}  # said of both
SDG = {"sdg", "sdgs", "odd", "цур"}
NUMBER_SIGNS = {"n", "no", "nr", "number", "numero", "номер"}

# Endings of Russian names, so that "в Турции" is understood
ENDING = re.compile(r"(?<=[а-я]{3})(?:(?<=и)(?:я|ю|еи)|ая|ои|ую|ом|а|е|у|ы|и)$")

WORD = re.compile(r"[a-z0-9]+|[^\W_]+")
LETTERS = re.compile(r"[^\W\d_]{4,}")  # a word that can be misspelled: no code, no small word


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without accents, case and signs."""
    return tuple(WORD.findall(sort_key(text.replace("№", " ")).lower()))


@dataclass(frozen=True)
class Place:
    """A page that is not a record's: of a State, an objective or a review."""

    kind: str  # "state", "objective" or "cycle", as in marks
    code: str
    name: str  # in the reader's language
    url: str
    names: frozenset[str]  # under which people look for it, in all languages
    codes: frozenset[str] = frozenset()

    @property
    def mark(self) -> str:
        return f"{self.kind}={self.code}"

    @property
    def kind_name(self) -> str:
        return {"state": _("Member State"), "objective": _("objective"), "cycle": _("review")}[
            self.kind
        ]


class Places:
    """All of them, read once in each state of the reference data."""

    def __init__(self, names: Names):
        self._names = names

    @classmethod
    def of(cls, names: Names) -> Self:
        """Those of a page: of all pages of one language, but for those that show the past."""
        key = ("places", get_language())
        return TABLES.worked_out(names.state_of_addresses, key, lambda: cls(names))

    @cached_property
    def states(self) -> list[Place]:
        others: dict[int, list[str]] = {}
        for pk, name in MemberStateName.objects.in_use().values_list("member_state", "name"):
            others.setdefault(pk, []).append(name)
        return [
            Place(
                "state",
                iso3,
                state.name,
                self._names.address("public:member-state", args=[iso3]),
                frozenset(
                    {*_in_all_languages(state, "name", "official_name"), *others.get(state.pk, [])}
                ),
                frozenset({iso3.lower(), state.iso2.lower()}),
            )
            for iso3, state in self._names.member_states.items()
        ]

    @cached_property
    def objectives(self) -> list[Place]:
        return [
            Place(
                "objective",
                str(number),
                f"{number}. {one['short_title']}",
                one["url"],
                frozenset(
                    {one["title"], one["short_title"]}
                    | {f"{word} {number}" for word in ("objective", "objectif", "цель")}
                ),
                frozenset({str(number)}),
            )
            for number, one in self._names.objectives.items()
        ]

    @cached_property
    def cycles(self) -> list[Place]:
        return [
            Place(
                "cycle",
                code,
                cycle.short_name,
                self._names.address("public:review", args=[code]),
                frozenset({code, *_names_of_cycle(cycle)}),
            )
            for code, cycle in self._names.cycles.items()
        ]

    @property
    def all(self) -> list[Place]:
        """In the order in which they are offered."""
        return [*self.states, *self.objectives, *self.cycles]

    def marked(self, marks: Collection[str]) -> list[Place]:
        return [place for place in self.all if place.mark in marks] if marks else []

    # --- Read from a search ---

    def at_start(self, words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """What the first of these words name: how many words, and the marks of records on it."""
        if words[0] in OBJECTIVE | GOAL | SDG:
            place, number = next(
                ((at, word) for at, word in enumerate(words[1:3], 1) if word not in NUMBER_SIGNS),
                (0, ""),
            )
            if re.fullmatch(r"[1-9][0-9]?", number):
                marks = [f"objective={number}"] if words[0] in OBJECTIVE | GOAL else []
                marks += [f"sdg={number}"] if words[0] in GOAL | SDG else []
                return place + 1, tuple(marks)
        stems = [_stem(word) for word in words[: self._longest]]
        for length in range(len(stems), 0, -1):
            if mark := self._by_name.get(tuple(stems[:length])):
                return length, (mark,)
        return 0, ()

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], str]:
        """The marks of States and reviews, by the words of each of their names."""
        return {
            tuple(map(_stem, words)): place.mark
            for place in [*self.cycles, *self.states]
            for name in place.names
            if (words := plain_words(name))
        }

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._by_name), default=0)

    # --- Offered to somebody who searches ---

    def called(self, text: str, most: int) -> list[Place]:
        """Those whose code the whole text is, or that alone have all its words in a name."""
        words = plain_words(text)
        by_code = [place for place in self.all if "".join(words) in place.codes]
        if by_code or not LETTERS.search(text):
            return by_code
        found = [
            place
            for place in self.all
            if any(set(words) <= set(plain_words(name)) for name in place.names)
        ]
        return found if len(found) <= most else []

    def beginning(self, text: str) -> list[Place]:
        """Those that somebody may be about to type: each word begins one of the name's words."""
        if not (words := plain_words(text)):
            return []
        found = [(rank, place) for place in self.all if (rank := _begun(words, place)) is not None]
        return [place for _rank, place in sorted(found, key=lambda one: one[0])]

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of all names in all languages, as they are written, by how they compare."""
        names = [name for place in self.cycles for name in place.names]
        for model, columns in (
            (Objective, ("title", "short_title")),
            (Cluster, ("name",)),
            (GuidingPrinciple, ("name",)),
        ):
            for row in model.objects.in_use():
                names += sorted(_in_all_languages(row, *columns))
        written = [word.lower() for name in names for word in LETTERS.findall(name)]
        states = (name for place in self.states for name in sorted(place.names))
        written += [word for name in states for word in LETTERS.findall(name)]
        return {sort_key(word): word for word in reversed(written)}


def _stem(word: str) -> str:
    return ENDING.sub("", word)


def _in_all_languages(row: Any, *columns: str) -> set[str]:
    texts = (getattr(row, f"{name}_{code}") for name in columns for code, _ in settings.LANGUAGES)
    return {text for text in texts if text}


def _names_of_cycle(cycle: Any) -> Iterator[str]:
    """Full names, and kind and year in either order, in all languages; RR 2024."""
    yield from _in_all_languages(cycle, "name")
    yield cycle.code.removesuffix(str(cycle.year)) + f" {cycle.year}"
    for language, _name in settings.LANGUAGES:
        with override(language):
            kind = cycle.get_kind_display()
        yield from (f"{kind} {cycle.year}", f"{cycle.year} {kind}")


def _begun(words: Sequence[str], place: Place) -> int | None:
    """0 if these words are its code or a name begins so, 1 if they begin words of a name."""
    if "".join(words) in place.codes:
        return 0
    ranks = []
    for name in place.names:
        parts = plain_words(name)
        if all(any(part.startswith(word) for part in parts) for word in words):
            ranks.append(0 if " ".join(parts).startswith(" ".join(words)) else 1)
    return min(ranks, default=None)
