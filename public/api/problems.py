"""Refusals of the API in one shape: RFC 9457 problem details, never an HTML page.

    {"type": "/api/docs/problems/#unknown-parameter", "title": "Unknown parameter", "status": 400,
     "detail": "…", "errors": [{"parameter": "colour", "detail": "…", "allowed": ["q", …]}]}

`type` and `title` stay the same for a kind of problem; `errors` name each cause.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
DOCUMENTED_AT = "/api/docs/problems/#"

TITLES = {
    "bad-request": _("This request was not understood"),
    "bad-value": _("A parameter has a value that is not possible"),
    "unknown-parameter": _("There is no such parameter"),
    "bad-body": _("What was sent cannot be read"),
    "invalid": _("What was sent cannot be saved"),
    "not-signed-in": _("This needs a token"),
    "not-allowed": _("The token does not allow this"),
    "not-found": _("There is nothing public under this address"),
    "withdrawn": _("This record was withdrawn"),
    "method-not-allowed": _("This address does not take this method"),
    "not-acceptable": _("There is no such format"),
    "changed-meanwhile": _("The record was changed meanwhile"),
    "version-needed": _("Say which version you have read"),
    "too-large": _("Too much was sent or asked for"),
    "unsupported-media-type": _("Send JSON"),
    "too-many-requests": _("Too many requests"),
    "failed": _("Something failed on our side"),
    "unavailable": _("Back in a moment"),
}


class Problem(exceptions.APIException):
    """A refusal. `errors` name each cause: where it is, what is wrong, what is allowed."""

    def __init__(
        self,
        kind: str,
        status: int = HTTPStatus.BAD_REQUEST,
        *,
        detail: str = "",
        errors: Sequence[dict[str, Any]] = (),
        headers: dict[str, str] | None = None,
        **more,
    ):
        super().__init__(detail or TITLES[kind])
        self.kind = kind
        self.status_code = status
        self.errors = list(errors)
        self.headers = headers or {}
        self.more = more


KIND_OF_STATUS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    415: "unsupported-media-type",
    429: "too-many-requests",
}


def problem(error, context) -> Response | None:
    """The answer to an error; None lets the failure be told by `reviewhub.errors`."""
    headers: dict[str, str] = {}
    errors: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    detail = str(error)
    if isinstance(error, Http404):
        kind, status, detail = "not-found", 404, str(TITLES["not-found"])
    elif isinstance(error, PermissionDenied):
        kind, status = "not-allowed", 403
    elif isinstance(error, BadRequest):
        kind, status = "bad-request", 400
    elif isinstance(error, Problem):
        kind, status, errors, headers = error.kind, error.status_code, error.errors, error.headers
        detail, more = str(error.detail), error.more
    elif isinstance(error, exceptions.ParseError):
        kind, status = "bad-body", 400
    elif isinstance(error, exceptions.APIException):
        status = error.status_code
        kind = KIND_OF_STATUS.get(status, "bad-request")
        detail = str(error.detail)
        if challenge := getattr(error, "auth_header", ""):
            headers = {"WWW-Authenticate": challenge}
    else:
        return None
    if isinstance(error, exceptions.MethodNotAllowed):
        headers = {"Allow": ", ".join(context["view"].allowed_methods)}
    body = told(kind, status, detail) | more
    if errors:
        body["errors"] = errors
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def told(kind: str, status: int, detail: str) -> dict[str, Any]:
    """What every refusal says."""
    return {
        "type": f"{DOCUMENTED_AT}{kind}",
        "title": str(TITLES[kind]),
        "status": status,
        "detail": detail,
    }


def failure(kind: str, status: int, detail: str) -> JsonResponse:
    """A refusal where no view of the API has been reached, or one has failed."""
    return JsonResponse(told(kind, status, detail), status=status, content_type=MEDIA_TYPE)
