"""The id of each request: in its answer, its log lines and, through `request.request_id`, the log.

A visitor who reports trouble can name it, and whoever runs the site finds everything about it.
"""

import logging
import re
import uuid
from contextvars import ContextVar

from django.conf import settings

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)

# Stays until the thread's next request: answers are streamed, and the server's line comes last.
current_request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """The outermost of all, so that refusals and redirects have an id too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = id_of(request)
        current_request_id.set(request.request_id)
        response = self.get_response(request)
        response[HEADER] = request.request_id
        return response


def id_of(request) -> str:
    """The trusted proxy's, if it gave one that is safe to write down; else a new one.

    A client's own is never taken: it could repeat another's, and muddle what the log says.
    """
    told = request.headers.get(HEADER, "")
    if settings.TRUSTED_PROXIES and WELL_FORMED.fullmatch(told):
        return told
    return uuid.uuid4().hex


class RequestIdFilter(logging.Filter):
    """Gives every log line its `request_id`; empty outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True
