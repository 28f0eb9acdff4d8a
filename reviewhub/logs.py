"""Log lines for machines: one JSON object a line, with the id of its request and nobody's data.

What people typed, where they looked and who they are never stands in them. Words of libraries are
kept without the texts filled into them (an address may hold the link to a new password); faults
keep their place in the code and the name of what the database refused, never their own words,
which quote rows. `LOG_FORMAT=text` writes everything, for developers.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.core.mail import mail_admins

OURS = (
    "accounts",
    "objectives",
    "office",
    "public",
    "reviewhub",
    "sessions",
    "submissions",
    "synthesis",
)
ADDRESS = re.compile(
    r"[\w.+%-]+@[\w.-]+"  # of mail
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # of IPv4
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?!\w)",  # of IPv6
    re.IGNORECASE,
)
HIDDEN = "…"
FIELDS = (  # that a line has besides: of a request, and of a security event
    *("method", "route", "status", "milliseconds"),
    *("account", "factor"),
)

access = logging.getLogger("reviewhub.access")


def configuration(form: str, level: str) -> dict[str, Any]:
    """The logging of Django and of gunicorn: to standard error, as `json` or as `text`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "reviewhub.request_id.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "reviewhub.logs.JsonLines"},
            "text": {
                "format": "{asctime} {levelname} {name} [{request_id}]: {message}",
                "style": "{",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["request_id"],
            },
            "mail": {
                "()": "reviewhub.logs.ErrorMail",
                "level": "ERROR",
                "formatter": "json",
                "filters": ["request_id"],
            },
        },
        "root": {"handlers": ["console"], "level": level or "INFO"},
        "loggers": {
            "pgtrigger": {"level": "WARNING"},  # else a line a trigger with each migrate
            "django": {"handlers": ["mail"], "level": "INFO"},  # not Django's own, which tell all
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},  # what was refused has its line already
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "accounts.security": {"level": "INFO"},  # whatever LOG_LEVEL says
            "reviewhub.access": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }


class JsonLines(logging.Formatter):
    """A line as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": words_of(record),
            "request_id": getattr(record, "request_id", ""),
        }
        if request := getattr(record, "request", None):
            line |= {"method": request.method, "route": route_of(request)}
        line |= {name: getattr(record, name) for name in FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[1]:
            line["faults"] = list(faults(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, default=str)


def words_of(record: logging.LogRecord) -> str:
    """What the line says. Only our own code is trusted to fill in texts that name nobody."""
    if record.name.split(".")[0] in OURS:
        words = record.getMessage()
    elif isinstance(record.args, tuple):
        args = (arg if isinstance(arg, int | float) else HIDDEN for arg in record.args)
        words = re.sub(r"%[\d.]*[a-z]", lambda _: str(next(args, HIDDEN)), str(record.msg))
    else:
        words = str(record.msg)
    return ADDRESS.sub(HIDDEN, words)


def route_of(request) -> str:
    """The pattern of the address, without what somebody put into it; empty if there is none."""
    found = getattr(request, "resolver_match", None)
    return f"/{found.route}" if found else ""


def faults(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """A fault and what led to it: kind, place in the code, what the database calls it."""
    while error is not None:
        yield {"kind": type(error).__name__, **refused(error), "at": places(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def refused(error: BaseException) -> dict[str, str]:
    """What the database refused, by its own names; its words would quote the row."""
    diagnosis = getattr(error, "diag", None)
    told = {
        "sqlstate": getattr(diagnosis, "sqlstate", None),
        "table": getattr(diagnosis, "table_name", None),
        "constraint": getattr(diagnosis, "constraint_name", None),
    }
    return {name: value for name, value in told.items() if value}


def places(trace: TracebackType | None) -> list[str]:
    """The last steps through the code, the innermost last."""
    steps = traceback.extract_tb(trace)[-8:]
    return [f"{step.filename}:{step.lineno} {step.name}" for step in steps]


class AccessMiddleware:
    """Writes a line for each answer, by the route of its address: no query, no visitor.

    gunicorn's own lines would tell the visitor's address and the whole URL, links to a new
    password and words of searches with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        response = self.get_response(request)
        if not request.path.startswith("/health/"):
            fields = {
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - began) * 1000),
            }
            access.info("answered", extra=fields)
        return response


POSTBOX = ThreadPoolExecutor(max_workers=1, thread_name_prefix="error-mail")


class ErrorMail(logging.Handler):
    """Mails faults to ADMINS (`ERROR_MAIL`): the line as it stands in the log, nothing besides.

    At most one in ten minutes from each process, which tells how many were left out: a database
    that is down for an hour is one piece of news.
    """

    AT_MOST_EVERY = 600

    def __init__(self, level: int = logging.NOTSET):
        super().__init__(level)
        self.next_at = 0.0
        self.left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() < self.next_at:
            self.left_out += 1
            return
        self.next_at = time.monotonic() + self.AT_MOST_EVERY
        left_out, self.left_out = self.left_out, 0
        text = self.format(record)
        if left_out:
            text += f"\n\n{left_out} more since the last mail: look into the log."
        subject = f"{record.levelname}: {words_of(record)}"[:200]
        POSTBOX.submit(mail_admins, subject, text, fail_silently=True)
