"""Refuses requests of the API beyond what an address may make, and tells each where it stands."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.allowance import spend
from accounts.tries import client_address
from public.api.problems import failure


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
        response["RateLimit-Limit"] = str(most)
        response["RateLimit-Remaining"] = str(max(0, most - made))
        response["RateLimit-Reset"] = str(left)
        return response


def too_many(left: int) -> HttpResponse:
    """429, with the time to wait."""
    says = _("Wait %(seconds)d seconds, then go on; larger pages and /data/ need fewer requests.")
    response = failure("too-many-requests", 429, says % {"seconds": left})
    response["Retry-After"] = str(left)
    return response
