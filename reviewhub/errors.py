"""Error pages that say what is wrong and what to do next. None of them asks the database."""

import errno
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg2
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from public import last_copies
from public.api.problems import failure
from public.store import Away

RETRY_AFTER = "10"  # seconds; a restart of the database takes less

READ_ONLY_DATABASE = "25006"  # while another server takes over
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def is_for_programs(request: HttpRequest) -> bool:
    """Under /api/ no answer is a page, but for the pages that describe the API."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/docs/")


def bad_request(request, exception) -> HttpResponse:
    """400, with the reason that the code gave.

    A session that could not be written is told as one that ended: not so if the database is away.
    """
    failed = isinstance(exception, Exception)  # or it is the reason itself
    if failed and any(is_passing(error) for error in causes(exception)):
        return server_error(request)
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
    """503 while database, disk or storage of files are away or take no more, which passes; or 500.

    A public page is shown from its last copy while the database cannot be reached.
    """
    passing = any(is_passing(error) for error in causes(sys.exc_info()[1]))
    if passing:
        return last_copies.copy_for(request) or unavailable(request)
    if is_for_programs(request):
        return failure("failed", 500, _("Something failed on our side"))
    # without the request: what it brings along may be what failed
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 and when to come back; the page of a form holds what was typed, to be sent again."""
    if is_for_programs(request):
        response: HttpResponse = failure("unavailable", 503, _("Back in a moment"))
    else:
        page = render_to_string("503.html", {"typed": typed_in(request)})
        response = HttpResponse(page, status=503)
        response["Cache-Control"] = "no-store"
    response["Retry-After"] = RETRY_AFTER
    return response


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and the errors during whose handling it came up."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_passing(error: BaseException) -> bool:
    """Does it say that there is no database, no storage of files or no room to write, for now?

    What breaks while a cursor is closed comes as the driver's own error, untranslated.
    """
    lost = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
    return (
        isinstance(error, (*lost, Away))
        or getattr(error, "pgcode", "") == READ_ONLY_DATABASE
        or (isinstance(error, OSError) and error.errno in NO_ROOM)
    )


def typed_in(request: HttpRequest) -> dict[str, Any] | None:
    """What the form was sent with, so that the page of the failure can send it again.

    Only for a form that carried its mark (else another site could put words into ours), never for
    passwords and codes; files must be chosen again, as browsers keep them from pages.
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    with suppress(Exception):  # the request itself may be what failed
        if "csrfmiddlewaretoken" in request.POST and "/account/" not in request.path:
            fields = [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if "password" not in name
            ]
            files = [
                (name, file.name) for name, chosen in request.FILES.lists() for file in chosen
            ]
            texts = [value for _name, value in fields if len(value.split()) > 1]
            return {
                "address": request.get_full_path(),
                "fields": fields,
                "files": files,
                "texts": texts,
            }
    return None


def form_too_old(request, reason="") -> HttpResponse:
    """403 for a form without its mark: opened too long ago, or in a browser without cookies."""
    request.form_refused = True  # for the log of security events
    return render(request, "403.html", {"form_too_old": True}, status=403)
