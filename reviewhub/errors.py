"""Error pages that say what is wrong and what to do next. None of them asks the database."""

import sys
from collections.abc import Iterator

import psycopg2
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
    """400, with the reason that the code gave.

    A session that could not be written is told as one that ended: not so if the database is away.
    """
    if any(is_passing(error) for error in causes(exception)):
        return server_error(request)
    if is_for_programs(request):
        return failure("bad-request", 400, str(exception))
    return render(request, "400.html", {"reason": str(exception)}, status=400)


def server_error(request) -> HttpResponse:
    """503 while the database cannot be reached, which passes; else 500."""
    passing = any(is_passing(error) for error in causes(sys.exc_info()[1]))
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


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and the errors during whose handling it came up."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_passing(error: BaseException) -> bool:
    """Does it say that there is no database for now?

    What breaks while a cursor is closed comes as the driver's own error, untranslated.
    """
    lost = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
    return isinstance(error, lost)


def form_too_old(request, reason="") -> HttpResponse:
    """403 for a form without its mark: opened too long ago, or in a browser without cookies."""
    return render(request, "403.html", {"form_too_old": True}, status=403)
