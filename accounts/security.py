"""The log of security events: who got in and who was refused, each with the id of its request.

Of people it holds the number of the account and nothing else: no name, no address, no typed word.
docs/operators.md says what each event means to whoever reads the log.
"""

import logging
from enum import StrEnum

from allauth.account.signals import authentication_step_completed
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from accounts.models import User

logger = logging.getLogger(__name__)


class Event(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    CONFIRMED = "confirmed"
    SECOND_FACTOR_USED = "second_factor_used"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    TOO_MANY_TRIES = "too_many_tries"
    ACCESS_REFUSED = "access_refused"
    FORM_REFUSED = "form_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of an event


GOOD = {Event.SIGNED_IN, Event.SIGNED_OUT, Event.CONFIRMED, Event.SECOND_FACTOR_USED}
OF_STATUS = {401: Event.TOKEN_REFUSED, 403: Event.ACCESS_REFUSED, 429: Event.TOO_MANY_TRIES}


def note(event: Event, request, account: int | None = None, factor: str = "") -> None:
    """Write a line: `account` is the number of the account it is about, if that is known."""
    said = {"account": account, "factor": factor}
    logger.log(
        logging.INFO if event in GOOD else logging.WARNING,
        event,
        extra={"request": request} | {name: value for name, value in said.items() if value},
    )


class RefusalMiddleware:
    """Notes what was refused, by the answer. Comes after signing in: it says to whom."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if event := OF_STATUS.get(response.status_code):
            if getattr(request, "form_refused", False):
                event = Event.FORM_REFUSED
            note(event, request, getattr(request.user, "pk", None))
        return response


# --- What Django and allauth tell -----------------------------------------------------------


def listen() -> None:
    """From now on every way of signing in and out is noted."""
    for signal, heard in (
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, sign_in_failed),
        (authentication_step_completed, step_completed),
        (authenticator_used, second_factor_used),
        (authentication_failed, second_factor_failed),
    ):
        signal.connect(heard, dispatch_uid="accounts.security")


def signed_in(request, user, **_signal) -> None:
    note(Event.SIGNED_IN, request, user.pk)


def signed_out(request, user, **_signal) -> None:
    note(Event.SIGNED_OUT, request, getattr(user, "pk", None))


def sign_in_failed(credentials, request=None, **_signal) -> None:
    """A wrong password. Whether there is such an account is asked whatever was typed."""
    typed = User.objects.filter(email__iexact=credentials.get("email", ""))
    note(Event.SIGN_IN_FAILED, request, typed.values_list("pk", flat=True).first())


def step_completed(request, user, method, reauthenticated=False, **_signal) -> None:
    """Asked for the password once more; second factors have a signal of their own."""
    if method == "password" and reauthenticated:
        note(Event.CONFIRMED, request, user.pk)


def second_factor_used(request, user, authenticator, **_signal) -> None:
    note(Event.SECOND_FACTOR_USED, request, user.pk, authenticator.type)


def second_factor_failed(request, user, authenticator, **_signal) -> None:
    note(Event.SECOND_FACTOR_FAILED, request, user.pk, authenticator.type)
