"""More than we read at once is refused before it is read, in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from submissions.models import Practice
from tests.factories import PracticeFactory, person
from tests.papers import a_pdf
from tests.sent import sent

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=x"


class Unread:
    """A body that nobody may read."""

    def read(self, *_size):
        raise AssertionError("it was read")

    readline = close = read


def announced(client, path: str, size: int, content_type: str = FORM, **headers):
    """The answer to a request that says that it is so long."""
    return client.generic(
        "POST",
        path,
        b"",
        content_type,
        headers=headers,
        **{"CONTENT_LENGTH": str(size), "wsgi.input": Unread()},
    )


def test_more_than_a_form_may_hold_is_refused_before_it_is_read(client):
    client.force_login(person("Editor"))

    answer = announced(client, reverse("admin:submissions_practice_add"), 100 * MEGABYTE + 1)

    said = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 413
    assert "You sent 100.0 MB; at most 100.0 MB are possible." in said
    assert "what you typed is still in the form" in said
    assert "You are not signed in" not in said


@pytest.mark.parametrize(
    "path", ["/admin/submissions/practice/add/", "/account/sign-in/", "/", "/x"]
)
def test_who_is_not_signed_in_hands_in_no_files(client, path):
    answer = announced(client, path, 3 * MEGABYTE)

    assert answer.status_code == 413
    assert "You are not signed in" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/v1/drafts/practices/", "/api/v1/practices/", "/api/nowhere/"]
)
def test_programs_are_refused_as_programs(client, path):
    answer = announced(client, f"/api/{path}", 1_000_001, "application/json")

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["detail"] == "At most 1000000 bytes."


def test_body_of_unknown_length_is_refused(client):
    answer = announced(client, "/account/sign-in/", 0, **{"Transfer-Encoding": "chunked"})

    assert answer.status_code == 400
    assert "Content-Length" in answer.content.decode()


def test_too_much_text_is_refused_in_words(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(person("Editor"))

    answer = client.post(reverse("admin:submissions_practice_add"), {"summary": "x" * 2000})

    assert answer.status_code == 413
    assert "of text are possible" in answer.content.decode()


@pytest.mark.parametrize("problem", ["large", "full", "no place"])
def test_file_that_did_not_arrive_is_told_on_the_form_with_all_that_was_typed(
    client, settings, problem, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # to the disk at once
    if problem == "large":
        settings.LARGEST_FILE = MEGABYTE
    elif problem == "full":
        settings.MEDIA_ROOT = "/dev/full/files"
    else:
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")
    practice = PracticeFactory(title="As it was")
    client.force_login(person("Editor"))
    address = reverse("admin:submissions_practice_change", args=[practice.pk])
    content = a_pdf() + b"%" + b" " * 2 * MEGABYTE

    answer = client.post(
        address,
        sent(client.get(address))
        | {"title": "Just typed", "files-0-upload": SimpleUploadedFile("a.pdf", content)},
    )

    said = answer.content.decode()
    reason = {"large": "This file has 2.0 MB, at most 1 are possible"}
    assert answer.status_code == 200
    assert reason.get(problem, "The file could not be stored") in said
    assert 'value="Just typed"' in said
    assert list(Practice.objects.values_list("title", "files")) == [("As it was", None)]
    assert not list(tmp_path.rglob("arriving-*"))
