"""Published records through the API: lists with the pages' own filters, and one by its code."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from msgspec import Raw, json
from rest_framework.response import Response
from rest_framework.views import APIView

from public.api import asked as ask
from public.api import forms
from public.api.answers import conditional, last_modified, lines
from public.api.formats import encoded
from public.api.included import EXPANDED, included
from public.api.problems import Problem
from public.api.questions import DETAIL_PARAMETERS, Records, corrected, fields_of
from public.api.record_schema import detail_operation, list_operation
from public.api.schema import ApiSchema, Operation
from public.models import FOLDERS, PublicRecord, PublicRecordQuerySet, Redirect, Tombstone
from public.names import Names

# kind → the folder of its addresses in the API; excerpts and figures have no page of their own
RESOURCES = FOLDERS | {"excerpt": "excerpts", "figure": "figures"}
READ = ("code", "title", "written", "edition", "published_at", "first_published_at")


def place_of_pages(request, kind: str) -> str:
    """What stands before the code in a permanent address: of the pages, in English."""
    if kind in FOLDERS:
        return request.build_absolute_uri(f"/{FOLDERS[kind]}/")
    return request.build_absolute_uri(reverse(f"public-api:{kind}-list"))


def shown(rows: Iterable[dict[str, Any]], place: str, fields: Sequence[str]) -> Iterator[Any]:
    """Rows as the API tells them: the document, and what is known of its edition.

    A whole document is passed on as the database has written it, and read by nobody.
    """
    for row in rows:
        known = {
            "edition": row["edition"],
            "published_at": row["published_at"],
            "first_published_at": row["first_published_at"],
            "permanent_url": f"{place}{row['code']}/",
        }
        if fields:
            whole = document_of(row) | known
            yield {name: whole[name] for name in fields}
        else:
            yield Raw(b"%b, %b" % (row["written"].encode()[:-1], encoded(known)[1:]))


def document_of(row: dict[str, Any]) -> dict[str, Any]:
    """The document, read."""
    return json.decode(row["written"])


def written(records: PublicRecordQuerySet) -> QuerySet[Any, dict[str, Any]]:
    """What is read of these records."""
    return records.annotate(
        written=Cast("document", TextField()), published_at=F("visible__startswith")
    ).values(*READ)


class RecordList(APIView):
    """Published records of a kind, newest first."""

    kind = ""

    def get_renderers(self):
        return [renderer() for renderer in forms.list_formats(self.kind)]

    def get(self, request):
        with translation.override(ask.language(request.GET)):
            records = Records(request, self.kind)
            format = request.accepted_renderer.format
            if format == "json":
                return conditional(self.answer(request, records))
            if format == "ndjson":
                return lines(self.harvested(request, records), name=RESOURCES[self.kind])
            return forms.of_list(format, request, records)

    def described(self, schema: ApiSchema, method: str) -> Operation:
        return list_operation(schema, self.kind, RESOURCES[self.kind])

    def answer(self, request, records: Records) -> Response:
        """A page of the list."""
        rows, body, links = records.taken(written)
        body |= corrected(records.filters.search)
        body["results"] = list(self.shown(request, records, rows))
        if records.since:
            body["withdrawn"] = records.withdrawn
        if records.facets:
            body["facets"] = records.told_facets()
        if records.expand:
            documents = map(document_of, rows)
            body["included"] = included(records.expand, documents, records.names)
        latest = max((row["published_at"] for row in rows), default=None)
        return Response(body, headers=links | last_modified(latest))

    def harvested(self, request, records: Records) -> Iterator[Any]:
        """All records, then what was withdrawn: a line each."""
        rows = written(records.ordered).iterator(chunk_size=500)
        yield from self.shown(request, records, rows)
        yield from records.withdrawn

    def shown(self, request, records: Records, rows: Iterable[dict[str, Any]]) -> Iterator[Any]:
        return shown(rows, place_of_pages(request, self.kind), records.fields)


class RecordDetail(APIView):
    """One published record, by its permanent code."""

    kind = ""

    def get_renderers(self):
        return [renderer() for renderer in forms.record_formats(self.kind)]

    def get(self, request, code: str):
        with translation.override(ask.language(request.GET)):
            return self.answer(request, code)

    def described(self, schema: ApiSchema, method: str) -> Operation:
        return detail_operation(schema, self.kind)

    def answer(self, request, code: str):
        ask.only_known(request.GET, DETAIL_PARAMETERS)
        moment = ask.moment_of(request)
        fields = ask.listed(request.GET, "fields", fields_of(self.kind))
        expand = ask.listed(request.GET, "expand", EXPANDED[self.kind])
        rows = PublicRecord.objects.visible(moment.at).of_kind(self.kind).filter(code=code)
        format = request.accepted_renderer.format
        if format != "json" and (record := rows.first()):
            return forms.of_record(format, request, record, moment)
        row = written(rows.order_by()).first()
        if row is None:
            return self.gone(request, moment, code)
        [body] = shown([row], place_of_pages(request, self.kind), fields)
        if expand:
            told = json.decode(encoded(body))
            body = told | {"included": included(expand, [document_of(row)], Names(moment))}
        return conditional(Response(body, headers=last_modified(row["published_at"])))

    def gone(self, request, moment, code: str):
        """Where a merged code leads; 410 if the record was public once; else 404."""
        if target := Redirect.objects.target_of(self.kind, code, moment.at):
            address = moment.address(f"public-api:{self.kind}", [target])
            return Response(status=308, headers={"Location": address})
        if stone := Tombstone.objects.of_gone(self.kind, code):
            raise Problem("withdrawn", 410, code=code, withdrawn_at=stone.withdrawn_at)
        raise Http404
