"""One FilterSet per list: the only definition of its questions, for pages, API and exports.

Repeated parameters mean "or", different ones "and". A value that no record could have is refused
with the values that are known.
"""

from collections.abc import Hashable
from functools import cached_property

import django_filters
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from objectives.models import LANGUAGES, Region
from public.choices import YEARS, AnyCluster, AnyObjective, AnyOf, AnyParty, AnyYear, Known
from public.models import PublicRecord, PublicRecordQuerySet
from public.names import Names
from public.search import Search
from public.state import State
from public.tallies import PARTS
from public.words import (
    ExcerptType,
    FigureCategory,
    Level,
    PledgeForm,
    PledgeType,
    ReportType,
    RoundtableType,
    Stage,
    Strength,
)


def words(choices) -> Known:
    """The values of a fixed choice, with their words."""
    return lambda names: {value: capfirst(str(word)) for value, word in choices}


def _regions(*kinds: str) -> Known:
    return lambda names: {
        code: region.name for code, region in names.regions.items() if region.kind in kinds
    }


SUBREGIONS = (Region.Kind.SUBREGION,)
REGIONS = (Region.Kind.COMMISSION, Region.Kind.GROUP)

# The questions that lists ask. Their order here is the order of the facets on a page.
STAKEHOLDER_TYPE = AnyOf(
    "stakeholder_types",
    lambda names: names.stakeholder_types,
    many=True,
    label=gettext_lazy("Stakeholder type"),
)
OBJECTIVE = AnyObjective("objectives", label=gettext_lazy("Objective"))
MEMBER_STATE = AnyOf(
    "member_states",
    lambda names: names.states,
    many=True,
    label=gettext_lazy("Member State"),
)
CYCLE = AnyOf(
    "cycle",
    lambda names: names.short_cycles,
    label=gettext_lazy("Review cycle"),
)
STAGE = AnyOf("stage", words(Stage.choices), label=gettext_lazy("Stage"))
PLEDGE_TYPE = AnyOf("type", words(PledgeType.choices), label=gettext_lazy("Type of pledge"))
PLEDGE_FORM = AnyOf("form", words(PledgeForm.choices), label=gettext_lazy("Form of pledge"))
REPORT_TYPE = AnyOf("type", words(ReportType.choices), label=gettext_lazy("Type of report"))
ROUNDTABLE_TYPE = AnyOf(
    "type", words(RoundtableType.choices), label=gettext_lazy("Type of sitting")
)
STRENGTH = AnyOf("type", words(Strength.choices), label=gettext_lazy("Strength"))
EXCERPT_TYPE = AnyOf("type", words(ExcerptType.choices), label=gettext_lazy("Type of excerpt"))
CATEGORY = AnyOf("type", words(FigureCategory.choices), label=gettext_lazy("Category"))
CLUSTER = AnyCluster(label=gettext_lazy("Cluster of objectives"))
PRIMARY_OBJECTIVE = AnyObjective("primary_objectives", label=gettext_lazy("Primary objective"))
SUBREGION = AnyOf(
    "member_states",
    _regions(*SUBREGIONS),
    many=True,
    members=lambda names: names.states_in,
    label=gettext_lazy("Sub-region"),
)
REGION = AnyOf(
    "member_states",
    _regions(*REGIONS),
    many=True,
    members=lambda names: names.states_in,
    label=gettext_lazy("Region or group of States"),
)
PARTY = AnyParty("parties", lambda names: {}, many=True, label=gettext_lazy("Party"))
IMPLEMENTER_TYPE = AnyOf(
    "implementer_types",
    lambda names: names.implementer_types,
    many=True,
    label=gettext_lazy("Implementer"),
)
LEVEL = AnyOf("level", words(Level.choices), label=gettext_lazy("Level"))
PRINCIPLE = AnyOf(
    "principles",
    lambda names: names.principles,
    many=True,
    label=gettext_lazy("Guiding principle"),
)
GOAL = AnyOf(
    "sdgs",
    lambda names: {str(number): f"{number}. {name}" for number, name in names.goals.items()},
    many=True,
    coerce=int,
    label=gettext_lazy("Sustainable Development Goal"),
)
YEAR = AnyYear(
    "year",
    lambda names: {str(year): str(year) for year in reversed(YEARS)},
    coerce=int,
    label=gettext_lazy("Year"),
)
COVID19 = AnyOf(
    "covid19",
    words([("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]),
    coerce=lambda value: value == "true",
    label=gettext_lazy("Response to COVID-19"),
)
LANGUAGE = AnyOf("language", words(LANGUAGES), label=gettext_lazy("Language"))
SOURCE = AnyOf(
    "sources",
    lambda names: {code: source.title for code, source in names.sources.items()},
    many=True,
    label=gettext_lazy("Source"),
)


class RecordFilter(django_filters.FilterSet):
    """What every list asks. `names` are those of the page, so that no table is read twice."""

    kind = ""  # of which these are all records: then counts are kept, and tallies know them
    q = django_filters.CharFilter(label=gettext_lazy("Words"), max_length=200)

    class Meta:
        model = PublicRecord
        fields: list[str] = []

    def __init__(self, data=None, queryset=None, *, names: Names | None = None, **options):
        self.names = names or Names()
        super().__init__(data, queryset, **options)

    def get_form_class(self):
        """A form of what is asked: each list has some sixteen filters, and few of them are on."""
        fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return type(f"{type(self).__name__}Form", (self._meta.form,), fields)

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The filters that are on, by parameter: the values as an address holds them."""
        return {
            name: [value] if isinstance(value, str) else value
            for name, value in self.form.cleaned_data.items()
            if value
        }

    @property
    def state(self) -> State | None:
        """The state under which counts of these records are kept; None if they are not."""
        return self.names.record_state if self.kind else None

    @property
    def tallied(self) -> bool:
        """Whether tallies know what is asked: of now, and without words or parties."""
        asked = [self.filters[name] for name in self.chosen]
        known = all(isinstance(one, AnyOf) and one.column in PARTS for one in asked)
        return bool(self.kind) and known and not self.names.asked

    @property
    def key(self) -> tuple[Hashable, ...]:
        """Which records these are, for what is kept of them."""
        chosen = tuple(sorted((name, tuple(some)) for name, some in self.chosen.items()))
        return (type(self).__name__, self.names.asked, chosen, bool(self.data.get("exact")))

    @cached_property
    def search(self) -> Search:
        """What `q` looks for: with its spelling corrected where that helps, or `exact`."""
        search = Search(self.form.cleaned_data.get("q", ""), self.names)
        if not search or self.data.get("exact"):
            return search
        return search.corrected(self.queryset.all()) or search

    @cached_property
    def found(self) -> PublicRecordQuerySet:
        """The records that answer `q`, whatever the other filters are."""
        return self.search.among(self.queryset.all())

    def without(self, left_out: str) -> PublicRecordQuerySet:
        """What there would be if this filter were off."""
        records = self.queryset.all() if left_out == "q" else self.found
        for name, value in self.form.cleaned_data.items():
            if name not in ("q", left_out):
                records = self.filters[name].filter(records, value)
        return records

    def filter_queryset(self, queryset):
        return self.without("")


class PracticeFilter(RecordFilter):
    """The practice list's questions."""

    objective = OBJECTIVE
    member_state = MEMBER_STATE
    cycle = CYCLE
    cluster = CLUSTER
    primary_objective = PRIMARY_OBJECTIVE
    subregion = SUBREGION
    region = REGION
    party = PARTY
    implementer_type = IMPLEMENTER_TYPE
    level = LEVEL
    principle = PRINCIPLE
    sdg = GOAL
    year = YEAR
    covid19 = COVID19
    language = LANGUAGE
    source = SOURCE


class PledgeFilter(RecordFilter):
    """The pledge list's questions."""

    objective = OBJECTIVE
    member_state = MEMBER_STATE
    cycle = CYCLE
    stage = STAGE
    type = PLEDGE_TYPE
    form = PLEDGE_FORM
    cluster = CLUSTER
    primary_objective = PRIMARY_OBJECTIVE
    subregion = SUBREGION
    region = REGION
    party = PARTY
    implementer_type = IMPLEMENTER_TYPE
    principle = PRINCIPLE
    sdg = GOAL
    year = YEAR
    language = LANGUAGE
    source = SOURCE


class ReportFilter(RecordFilter):
    """The report list's questions."""

    objective = OBJECTIVE
    member_state = MEMBER_STATE
    cycle = CYCLE
    type = REPORT_TYPE
    cluster = CLUSTER
    subregion = SUBREGION
    region = REGION
    party = PARTY
    year = YEAR
    language = LANGUAGE
    source = SOURCE


class RecommendationFilter(RecordFilter):
    """The recommendation list's questions."""

    objective = OBJECTIVE
    cycle = CYCLE
    type = STRENGTH
    cluster = CLUSTER
    language = LANGUAGE
    source = SOURCE


class RoundtableFilter(RecordFilter):
    """The roundtable list's questions. States and parties are those that speak there."""

    objective = OBJECTIVE
    member_state = MEMBER_STATE
    cycle = CYCLE
    type = ROUNDTABLE_TYPE
    cluster = CLUSTER
    subregion = SUBREGION
    region = REGION
    party = PARTY
    year = YEAR
    language = LANGUAGE
    source = SOURCE


class StakeholderFilter(RecordFilter):
    """The stakeholder list's questions."""

    stakeholder_type = STAKEHOLDER_TYPE
    member_state = MEMBER_STATE
    subregion = SUBREGION
    region = REGION
    language = LANGUAGE
    source = SOURCE


class ExcerptFilter(RecordFilter):
    """What may be asked of excerpts, which have no list on the pages."""

    objective = OBJECTIVE
    member_state = MEMBER_STATE
    cycle = CYCLE
    type = EXCERPT_TYPE
    cluster = CLUSTER
    subregion = SUBREGION
    region = REGION
    language = LANGUAGE
    source = SOURCE


class FigureFilter(RecordFilter):
    """What may be asked of figures, which have no list on the pages."""

    member_state = MEMBER_STATE
    type = CATEGORY
    subregion = SUBREGION
    region = REGION
    year = YEAR
    language = LANGUAGE
    source = SOURCE


# kind → the questions of its list: page, counts, CSV, feed, map and API all ask them here
FILTERS: dict[str, type[RecordFilter]] = {
    "practice": PracticeFilter,
    "pledge": PledgeFilter,
    "report": ReportFilter,
    "recommendation": RecommendationFilter,
    "roundtable": RoundtableFilter,
    "stakeholder": StakeholderFilter,
    "excerpt": ExcerptFilter,
    "figure": FigureFilter,
}
