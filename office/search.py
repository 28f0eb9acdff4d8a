"""One search over all records of the office, by index; the lists and pickers ask it too.

Every word must be found: at the beginning of a code, anywhere in a name (accents and case
forgiven), at the beginning of a word of the text, or in the name of a party.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from objectives.models import MemberState, Objective, ReviewCycle, SourceDocument
from office.indexes import Beginnings, Fold, name_of, words_of
from office.pages import list_address, office_page, record_address, screen_of
from office.questions import asked_together
from public.keys import IsOneOf
from public.publishable import Publishable
from public.workflow import Status

LONGEST = 200  # characters of a search; what is longer is no search
MOST_WORDS = 8
SHOWN = 5  # of each kind
COUNTED = 100  # of each kind; more are told as “more than 100”

# Beside the records: tables of a few rows, or of a few hundred.
SMALL_TABLES = (MemberState, Objective, ReviewCycle, SourceDocument, User)


def clean(text: str) -> str:
    """The search as typed, without what no record holds and the database would refuse."""
    return " ".join(text.replace("\0", " ").split())


def _runs(word: str) -> list[str]:
    """The parts of a word that an index of three letters in a row can find."""
    return [run for run in re.findall(r"[^\W_]+", word) if len(run) >= 3]


def _is_long(word: str) -> bool:
    return bool(_runs(word))


class Search:
    """What somebody looks for. A word of one or two letters counts if there is no longer one."""

    def __init__(self, text: str):
        self.text = clean(text[:LONGEST])
        found = self.text.split()[:MOST_WORDS]
        self.words = [word for word in found if _is_long(word)] or found[:1]

    @cached_property
    def states(self) -> dict[str, list[int]]:
        """The States that each word is part of a name of, former names included."""
        columns = screen_of(MemberState).search_fields
        states: dict[str, list[int]] = {word: [] for word in self.words}
        named = (
            among_few(MemberState.objects.all(), columns, [word])
            .annotate(word=Value(word))
            .order_by()
            .values_list("word", "pk")
            for word in self.words
            if _is_long(word)
        )
        for word, state in asked_together(named):
            states[word].append(state)
        return states

    # --- Records ----------------------------------------------------------------------------

    def among(self, records, most: int | None = None):
        """Those of these records that every word leads to, or at least so many of them."""
        if not self.words:
            return records.none()
        most = most if len(self.words) == 1 else None  # of several, only the common ones count
        found = [
            _any_of([way[:most] for way in self._ways(records.model, word)]) for word in self.words
        ]
        first, *others = found
        keys = first.intersection(*others) if others else first
        return records.filter(IsOneOf("pk", ArraySubquery(keys)))

    def named(self, records):
        """Those that every word is part of a name of."""
        if not records.model.named_by or not all(map(_is_long, self.words)):
            return records.none()
        for word in self.words:
            records = _named(records, word)
        return records

    def _ways(self, model, word: str) -> list:
        """Each way in which a word leads to records, with the one index that answers it.

        Apart, because PostgreSQL cannot answer “or” over them without reading the texts again.
        """
        everything = model._base_manager.order_by()
        ways = [begins_with_code(everything, word)]
        if _is_long(word):
            ways += [_named(everything, word)] if model.named_by else []
            ways += [_telling(everything, word)] if model.told_in else []
            for path in model.parties:
                party = model._meta.get_field(path).related_model
                if party is not MemberState:
                    named = _named(party._base_manager.order_by(), word).values("pk")
                    ways.append(everything.filter(**{f"{path}__in": named}))
                elif self.states[word]:
                    ways.append(everything.filter(**{f"{path}__in": self.states[word]}))
        ways = [way.values("pk") for way in ways]
        for path in model.told_by_parts if _is_long(word) else ():
            part = model._meta.get_field(path)
            telling = _telling(part.related_model._base_manager.order_by(), word)
            ways.append(telling.annotate(record=F(part.field.attname)).values("record"))
        return ways


def _any_of(ways: list):
    first, *others = ways
    return first.union(*others, all=True) if others else first


def begins_with_code(records, word: str):
    """Records whose code begins so. Codes are in capitals, but for figures."""
    return records.filter(Q(code__startswith=word.upper()) | Q(code__startswith=word.lower()))


def _named(records, word: str):
    """Rows that have each part of the word somewhere in their names."""
    parts = [Q(folded__contains=Fold(Value(run))) for run in _runs(word)]
    return records.alias(folded=name_of(records.model.named_by)).filter(reduce(and_, parts))


def _telling(rows, word: str):
    """Rows with a word in their texts that begins like this."""
    return rows.alias(told=words_of(rows.model.told_in)).filter(told=Beginnings(Value(word)))


# --- Small tables ---------------------------------------------------------------------------


def among_few(rows, columns, asked: list[str]):
    """Rows with each word in one of the columns, named as in `search_fields`: = means whole."""
    folded = {
        f"way_{number}": Fold(Cast(column.lstrip("="), TextField()))
        for number, column in enumerate(columns)
    }
    lookups = ["exact" if column.startswith("=") else "contains" for column in columns]
    for word in asked:
        ways = [
            Q(**{f"{way}__{lookup}": Fold(Value(word))})
            for way, lookup in zip(folded, lookups, strict=True)
        ]
        found = rows.model._base_manager.alias(**folded).filter(reduce(or_, ways))
        rows = rows.filter(pk__in=found.values("pk"))
    return rows


# --- The page -------------------------------------------------------------------------------


@dataclass
class Hit:
    """One line of the answer."""

    code: str
    title: str
    url: str
    status: str = ""
    status_name: str = ""
    cycle: str = ""


@dataclass
class Found:
    """What was found of one kind."""

    name: Any
    url: str = ""  # of the list with all of them, if it can be asked the same
    total: int = 0
    hits: list[Hit] = field(default_factory=list)

    @property
    def is_more(self) -> bool:
        return self.total > COUNTED


def page(request):
    """Everything that the person may view and the words lead to, kind by kind."""
    text = clean(request.GET.get("q", ""))
    is_too_long = len(text) > LONGEST
    search = Search("" if is_too_long else text)
    answers = (_found_records, _found_rows) if search.words else ()
    return office_page(
        request,
        "office/search.html",
        title=_("Search"),
        guide="my-work",
        q=text[:LONGEST],
        is_too_long=is_too_long,
        longest=LONGEST,
        counted=COUNTED,
        groups=[group for answer in answers for group in answer(request, search)],
    )


def _found_records(request, search: Search) -> list[Found]:
    """What was found of each kind, asked at once for all kinds."""
    models = {
        model._meta.label_lower: model
        for model, screen in admin.site._registry.items()
        if issubclass(model, Publishable) and screen.has_view_permission(request)
    }
    hits: dict[str, dict[str, Hit]] = {label: {} for label in models}
    questions = [one for label, model in models.items() for one in _ranks(label, model, search)]
    for label, _rank, code, pk, title, status, cycle in sorted(asked_together(questions)):
        url = record_address(models[label], pk)
        hit = Hit(code, Truncator(title).chars(160), url, status, str(Status(status).label), cycle)
        hits[label].setdefault(url, hit)
    return [
        Found(
            model._meta.verbose_name_plural,
            _list_of(model, search),
            total=len(hits[label]),
            hits=list(hits[label].values())[:SHOWN],
        )
        for label, model in models.items()
        if hits[label]
    ]


def _list_of(model, search: Search) -> str:
    """The list of the kind that finds the same."""
    return list_address(model, urlencode({"q": search.text}))


def _ranks(label: str, model, search: Search) -> list:
    """Some records by the whole code, by code, by name and by anything, in this order.

    By anything, enough of them to count them.
    """
    everything = model._base_manager.order_by()
    code, most = search.text, COUNTED + 1
    ranks = [
        everything.filter(code__in=[code.upper(), code.lower()]),
        begins_with_code(everything, code).order_by("code")[:SHOWN],
        search.named(everything)[:SHOWN],
        search.among(everything, most)[:most],
    ]
    cycle = F(f"{model.cycle_path}__code") if model.cycle_path else Value("")
    return [
        records.annotate(kind=Value(label), rank=Value(rank)).values_list(
            "kind",
            "rank",
            "code",
            "pk",
            Cast(model.title_column(), TextField()),
            "status",
            Cast(cycle, TextField()),
        )
        for rank, records in enumerate(ranks)
    ]


def _found_rows(request, search: Search) -> list[Found]:
    groups = []
    for model in SMALL_TABLES:
        screen = screen_of(model)
        if screen.has_view_permission(request):
            found = among_few(screen.get_queryset(request), screen.search_fields, search.words)
            rows = list(found[: COUNTED + 1])
            hits = [_row_hit(row) for row in rows[: 2 * SHOWN]]
            groups.append(Found(model._meta.verbose_name_plural, total=len(rows), hits=hits))
    return [group for group in groups if group.total]


def _row_hit(row) -> Hit:
    codes = (getattr(row, name, None) for name in ("code", "iso3", "number", "email"))
    names = (getattr(row, name, None) for name in ("name", "title"))
    url = record_address(type(row), row.pk)
    return Hit(str(next(filter(None, codes), "")), next(filter(None, names), str(row)), url)


# --- Pickers --------------------------------------------------------------------------------


class Picker(AutocompleteJsonView):
    """Django's picker, that takes whatever is typed."""

    def process_request(self, request):
        term, *rest = super().process_request(request)
        return clean(term)[:LONGEST], *rest
