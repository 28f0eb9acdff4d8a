"""How many requests an address may make of the API: exact across workers, told in headers.

Counted in PostgreSQL, by the minute, under a keyed hash of the address, in a table that is not in
the write-ahead log: a count is worth nothing after a crash, and costs no disk write.
"""

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.tries import client_address

MINUTE = 60
COUNT = """
INSERT INTO accounts_requestcount AS counted (address, minute, requests)
VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
ON CONFLICT (address, minute) DO UPDATE SET requests = counted.requests + 1
RETURNING requests, 60 - floor(extract(second FROM statement_timestamp()))::int
"""
FORGET = """
DELETE FROM accounts_requestcount
WHERE minute < statement_timestamp() - interval '5 minutes'
"""


def spend(address: str) -> tuple[int, int]:
    """Count a request: how many this address has made this minute, and the seconds left of it."""
    key = salted_hmac(__name__, address, algorithm="sha256").hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off; " + COUNT, [key])
        made, left = cursor.fetchone()
        if made == 1:  # whoever comes first in a minute sweeps
            cursor.execute(FORGET)
    return made, left


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
    detail = _(
        "Wait %(seconds)d seconds, then go on; larger pages and /data/ need fewer requests."
    )
    response = JsonResponse(
        {
            "type": "/api/docs/problems/#too-many-requests",
            "title": _("Too many requests"),
            "status": 429,
            "detail": detail % {"seconds": left},
        },
        status=429,
        content_type="application/problem+json",
    )
    response["Retry-After"] = str(left)
    return response
