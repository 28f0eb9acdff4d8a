"""Files that nobody names: an upload whose form was never saved leaves one behind."""

import logging
import time
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from public.file_findings import FileFindings
from public.files import ARRIVING, SHA256, place_of

DAY = 24 * 60 * 60  # seconds; a form with a file that has arrived may be sent for 12 hours
SWEEPING = "sweeping-"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stray:
    """A file in the store that no row names, and that is older than a day."""

    path: Path
    size: int

    def remove(self) -> bool:
        """Take it away; False if it came in anew in this very moment.

        It is moved aside first: whoever hands in the same bytes now writes them to their place
        again, and if that was just before, they are put back.
        """
        if self.path.name.startswith((ARRIVING, SWEEPING)):
            self.path.unlink(missing_ok=True)
            return True
        aside = Path(settings.MEDIA_ROOT) / f"{SWEEPING}{self.path.name}"
        self.path.rename(aside)
        if is_young(aside):
            aside.rename(self.path)
            return False
        FileFindings.objects.filter(pk=self.path.name).delete()
        aside.unlink()
        return True


def strays(named: Container[str]) -> Iterator[Stray]:
    """The files of the store that are not among these check sums; nothing younger than a day.

    What is neither a stored file nor one that was on its way is not ours, and stays.
    """
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        with suppress(FileNotFoundError):  # gone since it was listed
            if path.is_symlink() or not path.is_file() or is_young(path):
                continue
            is_stored = SHA256.fullmatch(path.name) and path == place_of(path.name)
            on_its_way = path.parent == root and path.name.startswith((ARRIVING, SWEEPING))
            if on_its_way or (is_stored and path.name not in named):
                yield Stray(path, path.stat().st_size)


def is_young(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < DAY
