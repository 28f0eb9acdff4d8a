"""Who may enter the office: staff with a second factor."""

from django.conf import settings
from django.db import transaction

from accounts.demo import DOMAIN
from accounts.models import Authenticator, User
from objectives.records import signed


def is_enough(user: User) -> bool:
    """A second factor; in development, and only there, a demonstration account needs none."""
    return user.has_second_factor or (settings.DEBUG and user.email.endswith(f"@{DOMAIN}"))


def is_missing(user) -> bool:
    """Is this somebody who must set one up before anything else?"""
    return user.is_authenticated and user.is_staff and not is_enough(user)


@transaction.atomic
def take_away(user: User, *, by: User | None, why: str) -> None:
    """All second factors of somebody who has lost them; they set up a new one at their next visit.

    Whoever does this must know that it is really the owner who asks: `why` says how.
    """
    with signed(by=by, step="take_second_factor_away", why=why):
        Authenticator.objects.filter(user=user).delete()
        user.end_sessions()
