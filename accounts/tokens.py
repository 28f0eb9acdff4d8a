"""Tokens of the API: issued to trusted systems, shown once, kept as check sums only."""

import hashlib
import secrets
from datetime import timedelta

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import Token, User

PREFIX = "rh_"  # so that scanners of leaked secrets can know one
LONGEST_LIFE = timedelta(days=366)
USED_WITHIN = timedelta(minutes=1)  # how exactly the last use is known


def new_secret() -> str:
    """A token that nobody can guess: 256 bits."""
    return PREFIX + secrets.token_urlsafe(32)


def check_sum(secret: str) -> str:
    """What is kept of a token. It is random and long: one round of SHA-256 keeps it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def kinds() -> list[tuple[str, str]]:
    """The records that a token may be for: `submissions.practice` and what people call them."""
    found = [model for model in apps.get_models() if isinstance(getattr(model, "kind", ""), str)]
    return [
        (model._meta.label_lower, capfirst(str(model._meta.verbose_name_plural)))
        for model in found
        if getattr(model, "kind", "")
    ]


def living():
    """Tokens that open the door now: neither revoked nor expired, of somebody who is staff."""
    return Token.objects.filter(
        Q(revoked_at__isnull=True),
        expires_at__gt=Now(),
        owner__is_active=True,
        owner__is_staff=True,
    )


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rh_…`: the owner of the token, and the token.

    What is unknown, expired and revoked is answered alike.
    """

    def authenticate(self, request) -> tuple[User, Token] | None:
        scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        known = scheme.lower() == "bearer" and secret.isascii() and len(secret) < 200
        sums = [check_sum(secret)] if known else []
        token = living().select_related("owner").filter(check_sum__in=sums).first()
        if token is None:
            raise AuthenticationFailed(
                _("This token does not open the door: ask the secretariat for a new one.")
            )
        used = Token.objects.filter(pk=token.pk)
        before = timezone.now() - USED_WITHIN
        used.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lt=before)).update(
            last_used_at=Now()
        )
        return token.owner, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="reviewhub"'
