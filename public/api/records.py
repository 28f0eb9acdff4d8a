"""Published records through the API: lists with the pages' own filters, and one by its code."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from public.api import asked as ask
from public.api.answers import conditional, last_modified, lines, page_links, paged
from public.api.formats import JSON, NDJSON
from public.api.included import EXPANDED, included
from public.api.problems import Problem
from public.api.record_schema import detail_operation, list_operation
from public.api.schema import ApiSchema, Operation
from public.documents import KINDS
from public.filters import FILTERS
from public.models import FOLDERS, PublicRecord, Redirect, Tombstone
from public.names import Names

# kind → the folder of its addresses in the API; excerpts and figures have no page of their own
RESOURCES = FOLDERS | {"excerpt": "excerpts", "figure": "figures"}
META = ("edition", "published_at", "first_published_at", "permanent_url")
READ = ("code", "title", "document", "edition", "published_at", "first_published_at")
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
    "modified_since",
)


def fields_of(kind: str) -> tuple[str, ...]:
    """What a record of this kind says: its document's fields, and what is known of its edition."""
    return ("kind", *KINDS[kind].__struct_fields__, *META)


def place_of_pages(request, kind: str) -> str:
    """What stands before the code in a permanent address: of the pages, in English."""
    if kind in FOLDERS:
        return request.build_absolute_uri(f"/{FOLDERS[kind]}/")
    return str(reverse(f"public-api:{kind}-list", request=request))


def shown(
    rows: Iterable[dict[str, Any]], place: str, fields: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Rows as the API tells them: the document, and what is known of its edition."""
    for row in rows:
        whole = row["document"] | {
            "edition": row["edition"],
            "published_at": row["published_at"],
            "first_published_at": row["first_published_at"],
            "permanent_url": f"{place}{row['code']}/",
        }
        yield {name: whole[name] for name in fields} if fields else whole


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
        self.since = ask.since(self.asked, "modified_since")
        self.page_size = ask.whole_number(self.asked, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        self.page = ask.whole_number(self.asked, "page", 1, ask.DEEPEST_PAGE)
        self.by_cursor = "cursor" in request.GET  # the first one is empty
        if self.by_cursor and "page" in self.asked:
            raise ask.wrong("cursor", _("Ask for a page or for a cursor, not for both."))
        self.columns = self._columns()
        self.place = self._place(ask.one(request.GET, "cursor"))
        self.records = self._records()

    def _columns(self) -> list[ask.Column]:
        """The order asked for, made total by the code."""
        allowed = [*ORDERINGS, *(f"-{name}" for name in ORDERINGS)]
        name = ask.one(self.asked, "ordering") or (OLDEST_CHANGE if self.since else NEWEST)
        if name not in allowed:
            raise ask.wrong("ordering", _("There is no “%s” here.") % name, allowed)
        first = ask.Column(name.lstrip("-"), falls=name.startswith("-"))
        return [first] if first.name == "code" else [first, ask.Column("code")]

    def _records(self):
        visible = PublicRecord.objects.visible(self.moment.at).of_kind(self.kind)
        filters = FILTERS[self.kind](self.asked, visible)
        if not filters.is_valid():
            raise Problem(
                "bad-value",
                errors=[
                    {"parameter": name, "detail": " ".join(errors)}
                    for name, errors in filters.errors.items()
                ],
            )
        found = filters.qs
        if self.since:
            found = found.filter(visible__startswith__gte=self.since)
        return found

    @property
    def ordered(self):
        """All of them, in order."""
        rows = self.records.annotate(published_at=F("visible__startswith"))
        return rows.order_by(*(column.expression for column in self.columns))

    def _place(self, cursor: str) -> list[Any]:
        """The place of a cursor in the order; none at its beginning."""
        texts = ask.place_of(cursor, self.columns) if cursor else []
        places = zip(self.columns, texts, strict=bool(texts))
        return [self._value(column, text) for column, text in places]

    @property
    def after(self):
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

    def shown(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Rows as the API tells them."""
        return shown(rows, place_of_pages(self.request, self.kind), self.fields)

    def harvested(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """All rows, and what was withdrawn: a line each."""
        yield from self.shown(rows)
        yield from self.withdrawn

    @cached_property
    def withdrawn(self) -> list[dict[str, Any]]:
        """What was withdrawn since: code and time, of what was public once and is not now."""
        if not self.since:
            return []
        now_public = PublicRecord.objects.visible(self.moment.at).of_kind(self.kind)
        stones = (
            Tombstone.objects.filter(
                kind=self.kind,
                withdrawn_at__gte=self.since,
                withdrawn_at__lte=self.moment.at,
            )
            .exclude(code__in=now_public.values("code"))
            .order_by("withdrawn_at", "code")
        )
        return [
            {"code": code, "withdrawn_at": at}
            for code, at in stones.values_list("code", "withdrawn_at")
        ]


class RecordList(APIView):
    """Published records of a kind, newest first."""

    kind = ""
    renderer_classes = [JSON, NDJSON]

    def get(self, request):
        with translation.override(ask.language(request.GET)):
            records = Records(request, self.kind)
            if request.accepted_renderer.format == "ndjson":
                rows = records.ordered.values(*READ).iterator(chunk_size=500)
                return lines(records.harvested(rows), name=RESOURCES[self.kind])
            return conditional(request, Response(*self.answer(request, records)))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        known = list(fields_of(self.kind))
        return list_operation(schema, self.kind, RESOURCES[self.kind], known, list(ORDERINGS))

    def answer(self, request, records: Records) -> tuple:
        """Body, status and headers of a page."""
        if records.by_cursor:
            found = records.after.values(*READ)
            rows = list(found[: records.page_size + 1])
            more, rows = len(rows) > records.page_size, rows[: records.page_size]
            last = [rows[-1][column.name] for column in records.columns] if more else None
            body, links = page_links(request, cursor=ask.cursor_of(last) if last else None)
        else:
            count = records.records.count()
            rows = paged(records.ordered.values(*READ), records.page, records.page_size, count)
            body, links = page_links(
                request, count=count, page=records.page, size=records.page_size
            )
        body["results"] = list(records.shown(rows))
        if records.since:
            body["withdrawn"] = records.withdrawn
        if records.expand:
            documents = [row["document"] for row in rows]
            body["included"] = included(records.expand, documents, records.names)
        latest = max((row["published_at"] for row in rows), default=None)
        return body, 200, None, links | last_modified(latest)


class RecordDetail(APIView):
    """One published record, by its permanent code."""

    kind = ""
    renderer_classes = [JSON]

    def get(self, request, code: str):
        with translation.override(ask.language(request.GET)):
            return self.answer(request, code)

    def described(self, schema: ApiSchema, method: str) -> Operation:
        return detail_operation(schema, self.kind, list(fields_of(self.kind)))

    def answer(self, request, code: str):
        ask.only_known(request.GET, DETAIL_PARAMETERS)
        moment = ask.moment_of(request)
        fields = ask.listed(request.GET, "fields", fields_of(self.kind))
        expand = ask.listed(request.GET, "expand", EXPANDED[self.kind])
        rows = PublicRecord.objects.visible(moment.at).of_kind(self.kind).filter(code=code)
        row = rows.annotate(published_at=F("visible__startswith")).values(*READ).first()
        if row is None:
            return self.gone(request, moment, code)
        [body] = shown([row], place_of_pages(request, self.kind), fields)
        if expand:
            body = body | {"included": included(expand, [row["document"]], Names(moment))}
        return conditional(request, Response(body, headers=last_modified(row["published_at"])))

    def gone(self, request, moment, code: str):
        """Where a merged code leads; 410 if the record was public once; else 404."""
        if target := Redirect.objects.target_of(self.kind, code, moment.at):
            address = moment.address(f"public-api:{self.kind}", [target])
            return Response(status=308, headers={"Location": address})
        stones = Tombstone.objects.filter(kind=self.kind, code=code, withdrawn_at__lte=moment.at)
        if stone := stones.order_by("-withdrawn_at").first():
            raise Problem("withdrawn", 410, code=code, withdrawn_at=stone.withdrawn_at)
        raise Http404
