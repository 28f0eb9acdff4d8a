"""Who is signed in, and for how long: 12 hours at most, and no more than one without a click.

An account that is switched off, is staff no more or signs out everywhere loses its sessions at
once: `User.sessions` is part of what each session must match.
"""

import time

from django.contrib import auth, messages
from django.contrib.auth import middleware, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

AT_MOST = 12 * 60 * 60
UNUSED_AT_MOST = 60 * 60
NOTED_EVERY = 60  # seconds: a session is not written with every click

HEARTBEAT = "/open/"  # ends the address to which an open form says so: that is no click

BEGAN, USED = "began", "used"  # in the session: seconds since 1970


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's own, which finds nobody in a session that is over. There is no other way to ask."""

    def process_request(self, request):
        request.user = SimpleLazyObject(lambda: who_is_there(request))


def who_is_there(request):
    """The person of this session, or nobody if it has ended."""
    user = auth.get_user(request)
    if not user.is_authenticated:
        return user
    if is_over(request.session):
        request.session.flush()
        messages.info(
            request,
            _(
                "You were signed out: a session ends after an hour without a click, and after"
                " twelve hours. Sign in to go on."
            ),
            fail_silently=True,
        )
        return AnonymousUser()
    if not request.path.endswith(HEARTBEAT) and time.time() - request.session[USED] > NOTED_EVERY:
        request.session[USED] = int(time.time())
    return user


def is_over(session) -> bool:
    """A session that does not know when it began is over, too."""
    now = time.time()
    return now - session.get(BEGAN, 0) > AT_MOST or now - session.get(USED, 0) > UNUSED_AT_MOST


def begin(request, **_signal) -> None:
    """Django calls this whenever somebody is signed in, whichever way. Old sessions go then."""
    request.session.clear_expired()
    request.session[BEGAN] = request.session[USED] = int(time.time())


def end_others(request) -> None:
    """Sign this person out everywhere but here."""
    request.user.end_sessions()
    update_session_auth_hash(request, request.user)
