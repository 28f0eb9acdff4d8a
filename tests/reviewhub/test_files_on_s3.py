"""Files in a bucket: taken, kept, handed out and swept as on a disk, and faults are told."""

import hashlib
import os
from io import BytesIO, StringIO

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from public import store
from public.files import Kept, keep
from public.sweeping import strays
from submissions.models import SubmissionFile
from tests.factories import PracticeFactory, person, published
from tests.papers import a_pdf, png, upload
from tests.public.files import content_of
from tests.s3_server import running, used_by
from tests.sent import sent

pytestmark = pytest.mark.django_db

PDF = a_pdf(2)
NAME = "Étude.pdf"
NOT_STORED = "The file could not be stored"


@pytest.fixture
def bucket(settings, monkeypatch, tmp_path):
    """The site with its files in a bucket, and no folder that could serve in its place."""
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    with running() as server:
        used_by(settings, monkeypatch, server)
        yield server
    assert not settings.MEDIA_ROOT.exists()


def denied(settings, monkeypatch) -> None:
    """The key is another one from now on."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    settings.STORAGES = dict(settings.STORAGES)  # the storage is made anew


@pytest.fixture(params=["away", "denied", "no bucket"])
def fault(request, bucket, settings, monkeypatch):
    """Brings the fault about."""
    return {
        "away": bucket.stop,
        "denied": lambda: denied(settings, monkeypatch),
        "no bucket": lambda: setattr(bucket, "bucket", "renamed"),
    }[request.param]


@pytest.fixture
def staff(client):
    client.force_login(person("Editor"))
    client.raise_request_exception = False
    return client


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


def screen(record) -> str:
    return reverse("admin:submissions_practice_change", args=[record.pk])


def stored(content: bytes = PDF) -> SubmissionFile:
    """A file of a published practice."""
    kept = keep(upload(content, NAME))
    values = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256")}
    practice = PracticeFactory()
    row = SubmissionFile.objects.create(practice=practice, title="Paper", file=kept.path, **values)
    practice.refresh_from_db()
    published(practice)
    return row


def public_address(row: SubmissionFile) -> str:
    return reverse("public:file", args=[row.sha256, row.name])


def office_address(row: SubmissionFile) -> str:
    return reverse("admin:file", args=["submissions.practice", row.practice_id, row.pk])


# --- In and out -----------------------------------------------------------------------------


def test_file_comes_in_with_a_form_and_leaves_for_visitors(staff, bucket):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))

    saved = staff.post(screen(practice), cells | {"files-0-upload": upload(PDF, NAME)})
    practice.refresh_from_db()
    published(practice)
    row = practice.files.get()
    mine = staff.get(office_address(row))
    of_office = mine.getvalue()
    staff.logout()
    answer = staff.get(public_address(row))

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert saved.status_code == 302
    assert {name: content for name, (content, _at) in bucket.objects.items()} == {
        f"review/{sha256[:2]}/{sha256[2:4]}/{sha256}": PDF
    }
    assert (mine.status_code, mine["Content-Length"], of_office) == (200, str(len(PDF)), PDF)
    assert content_of(answer) == PDF
    assert {name: answer[name] for name in ("Content-Length", "ETag", "Content-Disposition")} == {
        "Content-Length": str(len(PDF)),
        "ETag": f'"{sha256}"',
        "Content-Disposition": "attachment; filename*=utf-8''%C3%89tude.pdf",
    }


def test_part_of_a_file_is_a_part_and_an_unchanged_one_asks_nobody(visitor, bucket):
    row = stored()
    address = public_address(row)

    parts = [
        visitor.get(address, headers={"Range": asked})
        for asked in ("bytes=1-3", "bytes=-5", f"bytes={len(PDF)}-")
    ]
    said = [(one.status_code, one.getvalue(), one["Content-Range"]) for one in parts]
    head = visitor.head(address)
    bucket.asked.clear()
    unchanged = visitor.get(address, headers={"If-None-Match": f'"{row.sha256}"'})

    size = len(PDF)
    assert said == [
        (206, PDF[1:4], f"bytes 1-3/{size}"),
        (206, PDF[-5:], f"bytes {size - 5}-{size - 1}/{size}"),
        (416, b"", f"bytes */{size}"),
    ]
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(size), b"")
    assert (unchanged.status_code, bucket.asked) == (304, [])


def test_the_same_bytes_are_one_object(bucket):
    first, second = keep(upload(PDF, "a.pdf")), keep(upload(PDF, "b.pdf"))

    assert first.path == second.path
    assert list(bucket.objects) == [f"review/{first.path}"]


def test_large_file_goes_in_parts_and_comes_in_pieces(visitor, bucket):
    noise = os.urandom(20 * 1024 * 1024)
    name = "ab/cd/large"
    store.put(name, File(BytesIO(noise)))
    came, bucket.asked = bucket.asked, []
    with default_storage.open(name) as file:
        begins = file.read(64 * 1024)
        first, bucket.asked = bucket.asked, []
        rest = b"".join(file.chunks(64 * 1024))[len(begins) :]

    place = f"review/{name}"
    assert came == [f"POST {place}", *[f"PUT {place}"] * 3, f"POST {place}"]
    assert (bucket.objects[place][0], bucket.parts) == (noise, {})
    assert first == [f"HEAD {place}", f"GET {place}"]  # 4 MB, which is all that is in memory
    assert bucket.asked.count(f"GET {place}") in (4, 5)
    assert begins + rest == noise


def test_ticket_stands_for_a_file_that_is_there(bucket):
    kept = keep(upload(png()))

    assert Kept.of_ticket(kept.ticket) == kept


# --- Faults ---------------------------------------------------------------------------------


def test_file_that_the_bucket_does_not_have_is_not_found(staff, bucket):
    row = stored()
    bucket.objects.clear()

    answers = [staff.get(public_address(row)), staff.get(office_address(row))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "The file is missing on our side" in answers[0].content.decode()


def test_visitor_is_told_to_come_back_when_the_bucket_does_not_answer(staff, fault):
    row = stored()
    fault()

    answers = [staff.get(public_address(row)), staff.get(office_address(row))]

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [
        (503, "10"),
        (503, "10"),
    ]


def test_upload_is_refused_with_what_was_typed_when_the_bucket_does_not_answer(staff, fault):
    practice = PracticeFactory(title="As it was")
    cells = sent(staff.get(screen(practice)))
    fault()

    answer = staff.post(
        screen(practice), cells | {"title": "Newly typed", "files-0-upload": upload(PDF)}
    )

    practice.refresh_from_db()
    assert answer.status_code == 200
    assert NOT_STORED in answer.content.decode()
    assert sent(answer)["title"] == ["Newly typed"]
    assert (practice.title, practice.files.count()) == ("As it was", 0)


def test_file_that_stayed_with_a_form_waits_for_the_bucket(staff, bucket):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))
    again = sent(
        staff.post(screen(practice), cells | {"title": "", "files-0-upload": upload(PDF)})
    )
    bucket.stop()

    answer = staff.post(screen(practice), again | {"title": "Newly typed"})

    page = answer.content.decode()
    assert (answer.status_code, practice.files.count()) == (503, 0)
    assert 'name="title" value="Newly typed"' in page
    assert f'name="files-0-upload-kept" value="{again["files-0-upload-kept"][0]}"' in page


# --- Commands -------------------------------------------------------------------------------


def test_sweep_takes_what_nobody_names_and_leaves_what_is_young(bucket):
    named = stored(a_pdf(1))
    old, young, anew = (keep(upload(paper)) for paper in (a_pdf(3), png(), a_pdf(4)))
    bucket.objects["review/notes.txt"] = bucket.objects[f"review/{old.path}"]
    bucket.objects["elsewhere"] = bucket.objects[f"review/{old.path}"]
    for name in (named.file.name, old.path, anew.path, "notes.txt"):
        bucket.age(f"review/{name}")
    [of_anew] = [one for one in strays({named.sha256, old.sha256}) if one.path == anew.path]
    keep(upload(a_pdf(4)))
    said = StringIO()

    call_command("sweep_files", "--delete", stdout=said)

    assert said.getvalue().splitlines()[1].startswith("1 files, ")
    assert not of_anew.remove()
    assert set(bucket.objects) == {
        "elsewhere",
        "review/notes.txt",
        *(f"review/{name}" for name in (named.file.name, young.path, anew.path)),
    }


def test_stored_files_are_looked_into_where_they_are(bucket):
    stored()
    said = StringIO()

    call_command("inspect_files", "--again", stdout=said)

    assert said.getvalue() == "1 files looked into.\n"


@pytest.mark.parametrize("words", [("sweep_files", "--delete"), ("inspect_files", "--again")])
def test_command_says_that_the_bucket_does_not_answer(words, fault):
    stored()
    fault()

    with pytest.raises(CommandError, match="Error performing"):
        call_command(*words, stdout=StringIO())
