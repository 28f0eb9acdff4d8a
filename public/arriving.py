"""How uploads come in: to a temporary file, up to a limit, whatever the disk does.

A form with a file that is too large, or that the disk does not take, is told so on the form,
with all that was typed, instead of failing as a whole.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

logger = logging.getLogger(__name__)


class NotArrived(UploadedFile):
    """Stands for a file of which nothing was kept: too large, or not taken by the disk."""

    def __init__(self, name: str | None, content_type: str | None, size: int):
        super().__init__(None, name, content_type, size)

    @property
    def is_too_large(self) -> bool:
        return bool(self.size and self.size > settings.LARGEST_FILE)

    def read(self, *_size: int) -> bytes:
        return b""

    def chunks(self, chunk_size: int | None = None):
        return iter(())


class ArrivingFileHandler(FileUploadHandler):
    """Django's handler of temporary files that stops writing where there is no point."""

    file: TemporaryUploadedFile | None = None
    size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0
        self.file = None
        try:
            self.file = TemporaryUploadedFile(
                self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
            )
        except OSError:
            logger.exception("An upload found no place for its temporary file")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.file is None:
            return
        if self.size > settings.LARGEST_FILE:
            self.drop()
            return
        try:
            self.file.write(raw_data)
        except OSError:
            logger.exception("The temporary file of an upload could not be written")
            self.drop()

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.file is not None:
            try:
                self.file.seek(0)  # writes what is still in memory
            except OSError:
                logger.exception("The temporary file of an upload could not be written")
                self.drop()
        if self.file is None:
            return NotArrived(self.file_name, self.content_type, file_size)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        self.drop()

    def drop(self) -> None:
        """Give the disk its room back."""
        dropped, self.file = self.file, None
        if dropped is not None:
            try:
                dropped.close()
            except OSError:
                logger.info("A temporary file was gone before it was closed")
