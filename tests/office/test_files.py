"""Files: what is taken and what is refused, where it lies, and who may have it."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from public import file_types, files
from public.file_types import DOCX, ODT, PDF, PPTX, XLSX
from public.files import Kept, keep, readers_name
from submissions.documents import of_practice
from submissions.models import SubmissionFile
from tests.factories import PracticeFactory, person
from tests.sent import sent

pytestmark = pytest.mark.django_db

A_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
A_PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
A_JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def zipped(**parts) -> bytes:
    """A ZIP file of these parts; in their names `__` stands for `/` and `_rels` ends with it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def types(main: str) -> str:
    return f"""<?xml version="1.0"?>
    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
    <Override PartName="/main.xml" ContentType="{main}"/></Types>"""


def office(kind: str = DOCX, **parts) -> bytes:
    return zipped(**{"[Content_Types].xml": types(f"{kind}.main+xml"), "main.xml": "<w/>"} | parts)


def relation(kind: str, target: str) -> str:
    return f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
    <Relationship Id="r1" Type="http://example.org/relationships/{kind}" Target="{target}"
    TargetMode="External"/></Relationships>"""


def open_document(**parts) -> bytes:
    return zipped(**{"mimetype": ODT, "content.xml": "<office/>"} | parts)


def upload(content: bytes, name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        keep(upload(content))
    return caught.value.messages[0]


# --- What is taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (A_PDF, PDF),
        (b"\r\n" + A_PDF, PDF),
        (A_PNG, "image/png"),
        (A_JPEG, "image/jpeg"),
        (office(DOCX), DOCX),
        (office(XLSX), XLSX),
        (office(PPTX), PPTX),
        (open_document(), ODT),
        (office(**{"word/_rels/d.xml.rels": relation("hyperlink", "https://un.org")}), DOCX),
        (office(**{"word/embeddings/Sheet1.xlsx": "a chart's numbers"}), DOCX),
    ],
)
def test_type_is_known_by_content_not_by_name(content, media_type):
    assert keep(upload(content, "letter.exe")).media_type == media_type


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This file is empty: choose another one."),
        (b"MZ\x90\0 a program", file_types.UNKNOWN),
        (b"<html><script>alert(1)</script>", file_types.UNKNOWN),
        (b"GIF89a", file_types.UNKNOWN),
        (zipped(readme="nothing"), file_types.UNKNOWN),
        (zipped(**{"[Content_Types].xml": types("text/plain")}), file_types.UNKNOWN),
        (zipped(mimetype="application/epub+zip"), file_types.UNKNOWN),
        (office()[:-30], file_types.DAMAGED),
        (zipped(**{"[Content_Types].xml": "<Types"}), file_types.DAMAGED),
        (
            zipped(**{"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            file_types.DAMAGED,
        ),
        (zipped(mimetype=ODT), file_types.DAMAGED),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), file_types.PASSWORD),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), file_types.OLD_OFFICE),
        (A_PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root"), file_types.PASSWORD),
        (
            open_document(**{"META-INF/manifest.xml": "<m:encryption-data xmlns:m='m'/>"}),
            file_types.PASSWORD,
        ),
        (A_PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>"), None),
        (A_PDF.replace(b"/Catalog", b"/Catalog /A << /S /Launch /F (a.exe) >>"), None),
        (office(f"{DOCX}.macroEnabled"), file_types.MACROS),
        (office(**{"word/vbaProject.bin": "x"}), file_types.MACROS),
        (open_document(**{"Basic/script-lc.xml": "x"}), file_types.MACROS),
        (office(**{"word/activeX/activeX1.bin": "x"}), file_types.OBJECTS),
        (office(**{"word/embeddings/oleObject1.bin": "x"}), file_types.OBJECTS),
    ],
)
def test_what_readers_could_not_open_safely_is_refused(content, reason, store):
    assert refusal(content) == (reason or file_types.SCRIPTS)
    assert not store.exists()


def test_part_that_is_fetched_from_elsewhere_is_refused_and_named():
    content = office(
        **{"word/_rels/s.rels": relation("attachedTemplate", "https://evil.example/t.dotm")}
    )

    assert refusal(content) == file_types.OUTSIDE % {"target": "https://evil.example/t.dotm"}


def test_scripts_are_found_where_two_pieces_of_reading_meet():
    before = file_types.MEGABYTE - len(A_PDF) - 5

    assert refusal(A_PDF + b" " * before + b"/JavaScript (app.alert(1))") == file_types.SCRIPTS


def test_file_that_unpacks_too_large_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(file_types, "MOST_UNPACKED", file_types.MEGABYTE)

    assert refusal(office(**{"word/bomb.xml": "0" * 2_000_000})) == file_types.TOO_MUCH % {
        "most": 1,
        "parts": file_types.MOST_PARTS,
    }


def test_file_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(file_types, "MOST_PARTS", 3)

    for parts in (4, 9):
        content = office(**{f"word/{number}.xml": "" for number in range(parts)})
        assert "has more than 3 parts" in refusal(content)


def test_list_of_parts_that_is_too_long_is_not_read_whole(monkeypatch):
    monkeypatch.setattr(file_types, "MOST_OF_A_LIST", 100)

    assert "unpacks to more than" in refusal(office())


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

    monkeypatch.setattr(files.os, "fsync", fsync)

    place = store / keep(upload(A_PDF)).path

    assert synced[0].name.startswith("arriving-")
    assert synced[1:] == [store, place.parent.parent, place.parent]


def test_file_that_cannot_be_written_leaves_nothing_behind(store, monkeypatch):
    def full(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        keep(upload(A_PDF))
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

    reason = str(file_types.UNKNOWN) if field == "upload" else "choose it again"
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
