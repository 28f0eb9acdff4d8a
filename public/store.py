"""Where the bytes of files are: on this disk, or wherever `FILES_STORAGE_URL` says.

All else speaks to Django's storage (`default_storage`) and knows names only: `ab/cd/<sha256>`.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.utils import timezone

ARRIVING = "arriving-"  # so begin the names of files that are being written
SWEEPING = "sweeping-"  # and of those that are being taken away
DAY = timedelta(days=1)  # a form with a file that has arrived may be sent for 12 hours


class Away(OSError):
    """The storage does not answer, or refuses the site: it passes, or an operator mends it."""


class FilesOnDisk(FileSystemStorage):
    """Django's, for files whose name stands for their bytes, which survive a loss of power."""

    def __init__(self, **options):
        super().__init__(**options | {"allow_overwrite": True})

    def _save(self, name: str, content: File) -> str:
        """The same bytes take the same place: the second copy replaces the first."""
        root, place = Path(self.location), Path(self.path(name))
        _make_root(root)
        with NamedTemporaryFile(dir=root, prefix=ARRIVING, delete=False) as arriving:
            try:
                for chunk in content.chunks():
                    arriving.write(chunk)
                arriving.flush()
                os.fsync(arriving.fileno())
                _make_folder(root, place.parent.relative_to(root))
                os.replace(arriving.name, place)
                _sync(place.parent)
            except BaseException:
                Path(arriving.name).unlink(missing_ok=True)
                raise
        return name

    def delete_old(self, name: str) -> bool:
        """Delete what is older than a day; False if it came in anew in this very moment.

        It is moved aside first: whoever hands in the same bytes now writes them to their place
        again, and if that was just before, they are put back.
        """
        place = Path(self.path(name))
        if not place.name.startswith((ARRIVING, SWEEPING)):
            aside = Path(self.path(f"{SWEEPING}{place.name}"))
            place.rename(aside)
            if _is_young(aside):
                aside.rename(place)
                return False
            place = aside
        place.unlink(missing_ok=True)
        return True


def put(name: str, content: File) -> None:
    """Store these bytes for good."""
    saved = default_storage.save(name, content)
    if saved != name:  # a storage that never overwrites: the same bytes are there already
        default_storage.delete(saved)


def delete_old(name: str) -> bool:
    """Delete what is older than a day; False if it came in anew."""
    on_disk = getattr(default_storage, "delete_old", None)
    if on_disk is not None:
        return on_disk(name)
    if not is_old(name):
        return False
    default_storage.delete(name)
    return True


def is_old(name: str) -> bool:
    """Is it older than a day?"""
    at = default_storage.get_modified_time(name)
    return timezone.now() - at >= DAY


def names(folder: str = "", storage: Storage = default_storage) -> Iterator[str]:
    """All names in the store, in order."""
    at_once = getattr(storage, "names", None)
    if at_once is not None:
        yield from at_once()
        return
    with suppress(FileNotFoundError):  # gone since it was listed, or nothing was stored yet
        folders, files = storage.listdir(folder)
        within = f"{folder}/" if folder else ""
        yield from (f"{within}{name}" for name in sorted(files) if name)
        for one in sorted(folders):
            yield from names(f"{within}{one}", storage)


def _is_young(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < DAY.total_seconds()


def _make_root(root: Path) -> None:
    """The first file of all finds no store yet."""
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True)
        _sync(root.parent)


def _make_folder(root: Path, folder: Path) -> None:
    """Make a folder below root, each new name in it safe on the disk."""
    at = root
    for name in folder.parts:
        (at / name).mkdir(exist_ok=True)
        _sync(at)
        at /= name


def _sync(folder: Path) -> None:
    """A new name in a folder survives a loss of power only when the folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
