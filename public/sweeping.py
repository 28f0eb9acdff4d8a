"""Files that nobody names: an upload whose form was never saved leaves one behind."""

from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.storage import default_storage

from public import store
from public.file_findings import FileFindings
from public.files import SHA256, path_of


@dataclass(frozen=True)
class Stray:
    """A file in the store that no row names, and that is older than a day."""

    path: str
    size: int

    def remove(self) -> bool:
        """Take it away; False if it came in anew in this very moment."""
        if not store.delete_old(self.path):
            return False
        FileFindings.objects.filter(pk=self.path.rpartition("/")[2]).delete()
        return True


def strays(named: Container[str]) -> Iterator[Stray]:
    """The files of the store that are not among these check sums; nothing younger than a day.

    What is neither a stored file nor one that was on its way is not ours, and stays.
    """
    for path in store.names():
        name = path.rpartition("/")[2]
        on_its_way = path.startswith((store.ARRIVING, store.SWEEPING))
        is_stored = SHA256.fullmatch(name) and path == path_of(name)
        if on_its_way or (is_stored and name not in named):
            with suppress(FileNotFoundError):  # gone since it was listed
                if store.is_old(path):
                    yield Stray(path, default_storage.size(path))
