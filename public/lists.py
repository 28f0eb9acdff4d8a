"""A list as somebody asks for it: which records, in which order, and what it is called in words.

Page, CSV, feed, calendar, map and pictures of a list all start from one `Question`, so that they
agree.
"""

from functools import cached_property
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import F
from django.db.models.fields.json import KT
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from public.facets import count_of
from public.filters import FILTERS
from public.models import Fold, PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.names import Names
from public.sentences import sentence_of

PAGE_SIZES = (25, 50, 100)
RELEVANCE = "relevance"
SORTS = {
    RELEVANCE: gettext_lazy("Best match"),
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "title": gettext_lazy("By title"),
}
UNTITLED = {"recommendation", "excerpt"}

# kind → its records in order of time, where that is not the order in which they were published
OWN_TIME = {
    "roundtable": {
        "newest": (
            KT("document__starts_on").desc(nulls_last=True),
            KT("document__start_time").asc(nulls_last=True),
            F("code").asc(),
        ),
        "oldest": (
            KT("document__starts_on").asc(nulls_last=True),
            KT("document__start_time").asc(nulls_last=True),
            F("code").asc(),
        ),
    }
}
ORDERS = {
    "newest": (F("first_published_at").desc(), F("code").asc()),
    "oldest": (F("first_published_at").asc(), F("code").desc()),  # the same index, backwards
    "title": (Fold("title").asc(), F("code").asc()),
}


def orders_of(kind: str) -> dict[str, tuple]:
    """The orders of the records of a kind, by the names that addresses have for them."""
    return ORDERS | OWN_TIME.get(kind, {})


def sorts_of(kind: str, *, has_words: bool) -> list[str]:
    """The orders that lists of this kind can have: only words have a best match."""
    impossible = set() if has_words else {RELEVANCE}
    if kind in UNTITLED:
        impossible.add("title")
    return [sort for sort in SORTS if sort not in impossible]


class Question:
    """What a list's address asks. `BadRequest` names the parameter that is wrong, and why."""

    def __init__(self, kind: str, asked: QueryDict, moment: Moment, names: Names):
        self.kind = kind
        self.asked = asked
        self.moment = moment
        self.names = names
        records = PublicRecord.objects.visible(moment.at).of_kind(kind)
        self.filters = FILTERS[kind](asked, records, names=names)
        self.filters.kind = kind
        if not self.filters.is_valid():
            raise BadRequest(
                " ".join(
                    f"{name}: {error}"
                    for name, errors in self.filters.errors.items()
                    for error in errors
                )
            )
        self.usual_sort = RELEVANCE if "q" in self.chosen else "newest"
        self.sort = _one_of("sort", asked.get("sort") or self.usual_sort, self.sorts)
        sizes = [str(size) for size in PAGE_SIZES]
        self.page_size = int(_one_of("page_size", asked.get("page_size") or sizes[0], sizes))

    @property
    def sorts(self) -> list[str]:
        """The orders that this list can have."""
        return sorts_of(self.kind, has_words="q" in self.chosen)

    @property
    def records(self) -> PublicRecordQuerySet:
        """The records that the list shows, in no order."""
        return self.filters.qs

    @property
    def ordered(self) -> PublicRecordQuerySet:
        """The same in the order that was asked for."""
        by_words = self.sort == RELEVANCE  # then whoever ranks looks for the words too
        return self.in_order(self.filters.without("q") if by_words else self.records)

    def in_order(self, records: PublicRecordQuerySet) -> PublicRecordQuerySet:
        """These records in the order that was asked for."""
        if self.sort == RELEVANCE:
            return self.filters.search.best_first(records)
        return records.order_by(*orders_of(self.kind)[self.sort])

    @cached_property
    def count(self) -> int:
        return count_of(self.filters)

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The filters that are on, by parameter: the values as they stand in an address."""
        return self.filters.chosen

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without page, order and moment."""
        return urlencode(self.chosen | self.exact, doseq=True)

    @property
    def exact(self) -> dict[str, list[str]]:
        """That words are searched as they are typed, if the address says so."""
        return {"exact": ["1"]} if "q" in self.chosen and self.asked.get("exact") else {}

    @property
    def settings(self) -> dict[str, str]:
        """What an address says of order, page size and moment, where it is not the usual."""
        settings = {
            "sort": self.sort if self.sort != self.usual_sort else "",
            "page_size": str(self.page_size) if self.page_size != PAGE_SIZES[0] else "",
            "at": self.moment.asked,
        }
        return {name: value for name, value in settings.items() if value}

    def query_with(self, **changed: Any) -> str:
        """The address's query with these parameters changed, or left out where they are empty.

        It leads to the first page, and drops what no list knows.
        """
        kept = self.chosen | self.exact | self.settings | changed
        if not kept.get("q"):
            kept.pop("exact", None)
        return urlencode({name: value for name, value in kept.items() if value}, doseq=True)

    @property
    def sentence(self) -> str:
        """The list in a sentence that a person would say, with the count."""
        return sentence_of(self.kind, self.count, self.chosen, self.filters)


class Pages(Paginator):
    """The numbered pages of a question.

    The keys of a page are found in the index that holds the order; only its own records are read.
    """

    def __init__(self, question: Question):
        self.question = question
        super().__init__(question.ordered, question.page_size)

    @cached_property
    def count(self) -> int:
        return self.question.count

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.question.ordered.values("pk")[first : first + self.per_page]
        records = PublicRecord.objects.filter(pk__in=keys)
        return Page(self.question.in_order(records), number, self)


def _one_of(parameter: str, value: str, allowed: list[str]) -> str:
    """The value, if it is one of those allowed."""
    if value not in allowed:
        raise BadRequest(
            _("%(parameter)s: “%(value)s” is not known here. Use %(allowed)s.")
            % {"parameter": parameter, "value": value[:60], "allowed": ", ".join(allowed)}
        )
    return value
