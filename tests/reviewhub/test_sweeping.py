"""Files that nobody names are swept away; what anything names, and what is young, stays."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from public.file_findings import FileFindings
from public.files import keep
from public.standing import files_of_editions
from public.sweeping import strays
from submissions.models import SubmissionFile
from tests.factories import DocumentFactory, PracticeFactory, RoundtableFactory, published, take
from tests.papers import a_pdf, odt, png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def stored(content: bytes, practice=None):
    """A file in the store, and the row of a record that names it, if it is given."""
    kept = keep(upload(content))
    values = {name: getattr(kept, name) for name in ("name", "media_type", "size", "sha256")}
    if practice:
        SubmissionFile.objects.create(practice=practice, title="Paper", file=kept.path, **values)
    return kept


def aged(store: Path) -> None:
    """As if everything in the store had come two days ago."""
    for path in store.rglob("*"):
        os.utime(path, (time.time() - 2 * 86_400,) * 2)


def there(store: Path) -> set[str]:
    return {path.name for path in store.rglob("*") if path.is_file()}


def sweep(*words: str) -> str:
    said = StringIO()
    call_command("sweep_files", *words, stdout=said)
    return said.getvalue()


def test_sweep_takes_what_nobody_names_and_only_when_told_to(store):
    practice, other = PracticeFactory(), PracticeFactory()
    of_record = stored(a_pdf(1), practice)
    of_log = stored(a_pdf(2), practice)
    of_edition = stored(a_pdf(3), other)
    stray = stored(a_pdf(4))
    roundtable = RoundtableFactory()
    of_roundtable = stored(odt())
    DocumentFactory(roundtable=roundtable, sha256=of_roundtable.sha256, file=of_roundtable.path)
    other.refresh_from_db()
    published(other)
    take("revise", other)
    SubmissionFile.objects.exclude(sha256=of_record.sha256).delete()
    (store / "arriving-dead").write_bytes(b"half")
    (store / "notes.txt").write_bytes(b"somebody's own")
    aged(store)
    young = stored(png())
    everything = there(store)

    assert files_of_editions() == {of_edition.sha256}
    dry = sweep()
    assert there(store) == everything
    done = sweep("--delete")

    swept = {stray.sha256, "arriving-dead"}
    assert everything - there(store) == swept
    assert {of_record, of_log, of_edition, of_roundtable, young} == {
        one
        for one in (of_record, of_log, of_edition, of_roundtable, young)
        if one.sha256 in there(store)
    }
    assert "2 files" in dry
    assert "would be removed: nothing was done, --delete does it." in dry
    assert all(one in dry and one in done for one in swept)
    assert not FileFindings.objects.filter(pk=stray.sha256).exists()
    assert "0 files" in sweep("--delete")


def test_file_that_comes_in_anew_while_it_is_swept_stays(store):
    kept = stored(a_pdf())
    aged(store)
    [stray] = strays(set())
    keep(upload(a_pdf()))  # the same bytes

    removed = stray.remove()

    assert (removed, there(store)) == (False, {kept.sha256})


def test_files_from_before_are_looked_into_and_bad_ones_are_told(store):
    practice = PracticeFactory()
    good, bad = stored(a_pdf(), practice), stored(odt(), practice)
    known = FileFindings.objects.get(pk=good.sha256).found
    FileFindings.objects.all().delete()
    (store / bad.path).write_bytes(b"MZ")
    said = StringIO()

    call_command("inspect_files", stdout=said)

    assert said.getvalue().startswith(f"{bad.sha256}: This is no PDF, DOCX")
    assert said.getvalue().endswith("\n2 files looked into.\n")
    assert list(FileFindings.objects.values_list("pk", "found")) == [(good.sha256, known)]
