"""Whole answers, given again while the public record stays as it is (docs/adr/0013).

Only what stands in `VIEWS`, only to those who are nobody in particular, only what sets no cookie:
under the whole address, and as it left the other middleware, so that nothing is missing from it.
"""

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from public import last_copies
from public.documents import KINDS
from public.models import FOLDERS
from public.state import Kept, State, state_now

# Seconds; a divisor of a day, as some pages tell what lies ahead of today. Rendered anew by then,
# pages are copied anew for while the database is away.
LONGEST = last_copies.FRESH
# Of pages: a browser asks each time whether its own is still right, a proxy every minute.
FRESH = "public, max-age=0, s-maxage=60"

# What depends on nothing but the public record, the reference data, the day and the address.
VIEWS = {
    *("public:home", "public:objectives", "public:objective"),
    *("public:member-states", "public:member-state", "public:reviews", "public:review"),
    *(f"public:{kind}" for kind in FOLDERS),
    *(f"public:{kind}-list" for kind in FOLDERS),
    *(f"public-api:{kind}" for kind in KINDS),
    *(f"public-api:{kind}-list" for kind in KINDS),
    *("public-api:root", "public-api:search-list", "public-api:coverage-list"),
}

ANSWERS = Kept(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. Headers that tell each visitor something of their own are not in it."""

    content: bytes
    headers: dict[str, str]
    match: ResolverMatch


class GivenAgainMiddleware:
    """Gives public answers again, and 304 to who has the same already.

    `may_have` says whether the visitor may still ask, and gives the headers that tell so; None if
    not. It is asked only about answers that are there: the others are counted on their way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def may_have(self, request: HttpRequest) -> dict[str, str] | None:
        return {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_be_asked(request):
            return unless_known(request, self.get_response(request))
        key = key_of(request)
        found = ANSWERS.get(_state(), key)
        told = self.may_have(request) if found else None
        if found and told is not None:
            request.resolver_match = found.match
            response = HttpResponse(found.content, headers=found.headers | told)
        else:
            response = self.get_response(request)
            if may_be_kept(request, response):
                tag(response)
                keep(request, key, response)
        return unless_known(request, response)


def may_be_asked(request: HttpRequest) -> bool:
    """Whether somebody asks who is nobody in particular."""
    return (
        request.method in ("GET", "HEAD")  # the server leaves out what HEAD is not told
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
    )


def key_of(request: HttpRequest) -> tuple:
    """All that an answer depends on, besides the state of the public record."""
    asked = request.META
    return (
        int(time.time()) // LONGEST,
        "" if asked.get("QUERY_STRING") else last_copies.folder_now(),
        request.scheme,
        asked.get("HTTP_HOST"),
        request.path,
        asked.get("QUERY_STRING"),
        asked.get("HTTP_ACCEPT"),
        asked.get("HTTP_ORIGIN"),
    )


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole answer of these views, without cookie, and framed by nobody."""
    found = getattr(request, "resolver_match", None)
    return bool(
        found
        and found.view_name in VIEWS
        and hasattr(request, "state")  # answered behind the fence, not from the last copies
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and getattr(request, "settled", True)
        and not getattr(response, "xframe_options_exempt", False)
    )


def keep(request: HttpRequest, key: tuple, response: HttpResponse) -> None:
    """Keep this answer, if its state is known."""
    state: State | None = getattr(request, "state", None)
    headers = {
        name: value for name, value in response.items() if not name.startswith("RateLimit-")
    }
    assert request.resolver_match is not None  # noqa: S101  # `may_be_kept` has looked
    answer = Answer(response.content, headers, request.resolver_match)
    ANSWERS.most = settings.KEPT_MB * 1024 * 1024
    ANSWERS.put(state, key, answer, len(answer.content) + 2_000)


def tag(response: HttpResponse) -> None:
    """Give an answer its strong tag, the check sum of its bytes: equal tags are equal answers."""
    if "Cache-Control" not in response:
        response["ETag"] = tag_of(response.content)
        response["Cache-Control"] = FRESH


def tag_of(content: bytes) -> str:
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 to who has this very answer already; by its tag, as many changes fit in a second."""
    found = getattr(request, "resolver_match", None)
    if (
        "HTTP_IF_NONE_MATCH" not in request.META
        or "ETag" not in response
        or response.status_code != 200
        or request.method not in ("GET", "HEAD")
        or not found
        or found.namespace not in ("public", "public-api")
    ):
        return response
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is None or answer is response or answer.status_code != 304:
        return response
    for name, value in response.items():
        if not name.startswith("Content-"):
            answer[name] = value
    return answer


def _state() -> State | None:
    """The state of the public record; None inside somebody's transaction, and without database."""
    if not settings.KEPT_MB or connection.in_atomic_block or last_copies.is_known_unreachable():
        return None
    try:
        return state_now()
    except Error:
        last_copies.is_unreachable()  # whoever comes next need not try again
        return None
