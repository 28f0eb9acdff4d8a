"""Log lines of production: machines can read them, and they hold nobody's data."""

import io
import json
import logging

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings
from django.urls import path

from accounts.models import User
from reviewhub import logs, slow_statements, urls
from reviewhub.request_id import HEADER, RequestIdFilter
from tests.factories import person

PERSONAL = "olga.petrova@mission.example"


def fails_with_a_row(request, word):
    with transaction.atomic():
        User.objects.create(email=person("Editor").email, name=word)


def fails_with_words(request, word):
    try:
        raise KeyError(word)
    except KeyError as error:
        raise ValueError(f"{word} from 198.51.100.7") from error


urlpatterns = [
    path("taken/<str:word>/", fails_with_a_row),
    path("broken/<str:word>/", fails_with_words),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler500 = urls.handler500


@pytest.fixture
def lines():
    """What is logged as production logs it."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(logs.JsonLines())
    root, access = logging.getLogger(), logging.getLogger("reviewhub.access")
    handler.addFilter(RequestIdFilter())
    root.addHandler(handler)
    level = access.level
    access.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    root.removeHandler(handler)
    access.setLevel(level)


@pytest.mark.django_db
def test_fault_is_told_by_its_place_and_constraint_and_names_nobody(lines):
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(f"/taken/{PERSONAL}/?q={PERSONAL}")

    fault, line = lines()
    error = fault["faults"][0]
    assert answer.status_code == 500
    assert (fault["request_id"], line["request_id"]) == (answer[HEADER],) * 2
    assert (fault["level"], fault["message"], fault["route"]) == (
        "ERROR",
        "…: …",
        "/taken/<str:word>/",
    )
    assert (error["kind"], error["at"][-1].split()[-1]) == (IntegrityError.__name__, "_execute")
    assert [one.get("constraint", "") for one in fault["faults"]][-1].startswith("accounts_user")
    assert {name: line[name] for name in ("message", "method", "route", "status")} == {
        "message": "answered",
        "method": "GET",
        "route": "/taken/<str:word>/",
        "status": 500,
    }
    assert "olga" not in json.dumps([fault, line])
    assert "editor@" not in json.dumps([fault, line])


def test_words_of_faults_are_left_out_with_those_that_led_to_them(lines):
    with override_settings(ROOT_URLCONF=__name__):
        Client(raise_request_exception=False).get(f"/broken/{PERSONAL}/")

    fault = lines()[0]
    assert [error["kind"] for error in fault["faults"]] == ["ValueError", "KeyError"]
    assert "olga" not in json.dumps(lines())
    assert "198.51.100" not in json.dumps(lines())


@pytest.mark.parametrize(
    ("logger", "words", "args", "told"),
    [
        ("django.x", "Not Found: %s", ("/account/reset/1-secret/",), "Not Found: …"),
        ("gunicorn.error", "Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
        ("gunicorn.error", "Invalid request from ip=198.51.100.7: x", (), None),
        ("gunicorn.error", "Invalid request from ip=2001:db8::7: x", (), None),
        ("django.x", "%(word)s", ({"word": PERSONAL},), "%(word)s"),
        ("public.views.files", "A file is missing: %s", ("ab/cd",), "A file is missing: ab/cd"),
        ("accounts.x", "To %s", (PERSONAL,), "To …"),
    ],
)
def test_texts_are_filled_in_for_our_own_words_only(logger, words, args, told):
    record = logging.getLogger(logger).makeRecord(logger, 20, "", 1, words, args, None)

    line = json.loads(logs.JsonLines().format(record))

    assert line["message"] == (told or "Invalid request from ip=…: x")


@override_settings(ADMINS=[("a", "operators@example.org")])
def test_operators_are_mailed_once_and_then_how_often():
    handler = logs.ErrorMail(logging.ERROR)
    handler.setFormatter(logs.JsonLines())
    record = logging.getLogger("django.request").makeRecord(
        "django.request", logging.ERROR, "", 1, "%s: %s", ("Fault", f"/{PERSONAL}"), None
    )

    for _ in range(5):
        handler.handle(record)
    handler.next_at = 0
    handler.handle(record)
    logs.POSTBOX.submit(lambda: None).result(timeout=10)

    first, second = mail.outbox
    assert [first.to, second.to] == [["operators@example.org"]] * 2
    assert json.loads(first.body)["message"] == "…: …"
    assert "4 more since the last mail" in second.body
    assert "olga" not in first.subject + first.body + second.subject + second.body


@pytest.mark.django_db
def test_slow_statement_has_one_line_without_its_values(lines, settings):
    settings.SLOW_STATEMENT_MS = 20
    slow_statements.watch(connection)
    slow_statements.watch(connection)  # as when it is opened again
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.03),\n    %s", [PERSONAL])
            cursor.execute("SELECT %s", [PERSONAL])
    finally:
        connection.execute_wrappers.remove(slow_statements.timed)

    [line] = lines()
    assert line["message"] == "slow: SELECT pg_sleep(0.03), %s"
    assert (line["level"], line["milliseconds"] >= 30) == ("WARNING", True)
    assert slow_statements.timed not in connection.execute_wrappers
