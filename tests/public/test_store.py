"""Files on a storage that is no folder of this machine: nothing but Django's storage is asked."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from public.files import Kept, keep
from submissions.models import SubmissionFile
from tests.factories import PracticeFactory, published
from tests.papers import a_pdf, png, upload
from tests.public.files import content_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path):
    """A storage in memory, and no folder that could serve in its place."""
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    yield
    assert not settings.MEDIA_ROOT.exists()


def of_practice(kept: Kept) -> SubmissionFile:
    values = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256")}
    practice = PracticeFactory()
    row = SubmissionFile.objects.create(practice=practice, title="Paper", file=kept.path, **values)
    practice.refresh_from_db()
    published(practice)
    return row


def aged(path: str) -> None:
    default_storage._resolve(path).modified_time = timezone.now() - timedelta(days=2)


def test_files_are_taken_and_served_whole_and_in_part(client):
    kept = keep(upload(a_pdf(2), "a.pdf"))
    of_practice(kept)
    address = reverse("public:file", args=[kept.sha256, kept.name])

    whole = content_of(client.get(address))
    part = client.get(address, headers={"Range": "bytes=1-3"})

    assert isinstance(default_storage._wrapped, InMemoryStorage)
    assert whole == a_pdf(2)
    assert (part.status_code, part.getvalue()) == (206, b"PDF")
    default_storage.delete(kept.path)
    assert client.get(address).status_code == 404


def test_the_same_bytes_lie_there_once():
    first, second = keep(upload(a_pdf(), "a.pdf")), keep(upload(a_pdf(), "b.pdf"))

    assert first.path == second.path
    assert default_storage.listdir(first.path.rpartition("/")[0]) == ([], [first.sha256])


def test_ticket_stands_for_a_file_that_is_there():
    kept = keep(upload(png()))

    assert Kept.of_ticket(kept.ticket) == kept
    default_storage.delete(kept.path)
    with pytest.raises(ValidationError):
        Kept.of_ticket(kept.ticket)


def test_sweep_takes_what_nobody_names_and_leaves_what_is_young():
    named, stray, young = (keep(upload(paper)) for paper in (a_pdf(1), a_pdf(2), png()))
    of_practice(named)
    aged(named.path)
    aged(stray.path)
    said = StringIO()

    call_command("sweep_files", "--delete", stdout=said)

    assert [default_storage.exists(one.path) for one in (named, stray, young)] == [
        True,
        False,
        True,
    ]
    assert said.getvalue().startswith(stray.path)


def test_stored_files_are_looked_into_where_they_are():
    of_practice(keep(upload(a_pdf())))
    said = StringIO()

    call_command("inspect_files", "--again", stdout=said)

    assert said.getvalue() == "1 files looked into.\n"
