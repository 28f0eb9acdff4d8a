"""The public pages. Each reads `PublicRecord` and reference tables, behind the fence."""

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, F, Func, IntegerField, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.models import MemberState, ReviewCycle
from public.disclaimers import disclaimers
from public.filters import PracticeFilter
from public.models import PublicRecord, Redirect
from public.moments import Moment
from public.names import Names

PAGE_SIZE = 25


def home(request):
    """What the review is, where it stands, and the 23 objectives as ways in."""
    moment = Moment(request)
    names = Names(moment.address)
    practices = PublicRecord.objects.visible(moment.at).of_kind("practice")
    by_objective = dict(
        practices.annotate(number=_each("objectives", IntegerField()))
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
    return _page(request, moment, "public/home.html", context)


def objective(request, number: int):
    """An objective and the practices that serve it."""
    moment = Moment(request)
    names = Names(moment.address)
    if number not in names.objectives:
        raise Http404
    records = PublicRecord.objects.visible(moment.at)
    answer = PracticeFilter({"objective": [str(number)]}, records.of_kind("practice")).qs
    page = _numbered_page(request, answer.for_list())
    lines = [practice_line(record, names) for record in page]
    page.object_list = lines
    also = dict(
        records.touching(number)
        .exclude(kind="practice")
        .values_list("kind")
        .annotate(Count("pk"))
        .order_by()
    )
    context = {
        "objective": names.objectives[number],
        "previous": names.objectives.get(number - 1),
        "next": names.objectives.get(number + 1),
        "total": page.paginator.count,
        "sentence": ngettext(
            "%(count)d practice on objective %(number)d",
            "%(count)d practices on objective %(number)d",
            page.paginator.count,
        )
        % {"count": page.paginator.count, "number": number},
        "page": page,
        "also": [
            {"label": label, "value": also[kind]}
            for kind, label in _kinds_beside_practices()
            if kind in also
        ],
        "disclaimers": disclaimers(*(line["summary"] for line in lines)),
    }
    return _page(request, moment, "public/objective.html", context)


def practice(request, code: str):
    """One practice, with its source, how to cite it, and what is like it."""
    moment = Moment(request)
    record = PublicRecord.objects.visible(moment.at).of_kind("practice").filter(code=code).first()
    if record is None:
        if target := Redirect.objects.target_of("practice", code, moment.at):
            return redirect(moment.address("public:practice", [target]), permanent=True)
        raise Http404
    template, context_of = RECORD_PAGES["practice"]
    return _page(request, moment, template, context_of(request, moment, record))


def practice_context(request, moment: Moment, record) -> dict:
    """What the page of a practice shows."""
    names = Names(moment.address)
    document = record.content
    cycle = names.cycles.get(document.cycle)
    with translation.override(settings.LANGUAGE_CODE):  # one address, whoever copies it
        address = request.build_absolute_uri(record.get_absolute_url())
    related = (
        PublicRecord.objects.visible(moment.at)
        .of_kind("practice")
        .filter(objectives__overlap=document.objectives)
        .exclude(code=record.code)
        .annotate(same_state=Q(member_states__overlap=document.member_states))
        .order_by("-same_state", F("first_published_at").desc(), "code")[:3]
    )
    return {
        "practice": {
            **practice_line(record, names),
            "lead_implementer": document.lead_implementer,
            "partner_countries": [
                names.countries.get(one, one) for one in document.partner_countries
            ],
            "implementer_types": [
                names.implementer_types.get(one, one) for one in document.implementer_types
            ],
            "principles": [names.principles.get(one, one) for one in document.principles],
            "sdgs": document.sdgs,
            "year_start": document.year_start,
            "year_end": document.year_end,
            "cycle": {"code": document.cycle, "name": cycle.name if cycle else document.cycle},
            "covid19": document.covid19,
            "url": document.url,
            "sources": [
                {"title": one.title, "publisher": one.publisher, "year": one.year, "url": one.url}
                for one in map(names.sources.get, document.source.documents)
                if one
            ],
            "locator": document.source.locator,
            "files": [],  # the door to files comes with the files themselves
            "edition": record.edition,
            "published_at": record.visible.lower,
            "permanent_url": address,
        },
        "cite": _("%(title)s. Practice %(code)s, edition %(edition)d, %(day)s. %(address)s")
        % {
            "title": document.title,
            "code": record.code,
            "edition": record.edition,
            "day": date_format(record.visible.lower, "Y-m-d"),
            "address": address,
        },
        "related": [practice_line(one, names) for one in related],
        "disclaimers": disclaimers(document.title, document.summary),
    }


# kind → the template of its page, and what fills it; the office previews a record with these
RECORD_PAGES = {"practice": ("public/practice.html", practice_context)}


def practice_line(record: PublicRecord, names: Names) -> dict:
    """A practice as a line of a list, with names in the reader's language."""
    document = record.content
    cycle = names.cycles.get(document.cycle)
    return {
        "code": record.code,
        "url": names.address("public:practice", args=[record.code]),
        "title": document.title,
        "language": document.language,
        "summary": document.summary,
        "states": names.states_of(document.member_states),
        "level": names.level(document.level),
        "year": document.year_start,
        "cycle_name": cycle.short_name if cycle else document.cycle,
        "objectives": names.objectives_of(document.objectives, document.primary_objectives),
    }


def _page(request, moment: Moment, template: str, context: dict):
    """The page, with the notice that it shows the past if it does."""
    frame = {
        "at": moment.shown,
        "now_url": request.path,
        "home_url": moment.address("public:home"),
    }
    return render(request, template, frame | context)


def _numbered_page(request, records):
    """The page that `?page=` asks for; 404 if there is none."""
    try:
        return Paginator(records, PAGE_SIZE).page(request.GET.get("page", "1"))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def _each(column: str, output_field) -> Func:
    """One row for each value of a list column."""
    each = Func(F(column), function="unnest", output_field=output_field)
    each.set_returning = True
    return each


def _kinds_beside_practices() -> list[tuple[str, str]]:
    return [
        ("pledge", _("Pledges")),
        ("report", _("Reports with a section on it")),
        ("recommendation", _("Recommendations")),
        ("roundtable", _("Roundtables")),
    ]


def _key_counts(moment: Moment) -> list[dict]:
    """The key figures of the home page, each with the rule by which it is counted."""
    records = PublicRecord.objects.visible(moment.at)
    totals = dict(records.values_list("kind").annotate(Count("pk")).order_by())
    states = (
        records.of_kind("practice")
        .annotate(state=_each("member_states", MemberState._meta.get_field("iso3")))
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
