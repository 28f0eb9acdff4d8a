"""Objectives that a text may serve, with the reason; a person decides.

A word speaks for an objective as far as it is more frequent in the records tagged with it than in
all records: the logarithm of that ratio, softened where few records are known. Words of the title
count twice, and words of the objective's own titles speak for it too. Words never speak against an
objective, so each suggestion can be explained by the words that made it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Func, Value
from django.utils.translation import get_language, gettext

from objectives.models import Objective
from objectives.records import in_language
from office.models import TaggedWord
from office.stems import RecordWords, body_field, words_in
from public.publishable import Publishable

LEARNS_FROM = ("practice", "pledge", "excerpt", "recommendation")
SOFTENED_BY = 10  # as if so many records more had the word as often as all records have it
TITLE_COUNTS = 2
OWN_WORDS_COUNT = 0.5
LEAST = 1.5  # below this the words say too little
MOST = 3  # suggestions
REASONS = 3  # words that are named


@dataclass
class Suggestion:
    """An objective that the text may serve, and why."""

    number: int
    short_title: str
    score: float
    because: list[str]
    like: str = ""  # the code of a record with the same words
    like_url: str = field(default="", compare=False)

    @property
    def reason(self) -> str:
        words = ", ".join(gettext("“%(words)s”") % {"words": one} for one in self.because)
        return gettext("because of %(words)s") % {"words": words}


def suggested_objectives(
    *,
    title: str,
    text: str = "",
    language: str = "en",
    given: Collection[int] = (),
    counted: Collection[int] = (),
    code: str = "",
    most: int = MOST,
) -> list[Suggestion]:
    """The objectives that the words speak for most, without those that are `given`.

    A record that was counted itself should not be its own reason: its `code` is no example, and
    with the objectives it was `counted` for, it is taken out of the figures.
    """
    read = [words_in(language, title), words_in(language, text)]
    weights = {stem: 1 for _word, stem in read[1] if stem}
    weights |= {stem: TITLE_COUNTS for _word, stem in read[0] if stem}
    if not weights:
        return []
    speaks: dict[int, Counter] = defaultdict(Counter)
    examples = _learnt(speaks, language, weights, counted)
    titles = _titles(speaks, language, weights)
    found = sorted(
        (
            (round(sum(words.values()), 6), number)
            for number, words in speaks.items()
            if number in titles and number not in given
        ),
        key=lambda one: (-one[0], one[1]),
    )
    suggestions = []
    for score, number in found[:most]:
        if score < LEAST:
            break
        stems = [stem for stem, _share in speaks[number].most_common(REASONS)]
        codes = Counter(
            one for stem in stems for one in examples.get((number, stem), ()) if one != code
        )
        like = min(codes, key=lambda one: (-codes[one], one)) if codes else ""
        suggestions.append(
            Suggestion(number, titles[number], score, _as_written(read, stems), like)
        )
    return suggestions


def _learnt(speaks, language: str, weights: dict[str, int], counted: Collection[int]) -> dict:
    """Add what tagged records tell; returns some records that have a word and an objective."""
    rows = TaggedWord.objects.filter(language=language, word__in=["", *weights])
    known: dict[str, dict] = defaultdict(dict)
    examples = {}
    for word, number, records, codes in rows.values_list(
        "word", "objective", "records", "examples"
    ):
        own = bool(counted) if number is None else number in counted
        known[word][number] = records - own
        examples[number, word] = codes
    everything = known.pop("", {})
    total = everything.pop(None, 0)
    for word, by_objective in known.items():
        usual = (by_objective.pop(None, 0) + 1) / (total + 1)
        for number, records in by_objective.items():
            softened = (records + SOFTENED_BY * usual) / (everything[number] + SOFTENED_BY)
            share = weights[word] * math.log(softened / usual)
            if share > 0 and records > 0:
                speaks[number][word] += share
    return examples


def _titles(speaks, language: str, weights: dict[str, int]) -> dict[int, str]:
    """Add what the objectives' own titles tell; returns their short titles for the reader."""
    objectives = Objective.objects.in_use().annotate(
        stems=Func(
            RecordWords(Value(language), F(f"title_{language}"), F(f"short_title_{language}")),
            function="tsvector_to_array",
        )
    )
    having: dict[str, list[int]] = defaultdict(list)
    titles = {}
    for objective in objectives:
        titles[objective.number] = in_language(objective, "short_title", get_language())
        for stem in set(objective.stems) & set(weights):
            having[stem].append(objective.number)
    for stem, numbers in having.items():
        share = weights[stem] * OWN_WORDS_COUNT * math.log(len(titles) / len(numbers))
        for number in numbers:
            if share > 0:
                speaks[number][stem] += share
    return titles


def _as_written(read: list[list[tuple[str, str]]], stems: list[str]) -> list[str]:
    """The words as the text has them, neighbours together: “transfer costs”."""
    left, phrases = set(stems), []
    for words in read:
        phrase: list[str] = []
        for word, stem in [*words, ("", "")]:
            if stem in left:
                phrase.append(word)
                left.discard(stem)
            elif phrase:
                phrases.append(" ".join(phrase))
                phrase = []
    return phrases


@transaction.atomic
def learn() -> int:
    """Count the words of all tagged records anew; returns how many records they are."""
    kinds = [
        model
        for model in apps.get_models()
        if issubclass(model, Publishable) and model.kind in LEARNS_FROM
    ]
    tagged = " UNION ALL ".join(_tagged(model) for model in kinds)
    table = TaggedWord._meta.db_table
    with connection.cursor() as cursor:
        # one at a time; who asks meanwhile reads what was there
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        TaggedWord.objects.all().delete()
        cursor.execute(
            f"""
            INSERT INTO {table} (language, word, objective, records, examples)
            SELECT language, word, objective, count(*),
                (array_agg(code ORDER BY cardinality(objectives), code))[1:5]
            FROM ({tagged}) tagged,
                unnest(words || ''::text) word, unnest(objectives || NULL::integer) objective
            GROUP BY language, word, objective
            """  # noqa: S608  # SQL of our own names
        )
    counted = TaggedWord.objects.filter(word="", objective=None).values_list("records", flat=True)
    return sum(counted)


def _tagged(model: Any) -> str:
    """SQL: code, language, words and objectives of the tagged records of one kind."""
    link = model._meta.get_field("objectives")
    through, numbers = link.remote_field.through._meta, Objective._meta.db_table
    body = body_field(model) or "''"
    return f"""
        SELECT code, language,
            tsvector_to_array(record_words(language, {model.title_column()}, {body})) AS words,
            linked.objectives
        FROM {model._meta.db_table} record, LATERAL (
            SELECT array_agg(o.number::integer) AS objectives FROM {through.db_table} l
            JOIN {numbers} o ON o.id = l.{through.get_field(link.m2m_reverse_field_name()).column}
            WHERE l.{through.get_field(link.m2m_field_name()).column} = record.id
        ) linked
        WHERE merged_into_id IS NULL AND linked.objectives IS NOT NULL
    """  # noqa: S608  # SQL of our own names
