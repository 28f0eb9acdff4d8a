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
from public.api import asked as ask
from public.api.answers import conditional, page_links, paged
from public.api.formats import JSON, Problems

NAMED = ("code", "name_en", "name_fr", "name_ru", "retired_on")


class Row(serializers.ModelSerializer):
    """A row of reference data by its codes; row ids never leave the database."""


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
    region = by_code()
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


class Table(APIView):
    """What list and row of a table share."""

    folder = ""
    renderer_classes = [JSON, Problems]

    @property
    def rows(self):
        serializer, _code, together = TABLES[self.folder]
        model: Any = serializer.Meta.model
        return model.objects.prefetch_related(*together)

    def told(self, rows, many: bool):
        with translation.override(None):
            return TABLES[self.folder][0](rows, many=many).data


class TableList(Table):
    """All rows of a table, also retired ones: old records name them."""

    def get(self, request):
        ask.only_known(request.GET, ("page", "page_size", "format"))
        size = ask.whole_number(request.GET, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        page = ask.whole_number(request.GET, "page", 1, ask.DEEPEST_PAGE)
        count = self.rows.count()
        rows = paged(self.rows.order_by(*self.order), page, size, count)
        body, links = page_links(request, count=count, page=page, size=size)
        body["results"] = self.told(rows, many=True)
        return conditional(request, Response(body, headers=links))

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
        return conditional(request, Response(self.told(row, many=False)))
