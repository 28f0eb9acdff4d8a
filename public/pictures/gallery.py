"""Which pictures there are."""

from collections.abc import Callable

from django.http import QueryDict

from public.moments import Moment
from public.names import Names
from public.pictures import bars, coverage, profile, states, years
from public.pictures.picture import Picture

# name → what draws it, from what the address asks, a moment and names
PICTURES: dict[str, Callable[[QueryDict, Moment, Names], Picture]] = {
    "states": states.picture,
    "objectives": bars.objectives,
    "years": years.picture,
    "cycles": bars.cycles,
    "levels": bars.levels,
    "stages": bars.stages,
    "profile": profile.picture,
    "coverage": coverage.picture,
}


def picture_of(name: str, asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """Draw a picture; `BadRequest` names what the address asks wrongly."""
    return PICTURES[name](asked, moment, names)
