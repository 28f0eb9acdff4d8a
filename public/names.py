"""The names behind codes, in the reader's language: what pages and exports add to documents.

Each table is read only if a page needs it, and then once in each state of the reference data.
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import get_language

from objectives.models import (
    SDG,
    Cluster,
    Country,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from public.documents import Party
from public.models import PublicRecord
from public.moments import Moment
from public.state import TABLES, State
from public.words import Level

Found = TypeVar("Found")


def sort_key(name: str) -> str:
    """Where a name stands in an alphabetical list: accents and case count for nothing."""
    return "".join(
        one
        for one in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(one)
    )


def shared(read: Callable[["Names"], Found]) -> cached_property[Found]:
    """What all requests of one language share while the reference data stay as they are.

    It depends on nothing else, and nobody may change it.
    """

    def found(names: "Names") -> Found:
        key = (read.__name__, get_language())
        return TABLES.worked_out(names.record_state, key, lambda: read(names))

    return cached_property(found)


class Names:
    """Looks names up by code. A code that is not (or no longer) known stands for itself."""

    def __init__(self, moment: Moment | None = None):
        self.at = moment.at if moment else None
        self.record_state = moment.state if moment else None
        self.asked = moment.asked if moment else ""
        # how to make an address: keeps `?at=` on pages that show the past
        self.address = moment.address if moment else reverse
        self.stakeholders: dict[str, str] = {}  # the names of those that were looked up
        self._links: dict[str, dict[str, str]] = {}  # of States
        self._asked: set[str] = set()  # codes that were looked up, found or not

    @property
    def state_of_addresses(self) -> State | None:
        """The state under which addresses are kept; None on pages that show the past."""
        return None if self.asked else self.record_state

    @shared
    def clusters(self) -> dict[int, Cluster]:
        return {cluster.pk: cluster for cluster in Cluster.objects.all()}

    @shared
    def every_objective(self) -> dict[int, Objective]:
        """By number, also those that are retired: old records go on naming them."""
        return {objective.number: objective for objective in Objective.objects.all()}

    @cached_property
    def objectives(self) -> dict[int, dict[str, Any]]:
        """Each objective as its badge needs it, by number; `cluster` counts from 1."""
        key = ("objectives", get_language())
        return TABLES.worked_out(self.state_of_addresses, key, self._objectives)

    def _objectives(self) -> dict[int, dict[str, Any]]:
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
            for objective in self.every_objective.values()
            if objective.retired_on is None
        }

    @shared
    def member_states(self) -> dict[str, MemberState]:
        """All States, each with its sub-region, in the order of their names."""
        states = MemberState.objects.select_related("subregion")
        return {state.iso3: state for state in sorted(states, key=lambda one: sort_key(one.name))}

    @shared
    def states(self) -> dict[str, str]:
        return {iso3: state.name for iso3, state in self.member_states.items()}

    @shared
    def regions(self) -> dict[str, Region]:
        """Sub-regions, groups of States and the commission itself."""
        return {region.code: region for region in Region.objects.all()}

    @shared
    def states_in(self) -> dict[str, list[str]]:
        """The States of each region, by the region's code."""
        found: dict[str, list[str]] = {code: [] for code in self.regions}
        for state in self.member_states.values():
            found[state.subregion.code].append(state.iso3)
        links = MemberState.regions.through.objects.order_by("memberstate__iso3")
        for code, iso3 in links.values_list("region__code", "memberstate__iso3"):
            found[code].append(iso3)
        return found

    @shared
    def countries(self) -> dict[str, str]:
        """Partners outside the region."""
        return {country.code: country.name for country in Country.objects.all()}

    @shared
    def cycles(self) -> dict[str, ReviewCycle]:
        return {cycle.code: cycle for cycle in ReviewCycle.objects.all()}

    @shared
    def short_cycles(self) -> dict[str, str]:
        """The reviews by their short names."""
        return {code: cycle.short_name for code, cycle in self.cycles.items()}

    @shared
    def principles(self) -> dict[str, str]:
        return {principle.code: principle.name for principle in GuidingPrinciple.objects.all()}

    @shared
    def implementer_types(self) -> dict[str, str]:
        return {one.code: one.name for one in ImplementerType.objects.all()}

    @shared
    def stakeholder_types(self) -> dict[str, str]:
        return {one.code: one.name for one in StakeholderType.objects.all()}

    @shared
    def goals(self) -> dict[int, str]:
        """The Sustainable Development Goals."""
        return {goal.number: goal.name for goal in SDG.objects.all()}

    @shared
    def sources(self) -> dict[str, SourceDocument]:
        return {source.code: source for source in SourceDocument.objects.all()}

    def state(self, iso3: str) -> dict[str, str]:
        """A State as lists show it, with the address of its page; nobody may change it."""
        if iso3 not in self._links:
            url = self.address("public:member-state", args=[iso3])
            self._links[iso3] = {"iso3": iso3, "name": self.states.get(iso3, iso3), "url": url}
        return self._links[iso3]

    def states_of(self, iso3: Iterable[str]) -> list[dict[str, str]]:
        """States with their names, in the order of the names."""
        return sorted(map(self.state, iso3), key=lambda state: sort_key(state["name"]))

    def learn(self, records: Iterable[PublicRecord]) -> None:
        """Look up the stakeholders that these records name as parties, all at once."""
        self.learn_codes(code for record in records for code in record.parties)

    def learn_codes(self, codes: Iterable[str]) -> None:
        """Look up which of these codes are stakeholders, all at once."""
        if missing := set(codes) - set(self.states) - self._asked:
            self._asked |= missing
            found = (
                PublicRecord.objects.visible(self.at)
                .of_kind("stakeholder")
                .filter(code__in=missing)
            )
            self.stakeholders |= dict(found.values_list("code", "title"))

    def party(self, party: Party | None) -> str:
        """The name of a party, "" if none; `learn` comes first where it may be a stakeholder."""
        if party is None:
            return ""
        if party.member_state:
            return self.states.get(party.member_state, party.member_state)
        return self.stakeholders.get(party.stakeholder, party.stakeholder)

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
