"""The door of files: what leaves, how, and what answers like what does not exist."""

import hashlib
import logging
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from pypdf import PdfWriter

from public.fence import public_side
from public.files import Kept, keep, path_of
from public.models import PublicRecord, database_now
from public.publication import withdraw
from public.workflow import Status
from tests.factories import (
    DocumentFactory,
    PracticeFactory,
    RoundtableFactory,
    SubmissionFileFactory,
    brought_to,
    person,
    published,
    take,
)
from tests.public.files import headers_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def a_pdf(pages: int) -> bytes:
    writer, content = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.write(content)
    return content.getvalue()


def kept(content: bytes = b"", name: str = "отчёт 1.pdf") -> Kept:
    return keep(SimpleUploadedFile(name, content or a_pdf(3)))


def as_fields(file: Kept) -> dict:
    return {
        "file": file.path,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "pages": file.pages,
    }


def practice_with(file: Kept, **traits):
    practice = PracticeFactory()
    SubmissionFileFactory(practice=practice, **as_fields(file))
    practice.refresh_from_db()
    return published(practice, **traits)


def address(file: Kept) -> str:
    return reverse("public:file", args=[file.sha256, file.name])


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def status_of(answer) -> int:
    """Read to its end, which closes the file."""
    if answer.streaming:
        body(answer)
    return answer.status_code


# --- What is handed out ---------------------------------------------------------------------


def test_file_of_a_public_record_is_a_download_that_cannot_run(client):
    file = kept()
    practice_with(file)

    answer = client.get(address(file))

    assert answer.status_code == 200
    assert hashlib.sha256(body(answer)).hexdigest() == file.sha256
    wanted = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": (
            "attachment; filename*=utf-8''%D0%BE%D1%82%D1%87%D1%91%D1%82%201.pdf"
        ),
        "Content-Length": str(file.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": "application/pdf",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert answer.cookies == {}


def test_file_of_a_roundtable_leaves_by_the_same_door(client):
    file, roundtable = kept(), RoundtableFactory()
    DocumentFactory(roundtable=roundtable, **as_fields(file))
    roundtable.refresh_from_db()
    published(roundtable)

    assert hashlib.sha256(body(client.get(address(file)))).hexdigest() == file.sha256


def test_head_tells_what_get_would_send(client):
    file = kept()
    practice_with(file)

    answer = client.head(address(file))

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(file.size)
    assert client.post(address(file)).status_code == 405


@pytest.mark.parametrize(("sent", "status"), [("same", 304), ("other", 200), ("*", 304)])
def test_reader_who_has_the_file_is_not_sent_it_again(client, sent, status):
    file = kept()
    practice_with(file)
    tag = {"same": f'"{file.sha256}"', "other": '"x"', "*": "*"}[sent]

    answer = client.get(address(file), headers={"If-None-Match": tag})

    assert status_of(answer) == status
    assert answer["ETag"] == f'"{file.sha256}"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-4", 0, 5),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=10-999999", 10, None),
        ("bytes=-999999", 0, None),
    ],
)
def test_part_of_a_file_can_be_asked_for(client, asked, start, stop):
    content = a_pdf(1)
    file = kept(content)
    practice_with(file)

    answer = client.get(address(file), headers={"Range": asked})

    wanted = content[start:stop]
    first = content.index(wanted) if start >= 0 else len(content) + start
    assert (answer.status_code, body(answer)) == (206, wanted)
    assert answer["Content-Length"] == str(len(wanted))
    assert answer["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(content)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=-", "bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", f"bytes=0-{'9' * 5000}"],
)
def test_what_is_no_single_range_gets_the_whole_file(client, asked):
    file = kept()
    practice_with(file)

    answer = client.get(address(file), headers={"Range": asked})

    assert (answer.status_code, len(body(answer))) == (200, file.size)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_range_behind_the_end_is_refused_with_the_size(client, asked):
    file = kept()
    practice_with(file)

    answer = client.get(address(file), headers={"Range": asked})

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{file.size}"


def test_range_of_another_version_gets_the_whole_file(client):
    file = kept()
    practice_with(file)
    ranged = {"Range": "bytes=0-4"}

    whole = client.get(address(file), headers=ranged | {"If-Range": '"x"'})
    part = client.get(address(file), headers=ranged | {"If-Range": f'"{file.sha256}"'})

    assert (whole.status_code, len(body(whole))) == (200, file.size)
    assert (part.status_code, len(body(part))) == (206, 5)


# --- What is not ----------------------------------------------------------------------------


def assert_unknown(client, file: Kept, **asked):
    """The file answers like one that never was, but for the address that was asked."""
    stranger = "f" * 64
    answer = client.get(address(file), asked)
    unknown = client.get(address(file).replace(file.sha256, stranger), asked)

    assert answer.status_code == unknown.status_code == 404
    assert answer.content.decode().replace(file.sha256, stranger) == unknown.content.decode()
    assert headers_of(answer) == headers_of(unknown)


@pytest.mark.parametrize(
    "status",
    [Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.APPROVED],
)
def test_file_of_an_unpublished_record_does_not_exist(client, status):
    file = kept()
    practice = PracticeFactory()
    SubmissionFileFactory(practice=practice, **as_fields(file))
    practice.refresh_from_db()
    brought_to(status, practice)

    assert_unknown(client, file)


def test_file_of_a_record_under_embargo_does_not_exist(client):
    file = kept()
    practice_with(file, at=database_now() + timedelta(days=1))

    assert_unknown(client, file)


def test_file_of_a_withdrawn_record_is_gone_at_every_moment(client):
    file = kept()
    practice = practice_with(file)
    then = database_now()
    withdraw(practice, by=person("Publisher"), note="Asked for by the party.")

    assert_unknown(client, file)
    assert_unknown(client, file, at=then.isoformat())


def test_file_that_the_next_edition_leaves_out_is_that_of_the_past(client):
    file = kept()
    practice = practice_with(file)
    then = database_now().isoformat()
    take("revise", practice)
    practice.files.all().delete()
    practice.refresh_from_db()
    meanwhile = status_of(client.get(address(file)))
    published(practice)

    assert meanwhile == 200
    assert_unknown(client, file)
    assert status_of(client.get(address(file), {"at": then})) == 200


@pytest.mark.parametrize(
    ("sha256", "name"),
    [
        ("0" * 64, "report.pdf"),
        ("A" * 64, "report.pdf"),
        ("x", "report.pdf"),
        ("..", "settings.py"),
        ("0" * 64, "\0.pdf"),
        ("0" * 64, '"}]'),
    ],
)
def test_what_no_record_names_is_not_found(client, sha256, name):
    practice_with(kept())

    assert client.get(f"/files/{sha256}/{name}".replace("\0", "%00")).status_code == 404


def test_file_has_the_name_that_its_record_gives_it(client):
    file = kept()
    practice_with(file)

    renamed = reverse("public:file", args=[file.sha256, "other.pdf"])

    assert client.get(renamed).status_code == 404


def test_file_that_is_missing_from_the_store_asks_to_tell_the_secretariat(client, caplog, store):
    file = kept()
    practice_with(file)
    (store / path_of(file.sha256)).unlink()

    with caplog.at_level(logging.ERROR, logger="public.views.files"):
        answer = client.get(address(file))

    assert answer.status_code == 404
    assert "Please tell the secretariat" in answer.content.decode()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        f"A public file is missing from the store: {path_of(file.sha256)}"
    ]


# --- How it is found ------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
def test_file_costs_the_same_whoever_names_it(client, how_many, django_assert_num_queries):
    file = kept()
    for _ in range(how_many):
        practice_with(file)

    with django_assert_num_queries(5):  # 4 of them are the fence
        body(client.get(address(file)))


def test_the_public_finds_a_file_by_its_index():
    practice_with(kept())
    with connection.cursor() as cursor:  # one row would be read, one way or another
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX edition_begins")

    with public_side():
        found = PublicRecord.objects.with_file("0" * 64, "report.pdf")
        plan = found.order_by().explain()

    assert "Bitmap Index Scan on edition_files" in plan


# --- Pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 12])
def test_pages_of_a_pdf_are_counted_when_it_comes(pages):
    file = kept(a_pdf(pages))

    assert file.pages == pages
    assert Kept.of_ticket(file.ticket) == file


def test_pdf_whose_pages_nobody_can_count_is_refused():
    with pytest.raises(ValidationError) as caught:
        kept(b"%PDF-1.7\nnothing that anybody could read", "broken.pdf")

    assert caught.value.params["reason"] == "damaged_pdf"


def test_record_tells_the_pages_of_its_file(client):
    practice = practice_with(kept(a_pdf(12)))

    page = client.get(reverse("public:practice", args=[practice.code]))

    [file] = page.context["files"]
    assert (file["type"], file["pages"], file["language_name"]) == ("PDF", 12, "English")
    assert "12 pages" in page.content.decode()
