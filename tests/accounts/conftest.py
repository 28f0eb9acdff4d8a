"""People who sign in as people do: with forms, in browsers of their own."""

import time

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import letters
from accounts.models import User
from tests.codes import SECRET, code_now
from tests.factories import person, second_factor

PASSWORD = "a long enough password"
MINUTE = 60


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    """Hashing is slow on purpose; nothing here depends on how slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def officer(db) -> User:
    """An editor with a password and an app for codes."""
    person("Editor")  # the roles, if an earlier test emptied their table
    user = User.objects.create_user("Olga@mission.example", PASSWORD, name="Olga", is_staff=True)
    user.groups.set(person("Editor").groups.all())
    return second_factor(user, SECRET)


@pytest.fixture
def newcomer(db) -> User:
    """Staff with a password, and nothing else yet."""
    return User.objects.create_user("new@mission.example", PASSWORD, name="Nina", is_staff=True)


def sign_in(browser: Client, email: str, password: str = PASSWORD, **extra):
    return browser.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def type_code(browser: Client, code: str | None = None, **extra):
    return browser.post(reverse("mfa_authenticate"), {"code": code or code_now()}, **extra)


def moved(browser: Client, **earlier: int) -> Client:
    """As if this session had begun, or been used, so many seconds earlier."""
    session = browser.session
    for name, seconds in earlier.items():
        session[name] = int(time.time()) - seconds
    session.save()
    return browser


def is_in(browser: Client) -> bool:
    """Does the office open?"""
    return browser.get(reverse("admin:index")).status_code == 200


@pytest.fixture
def mailbox(settings):
    """All letters that were sent, once the postbox is empty."""

    def emptied() -> list:
        letters.POSTBOX.submit(lambda: None).result(timeout=10)
        return mail.outbox

    return emptied
