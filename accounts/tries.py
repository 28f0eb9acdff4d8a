"""How often somebody may try: counted in PostgreSQL, exact across workers, for an hour.

A try is counted before its outcome is known, so that a hundred at once are still ten, and taken
back if it was good. A refused one is not counted: who goes on trying does not stay locked out.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from accounts import known_browsers
from accounts.models import Try

HOUR = timedelta(hours=1)
PER_ACCOUNT = 10
PER_ADDRESS = 100  # a whole office may stand behind one address
LETTERS_PER_ACCOUNT = 3
LETTERS_PER_ADDRESS = 20
SWEPT_AT_ONCE = 1000


class TooManyTries(Exception):
    """Nobody may try this again before `until`."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Limit:
    """At most `amount` tries an hour of this kind by, or at, this one."""

    kind: str
    whose: str
    amount: int

    @property
    def key(self) -> str:
        return salted_hmac(
            f"accounts.tries.{self.kind}", self.whose, algorithm="sha256"
        ).hexdigest()


def count(*limits: Limit) -> list[Try]:
    """Count one try under every limit, or raise `TooManyTries` and count none."""
    amounts = {limit.key: limit.amount for limit in limits}
    with transaction.atomic():
        with connection.cursor() as cursor:  # one after the other, whoever serves them
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s) AS key",
                [sorted(amounts)],
            )
        recent = Try.objects.filter(key__in=amounts, at__gt=Now() - HOUR).values("key")
        used_up = [
            one["first"]
            for one in recent.annotate(tries=Count("pk"), first=Min("at"))
            if one["tries"] >= amounts[one["key"]]
        ]
        if used_up:
            raise TooManyTries(max(used_up) + HOUR)
        sweep()
        return Try.objects.bulk_create([Try(key=key) for key in amounts])


def take_back(tries: Sequence[Try]) -> None:
    """They were good: forget them."""
    Try.objects.filter(pk__in=[one.pk for one in tries]).delete()


def sweep() -> None:
    """Forget what is older than an hour, and wait for nobody who is doing the same."""
    old = Try.objects.filter(at__lt=Now() - HOUR).select_for_update(skip_locked=True)
    Try.objects.filter(pk__in=old.values("pk")[:SWEPT_AT_ONCE]).delete()


# --- What is counted ------------------------------------------------------------------------


def count_sign_in(request, email: str) -> list[Try]:
    """A password or a code for this account, be there one or not.

    A browser in which the owner has signed in before counts for itself: strangers who use up the
    account's tries do not lock its owner out.
    """
    browser = known_browsers.name_for(request, email)
    if browser:
        return count(Limit("browser", f"{browser} {same(email)}", PER_ACCOUNT))
    return count(
        Limit("account", same(email), PER_ACCOUNT),
        Limit("address", client_address(request), PER_ADDRESS),
    )


def count_letter(request, email: str) -> bool:
    """May a forgotten password be asked for, and may this account be sent one more letter?"""
    count(Limit("letters to address", client_address(request), LETTERS_PER_ADDRESS))
    try:
        count(Limit("letters", same(email), LETTERS_PER_ACCOUNT))
    except TooManyTries:
        return False  # and nobody is told: whoever asks may be a stranger
    return True


def spend(what: str) -> bool:
    """Is this used for the first time? Each code of an app opens one door once."""
    try:
        count(Limit("spent", what, 1))
    except TooManyTries:
        return False
    return True


def same(email: str) -> str:
    """One spelling for all that PostgreSQL takes for the same address."""
    return email.strip().upper().casefold()


def client_address(request) -> str:
    """Whose request this is, behind as many proxies as are trusted. A network, if it is IPv6."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    told = hops[-trusted] if 0 < trusted <= len(hops) else ""
    for text in (told, request.META.get("REMOTE_ADDR", "")):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if address.version == 6:
            return str(ipaddress.ip_network(f"{address}/64", strict=False))
        return str(address)
    return "unknown"
