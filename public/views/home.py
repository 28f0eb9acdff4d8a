"""The home page: what the review is, where it stands, and the ways in."""

from django.db.models import Count, IntegerField
from django.utils.translation import gettext as _

from objectives.models import MemberState, ReviewCycle
from public.disclaimers import disclaimers
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.views.frame import each_of, framed


def page(request):
    """What the review is, where it stands, and the 23 objectives as ways in."""
    moment = Moment(request)
    names = Names(moment)
    practices = PublicRecord.objects.visible(moment.at).of_kind("practice")
    by_objective = dict(
        practices.annotate(number=each_of("objectives", IntegerField()))
        .values_list("number")
        .annotate(Count("pk"))
        .order_by()
    )
    clusters = [
        {
            "code": cluster.code,
            "name": cluster.name,
            "hue_class": f"cluster-{place}",
            "objectives": [
                {**objective, "practices": by_objective.get(objective["number"], 0)}
                for objective in names.objectives.values()
                if objective["cluster_id"] == cluster.pk
            ],
        }
        for place, cluster in enumerate(names.clusters.values(), start=1)
    ]
    cycles = _timeline(names.cycles.values(), moment)
    current = next((cycle for cycle in cycles if cycle["state"] == "current"), None)
    context = {
        "cycle": current,
        "cycles": cycles,
        "counts": _key_counts(moment),
        "clusters": [cluster for cluster in clusters if cluster["objectives"]],
        "disclaimers": disclaimers(current["facts"] if current else ""),
    }
    return framed(request, moment, "public/home.html", context)


def _key_counts(moment: Moment) -> list[dict]:
    """The key figures of the home page, each with the rule by which it is counted."""
    records = PublicRecord.objects.visible(moment.at)
    totals = dict(records.values_list("kind").annotate(Count("pk")).order_by())
    states = (
        records.of_kind("practice")
        .annotate(state=each_of("member_states", MemberState._meta.get_field("iso3")))
        .values("state")
        .distinct()
        .count()
    )
    counts = [
        ("practice", _("Practices"), _("Published practices of all reviews.")),
        ("report", _("Reports"), _("Voluntary reports and statements known to the reviews.")),
        (
            "recommendation",
            _("Recommendations"),
            _("What the reviews asked for, each counted once."),
        ),
        ("pledge", _("Pledges"), _("Published pledges of all parties.")),
    ]
    lines = [
        {"value": totals.get(kind, 0), "label": label, "rule": rule, "url": None}
        for kind, label, rule in counts
    ]
    lines.insert(
        1,
        {
            "value": states,
            "label": _("Member States"),
            "rule": _("States in which at least one published practice is carried out."),
            "url": None,
        },
    )
    return lines if sum(totals.values()) else []


def _timeline(cycles, moment: Moment) -> list[dict]:
    """All cycles in order of time; current is the latest regional review that has begun."""
    ordered = sorted(cycles, key=lambda cycle: (cycle.year, cycle.code))
    begun = [
        cycle
        for cycle in ordered
        if cycle.kind == ReviewCycle.Kind.REGIONAL_REVIEW
        and cycle.starts_on
        and cycle.starts_on <= moment.at.date()
    ]
    current = begun[-1] if begun else None
    place = ordered.index(current) if current else -1
    return [
        {
            "code": cycle.code,
            "name": cycle.name,
            "starts_on": cycle.starts_on,
            "ends_on": cycle.ends_on,
            "place": cycle.place,
            "format": cycle.get_format_display(),
            "facts": cycle.facts,
            "url": cycle.url,
            "state": "past" if index < place else "current" if index == place else "next",
        }
        for index, cycle in enumerate(ordered)
    ]
