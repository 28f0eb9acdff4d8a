"""Coverage through the API: how many records each Member State has on each objective."""

from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import APIView

from public.api import asked as ask
from public.api.answers import conditional
from public.api.formats import JSON
from public.api.questions import checked
from public.api.record_schema import FILTER_MEANINGS, parameters, place_parameters
from public.api.schema import (
    NOT_MODIFIED,
    NUMBER,
    TEXT,
    ApiSchema,
    Operation,
    answer,
    codes_of,
    fields,
    format_parameter,
    parameter,
    refusals,
    said,
)
from public.filters import FILTERS
from public.models import PublicRecord
from public.names import Names
from public.pictures.counting import WITH_BOTH, by_state_and_objective
from public.pictures.coverage import rule_of

# what all kinds that name States and objectives can be asked
FILTERED = ("objective", "member_state", "cycle", "cluster", "subregion", "region", "year")
PARAMETERS = ("kind", *FILTERED, "at", "lang", "format")


class Coverage(APIView):
    """The numbers of the coverage page, from the same counting."""

    renderer_classes = [JSON]

    def get(self, request):
        with translation.override(ask.language(request.GET)):
            return self.answer(request)

    def answer(self, request):
        ask.only_known(request.GET, PARAMETERS)
        asked = ask.filled(request.GET)
        moment = ask.moment_of(request)
        kind = ask.one(asked, "kind") or WITH_BOTH[0]
        if kind not in WITH_BOTH:
            raise ask.wrong("kind", _("There is no “%s” here.") % kind, WITH_BOTH)
        names = Names(moment)
        counts = counted(kind, asked, moment, names)
        pairs = sorted(key for key in counts if None not in key)
        body = {
            "kind": kind,
            "count": counts.get((None, None), 0),
            "rows": [
                {"member_state": iso3, "objective": number, "count": counts[iso3, number]}
                for iso3, number in pairs
            ],
            "totals": {
                "member_states": {
                    iso3: counts[iso3, None]
                    for iso3 in sorted(names.member_states)
                    if (iso3, None) in counts
                },
                "objectives": {
                    number: counts[None, number]
                    for number in names.objectives
                    if (None, number) in counts
                },
            },
            "rule": rule_of(kind),
        }
        return conditional(Response(body))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        row = schema.component(
            "CoverageRow",
            said(
                fields(
                    member_state=said(codes_of("member-states"), "ISO 3166 alpha-3 code."),
                    objective=said(codes_of("objectives", NUMBER), "Number of the objective."),
                    count=said(NUMBER, "How many records name both."),
                ),
                "A Member State and an objective that records name together.",
            ),
        )
        numbers = {"type": "object", "additionalProperties": NUMBER}
        body = schema.component(
            "Coverage",
            said(
                fields(
                    kind=said(TEXT | {"enum": list(WITH_BOTH)}, "What is counted."),
                    count=said(NUMBER, "How many records there are, each counted once."),
                    rows=said(
                        {"type": "array", "items": row},
                        "The pairs that have any: what is not here is a gap.",
                    ),
                    totals=said(
                        fields(
                            member_states=said(numbers, "Code → its records, each counted once."),
                            objectives=said(numbers, "Number → its records, each counted once."),
                        ),
                        "By Member State and by objective.",
                    ),
                    rule=said(TEXT, "How it is counted, in the language asked for."),
                ),
                "Who has published something on what.",
            ),
        )
        return Operation(
            id="coverage",
            summary="Count by Member State and objective",
            meaning="The matrix of the coverage page: how many records name a Member State and an "
            "objective.",
            tag="Records",
            parameters=[
                parameter(
                    "kind",
                    "What is counted.",
                    TEXT | {"enum": list(WITH_BOTH), "default": WITH_BOTH[0]},
                ),
                *(parameters(name, *FILTER_MEANINGS[name]) for name in FILTERED),
                *place_parameters(),
                format_parameter("json"),
            ],
            answers={200: answer("The counts.", body, "ETag"), **NOT_MODIFIED, **refusals()},
        )


def counted(
    kind: str, asked: QueryDict, moment, names: Names
) -> dict[tuple[str | None, int | None], int]:
    """The numbers of the page; what it does not show, because it is retired, is left out."""
    visible = PublicRecord.objects.visible(moment.at).of_kind(kind)
    filters = checked(FILTERS[kind](asked, visible, names=names))
    known: dict[Any, Any] = {**names.member_states, **names.objectives, None: None}
    counts = by_state_and_objective(filters.qs)
    return {key: count for key, count in counts.items() if known.keys() >= set(key)}
