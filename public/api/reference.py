"""Reference data through the API: objectives, States, cycles and the lists of types."""

from typing import Any

from django.http import Http404
from django.utils import translation
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from objectives.models import (
    SDG,
    Cluster,
    Country,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    MemberStateName,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from public import calendars
from public.api import asked as ask
from public.api.answers import conditional, page_links, paged
from public.api.formats import JSON, Calendar
from public.api.record_schema import SLUG, other_media, page_parameters
from public.api.schema import (
    NOT_MODIFIED,
    NUMBER,
    URL,
    ApiSchema,
    Operation,
    answer,
    fields,
    format_parameter,
    in_path,
    nullable,
    refusals,
    said,
)
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names

NAMED = ("code", "name_en", "name_fr", "name_ru", "retired_on")

# What the fields of reference data mean; a name means the same in every table.
MEANINGS = {
    "attendance_max": "Most people attending on a day; null if not known.",
    "attendance_min": "Fewest people attending on a day; null if not known.",
    "champion_country": "Whether it is a champion country of the compact; null if no source says.",
    "cluster": "Code of its cluster: /api/v1/clusters/.",
    "code": "Permanent code, as records use it.",
    "country_network": "The UN network on migration in the country; empty if no source says.",
    "ends_on": "Last day; null if not set.",
    "facts": "What else is known of it, in English.",
    "format": "How it is held; empty if not known.",
    "host": "Who hosts it.",
    "inputs_close_on": "Last day of the call for inputs; null if not set.",
    "inputs_open_on": "First day of the call for inputs; null if not set.",
    "iso2": "ISO 3166 alpha-2 code.",
    "iso3": "ISO 3166 alpha-3 code, as records use it.",
    "kind": "What kind it is of.",
    "languages": "ISO 639-1 codes of its languages.",
    "m49": "Code of the M49 standard of the United Nations; empty outside it.",
    "member_state_reports": "Reports by Member States as the source counts them; null if it does "
    "not.",
    "name": "The name.",
    "name_en": "Name in English.",
    "name_fr": "Name in French; may be empty.",
    "name_ru": "Name in Russian; may be empty.",
    "number": "Permanent number, as records use it.",
    "official_name_en": "Official name in English.",
    "official_name_fr": "Official name in French; may be empty.",
    "official_name_ru": "Official name in Russian; may be empty.",
    "other_names": "Other names that it has or had.",
    "place": "Where it is held.",
    "preparation_starts_on": "First day of sittings that prepare it; null if there are none.",
    "publisher": "Who published it.",
    "region": "Code of its region; null for the forum, which is global: /api/v1/regions/.",
    "regions": "Codes of the regions and groups that it belongs to: /api/v1/regions/.",
    "retired_on": "Day since which new records cannot use it; null while they can.",
    "short_title_en": "Short title in English.",
    "short_title_fr": "Short title in French; may be empty.",
    "short_title_ru": "Short title in Russian; may be empty.",
    "source_locator": "Place in the sources.",
    "sources": "Codes of the documents that say so: /api/v1/sources/.",
    "stakeholder_reports": "Reports by stakeholders as the source counts them; null if it does "
    "not.",
    "starts_on": "First day; null if not set.",
    "subregion": "Code of its sub-region: /api/v1/regions/.",
    "title_en": "Title in English.",
    "title_fr": "Title in French; may be empty.",
    "title_ru": "Title in Russian; may be empty.",
    "url": "Address on the web; may be empty.",
    "used_from": "First day of its use; null if not known.",
    "used_until": "Last day of its use; null if still used or not known.",
    "year": "Year.",
}


class Row(serializers.ModelSerializer):
    """A row of reference data by its codes; row ids never leave the database."""

    def get_fields(self):
        fields = super().get_fields()
        for name, one in fields.items():
            one.help_text = MEANINGS[name]
        return fields


def by_code(code: str = "code", **options) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field=code, read_only=True, **options)


def named(of: type) -> type[Row]:
    """The serializer of a table that has a code and names, and nothing else."""

    class Named(Row):
        class Meta:
            model = of
            fields = NAMED
            ref_name = of.__name__

    Named.__name__ = of.__name__
    return Named


class ObjectiveRow(Row):
    cluster = by_code()

    class Meta:
        model = Objective
        fields = (
            "number",
            "title_en",
            "title_fr",
            "title_ru",
            "short_title_en",
            "short_title_fr",
            "short_title_ru",
            "cluster",
            "retired_on",
        )


class SDGRow(Row):
    class Meta:
        model = SDG
        fields = ("number", "name_en", "name_fr", "name_ru", "retired_on")


class RegionRow(Row):
    class Meta:
        model = Region
        fields = (*NAMED, "kind", "m49")


class OtherNameRow(Row):
    class Meta:
        model = MemberStateName
        fields = ("name", "kind", "used_from", "used_until")


class MemberStateRow(Row):
    subregion = by_code()
    regions = by_code(many=True)
    other_names = OtherNameRow(many=True, read_only=True)

    class Meta:
        model = MemberState
        fields = (
            "iso3",
            "iso2",
            "m49",
            "name_en",
            "name_fr",
            "name_ru",
            "official_name_en",
            "official_name_fr",
            "official_name_ru",
            "other_names",
            "subregion",
            "regions",
            "champion_country",
            "country_network",
            "retired_on",
        )


class CycleRow(Row):
    region = by_code(allow_null=True)
    sources = by_code(many=True)

    class Meta:
        model = ReviewCycle
        fields = (
            "code",
            "kind",
            "year",
            "region",
            "name_en",
            "name_fr",
            "name_ru",
            "starts_on",
            "ends_on",
            "preparation_starts_on",
            "inputs_open_on",
            "inputs_close_on",
            "place",
            "host",
            "format",
            "languages",
            "member_state_reports",
            "stakeholder_reports",
            "attendance_min",
            "attendance_max",
            "facts",
            "url",
            "sources",
            "source_locator",
            "retired_on",
        )


class SourceRow(Row):
    class Meta:
        model = SourceDocument
        fields = (
            "code",
            "kind",
            "title_en",
            "title_fr",
            "title_ru",
            "publisher",
            "year",
            "url",
            "retired_on",
        )


# folder in the API → serializer, the field that is its code, what is read together
TABLES: dict[str, tuple[type[Row], str, tuple[str, ...]]] = {
    "objectives": (ObjectiveRow, "number", ("cluster",)),
    "clusters": (named(Cluster), "code", ()),
    "principles": (named(GuidingPrinciple), "code", ()),
    "sdgs": (SDGRow, "number", ()),
    "member-states": (MemberStateRow, "iso3", ("subregion", "regions", "other_names")),
    "cycles": (CycleRow, "code", ("region", "sources")),
    "implementer-types": (named(ImplementerType), "code", ()),
    "stakeholder-types": (named(StakeholderType), "code", ()),
    "regions": (RegionRow, "code", ()),
    "countries": (named(Country), "code", ()),
    "sources": (SourceRow, "code", ()),
}


ROW_EXAMPLES = {
    "clusters": "RT4",
    "principles": "people_centred",
    "member-states": "ALB",
    "cycles": "RR2024",
    "implementer-types": "civil_society",
    "stakeholder-types": "civil_society",
    "regions": "EUROPE",
    "countries": "NGA",
    "sources": "SR2020",
}


class Table(APIView):
    """What list and row of a table share."""

    folder = ""

    def get_renderers(self):
        return [JSON(), Calendar()] if self.folder == "cycles" else [JSON()]

    @property
    def formats(self) -> list[str]:
        return [one.format for one in self.get_renderers()]

    @property
    def rows(self):
        serializer, _code, together = TABLES[self.folder]
        model: Any = serializer.Meta.model
        return model.objects.prefetch_related(*together)

    def told(self, rows, many: bool):
        with translation.override(None):
            return TABLES[self.folder][0](rows, many=many).data

    def row_schema(self, schema: ApiSchema):
        serializer, _code, _together = TABLES[self.folder]
        return schema.resolve_serializer(serializer(), "response").ref


class TableList(Table):
    """All rows of a table, also retired ones: old records name them."""

    def get(self, request):
        ask.only_known(request.GET, ("page", "page_size", "format"))
        size = ask.whole_number(request.GET, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        page = ask.whole_number(request.GET, "page", 1, ask.DEEPEST_PAGE)
        if request.accepted_renderer.format == "ics":
            cycles, names = self.rows.order_by(*self.order), Names(Moment(request, ""))
            return conditional(Response(calendars.of_cycles(cycles, names, request)))
        count = self.rows.count()
        rows = paged(self.rows.order_by(*self.order), page, size, count)
        body, links = page_links(request, count=count, page=page, size=size)
        body["results"] = self.told(rows, many=True)
        return conditional(Response(body, headers=links))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        row = self.row_schema(schema)
        page = schema.component(
            f"{row['$ref'].rpartition('/')[2]}List",
            said(
                fields(
                    count=said(NUMBER, "How many there are."),
                    next=said(nullable(URL), "Address of the next page; null on the last."),
                    previous=said(nullable(URL), "Address of the page before; null on the first."),
                    results=said({"type": "array", "items": row}, "The rows."),
                ),
                "A page of a table.",
            ),
        )
        return Operation(
            id=f"list_{self.folder.replace('-', '_')}",
            summary=f"List {self.rows.model._meta.verbose_name_plural}",
            meaning="All rows, also retired ones, because old records name them.",
            tag="Reference data",
            parameters=[*page_parameters(), format_parameter(*self.formats)],
            answers={
                200: answer(
                    "A page of the table; as a calendar all reviews whose days are known.",
                    page,
                    "ETag",
                    "Link",
                    also=other_media(self.formats),
                ),
                **NOT_MODIFIED,
                **refusals(404),
            },
        )

    @property
    def order(self) -> list[str]:
        _serializer, code, _together = TABLES[self.folder]
        return [code]


class TableRow(Table):
    """One row of a table, by its code."""

    def get(self, request, code: str):
        ask.only_known(request.GET, ("format",))
        _serializer, name, _together = TABLES[self.folder]
        if name == "number" and not ask.DIGITS.fullmatch(code):
            raise Http404
        row = self.rows.filter(**{name: code}).first()
        if row is None:
            raise Http404
        if request.accepted_renderer.format == "ics":
            return conditional(Response(calendar_of(row, request)))
        return conditional(Response(self.told(row, many=False)))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        serializer, name, _together = TABLES[self.folder]
        model: Any = serializer.Meta.model
        if name == "number":
            code = in_path(
                "code", MEANINGS[name], NUMBER | {"minimum": 1, "maximum": 10**9 - 1}, 7
            )
        else:
            code = in_path("code", MEANINGS[name], SLUG, ROW_EXAMPLES[self.folder])
        return Operation(
            id=f"get_{self.folder.replace('-', '_')}",
            summary=f"Read one {model._meta.verbose_name}",
            meaning="One row, by its permanent code.",
            tag="Reference data",
            parameters=[code, format_parameter(*self.formats)],
            answers={
                200: answer(
                    "The row; as a calendar the review and its sittings.",
                    self.row_schema(schema),
                    "ETag",
                    also=other_media(self.formats),
                ),
                **NOT_MODIFIED,
                **refusals(404),
            },
        )


def calendar_of(cycle: ReviewCycle, request) -> bytes:
    """A review and its sittings as events."""
    moment = Moment(request, "")
    sittings = PublicRecord.objects.visible(moment.at).of_kind("roundtable")
    sittings = sittings.filter(cycle=cycle.code).order_by("code")
    return calendars.of_cycle(cycle, sittings, Names(moment), request, moment.at)
