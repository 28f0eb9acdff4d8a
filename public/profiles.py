"""What the page of a Member State tells: facts, 23 objectives, reviews, and the newest records."""

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from objectives.models import MemberState, MemberStateName
from public import counts, cycles, milestones
from public.disclaimers import disclaimers
from public.lines import lines_of, texts_of
from public.models import PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.names import Names
from public.shelves import newest, shelf
from public.words import KIND_NAMES, RoleName, Stage

# kind → how many of its records the page shows; its list shows the rest
SHOWN = {"practice": 6, "pledge": 6, "report": 6, "roundtable": 12, "figure": 40}
BY_OBJECTIVE = ("practice", "pledge", "report")
BROUGHT = ("practice", "pledge", "report", "roundtable")
WORDS_OF_STATEMENT = 60


def profile_of(state: MemberState, moment: Moment, names: Names) -> dict[str, Any]:
    """All that the template of a State's page shows."""
    records = counts.of_state(PublicRecord.objects.visible(moment.at), state.iso3)
    by_cycle = counts.by_cycle(records)
    kinds = counts.of_kinds(by_cycle)
    found = newest(records, SHOWN)
    names.learn(record for kept in found.values() for record in kept)
    shelves = [
        shelf(
            kind,
            counts.counted(kind, kinds[kind]),
            kinds[kind],
            lines_of(found[kind], names),
            moment,
            member_state=state.iso3,
        )
        for kind in ("practice", "pledge", "report")
        if kinds[kind]
    ]
    statements = [_sitting(record, state.iso3, names) for record in found["roundtable"]]
    figures = [_figure(record, names) for record in found["figure"]]
    return {
        "path": [{"name": _("All Member States"), "url": moment.address("public:member-states")}],
        "state": state,
        "facts": facts_of(state),
        "former_names": _former_names(state),
        "kinds": [
            {
                "count": kinds[kind],
                "text": counts.counted(kind, kinds[kind]),
                "url": moment.address(f"public:{kind}-list", member_state=state.iso3),
            }
            for kind in BROUGHT
        ],
        "nothing": not any(kinds[kind] for kind in BROUGHT),
        "profile": by_objective_of(state, records, moment, names),
        "reviews": reviews_of(state, by_cycle, moment, names),
        "stages": _stages(state, records, moment),
        "shelves": shelves,
        "statements": statements,
        "figures": figures,
        "ways": _ways(state, moment, names),
        "disclaimers": disclaimers(
            *(f"{line['title']} {line['summary']}" for one in shelves for line in one.lines),
            *(said["text"] for one in statements for said in one["said"]),
            *(f"{one['title']} {one['value']} {one['rule']}" for one in figures),
        ),
    }


def facts_of(state: MemberState) -> list[dict[str, Any]]:
    """The facts of reference data; what no source says is said to be unknown."""
    unknown = _("No source says")
    champion = {True: _("Yes"), False: _("No"), None: unknown}[state.champion_country]
    network = capfirst(state.get_country_network_display()) or unknown
    regions = [region.name for region in state.regions.all()]
    return [
        {"term": _("Official name"), "values": [state.official_name]},
        {"term": "ISO 3166", "values": [f"{state.iso3}, {state.iso2}"]},
        {"term": "M49", "values": [state.m49]},
        {"term": _("Sub-region"), "values": [state.subregion.name]},
        {"term": _("Belongs to"), "values": regions or [unknown]},
        {"term": _("Champion country of the compact"), "values": [champion]},
        {"term": _("UN network on migration in the country"), "values": [network]},
    ]


def _former_names(state: MemberState) -> list[MemberStateName]:
    former = state.other_names.filter(kind=MemberStateName.Kind.FORMER, retired_on__isnull=True)
    return list(former.order_by("-used_until", "name"))


def by_objective_of(
    state: MemberState, records: PublicRecordQuerySet, moment: Moment, names: Names
) -> dict[str, Any]:
    """A row for each objective: what there is of each kind, and the objectives with nothing."""
    any_of = counts.by_objective(records)
    primary = counts.by_primary_objective(records.of_kind("practice"))
    rows: list[dict[str, Any]] = [
        {
            "objective": objective,
            "primary": primary["practice", number],
            "cells": _cells(state.iso3, number, any_of, primary, moment),
        }
        for number, objective in names.objectives.items()
    ]
    for row in rows:
        row["gap"] = not any(cell["count"] for cell in row["cells"])
    gaps = [row["objective"] for row in rows if row["gap"]]
    return {
        "rows": rows,
        "gaps": gaps,
        "covered": len(rows) - len(gaps),
        "total": len(rows),
        "most": max((row["cells"][0]["count"] for row in rows), default=1) or 1,
    }


def _cells(
    iso3: str,
    number: int,
    any_of: Counter[tuple[str, int]],
    primary: Counter[tuple[str, int]],
    moment: Moment,
) -> list[dict[str, Any]]:
    """What there is on an objective, practices first, and of them those with it as primary."""
    cells = [
        {
            "label": KIND_NAMES[kind][1],
            "count": any_of[kind, number],
            "url": moment.address(f"public:{kind}-list", objective=number, member_state=iso3),
        }
        for kind in BY_OBJECTIVE
    ]
    of_them = {
        "label": _("of them primary"),
        "count": primary["practice", number],
        "url": moment.address("public:practice-list", primary_objective=number, member_state=iso3),
    }
    return [cells[0], of_them, *cells[1:]]


def reviews_of(
    state: MemberState, by_cycle: Counter[tuple[str, str]], moment: Moment, names: Names
) -> list[dict[str, Any]]:
    """Each cycle with what the State brought to it, and whether it handed in a report."""
    return [
        {
            **cycle,
            "brought": [
                {
                    "text": counts.counted(kind, by_cycle[kind, cycle["code"]]),
                    "url": moment.address(
                        f"public:{kind}-list", cycle=cycle["code"], member_state=state.iso3
                    ),
                }
                for kind in BROUGHT
                if by_cycle[kind, cycle["code"]]
            ],
            "reported": bool(by_cycle["report", cycle["code"]]),
        }
        for cycle in cycles.timeline(names.cycles.values(), moment)
    ]


def _stages(
    state: MemberState, records: PublicRecordQuerySet, moment: Moment
) -> list[dict[str, Any]]:
    """How far its pledges have come."""
    by_stage = counts.by_stage(records.of_kind("pledge"))
    return [
        {
            "name": name,
            "count": by_stage["pledge", stage],
            "url": moment.address("public:pledge-list", member_state=state.iso3, stage=stage),
        }
        for stage, name in Stage.choices
        if by_stage["pledge", stage]
    ]


def _sitting(record: PublicRecord, iso3: str, names: Names) -> dict[str, Any]:
    """A roundtable with the State's roles and statements in it."""
    document = record.content
    [line] = lines_of([record], names)
    roles = dict(RoleName.choices)
    return {
        **line,
        "roles": [
            {"name": roles.get(role.role, role.role), "who": _who(role.person, role.position)}
            for role in document.roles
            if role.party and role.party.member_state == iso3
        ],
        "said": [
            {
                "speaker": say.speaker,
                "language": say.language,
                "text": Truncator(say.text).words(WORDS_OF_STATEMENT),
            }
            for say in document.statements
            if say.party.member_state == iso3
        ],
    }


def _who(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _figure(record: PublicRecord, names: Names) -> dict[str, Any]:
    """A number of the regional brief that names the State."""
    document = record.content
    title, _summary, language = texts_of(document)
    return {
        "title": title,
        "language": language,
        "value": _as_number(document.value),
        "unit": document.unit.replace("_", " "),
        "as_of": document.as_of,
        "rule": document.counting_rule,
        "states": names.states_of(document.member_states),
        "sources": [
            {"title": source.title, "url": source.url}
            for source in map(names.sources.get, document.source.documents)
            if source
        ],
        "locator": document.source.locator,
    }


def _as_number(value: str) -> str:
    """A number with the reader's separators; other values as they are, lists with commas."""
    try:
        return number_format(Decimal(value), use_l10n=True, force_grouping=True)
    except InvalidOperation:
        return ", ".join(part.strip() for part in value.split(";"))


def _ways(state: MemberState, moment: Moment, names: Names) -> list[dict[str, str]]:
    """Where to go from here."""
    reviews = [
        cycle.code
        for cycle in milestones.in_order_of_time(names.cycles.values())
        if cycle.kind == cycle.Kind.REGIONAL_REVIEW
    ][-2:]
    ways = [
        (_("Compare with other States"), moment.address("public:compare", state=state.iso3)),
    ]
    if len(reviews) > 1:
        address = moment.address("public:compare", state=state.iso3, cycle=reviews)
        ways.append((_("Compare its last two reviews"), address))
    ways.append((_("Where it stands among all States"), moment.address("public:coverage")))
    return [{"name": name, "url": url} for name, url in ways]
