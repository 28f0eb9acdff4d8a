"""The names behind codes, in the reader's language: what pages and exports add to documents.

Each table is read once per request, and only if the page needs it.
"""

from functools import cached_property
from typing import Any

from django.urls import reverse

from objectives.models import (
    SDG,
    Cluster,
    Country,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from public.words import Level


class Names:
    """Looks names up by code. A code that is not (or no longer) known stands for itself."""

    def __init__(self, address=reverse):
        self.address = address  # how to make an address: keeps `?at=` on pages that show the past

    @cached_property
    def clusters(self) -> dict[int, Cluster]:
        return {cluster.pk: cluster for cluster in Cluster.objects.all()}

    @cached_property
    def objectives(self) -> dict[int, dict[str, Any]]:
        """Each objective as its badge needs it, by number; `cluster` counts from 1."""
        places = {pk: place for place, pk in enumerate(self.clusters, start=1)}
        return {
            objective.number: {
                "number": objective.number,
                "title": objective.title,
                "short_title": objective.short_title,
                "url": self.address("public:objective", args=[objective.number]),
                "cluster": places[objective.cluster_id],
                "cluster_id": objective.cluster_id,
                "cluster_name": self.clusters[objective.cluster_id].name,
            }
            for objective in Objective.objects.in_use()
        }

    @cached_property
    def states(self) -> dict[str, str]:
        return {state.iso3: state.name for state in MemberState.objects.all()}

    @cached_property
    def countries(self) -> dict[str, str]:
        """Partners outside the region."""
        return {country.code: country.name for country in Country.objects.all()}

    @cached_property
    def cycles(self) -> dict[str, ReviewCycle]:
        return {cycle.code: cycle for cycle in ReviewCycle.objects.all()}

    @cached_property
    def principles(self) -> dict[str, str]:
        return {principle.code: principle.name for principle in GuidingPrinciple.objects.all()}

    @cached_property
    def implementer_types(self) -> dict[str, str]:
        return {one.code: one.name for one in ImplementerType.objects.all()}

    @cached_property
    def stakeholder_types(self) -> dict[str, str]:
        return {one.code: one.name for one in StakeholderType.objects.all()}

    @cached_property
    def goals(self) -> dict[int, str]:
        """The Sustainable Development Goals."""
        return {goal.number: goal.name for goal in SDG.objects.all()}

    @cached_property
    def sources(self) -> dict[str, SourceDocument]:
        return {source.code: source for source in SourceDocument.objects.all()}

    def states_of(self, iso3: list[str]) -> list[dict[str, str]]:
        """States with their names, in the order of the names."""
        known = ({"iso3": code, "name": self.states.get(code, code)} for code in iso3)
        return sorted(known, key=lambda state: state["name"])

    def objectives_of(self, numbers: list[int], primary: list[int]) -> list[dict[str, Any]]:
        """Objectives with their names, primary ones first."""
        known = (
            {**self.objectives[number], "primary": number in primary}
            for number in numbers
            if number in self.objectives
        )
        return sorted(known, key=lambda one: (not one["primary"], one["number"]))

    def level(self, code: str) -> str:
        return str(dict(Level.choices).get(code, code))
