"""One FilterSet per list: the only definition of its questions, for pages, API and exports."""

import django_filters
from django.utils.translation import gettext_lazy as _

from objectives.models import (
    LANGUAGES,
    SDG,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    ReviewCycle,
    SourceDocument,
)
from public.models import PublicRecord
from public.search import matching
from public.words import Level


def chosen_from(model, code: str):
    """Choices, read when needed: retired rows too, because old records name them."""
    return lambda: [(getattr(row, code), str(row)) for row in model.objects.all()]


class AnyOf(django_filters.MultipleChoiceFilter):
    """Records that have any of the chosen values; the column is one value, or a list of them."""

    def __init__(self, *args, many: bool = False, coerce=str, **kwargs):
        self.many = many
        self.coerce = coerce
        super().__init__(*args, **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        lookup = "overlap" if self.many else "in"
        values = [self.coerce(one) for one in value]
        return queryset.filter(**{f"{self.field_name}__{lookup}": values})


class RecordFilter(django_filters.FilterSet):
    """What all lists ask. Repeated parameters mean "or", different ones "and"."""

    q = django_filters.CharFilter(label=_("Words"), method="search", max_length=200)
    cycle = AnyOf(choices=chosen_from(ReviewCycle, "code"), label=_("Review cycle"))
    language = AnyOf(choices=LANGUAGES, label=_("Language"))
    source = AnyOf(
        field_name="sources",
        many=True,
        choices=chosen_from(SourceDocument, "code"),
        label=_("Source"),
    )

    class Meta:
        model = PublicRecord
        fields: list[str] = []

    def search(self, records, name, value):
        return matching(records, value)


class PracticeFilter(RecordFilter):
    """The practice list's questions."""

    objective = AnyOf(
        field_name="objectives",
        many=True,
        coerce=int,
        choices=chosen_from(Objective, "number"),
        label=_("Objective"),
    )
    primary_objective = AnyOf(
        field_name="primary_objectives",
        many=True,
        coerce=int,
        choices=chosen_from(Objective, "number"),
        label=_("Primary objective"),
    )
    principle = AnyOf(
        field_name="principles",
        many=True,
        choices=chosen_from(GuidingPrinciple, "code"),
        label=_("Guiding principle"),
    )
    sdg = AnyOf(
        field_name="sdgs", many=True, coerce=int, choices=chosen_from(SDG, "number"), label="SDG"
    )
    member_state = AnyOf(
        field_name="member_states",
        many=True,
        choices=chosen_from(MemberState, "iso3"),
        label=_("Member State"),
    )
    implementer_type = AnyOf(
        field_name="implementer_types",
        many=True,
        choices=chosen_from(ImplementerType, "code"),
        label=_("Implementer type"),
    )
    level = AnyOf(choices=Level.choices, label=_("Level"))
    year = AnyOf(
        choices=[(str(year), year) for year in range(1900, 2101)], coerce=int, label=_("Year")
    )
    covid19 = AnyOf(
        choices=[("true", _("yes")), ("false", _("no"))],
        coerce=lambda value: value == "true",
        label="COVID-19",
    )


class PledgeFilter(RecordFilter):
    """The pledge list's questions."""


class ReportFilter(RecordFilter):
    """The report list's questions."""


class RecommendationFilter(RecordFilter):
    """The recommendation list's questions."""


class RoundtableFilter(RecordFilter):
    """The roundtable list's questions."""


class StakeholderFilter(RecordFilter):
    """The stakeholder list's questions."""


class ExcerptFilter(RecordFilter):
    """What may be asked of excerpts."""


class FigureFilter(RecordFilter):
    """What may be asked of figures."""


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
