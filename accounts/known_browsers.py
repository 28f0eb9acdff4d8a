"""Browsers in which somebody has signed in before, known again by a signed cookie.

It opens nothing. Tries at that account in that browser are counted for themselves, so that nobody
can lock an owner out by trying elsewhere (OWASP calls this a device cookie).
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

COOKIE = f"{settings.COOKIE_PREFIX}known_browser"
SALT = "accounts.known_browsers"
LASTS = 180 * 24 * 60 * 60
ACCOUNTS = 10  # that one browser remembers


def name_for(request, email: str) -> str | None:
    """The browser's own name, if the owner of this address has signed in with it."""
    known = _read(request)
    return known["name"] if _mark(email) in known["accounts"] else None


def remember(response, request, user) -> None:
    """From now on this browser is known as one of this person's."""
    known = _read(request)
    mark = _mark(user.email)
    others = [one for one in known["accounts"] if one != mark]
    known["accounts"] = [*others[1 - ACCOUNTS :], mark]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request) -> dict:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {"name": secrets.token_hex(16), "accounts": []}


def _mark(email: str) -> str:
    """Stands for an address without saying it."""
    return salted_hmac(SALT, email.lower(), algorithm="sha256").hexdigest()[:16]
