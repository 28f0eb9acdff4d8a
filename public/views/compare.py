"""Two to four States side by side, or one State in several reviews."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _

from public import comparisons
from public.milestones import in_order_of_time
from public.moments import Moment
from public.names import Names
from public.sheets import CSV, csv_lines
from public.views.frame import framed


def page(request):
    """The comparison that the address asks for, or the form to choose one."""
    moment = Moment(request)
    names = Names(moment)
    choice = comparisons.Choice(request.GET, names)
    form = request.GET.get("as", "")
    if form not in ("", "csv"):
        raise BadRequest(_("“as” is “csv”, or is left out."))
    if not choice.is_complete:
        return framed(request, moment, "public/compare.html", _form(choice, moment, names))
    sides = choice.sides(moment)
    if form == "csv":
        name = "-".join(side.code.replace(" ", "-") for side in sides)
        header, rows = comparisons.sheet_of(sides, names)
        return HttpResponse(
            "".join(csv_lines(header, rows)),
            content_type=CSV,
            headers={"Content-Disposition": f'attachment; filename="compare-{name}.csv"'},
        )
    objectives, most = comparisons.objective_rows(sides, moment, names)
    asked: dict[str, Any] = {"state": choice.states, "cycle": choice.cycles, "as": "csv"}
    context = {
        "title": choice.title,
        "sides": sides,
        "kinds": comparisons.kind_rows(sides, moment),
        "objectives": objectives,
        "most": most,
        "csv_url": moment.address("public:compare", **asked),
        "coverage_url": moment.address("public:coverage"),
        "as_of": moment.at,
    }
    context |= _form(choice, moment, names, examples=False)
    return framed(request, moment, "public/compare.html", context)


def _form(
    choice: comparisons.Choice, moment: Moment, names: Names, *, examples: bool = True
) -> dict:
    """The two forms, with what is chosen already."""
    cycles = in_order_of_time(names.cycles.values())
    empty = [""] * comparisons.MOST
    return {
        "action": moment.address("public:compare").partition("?")[0],
        "asked_at": moment.asked,
        "states": [{"iso3": iso3, "name": name} for iso3, name in names.states.items()],
        "cycles": [{"code": cycle.code, "name": cycle.short_name} for cycle in cycles],
        "chosen_states": [*choice.states, *empty][: comparisons.MOST],
        "chosen_state": choice.states[0] if len(choice.states) == 1 else "",
        "chosen_cycles": [*choice.cycles, *empty][:2],
        "incomplete": bool(choice.states or choice.cycles) and not choice.is_complete,
        "examples": comparisons.examples(moment, names) if examples else [],
    }
