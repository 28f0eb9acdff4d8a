"""The page of an objective: who does what about it."""

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.disclaimers import disclaimers
from public.filters import PracticeFilter
from public.lines import lines_of
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.views.frame import framed, numbered_page


def page(request, number: int):
    """An objective and the practices that serve it."""
    moment = Moment(request)
    names = Names(moment)
    if number not in names.objectives:
        raise Http404
    records = PublicRecord.objects.visible(moment.at)
    answer = PracticeFilter({"objective": [str(number)]}, records.of_kind("practice")).qs
    page = numbered_page(request, answer.for_list())
    lines = lines_of(page, names)
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
    return framed(request, moment, "public/objective.html", context)


def _kinds_beside_practices() -> list[tuple[str, str]]:
    return [
        ("pledge", _("Pledges")),
        ("report", _("Reports with a section on it")),
        ("recommendation", _("Recommendations")),
        ("roundtable", _("Roundtables")),
    ]


def index(request):
    raise Http404
