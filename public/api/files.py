"""All public files through the API: what each is, of which record, and where to take it."""

from typing import Any

import msgspec
from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import APIView

from public.api import asked as ask
from public.api.answers import conditional, page_links, paged
from public.api.formats import JSON
from public.api.record_schema import at_parameter, page_parameters
from public.api.schema import (
    NOT_MODIFIED,
    NUMBER,
    TEXT,
    URL,
    ApiSchema,
    Operation,
    answer,
    fields,
    format_parameter,
    nullable,
    parameter,
    refusals,
    said,
    shape_of,
)
from public.documents import File
from public.downloads import site_of
from public.models import PublicRecord
from public.names import Names
from public.tables import Reader
from public.words import FileKind

PARAMETERS = ("kind", "record_kind", "at", "page", "page_size", "format")
WITH_FILES = ("practice", "pledge", "report", "roundtable")


class Files(APIView):
    """Metadata of all public files, by record."""

    renderer_classes = [JSON]

    def get(self, request):
        ask.only_known(request.GET, PARAMETERS)
        moment = ask.moment_of(request)
        page = ask.whole_number(request.GET, "page", 1, ask.DEEPEST_PAGE)
        size = ask.whole_number(request.GET, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        records = PublicRecord.objects.visible(moment.at)
        if record_kind := one_of(request.GET, "record_kind", WITH_FILES):
            records = records.of_kind(record_kind)
        rows = files_of(records, one_of(request.GET, "kind", FileKind.values))
        count = rows.count()
        reader = Reader(Names(moment), site_of(request))
        body, links = page_links(request, count=count, page=page, size=size)
        body["results"] = [told(row, reader) for row in paged(rows, page, size, count)]
        return conditional(Response(body, headers=links))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        shape, _parts = shape_of(File)
        record = schema.component(
            "RecordOfFile",
            said(
                fields(
                    kind=said(TEXT, "The kind of record."),
                    code=said(TEXT, "Its permanent code."),
                    permanent_url=said(URL, "Its permanent address."),
                ),
                "The record that a file comes with.",
            ),
        )
        one = schema.component(
            "PublicFile",
            said(
                fields(
                    record=said(record, "The record that it comes with."),
                    **shape["properties"],
                    url=said(URL, "Where to take it."),
                ),
                "A file that the public may download.",
            ),
        )
        page = schema.component(
            "PublicFileList",
            said(
                fields(
                    count=said(NUMBER, "How many there are."),
                    next=said(nullable(URL), "Address of the next page; null on the last."),
                    previous=said(nullable(URL), "Address of the page before; null on the first."),
                    results=said({"type": "array", "items": one}, "The files."),
                ),
                "A page of files.",
            ),
        )
        return Operation(
            id="list_files",
            summary="List files",
            meaning="What is known of every file that can be downloaded, in the order of the codes"
            " of their records.",
            tag="Records",
            parameters=[
                parameter("kind", "Only files of this kind.", TEXT | {"enum": FileKind.values}),
                parameter(
                    "record_kind",
                    "Only files of records of this kind.",
                    TEXT | {"enum": list(WITH_FILES)},
                ),
                *page_parameters(),
                at_parameter(),
                format_parameter("json"),
            ],
            answers={
                200: answer("A page of files.", page, "ETag", "Link"),
                **NOT_MODIFIED,
                **refusals(404),
            },
        )


def one_of(asked, name: str, allowed) -> str:
    """A value of a fixed list; "" if none is asked for."""
    value = ask.one(asked, name)
    if value and value not in allowed:
        raise ask.wrong(name, _("There is no “%s” here.") % value, allowed)
    return value


def files_of(records, kind: str = ""):
    """A row for each file of these records: `kind` and `code` of the record, and the `file`.

    Records without files are passed over by an index (`edition_with_files`).
    """
    path, given = ("$[*] ? (@.kind == $kind)", {"kind": kind}) if kind else ("$[*]", {})
    each = Func(
        F("document__files"),
        Value(path),
        Value(given, JSONField()),
        function="jsonb_path_query",
        template="%(function)s(%(expressions)s)",
        output_field=JSONField(),
    )
    each.set_returning = True
    with_files = records.filter(document__files__0__isnull=False)
    # the file itself makes the order total: its fields are compared one after the other
    return (
        with_files.annotate(file=each)
        .values("kind", "code", "file")
        .order_by("kind", "code", "file")
    )


def told(row: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """A file as the API tells of it."""
    file = msgspec.convert(row["file"], File)
    kind, code = row["kind"], row["code"]
    return {
        "record": {"kind": kind, "code": code, "permanent_url": reader.address(kind, code)},
        **msgspec.to_builtins(file),
        "url": reader.address_of_file(file),
    }
