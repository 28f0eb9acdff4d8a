"""Who else has a record open.

A form says so when it is opened, and its script (static/js/office/presence.js) every 30 seconds
until it is left. Whoever has been silent for longer than `SILENCE` is taken to be gone.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Q, Value, When
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office.models import OpenRecord
from office.pages import screen_of

SILENCE = timedelta(seconds=90)


def others_at(record, user) -> list[OpenRecord]:
    """Note that this person has the record open; answers who else has."""
    now = timezone.now()
    here = OpenRecord.objects.filter(label=record._meta.label_lower, row_id=record.pk)
    since = Case(
        When(seen_at__lt=now - SILENCE, then=Value(now)),  # was away: this is another visit
        default=F("opened_at"),
    )
    if not here.filter(user=user).update(opened_at=since, seen_at=now):
        row = OpenRecord(
            label=record._meta.label_lower,
            row_id=record.pk,
            user=user,
            opened_at=now,
            seen_at=now,
        )
        OpenRecord.objects.bulk_create([row], ignore_conflicts=True)  # two windows at once
    others = here.filter(seen_at__gte=now - SILENCE).exclude(user=user)
    return list(others.select_related("user").order_by("opened_at"))


def leave(record, user) -> None:
    """This person has left the record; whoever went silent long ago is forgotten as well."""
    here = Q(label=record._meta.label_lower, row_id=record.pk, user=user)
    OpenRecord.objects.filter(here | Q(seen_at__lt=timezone.now() - 10 * SILENCE)).delete()


def note(other: OpenRecord) -> str:
    """“Ana Petrova has had this open since 14:02 UTC.”"""
    since = timezone.localtime(other.opened_at)
    return _("%(name)s has had this open since %(time)s.") % {
        "name": other.user,
        "time": f"{time_format(since, 'H:i')} {since:%Z}",
    }


@require_POST
def page(request, model, pk):
    """The form is still open, or is being left; answers who else has the record open."""
    record = get_object_or_404(model, pk=pk)
    if not screen_of(model).has_change_permission(request, record):
        raise PermissionDenied
    if "left" in request.POST:
        leave(record, request.user)
        return JsonResponse({"others": []})
    return JsonResponse({"others": [note(other) for other in others_at(record, request.user)]})
