"""Files: what is taken and what is refused, where it lies, and who may have it."""

import hashlib
import os
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from public.file_types import DOCX, ODT, PDF, PPTX, XLSX
from public.files import Kept, keep, readers_name
from submissions.documents import of_practice
from submissions.models import SubmissionFile
from tests.factories import PracticeFactory, person
from tests.papers import a_pdf, docx, jpeg, odt, png, pptx, upload, xlsx
from tests.sent import sent

pytestmark = pytest.mark.django_db

A_PDF = a_pdf()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        keep(upload(content))
    return caught.value.messages[0]


# --- What is taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (A_PDF, PDF, 1),
        (b"\r\n" + A_PDF, PDF, 1),
        (png(), "image/png", None),
        (jpeg(), "image/jpeg", None),
        (docx(), DOCX, None),
        (xlsx(), XLSX, None),
        (pptx(), PPTX, None),
        (odt(), ODT, None),
    ],
)
def test_type_is_known_by_content_not_by_name(content, media_type, pages):
    kept = keep(upload(content, "letter.exe"))

    assert (kept.media_type, kept.pages) == (media_type, pages)


def test_refusal_says_what_is_wrong_where_and_what_to_do(store):
    assert [
        refusal(content)
        for content in (
            b"",
            b"MZ",
            docx(parts={"word/vbaProject.bin": "x"}),
            a_pdf() + b" /JavaScript (app.alert(1))",
        )
    ] == [
        "This file is empty: choose another one.",
        "This is no PDF, DOCX, XLSX, PPTX, ODT, PNG or JPEG file, whatever its name says: save it"
        " as one of these, then choose it again.",
        "This file contains macros (word/vbaProject.bin), which could do harm on readers'"
        " computers: save it as a PDF, or as a document without macros, then choose it again.",
        "This PDF contains scripts, or starts programs, sounds or films, which could do harm on"
        " readers' computers (the file as a whole): print it to a new PDF, then choose that.",
    ]
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_file_over_the_limit_is_refused_with_both_sizes(settings):
    settings.LARGEST_FILE = 2 * 1024 * 1024

    assert refusal(A_PDF + b"\0" * (3 * 1024 * 1024)).startswith(
        "This file has 3.0 MB, at most 2 are possible"
    )


# --- Where it lies --------------------------------------------------------------------------


def test_file_lies_under_the_sum_of_its_bytes_once(store):
    first, second = keep(upload(A_PDF, "a.pdf")), keep(upload(A_PDF, "b.pdf"))

    sha256 = hashlib.sha256(A_PDF).hexdigest()
    assert first.path == second.path == f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
    assert (first.sha256, first.size) == (sha256, len(A_PDF))
    assert [path for path in store.rglob("*") if path.is_file()] == [store / first.path]
    assert (store / first.path).read_bytes() == A_PDF


def test_file_and_its_folders_are_on_the_disk_before_it_is_said_to_be_kept(store, monkeypatch):
    synced = []

    def fsync(descriptor):
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))

    monkeypatch.setattr(os, "fsync", fsync)

    place = store / keep(upload(A_PDF)).path

    assert (synced[0], synced[1].name[:9]) == (store.parent, "arriving-")
    assert synced[2:] == [store, place.parent.parent, place.parent]


def test_file_that_cannot_be_written_leaves_nothing_behind(store, monkeypatch):
    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    assert refusal(A_PDF).startswith("The file could not be stored: the server's disk is full")
    assert [path for path in store.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("Report.PDF", "Report.PDF"),
        ("..\\..\\boot\\report.pdf", "report.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("rapport\u202efdp.exe", "rapport fdp.exe.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie_ b.pdf"),
        ("отчёт 2024.docx", "отчёт 2024.pdf"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("ж" * 300, "ж" * 98 + ".pdf"),
    ],
)
def test_readers_name_has_no_path_nothing_invisible_and_the_right_ending(name, shown):
    assert readers_name(name, PDF) == shown


def test_ticket_stands_for_a_file_that_is_there_and_cannot_be_written(store):
    kept = keep(upload(A_PDF))

    assert Kept.of_ticket(kept.ticket) == kept
    for false in (kept.ticket[:-1], "", "x:y"):
        with pytest.raises(ValidationError):
            Kept.of_ticket(false)
    (store / kept.path).unlink()
    with pytest.raises(ValidationError):
        Kept.of_ticket(kept.ticket)


# --- On the screen --------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    client.force_login(person("Editor"))
    return client


def screen(record) -> str:
    return reverse("admin:submissions_practice_change", args=[record.pk])


def test_file_comes_in_with_the_record_and_is_told_in_its_document(staff, store):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))

    answer = staff.post(
        screen(practice),
        cells
        | {
            "files-0-kind": "annex",
            "files-0-language": "fr",
            "files-0-upload": upload(A_PDF, "Annexe no 1.pdf"),
        },
    )

    practice.refresh_from_db()
    assert answer.status_code == 302
    assert [file.sha256 for file in of_practice(practice).files] == [
        hashlib.sha256(A_PDF).hexdigest()
    ]
    stored = practice.files.get()
    assert (stored.title, stored.name, stored.kind, stored.language, stored.size) == (
        "Annexe no 1",
        "Annexe no 1.pdf",
        "annex",
        "fr",
        len(A_PDF),
    )
    assert stored.media_type == PDF
    assert (store / stored.file.name).read_bytes() == A_PDF


def test_file_that_came_with_a_refused_form_is_not_asked_for_again(staff):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))

    refused = staff.post(screen(practice), cells | {"title": "", "files-0-upload": upload(A_PDF)})
    again = sent(refused)
    staff.post(screen(practice), again | {"title": "With a title"})

    said = refused.content.decode().replace("\xa0", " ")
    assert f"Already received: report.pdf, {len(A_PDF)} bytes" in said
    assert SubmissionFile.objects.get().name == "report.pdf"
    practice.refresh_from_db()
    assert practice.title == "With a title"


@pytest.mark.parametrize("field", ["upload", "upload-kept"])
def test_bad_file_is_refused_on_the_form_and_nothing_is_saved(staff, field):
    practice = PracticeFactory(title="As it was")
    cells = sent(staff.get(screen(practice)))
    bad = upload(b"MZ") if field == "upload" else "forged"

    answer = staff.post(screen(practice), cells | {"title": "New", f"files-0-{field}": bad})

    reason = "This is no PDF, DOCX" if field == "upload" else "choose it again"
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    practice.refresh_from_db()
    assert (practice.title, practice.files.count()) == ("As it was", 0)


def test_row_without_a_file_asks_for_one(staff):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))

    answer = staff.post(screen(practice), cells | {"files-0-title": "Annex"})

    assert answer.status_code == 200
    assert "Choose the file." in answer.content.decode()


# --- Handing it out -------------------------------------------------------------------------


@pytest.fixture
def stored(store):
    kept = keep(upload(A_PDF, "отчёт.pdf"))
    return SubmissionFile.objects.create(
        practice=PracticeFactory(),
        title="Report",
        file=kept.path,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
    )


def address(stored, kind: str = "submissions.practice") -> str:
    return reverse("admin:file", args=[kind, stored.practice_id, stored.pk])


def test_staff_get_the_file_as_a_download_that_cannot_run(client, stored):
    client.force_login(person("Reader"))

    answer = client.get(address(stored))

    assert b"".join(answer.streaming_content) == A_PDF
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''%D0%BE%D1%82%D1%87%D1%91%D1%82.pdf",
    }
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("role", ["Editor", "Reader"])
def test_screen_of_the_record_leads_to_the_file(client, stored, role):
    client.force_login(person(role))

    page = client.get(screen(stored.practice)).content.decode()

    assert page.count(f'<a href="{address(stored)}">') == 1


def test_file_is_for_those_who_may_read_its_record(client, stored):
    focal_point = person("Reader")
    focal_point.groups.clear()
    client.force_login(focal_point)
    assert client.get(address(stored)).status_code == 403
    client.logout()
    assert client.get(address(stored)).status_code == 302


def test_file_is_found_under_its_own_record_only(client, stored, store):
    client.force_login(person("Reader"))

    other = reverse("admin:file", args=["submissions.practice", PracticeFactory().pk, stored.pk])
    no_files = reverse("admin:file", args=["objectives.objective", 1, stored.pk])
    answers = [client.get(other).status_code, client.get(no_files).status_code]
    (store / stored.file.name).unlink()

    assert answers == [404, 404]
    assert client.get(address(stored)).status_code == 404
    assert client.post(address(stored)).status_code == 405
