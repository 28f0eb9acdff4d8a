"""The one door by which files come in: checked, stored under the sum of their bytes, kept.

A file lies at `ab/cd/<sha256>` in the store (`public/store.py`), outside any web root: nothing of
the name that it came with is part of its place, and the same bytes lie there once. It is written
before the row that names it; a row that is never written leaves a file that nobody names.
"""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from public import store
from public.arriving import NotArrived
from public.file_findings import FileFindings, findings_of
from public.file_inspection import inspect
from public.file_types import ENDINGS, MEGABYTE
from public.file_words import Told

LONGEST_NAME = 200  # bytes: what every file system and mail program takes
TICKET_HOURS = 12  # as long as people stay signed in
SHA256 = re.compile("[0-9a-f]{64}")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A file that is stored: its place, and what readers are told of it."""

    path: str
    name: str
    media_type: str
    size: int
    sha256: str
    pages: int | None = None  # of a PDF

    @property
    def ticket(self) -> str:
        """Stands for the file in a form that has to be sent again; nobody else can write one."""
        return signing.dumps(asdict(self), salt=__name__)

    @property
    def findings(self) -> list[Told] | None:
        """What readers would get with it; None if nobody has looked into it."""
        return findings_of([self.sha256]).get(self.sha256)

    @classmethod
    def of_ticket(cls, ticket: str) -> Self:
        """The file that a form kept; `ValidationError` if it must be chosen again."""
        with suppress(signing.BadSignature, TypeError):
            kept = cls(**signing.loads(ticket, salt=__name__, max_age=TICKET_HOURS * 3600))
            if default_storage.exists(kept.path):
                return kept
        raise ValidationError(_("The file did not stay with the form: choose it again."))


def keep(upload: UploadedFile) -> Kept:
    """Check an upload and store it for good; `ValidationError` says what to do about a bad one.

    When it returns, the bytes are stored and would survive a loss of power.
    """
    if isinstance(upload, NotArrived) and not upload.is_too_large:
        raise _not_stored()
    if not upload.size:
        raise ValidationError(_("This file is empty: choose another one."), code="file")
    if upload.size > settings.LARGEST_FILE:
        raise ValidationError(
            _(
                "This file has %(size)s MB, at most %(most)d are possible: split it, or make it"
                " smaller (for example with pictures of a lower resolution)."
            ),
            code="file",
            params={
                "size": f"{upload.size / MEGABYTE:.1f}",
                "most": settings.LARGEST_FILE // MEGABYTE,
            },
        )
    try:
        return _keep(upload)
    except OSError as error:
        logger.exception("An upload could not be stored")
        raise _not_stored() from error


def _not_stored() -> ValidationError:
    return ValidationError(
        _(
            "The file could not be stored: the server's disk is full, or takes nothing at the"
            " moment. Nothing is lost: save without the file, tell an administrator, and add it"
            " later."
        ),
        code="file",
    )


def path_of(sha256: str) -> str:
    """The name in the store of the file with this check sum."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def readers_name(name: str, media_type: str) -> str:
    """What the reader's computer will call it: no path, nothing invisible, the right ending."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    # control and formatting characters; some turn the direction of writing and hide an ending
    name = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in name)
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split()))
    stem, dot, ending = name.rpartition(".")
    every_ending = {one for endings in ENDINGS.values() for one in endings}
    known = f".{ending.lower()}" in every_ending
    right = f".{ending}" if dot and f".{ending.lower()}" in ENDINGS[media_type] else None
    stem = (stem if known else name).strip(". ") or "file"
    right = right or ENDINGS[media_type][0]
    room = LONGEST_NAME - len(right.encode())
    return stem.encode()[:room].decode(errors="ignore").strip(". ") + right


def _keep(upload: UploadedFile) -> Kept:
    """Look into the bytes, and only then give them their place."""
    with _on_this_disk(upload) as file:
        inspected = inspect(file)
        content, digest, size = File(file), hashlib.sha256(), 0
        for chunk in content.chunks():
            digest.update(chunk)
            size += len(chunk)
        sha256 = digest.hexdigest()
        path = path_of(sha256)
        store.put(path, content)
    FileFindings.objects.update_or_create(pk=sha256, defaults={"found": inspected.findings})
    name = readers_name(upload.name or "", inspected.media_type)
    return Kept(path, name, inspected.media_type, size, sha256, inspected.pages)


@contextmanager
def _on_this_disk(upload: UploadedFile) -> Iterator[IO[bytes]]:
    """The upload as a file that another process can read: small ones came in memory."""
    upload.seek(0)
    if isinstance(upload, TemporaryUploadedFile):
        with Path(upload.temporary_file_path()).open("rb") as file:
            yield file
        return
    with TemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy
