"""Error pages that say what is wrong and what to do next. None of them asks the database."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from public.api.problems import failure

RETRY_AFTER = "10"  # seconds; a restart of the database takes less


def is_for_programs(request: HttpRequest) -> bool:
    """Under /api/ no answer is a page, but for the pages that describe the API."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/docs/")


def bad_request(request, exception) -> HttpResponse:
    """400, with the reason that the code gave."""
    if isinstance(exception, RequestDataTooBig):  # of texts, which are read into memory
        return too_large(request, None, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if is_for_programs(request):
        return failure("bad-request", 400, str(exception))
    return render(request, "400.html", {"reason": str(exception)}, status=400)


def too_large(request, size: int | None, most: int) -> HttpResponse:
    """413 for more than we read at once: nothing was saved, and what to do instead."""
    if is_for_programs(request):
        return failure("too-large", 413, _("At most %(most)d bytes.") % {"most": most})
    context = {"size": size, "most": most, "signed_out": not request.user.is_authenticated}
    return render(request, "413.html", context, status=413)


def server_error(request) -> HttpResponse:
    """503 while the database cannot be reached, which passes; else 500."""
    passing = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if passing else 500
    if is_for_programs(request):
        kind, says = (
            ("unavailable", _("Back in a moment"))
            if passing
            else ("failed", _("Something failed on our side"))
        )
        response: HttpResponse = failure(kind, status, says)
    else:  # without the request: what it brings along may be what failed
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if passing:
        response["Retry-After"] = RETRY_AFTER
    return response


def form_too_old(request, reason="") -> HttpResponse:
    """403 for a form without its mark: opened too long ago, or in a browser without cookies."""
    return render(request, "403.html", {"form_too_old": True}, status=403)
