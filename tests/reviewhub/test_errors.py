"""Error pages: the right status, in the reader's language, without the database."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from reviewhub import urls


def failing(error: Exception):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("fr/broken/", failing(ValueError("a secret")), name="broken"),
    path("ru/gone/", failing(OperationalError("a secret"))),
    path("gone/", failing(InterfaceError("a secret"))),
    path("api/gone/", failing(OperationalError("a secret"))),
    path("api/broken/", failing(ValueError("a secret"))),
    path("api/wrong/", failing(SuspiciousOperation("Too many fields"))),
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
