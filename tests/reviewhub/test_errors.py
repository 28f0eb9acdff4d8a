"""Error pages: the right status, in the reader's language, without the database."""

import errno
import re
from html import unescape

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from reviewhub import urls


def failing(error: Exception):
    def view(request):
        raise error

    return view


def interrupted(request):
    try:
        raise OperationalError("a secret")
    except OperationalError as error:
        raise SessionInterrupted("the session was deleted") from error


urlpatterns = [
    path("interrupted/", interrupted),
    path("fr/broken/", failing(ValueError("a secret")), name="broken"),
    path("ru/gone/", failing(OperationalError("a secret"))),
    path("gone/", failing(InterfaceError("a secret"))),
    path("api/gone/", failing(OperationalError("a secret"))),
    path("api/broken/", failing(ValueError("a secret"))),
    path("api/wrong/", failing(SuspiciousOperation("Too many fields"))),
    path("form/gone/", failing(OperationalError("a secret"))),
    path("form/full/", failing(OSError(errno.ENOSPC, "a secret"))),
    path("form/broken/", failing(OSError(errno.EIO, "a secret"))),
    path("account/gone/", failing(OperationalError("a secret"))),
    path("form/", lambda request: HttpResponse("taken")),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler500 = urls.handler500


@pytest.fixture
def visitor():
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/fr/broken/", 500, "Un problème est survenu de notre côté"),
        ("/ru/gone/", 503, "Скоро вернемся"),
        ("/gone/", 503, "Back in a moment"),
        ("/interrupted/", 503, "Back in a moment"),
        ("/api/gone/", 503, "Back in a moment"),
    ],
)
def test_failures_are_told_in_the_readers_language(visitor, address, status, says):
    answer = visitor.get(address)

    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert "a secret" not in answer.content.decode()
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/fr/nowhere/", 404, "existe pas"),
        ("/ru/?at=tomorrow", 400, "2024-03-11"),
    ],
)
def test_wrong_addresses_are_told_in_the_readers_language(visitor, address, status, says):
    answer = visitor.get(address)

    assert (answer.status_code, says in answer.content.decode()) == (status, True)


@pytest.mark.parametrize(
    ("address", "status", "kind", "says"),
    [
        ("/api/broken/", 500, "failed", "Something failed on our side"),
        ("/api/gone/", 503, "unavailable", "Back in a moment"),
        ("/api/wrong/", 400, "bad-request", "Too many fields"),
        ("/api/nothing/", 404, "not-found", "There is nothing public under this address"),
    ],
)
def test_programs_are_told_of_failures_as_problems(visitor, address, status, kind, says):
    answer = visitor.get(address)

    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == status
    assert answer.json() == {
        "type": f"/api/docs/problems/#{kind}",
        "title": answer.json()["title"],
        "status": status,
        "detail": says,
    }


def test_a_form_without_its_mark_says_what_to_do():
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(enforce_csrf_checks=True).post("/form/", {"text": "long"})

    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()


# --- What was typed -------------------------------------------------------------------------

MARK = "a" * 32
TYPED = {
    "csrfmiddlewaretoken": MARK,
    "title": 'A "title" & <more>',
    "text": "\nTwo lines\nof text",
    "objectives": ["7", "15"],
    "new_password": "not again",
}


@pytest.fixture
def writer():
    """Somebody whose browser has the cookie that belongs to the mark of the form."""
    with override_settings(ROOT_URLCONF=__name__):
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.cookies["csrftoken"] = MARK
        yield browser


def fields_of(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(unescape(name), unescape(value)) for name, value in found]


@pytest.mark.parametrize("address", ["/form/gone/?next=/x", "/form/full/"])
def test_page_of_the_failure_holds_what_was_typed_to_be_sent_again(writer, address):
    answer = writer.post(address, TYPED)

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert f'<form method="post" action="{address}">' in answer.text
    assert fields_of(answer.text) == [
        ("csrfmiddlewaretoken", MARK),
        ("title", 'A "title" & <more>'),
        ("text", "\nTwo lines\nof text"),
        ("objectives", "7"),
        ("objectives", "15"),
    ]
    assert re.findall('<p class="typed">([^<]*)</p>', answer.text) == [
        "A &quot;title&quot; &amp; &lt;more&gt;",
        "\nTwo lines\nof text",
    ]
    assert answer["Cache-Control"] == "no-store"


def test_files_are_asked_for_again_by_name(writer):
    answer = writer.post(
        "/form/gone/", {**TYPED, "attachment": SimpleUploadedFile("plan.pdf", b"%PDF")}
    )

    assert 'enctype="multipart/form-data"' in answer.text
    assert "Choose this file again: plan.pdf" in answer.text
    assert '<input type="file" name="attachment">' in answer.text


@pytest.mark.parametrize(
    ("address", "typed", "status"),
    [
        ("/account/gone/", TYPED, 503),  # passwords and codes
        ("/form/gone/", TYPED | {"csrfmiddlewaretoken": "b" * 32}, 403),  # another site's words
        ("/form/broken/", TYPED, 500),
    ],
)
def test_nothing_typed_comes_back(writer, address, typed, status):
    answer = writer.post(address, typed)

    assert (answer.status_code, fields_of(answer.text)) == (status, [])
