"""A database that goes away in the middle is told as such, also where Django says otherwise."""

import psycopg2
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path

from reviewhub import urls


def cursor_was_closed(request):
    raise psycopg2.OperationalError("server closed the connection unexpectedly")


def session_was_not_written(request):
    """As the middleware of sessions fails while it saves."""
    try:
        try:
            raise OperationalError("server closed the connection unexpectedly")
        except OperationalError:
            raise UpdateError  # noqa: B904 - as Django does
    except UpdateError:
        raise SessionInterrupted("The session was deleted.")  # noqa: B904 - as Django does


def session_has_ended(request):
    raise SessionInterrupted("The session was deleted.")


urlpatterns = [
    path("cursor/", cursor_was_closed),
    path("session/", session_was_not_written),
    path("ended/", session_has_ended),
    path("api/cursor/", cursor_was_closed),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler500 = urls.handler500


@pytest.mark.parametrize(
    ("address", "status"),
    [("/cursor/", 503), ("/session/", 503), ("/ended/", 400), ("/api/cursor/", 503)],
)
def test_lost_connection_is_told_as_unavailable(address, status):
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(address)

    assert (answer.status_code, "Retry-After" in answer) == (status, status == 503)
