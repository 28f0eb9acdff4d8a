"""What the address of a list of records asks: which of them, in which order, how much of each."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from public.api import asked as ask
from public.api.answers import first_of, page_links
from public.api.included import EXPANDED
from public.api.problems import Problem
from public.choices import AnyOf
from public.documents import KINDS
from public.facets import Facets, count_of, facets_of
from public.filters import FILTERS, RecordFilter
from public.lists import RELEVANCE, orders_of, sorts_of
from public.models import PublicRecord, PublicRecordQuerySet, Tombstone
from public.names import Names
from public.search import Search

META = ("edition", "published_at", "first_published_at", "permanent_url")
ORDERINGS = ("first_published_at", "published_at", "title", "code")
NEWEST = "-first_published_at"
OLDEST_CHANGE = "published_at"
DETAIL_PARAMETERS = ("at", "fields", "expand", "lang", "format")
LIST_PARAMETERS = (
    *DETAIL_PARAMETERS,
    "page",
    "page_size",
    "cursor",
    "ordering",
    "sort",
    "exact",
    "facets",
    "modified_since",
    "hxl",
)
YES = "1"


def fields_of(kind: str) -> tuple[str, ...]:
    """What a record of this kind says: its document's fields, and what is known of its edition."""
    return ("kind", *KINDS[kind].__struct_fields__, *META)


def facets_known(kind: str) -> list[str]:
    """The facets that lists of this kind have: every filter with values to choose from."""
    return [name for name, one in FILTERS[kind].base_filters.items() if isinstance(one, AnyOf)]


def yes(asked: QueryDict, name: str) -> bool:
    """Whether a switch is on: `name=1`, and nothing else, turns it on."""
    value = ask.one(asked, name)
    if value not in ("", YES):
        raise ask.wrong(name, _("Write 1, or leave it out."), [YES])
    return bool(value)


def checked(filters: RecordFilter) -> RecordFilter:
    """The filters, if every value is possible; else a refusal that names those that are not."""
    if filters.is_valid():
        return filters
    errors = []
    for name, reasons in filters.errors.items():
        error: dict[str, Any] = {"parameter": name, "detail": " ".join(reasons)}
        asked = filters.filters[name]
        if isinstance(asked, AnyOf) and (allowed := list(asked.known(filters.names))):
            error["allowed"] = allowed
        errors.append(error)
    raise Problem("bad-value", errors=errors)


def corrected(search: Search) -> dict[str, Any]:
    """What was searched instead of what was typed, where the spelling was corrected."""
    if not search.corrections:
        return {}
    return {"search": {"typed": search.typed, "searched": search.text}}


class Records:
    """The records that an address asks for; every part of it is checked when it is made."""

    def __init__(self, request, kind: str):
        self.request = request
        self.kind = kind
        ask.only_known(request.GET, [*LIST_PARAMETERS, *FILTERS[kind].base_filters])
        self.asked = ask.filled(request.GET)
        self.moment = ask.moment_of(request)
        self.names = Names(self.moment)
        self.fields = ask.listed(self.asked, "fields", fields_of(kind))
        self.expand = ask.listed(self.asked, "expand", EXPANDED[kind])
        self.facets = ask.listed(self.asked, "facets", facets_known(kind))
        self.since = ask.since(self.asked, "modified_since")
        self.page_size = ask.whole_number(self.asked, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        self.page = ask.whole_number(self.asked, "page", 1, ask.DEEPEST_PAGE)
        self.by_cursor = "cursor" in request.GET  # the first one is empty
        if self.by_cursor and "page" in self.asked:
            raise ask.wrong("cursor", _("Ask for a page or for a cursor, not for both."))
        self.hashtags = yes(self.asked, "hxl")
        yes(self.asked, "exact")
        visible = PublicRecord.objects.visible(self.moment.at).of_kind(kind)
        if self.since:
            visible = visible.filter(visible__startswith__gte=self.since)
        self.filters = checked(FILTERS[kind](self.asked, visible, names=self.names))
        self.filters.kind = "" if self.since else kind
        self.sort = self._sort()
        self.columns = self._columns()
        self.place = self._place(ask.one(request.GET, "cursor"))

    def _sort(self) -> str:
        """The order by its name on the pages; "" where it is one of columns."""
        sort = ask.one(self.asked, "sort")
        has_words = "q" in self.filters.chosen
        if not sort:
            plain = "ordering" in self.asked or self.since or self.by_cursor
            return RELEVANCE if has_words and not plain else ""
        if "ordering" in self.asked:
            raise ask.wrong("sort", _("Give “sort” or “ordering”, not both."))
        if self.by_cursor:
            raise ask.wrong("sort", _("With a cursor, give “ordering” instead."))
        allowed = sorts_of(self.kind, has_words=has_words)
        if sort not in allowed:
            raise ask.wrong("sort", _("There is no “%s” here.") % sort, allowed)
        return sort

    def _columns(self) -> list[ask.Column]:
        """The order asked for, made total by the code."""
        allowed = [*ORDERINGS, *(f"-{name}" for name in ORDERINGS)]
        name = ask.one(self.asked, "ordering") or (OLDEST_CHANGE if self.since else NEWEST)
        if name not in allowed:
            raise ask.wrong("ordering", _("There is no “%s” here.") % name, allowed)
        first = ask.Column(name.lstrip("-"), falls=name.startswith("-"))
        return [first] if first.name == "code" else [first, ask.Column("code")]

    # --- Which, in which order ---

    @property
    def records(self) -> PublicRecordQuerySet:
        """All of them, in no order."""
        return self.filters.qs

    @cached_property
    def counted(self) -> Facets:
        """The facets asked for, and how many records there are."""
        return facets_of(self.filters, self.facets)

    @cached_property
    def count(self) -> int:
        return self.counted.total if self.facets else count_of(self.filters)

    @property
    def ordered(self) -> PublicRecordQuerySet:
        """All of them, in order."""
        by_words = self.sort == RELEVANCE  # then whoever ranks looks for the words too
        return self._in_order(self.filters.without("q") if by_words else self.records)

    def _in_order(self, records: PublicRecordQuerySet) -> PublicRecordQuerySet:
        records = records.annotate(published_at=F("visible__startswith"))
        if self.sort == RELEVANCE:
            return self.filters.search.best_first(records)
        if self.sort:
            return records.order_by(*orders_of(self.kind)[self.sort])
        return records.order_by(*(column.expression for column in self.columns))

    def paged(self) -> PublicRecordQuerySet:
        """Those of the page. Their keys are found first, so that only they are read."""
        first = first_of(self.page, self.page_size, self.count)
        keys = self.ordered.values("pk")[first : first + self.page_size]
        return self._in_order(PublicRecord.objects.filter(pk__in=keys))

    def _place(self, cursor: str) -> list[Any]:
        """The place of a cursor in the order; none at its beginning."""
        texts = ask.place_of(cursor, self.columns) if cursor else []
        places = zip(self.columns, texts, strict=bool(texts))
        return [self._value(column, text) for column, text in places]

    @property
    def after(self) -> PublicRecordQuerySet:
        """Those that follow the place of the cursor."""
        rows = self.ordered
        if not self.place:
            return rows
        beyond, same = Q(), Q()
        for column, value in zip(self.columns, self.place, strict=True):
            beyond |= same & Q(**{f"{column.name}__{'lt' if column.falls else 'gt'}": value})
            same &= Q(**{column.name: value})
        return rows.filter(beyond)

    def _value(self, column: ask.Column, text: str) -> Any:
        if not column.name.endswith("_at"):
            return text
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise ask.wrong("cursor", _("Take it from the address of the next page.")) from error

    def taken(
        self, read: Callable[[PublicRecordQuerySet], QuerySet] = lambda records: records
    ) -> tuple[list[Any], dict[str, Any], dict[str, str]]:
        """What page or cursor take: records, or what is read of them; the frame and the links."""
        if self.by_cursor:
            found = list(read(self.after)[: self.page_size + 1])
            more, found = len(found) > self.page_size, found[: self.page_size]
            cursor = ask.cursor_of(self._place_of(found[-1])) if more else None
            return found, *page_links(self.request, cursor=cursor)
        found = list(read(self.paged()))
        frame = page_links(self.request, count=self.count, page=self.page, size=self.page_size)
        return found, *frame

    def _place_of(self, row: Any) -> list[Any]:
        value = row.get if isinstance(row, dict) else partial(getattr, row)
        return [value(column.name) for column in self.columns]

    # --- What stands beside them ---

    def told_facets(self) -> dict[str, list[dict[str, Any]]]:
        """The facets asked for: values with records, or chosen, the most usual hundred of each."""
        found = {facet.name: facet.values for facet in self.counted.facets}
        return {
            name: [
                {
                    "value": self.filters.filters[name].coerce(value.value),
                    "label": value.label,
                    "count": value.count,
                }
                for value in found.get(name, [])
            ]
            for name in self.facets
        }

    @cached_property
    def withdrawn(self) -> list[dict[str, Any]]:
        """What was withdrawn since: code and time, of what was public once and is not now."""
        if not self.since:
            return []
        stones = Tombstone.objects.standing(self.kind, self.moment.at)
        stones = stones.filter(withdrawn_at__gte=self.since)
        return [
            {"code": code, "withdrawn_at": at}
            for code, at in stones.values_list("code", "withdrawn_at")
        ]
