"""Sessions end: with time, with the account, and when their owner wants it."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from submissions.models import Practice
from tests.accounts.conftest import MINUTE, is_in, moved, sign_in, type_code
from tests.factories import PracticeFactory

pytestmark = pytest.mark.django_db

HOUR = 60 * MINUTE


@pytest.fixture
def signed_in(client, officer):
    sign_in(client, officer.email)
    type_code(client)
    return client


@pytest.mark.parametrize(
    ("times", "goes_on"),
    [
        ({"began": 12 * HOUR - MINUTE, "used": MINUTE}, True),
        ({"began": 12 * HOUR + 1, "used": MINUTE}, False),
        ({"began": 2 * HOUR, "used": HOUR - MINUTE}, True),
        ({"began": 2 * HOUR, "used": HOUR + 1}, False),
    ],
)
def test_session_ends_after_twelve_hours_and_after_one_unused(signed_in, times, goes_on):
    assert is_in(moved(signed_in, **times)) is goes_on


def test_session_that_ended_is_gone_and_its_owner_is_told(signed_in):
    key = signed_in.session.session_key
    moved(signed_in, began=13 * HOUR)

    page = signed_in.get(reverse("admin:index"), follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "You were signed out: a session ends after an hour without a click, and after twelve"
        " hours. Sign in to go on."
    ]
    assert not signed_in.session.exists(key)


def test_sessions_that_nobody_ended_are_swept_when_somebody_signs_in(officer):
    forgotten = SessionStore()
    forgotten.set_expiry(-1)
    forgotten.save()

    Client().force_login(officer)

    assert not forgotten.exists(forgotten.session_key)


def test_session_that_does_not_know_its_beginning_is_over(signed_in):
    session = signed_in.session
    del session["began"]
    session.save()

    assert not is_in(signed_in)


def test_using_a_session_keeps_it_but_its_beginning_stays(signed_in):
    moved(signed_in, began=5 * HOUR, used=50 * MINUTE)
    began = signed_in.session["began"]

    signed_in.get(reverse("admin:index"))

    assert time.time() - signed_in.session["used"] < MINUTE
    assert signed_in.session["began"] == began


def test_open_form_does_not_keep_a_session(signed_in):
    practice = PracticeFactory()
    used = moved(signed_in, began=5 * HOUR, used=50 * MINUTE).session["used"]

    answer = signed_in.post(reverse("admin:presence", args=[Practice, practice.pk]))

    assert (answer.status_code, signed_in.session["used"]) == (200, used)


def test_address_of_an_open_form_is_the_one_that_sessions_know():
    assert reverse("admin:presence", args=[Practice, 1]).endswith(sessions.HEARTBEAT)


def test_session_is_written_once_a_minute_only(signed_in, django_assert_num_queries):
    signed_in.get(reverse("admin:jsi18n"))

    with django_assert_num_queries(2):
        signed_in.get(reverse("admin:jsi18n"))


def test_cookie_of_the_session_is_for_this_browser_alone(signed_in):
    cookie = signed_in.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (
        True,
        "Lax",
        "",
        "",
    )


def test_public_pages_ask_nobody_who_they_are(signed_in):
    assert "Cookie" not in signed_in.get("/health/live").headers.get("Vary", "")


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_account_that_is_switched_off_is_out_at_once_and_stays_out(signed_in, officer, change):
    account = User.objects.filter(pk=officer.pk)

    account.update(**change)
    assert not is_in(signed_in)

    account.update(is_active=True, is_staff=True)
    assert not is_in(signed_in)


def test_session_nobody_used_while_the_account_was_off_does_not_revive(signed_in, officer):
    account = User.objects.filter(pk=officer.pk)

    account.update(is_active=False)
    account.update(is_active=True)

    assert not is_in(signed_in)


def test_other_changes_of_an_account_end_nothing(signed_in, officer):
    User.objects.filter(pk=officer.pk).update(name="Olga B.", is_superuser=True)

    assert is_in(signed_in)


def test_owner_signs_out_everywhere_else(signed_in, officer):
    other = Client()
    other.force_login(officer)

    signed_in.post(reverse("account_sign_out_elsewhere"))

    assert is_in(signed_in)
    assert not is_in(other)


def test_signing_out_elsewhere_needs_a_button(signed_in):
    assert signed_in.get(reverse("account_sign_out_elsewhere")).status_code == 405
