"""Finding records that may be about the same thing as one that somebody types or reviews.

Two looks find them, both served by an index: the letters of the title (trigrams), and its words in
titles and texts (full text). Party, States and objectives then raise or lower what was found. It
only suggests: two records become one on the page of `office.merging`, and nowhere else.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField, TrigramSimilarity
from django.db import connection, models, transaction
from django.db.models import BigIntegerField, F, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Left
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import MemberState
from office.pages import record_address
from office.stems import RecordWords, body_field, words_in
from public.models import Fold
from public.publishable import Publishable
from public.workflow import Status

# Kinds that tell of the same things; any other kind is compared with itself only.
ALIKE = ({"practice", "pledge", "excerpt"},)

# Kinds whose titles are all alike: only those of one party are about the same thing.
OF_ONE_PARTY = {"report"}

LETTERS = 0.4  # the least share of common trigrams, for the index
WORDS = 8  # of a title, the longest: what is looked for in others' words
SHARE = 0.6  # of these a record has at least so many
RANKED = 200  # records with these words, before the best are chosen
MOST = 6  # records that are shown
SHORTEST = 5  # characters of a title before it says anything

LEAST = 0.5  # the least score that is shown
IN_TEXT = 0.6  # all words of a title, found in another's text
SAME_PARTY = 0.2
SAME_STATE = 0.1
SAME_OBJECTIVES = 0.1  # all of them the same


@dataclass(frozen=True)
class Described:
    """What is known of a record that somebody types or has written."""

    title: str
    text: str = ""
    language: str = "en"
    states: frozenset[int] = frozenset()  # where it is carried out, and whose it is
    member_state: int | None = None  # the party, if it is a State
    stakeholder: int | None = None  # the party, if it is none
    objectives: frozenset[int] = frozenset()  # numbers
    pk: int | None = None


@dataclass(frozen=True)
class Similar:
    """A record that may be about the same thing, and why."""

    model: Any
    pk: int
    code: str
    title: str
    cycle: str
    status: str
    score: float
    reasons: tuple[str, ...] = field(default=())

    @property
    def kind(self) -> str:
        return self.model.kind

    @property
    def kind_name(self):
        return self.model._meta.verbose_name

    @property
    def url(self) -> str:
        return record_address(self.model, self.pk)


def similar_to(
    model: Any, like: Described, *, among: Iterable[Any] | None = None
) -> list[Similar]:
    """Records like this one, best first; of the kinds in `among`, else of all kinds like its own.

    Two queries find them and one names States, however many there are.
    """
    if len(like.title.strip()) < SHORTEST:
        return []
    read = [(word, stem) for word, stem in words_in(like.language, like.title) if stem]
    stems = dict.fromkeys(stem for _word, stem in read)
    kinds = list(kinds_like(model) if among is None else among)
    looks = [
        look
        for kind in kinds
        for look in _looks(kind, like, list(stems), but=like.pk if kind is model else None)
    ]
    if not looks:
        return []
    first, *others = looks
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LETTERS)]
        )
        rows = list(first.union(*others, all=True) if others else first)
    of_label = {kind._meta.label: kind for kind in kinds}
    best = {(row.label, row.row): row for row in rows}  # both looks may find the same
    states = _names_of_states(best.values(), like)
    found = [_weighed(of_label[row.label], row, like, read, states) for row in best.values()]
    shown = [one for one in found if one.score >= LEAST]
    return sorted(shown, key=lambda one: (-one.score, one.code))[:MOST]


def kinds_like(model: Any) -> list[Any]:
    """The kinds whose records may be about the same thing as a record of this kind."""
    alike = next((kinds for kinds in ALIKE if model.kind in kinds), {model.kind})
    return [one for one in apps.get_models() if issubclass(one, Publishable) and one.kind in alike]


def described(record: Any) -> Described:
    """A saved record as others are compared with it."""
    model = type(record)
    body = body_field(model)
    names = {one.name for one in model._meta.get_fields()}
    states = {record.member_state_id} if "member_state" in names else set()
    if "member_states" in names:
        states |= {state.pk for state in record.member_states.all()}
    return Described(
        title=getattr(record, model.title_column()),
        text=getattr(record, body) if body else "",
        language=record.language,
        states=frozenset(states - {None}),
        member_state=getattr(record, "member_state_id", None),
        stakeholder=getattr(record, "stakeholder_id", None),
        objectives=frozenset(
            record.objectives.values_list("number", flat=True) if "objectives" in names else ()
        ),
        pk=record.pk,
    )


# --- Finding --------------------------------------------------------------------------------


class Matches(Func):
    """A text has the words that a query asks for."""

    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = models.BooleanField()


def _looks(model: Any, like: Described, stems: list[str], *, but: int | None) -> Iterator[Any]:
    """The queries that find records of one kind: by letters, and by words."""
    title = model.title_column()
    asked: Any = Fold(Value(like.title))
    records = model.objects.not_merged()
    if but:
        records = records.exclude(pk=but)
    if model.kind in OF_ONE_PARTY:
        records = records.filter(
            Q(member_state=like.member_state, member_state__isnull=False)
            | Q(stakeholder=like.stakeholder, stakeholder__isnull=False)
        )
    near = TrigramSimilarity(Fold(F(title)), asked)
    by_letters = records.alias(folded=Fold(F(title)), near=near).filter(
        folded__trigram_similar=asked
    )
    yield _rows(model, by_letters.order_by("-near", "pk"), near)
    if not stems:
        return
    some, any_of = (Cast(Value(query), SearchQueryField()) for query in _queries(stems))
    words = RecordWords.of(model)
    having = records.filter(Matches(words, some)).order_by()[:RANKED].values("pk")
    rank = Func(words, any_of, function="ts_rank", output_field=models.FloatField())
    by_words = model.objects.filter(pk__in=having).alias(rank=rank)
    yield _rows(model, by_words.order_by("-rank", "pk"), near)


def _queries(stems: list[str]) -> tuple[str, str]:
    """Two questions for `tsquery`: most of the longest words together, and any of them."""
    longest = sorted(stems, key=lambda stem: (-len(stem), stem))[:WORDS]
    quoted = ["'" + re.sub(r"(['\\])", r"\1\1", stem) + "'" for stem in longest]
    need = min(len(quoted), max(3, ceil(SHARE * len(quoted))))
    together = (" & ".join(chosen) for chosen in combinations(quoted, need))
    return " | ".join(f"({one})" for one in together), " | ".join(quoted)


def _rows(model: Any, records, near):
    """What is weighed, in one shape for all kinds, so that one query reads them."""
    names = {one.name: one for one in model._meta.get_fields()}
    nothing = Cast(Value(None), BigIntegerField())
    no_list = Cast(Value("{}"), ArrayField(BigIntegerField()))
    stems_of_title = RecordWords(F("language"), F(model.title_column()), Value(""))
    columns = {
        "label": Value(model._meta.label, output_field=TextField()),
        "row": Cast("pk", BigIntegerField()),
        "shown_code": Cast("code", TextField()),
        "shown_title": Cast(Left(model.title_column(), 300), TextField()),
        "cycle_code": Cast("cycle__code" if "cycle" in names else Value(""), TextField()),
        "stands": Cast("status", TextField()),
        "nearness": Cast(near, models.FloatField()),
        "title_stems": _array(stems_of_title),
        "all_stems": _array(RecordWords.of(model)),
        "state": F("member_state_id") if "member_state" in names else nothing,
        "party": F("stakeholder_id") if "stakeholder" in names else nothing,
        "states": _linked(names["member_states"], "pk") if "member_states" in names else no_list,
        "numbers": _linked(names["objectives"], "number") if "objectives" in names else no_list,
    }
    return records.annotate(**columns).values_list(*columns, named=True)[: 2 * MOST]


def _array(words: RecordWords) -> Func:
    return Func(words, function="tsvector_to_array", output_field=ArrayField(TextField()))


def _linked(many: Any, column: str):
    """The rows that a record is linked to, by one column of theirs, as an array."""
    links = many.remote_field.through._base_manager.filter(
        **{many.m2m_field_name(): OuterRef("pk")}
    )
    path = f"{many.m2m_reverse_field_name()}__{column}"
    return Cast(ArraySubquery(links.values(path)), ArrayField(BigIntegerField()))


def _names_of_states(rows: Collection[Any], like: Described) -> dict[int, str]:
    shared = {pk for row in rows for pk in _states_of(row) & like.states}
    return {state.pk: state.name for state in MemberState.objects.filter(pk__in=shared)}


def _states_of(row: Any) -> set[int]:
    return {*row.states, row.state} - {None}


# --- Weighing -------------------------------------------------------------------------------


def _weighed(
    model: Any, row: Any, like: Described, read: list[tuple[str, str]], names: dict[int, str]
) -> Similar:
    """The row with its score, and the reasons in words."""
    asked = {stem for _word, stem in read}
    in_title = asked & set(row.title_stems)
    in_text = asked & set(row.all_stems)
    union = asked | set(row.title_stems)
    words = len(in_title) / len(union) if union else 0
    elsewhere = IN_TEXT * len(in_text) / len(asked) if len(asked) > 2 else 0
    score = max(row.nearness, words, elsewhere)
    if max(row.nearness, words) >= elsewhere:
        reasons = [
            _about_titles(
                like.title, row.shown_title, [word for word, stem in read if stem in in_title]
            )
        ]
    else:
        reasons = [
            _("its text has %(words)s")
            % {"words": _quoted(word for word, stem in read if stem in in_text)}
        ]
    same_states = _states_of(row) & like.states
    if row.state is not None and row.state == like.member_state:
        score += SAME_PARTY
        reasons.append(_("same party: %(name)s") % {"name": names[row.state]})
        same_states -= {row.state}
    elif row.party is not None and row.party == like.stakeholder:
        score += SAME_PARTY
        reasons.append(_("same party"))
    if same_states:
        score += SAME_STATE if len(reasons) == 1 else 0
        reasons.append(
            ngettext("same State: %(names)s", "same States: %(names)s", len(same_states))
            % {"names": ", ".join(sorted(names[one] for one in same_states))}
        )
    if common := like.objectives & set(row.numbers):
        score += SAME_OBJECTIVES * len(common) / len(like.objectives | set(row.numbers))
        reasons.append(
            ngettext(
                "objective %(numbers)s in common",
                "objectives %(numbers)s in common",
                len(common),
            )
            % {"numbers": _listed([str(one) for one in sorted(common)])}
        )
    return Similar(
        model=model,
        pk=row.row,
        code=row.shown_code,
        title=Truncator(row.shown_title).chars(160),
        cycle=row.cycle_code,
        status=str(Status(row.stands).label),
        score=round(score, 3),
        reasons=tuple(reasons),
    )


def _about_titles(asked: str, title: str, common: list[str]) -> str:
    """How two titles differ, in words."""
    one, other = _plain_words(asked), _plain_words(title)
    if one == other:
        return _("same title")
    counts = Counter(one), Counter(other)
    if counts[0] == counts[1]:
        return _("same title, with its words in another order")
    differing = max((counts[0] - counts[1]).total(), (counts[1] - counts[0]).total())
    if differing <= 3 and differing < min(len(one), len(other)) / 2:
        return ngettext(
            "same title but for %(count)d word", "same title but for %(count)d words", differing
        ) % {"count": differing}
    if common:
        return _("both titles have %(words)s") % {"words": _quoted(common)}
    return _("the titles are spelled alike")


def _plain_words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(one for one in decomposed if not unicodedata.combining(one)))


def _quoted(words: Iterable[str], most: int = 4) -> str:
    """The longest of these words, in their order."""
    once = list(dict.fromkeys(words))
    longest = sorted(once, key=lambda word: -len(word))[:most]
    return ", ".join(_("“%(words)s”") % {"words": word} for word in once if word in longest)


def _listed(texts: list[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return _("%(some)s and %(last)s") % {"some": ", ".join(texts[:-1]), "last": texts[-1]}
