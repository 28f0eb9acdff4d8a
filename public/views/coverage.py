"""Coverage: which Member State has published something on which objective, and where gaps are."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from public.moments import Moment
from public.names import Names
from public.pictures import picture_of
from public.pictures.counting import WITH_BOTH
from public.pictures.coverage import SORTS
from public.views.frame import framed
from public.words import KIND_NAMES


def page(request):
    """The matrix of Member States and objectives, by kind and review cycle, in three orders."""
    moment = Moment(request)
    names = Names(moment)
    picture = picture_of("coverage", request.GET, moment, names)
    cycles = sorted(names.cycles.values(), key=lambda cycle: (cycle.year, cycle.code))
    orders = dict(zip(SORTS, (_("Sub-region"), _("Name"), _("Total")), strict=True))
    kinds = {kind: capfirst(str(KIND_NAMES[kind][1])) for kind in WITH_BOTH}
    context = {
        "picture": picture,
        "choices": [
            _choice(request.GET, "kind", _("Show"), kinds, default=WITH_BOTH[0]),
            _choice(
                request.GET,
                "cycle",
                _("Review cycle"),
                {"": _("All")} | {cycle.code: cycle.short_name for cycle in cycles},
            ),
            _choice(request.GET, "sort", _("Order"), orders, default=SORTS[0]),
        ],
    }
    return framed(request, moment, "public/pictures/coverage_page.html", context)


def _choice(asked: QueryDict, name: str, label: str, values: dict, default: str = "") -> dict:
    """The values of a parameter as links that keep all else that is asked."""
    options = []
    for value, words in values.items():
        changed = asked.copy()
        changed.pop(name, None)
        if value != default:
            changed[name] = value
        options.append(
            {
                "name": words,
                "url": f"{reverse('public:coverage')}?{changed.urlencode()}".removesuffix("?"),
                "current": asked.getlist(name) == [value]
                or (value == default and not any(asked.getlist(name))),
            }
        )
    return {"label": label, "options": options}
