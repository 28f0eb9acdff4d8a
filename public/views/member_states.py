"""The pages of the Member States: what each brought to the reviews."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from public import counts
from public.moments import Moment
from public.names import Names
from public.profiles import profile_of
from public.views.frame import framed
from public.words import KIND_NAMES

COUNTED = ("practice", "pledge", "report")


def index(request):
    """All States by sub-region, or by name alone, with how much each brought."""
    moment = Moment(request)
    names = Names(moment)
    order = request.GET.get("sort", "subregion")
    if order not in ("subregion", "name"):
        raise BadRequest(_("“sort” is “subregion” or “name”."))
    by_state = counts.everywhere(moment, "member_states")
    states = [
        {
            **names.state(iso3),
            "subregion_id": state.subregion_id,
            "cells": [
                {
                    "label": KIND_NAMES[kind][1],
                    "count": by_state[kind, iso3],
                    "url": moment.address(f"public:{kind}-list", member_state=iso3),
                }
                for kind in COUNTED
            ],
        }
        for iso3, state in names.member_states.items()
        if not state.retired_on
    ]
    orders: list[tuple[str, dict[str, Any], bool]] = [
        (_("By sub-region"), {}, order == "subregion"),
        (_("By name"), {"sort": "name"}, order == "name"),
    ]
    context = {
        "kinds": [KIND_NAMES[kind][1] for kind in COUNTED],
        "groups": _groups(states, names) if order == "subregion" else [{"states": states}],
        "total": len(states),
        "orders": [
            {"name": name, "url": moment.address("public:member-states", **asked), "on": on}
            for name, asked, on in orders
        ],
        "compare_url": moment.address("public:compare"),
        "coverage_url": moment.address("public:coverage"),
    }
    return framed(request, moment, "public/member_states.html", context)


def _groups(states: list[dict[str, Any]], names: Names) -> list[dict[str, Any]]:
    """The States under their sub-regions, in the order of the reference data."""
    subregions = {state.subregion_id: state.subregion for state in names.member_states.values()}
    ordered = sorted(subregions.values(), key=lambda one: (one.sort_order, one.code))
    groups = [
        {
            "code": subregion.code,
            "name": subregion.name,
            "states": [one for one in states if one["subregion_id"] == subregion.pk],
        }
        for subregion in ordered
    ]
    return [group for group in groups if group["states"]]


def page(request, iso3: str):
    """Everything of one State: by objective, by review, and what it said."""
    moment = Moment(request)
    names = Names(moment)
    if iso3 not in names.member_states:
        if iso3.upper() in names.member_states:
            address = moment.address("public:member-state", [iso3.upper()])
            return redirect(address, permanent=True)
        raise Http404
    context = profile_of(names.member_states[iso3], moment, names)
    return framed(request, moment, "public/member_state.html", context)
