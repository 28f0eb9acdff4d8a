"""Files on storage that speaks S3, for Django: nothing is held in memory but a piece at a time.

What such a storage says is told as a disk tells it: `FileNotFoundError`, or `OSError`
(`public.store.Away`) if it does not answer or refuses.
"""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import obstore
from django.core.files.base import File
from django.core.files.storage import Storage
from obstore.exceptions import BaseError
from obstore.store import S3Store

from public.store import Away

PIECE = 4 * 1024 * 1024  # bytes that are read at once
PART = 8 * 1024 * 1024  # and written; larger files go in parts, which S3 wants of 5 MB or more

# A thread that waits serves nobody: at most some ten seconds for a storage that is not there.
PATIENCE = {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=20)}
TRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class FilesOnS3(Storage):
    """A folder of a bucket. The key comes from the environment, or from the machine (a role)."""

    def __init__(self, bucket: str, folder: str, endpoint_url: str = "", region_name: str = ""):
        place: Any = {"endpoint": endpoint_url, "region": region_name}
        options: Any = PATIENCE | {"allow_http": endpoint_url.startswith("http://")}
        self.store = S3Store(
            bucket,
            prefix=folder or None,
            client_options=options,
            retry_config=TRIES,
            **{name: value for name, value in place.items() if value},
        )

    def _open(self, name: str, mode: str = "rb") -> File:
        with self._plainly(name):
            return File(io.BufferedReader(_Pieces(self, name)), name)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        with self._plainly(name):
            obstore.put(self.store, name, content, chunk_size=PART, max_concurrency=2)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The same name stands for the same bytes."""
        return name

    def delete(self, name: str) -> None:
        with self._plainly(name):
            obstore.delete(self.store, name)

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self._head(name)["size"]

    def get_modified_time(self, name: str) -> datetime:
        return self._head(name)["last_modified"]

    def names(self) -> Iterator[str]:
        """All of them, a thousand with each request."""
        with self._plainly(""):
            for some in obstore.list(self.store):
                yield from (one["path"] for one in some)

    def _head(self, name: str) -> Any:
        with self._plainly(name):
            return obstore.head(self.store, name)

    @contextmanager
    def _plainly(self, name: str) -> Iterator[None]:
        """Faults as a disk would tell them, without the pages that the client tells besides."""
        try:
            try:
                yield
            except FileNotFoundError:
                obstore.list_with_delimiter(self.store, "-")  # or is there no such bucket?
                raise FileNotFoundError(errno.ENOENT, "Not in the bucket", name) from None
        except BaseError as error:
            raise Away(str(error).partition("\n\nDebug source")[0]) from None


class _Pieces(io.RawIOBase):
    """A file in the bucket, of which each piece is fetched when it is read."""

    def __init__(self, files: FilesOnS3, name: str):
        self.files, self.name = files, name
        self.reader = obstore.open_reader(files.store, name, buffer_size=PIECE)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self.reader.seek(offset, whence)

    def tell(self) -> int:
        return self.reader.tell()

    def readinto(self, buffer: Any) -> int:
        with self.files._plainly(self.name):
            piece = self.reader.read(len(buffer))
        buffer[: len(piece)] = memoryview(piece)
        return len(piece)
