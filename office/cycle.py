"""The review cycle that a person works on now: chosen at the top of the office, kept for them."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from objectives.models import ReviewCycle
from objectives.queues import cycles_in_use

CHOSEN = "review_cycle"  # in the session: a cycle's code, or ALL; missing until somebody chooses
ALL = "all"


def _choices(request) -> list[ReviewCycle]:
    """The cycles that this person may choose from, the newest first."""
    return [request.user.cycle] if request.user.cycle_id else cycles_in_use(request)


def current(request) -> ReviewCycle | None:
    """The chosen cycle, or None for all; at first the newest that is not over, else the newest."""
    cycles = _choices(request)
    chosen = request.session.get(CHOSEN)
    if not request.user.cycle_id:
        if chosen == ALL:
            return None
        for cycle in cycles:
            if cycle.code == chosen:
                return cycle
    today = timezone.localdate()
    ahead = [cycle for cycle in cycles if cycle.ends_on is None or cycle.ends_on >= today]
    return next(iter(ahead or cycles), None)


def for_frame(request) -> dict:
    """What `office/parts/cycle.html` shows."""
    return {
        "cycle": current(request),
        "cycles": _choices(request),
        "cycle_is_fixed": request.user.cycle_id is not None,
        "all_cycles": ALL,
    }


def first_values(request, model) -> dict:
    """The cycle that a new record of this kind begins with."""
    now = current(request) if getattr(model, "cycle_path", "") == "cycle" else None
    return {"cycle": now.pk} if now else {}


@require_POST
def choose(request):
    """Keep the choice, and go back to where it was made. What is no cycle changes nothing."""
    chosen = request.POST.get("cycle", "")
    if chosen == ALL or chosen in {cycle.code for cycle in _choices(request)}:
        request.session[CHOSEN] = chosen
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(there if safe else reverse("admin:index"))
