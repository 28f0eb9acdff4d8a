"""The home page: what the review is, where it stands, and the ways in."""

from itertools import chain
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from public import counts, cycles, milestones
from public.disclaimers import disclaimers
from public.lines import lines_of
from public.models import FOLDERS, PublicRecord
from public.moments import Moment
from public.names import Names
from public.pictures import picture_of
from public.shelves import newest
from public.views.frame import framed

LATEST = 5


def page(request):
    """What the review is, where it stands, and the ways in: words, objectives, States, news."""
    moment = Moment(request)
    names = Names(moment)
    records = PublicRecord.objects.visible(moment.at)
    kinds = counts.of_kinds(counts.everywhere(moment))
    by_state = counts.everywhere(moment, "member_states")
    practising = sum(kind == "practice" for kind, _state in by_state)
    reviews = cycles.timeline(names.cycles.values(), moment)
    current = next((cycle for cycle in reviews if cycle["state"] == "current"), None)
    latest = _latest(records, names)
    context = {
        "cycle": current,
        "submissions_url": (
            moment.address("public:submissions", [current["code"]]) if current else ""
        ),
        "milestones": milestones.milestones_of(names.cycles.values(), moment.at.date()),
        "cycles": reviews,
        "search_url": moment.address("public:search"),
        "asked_at": moment.asked,
        "examples": [
            {"words": words, "url": moment.address("public:search", q=words)}
            for words in _examples()
        ],
        "counts": counts.key_figures(kinds, practising, moment) if kinds else [],
        "clusters": _clusters(names, counts.everywhere(moment, "objectives")),
        "states": [
            {**names.state(iso3), "count": by_state["practice", iso3]}
            for iso3, state in names.member_states.items()
            if not state.retired_on
        ],
        "picture": picture_of("states", QueryDict("kind=practice"), moment, names),
        "latest": latest,
        "disclaimers": disclaimers(*(line["title"] for line in latest)),
    }
    return framed(request, moment, "public/home.html", context)


def _examples() -> list[str]:
    """Searches to try: words that many records have, and one that asks for an objective."""
    return [_("labour migration"), _("unaccompanied children"), _("objective 7")]


def _clusters(names: Names, by_objective) -> list[dict[str, Any]]:
    """The objectives under their clusters, each with the number of its practices."""
    clusters = [
        {
            "code": cluster.code,
            "name": cluster.name,
            "hue_class": f"cluster-{place}",
            "objectives": [
                {**objective, "practices": by_objective["practice", str(objective["number"])]}
                for objective in names.objectives.values()
                if objective["cluster_id"] == cluster.pk
            ],
        }
        for place, cluster in enumerate(names.clusters.values(), start=1)
    ]
    return [cluster for cluster in clusters if cluster["objectives"]]


def _latest(records, names: Names) -> list[dict[str, Any]]:
    """The records published last, of all kinds that have pages, each with its day."""
    found = chain.from_iterable(newest(records, dict.fromkeys(FOLDERS, LATEST)).values())
    shown = sorted(found, key=lambda record: record.first_published_at, reverse=True)[:LATEST]
    days = [record.first_published_at for record in shown]
    return [
        {**line, "published": day} for line, day in zip(lines_of(shown, names), days, strict=True)
    ]
