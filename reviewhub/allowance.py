"""Refuses requests of the API beyond what an address may make, and tells each where it stands."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.allowance import spend
from accounts.tries import client_address
from public import given_again
from public.api.problems import failure
from reviewhub.worker import REFUSED


class AllowanceMiddleware:
    """Answers 429 to an address that has used up its requests of this minute.

    Headers tell each caller where it stands (draft-ietf-httpapi-ratelimit-headers, as widely
    used): RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset in seconds.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = settings.API_REQUESTS_PER_MINUTE
        if not most or not request.path.startswith("/api/v"):
            return self.get_response(request)
        made, left = spend(client_address(request))
        response = too_many(left) if made > most else self.get_response(request)
        for name, value in told(most, made, left).items():
            response[name] = value
        return response


class GivenAgainMiddleware(given_again.GivenAgainMiddleware):
    """What is given again counts like any other request of the API.

    Who has used up theirs goes on to the middleware above, which refuses.
    """

    def may_have(self, request: HttpRequest) -> dict[str, str] | None:
        most = settings.API_REQUESTS_PER_MINUTE
        if request.META.get(REFUSED):
            return None
        if not most or not request.path.startswith("/api/v"):
            return {}
        made, left = spend(client_address(request))
        return told(most, made, left) if made <= most else None


def told(most: int, made: int, left: int) -> dict[str, str]:
    """Where the caller stands."""
    return {
        "RateLimit-Limit": str(most),
        "RateLimit-Remaining": str(max(0, most - made)),
        "RateLimit-Reset": str(left),
    }


def too_many(left: int) -> HttpResponse:
    """429, with the time to wait."""
    says = _("Wait %(seconds)d seconds, then go on; larger pages and /data/ need fewer requests.")
    response = failure("too-many-requests", 429, says % {"seconds": left})
    response["Retry-After"] = str(left)
    return response
