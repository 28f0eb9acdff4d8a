"""Files of published records: the one door by which they leave.

A file is handed out only if a record visible at the page's moment names it, always as a download
that cannot run in the reader's browser. Whatever is not public answers like what does not exist.
"""

import logging
import re
from typing import IO

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from public import store
from public.documents import File
from public.files import path_of
from public.models import PublicRecord
from public.moments import Moment
from public.views.frame import framed

logger = logging.getLogger(__name__)

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@require_safe
def page(request, sha256: str, name: str):
    """A file by its check sum and the name that its record gives it, whole or in part."""
    moment = Moment(request)
    file = _public_file(moment, sha256, name)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",  # kept by the reader, asked for each time
        "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": file.media_type,
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    if unchanged := get_conditional_response(request, etag=headers["ETag"]):
        return _with(headers, unchanged)
    try:
        content = default_storage.open(path_of(file.sha256))
    except store.Away:
        raise  # 503: the file may well be there
    except OSError:
        logger.error("A public file is missing from the store: %s", path_of(file.sha256))
        return framed(request, moment, "public/file_missing.html", {"file": file}, status=404)
    size = content.seek(0, 2)
    part = _range_asked(request, headers["ETag"], size)
    if part is None:
        start, stop, status = 0, size, 200
    else:
        start, stop = part
        status = 206 if start < stop else 416
        headers["Content-Range"] = (
            f"bytes {start}-{stop - 1}/{size}" if status == 206 else f"bytes */{size}"
        )
    headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD" or status == 416:
        content.close()
        return _with(headers, HttpResponse(status=status))
    content.seek(start)
    return _with(headers, FileResponse(Piece(content, stop - start), status=status))


class Piece:
    """So many bytes of an open file from where it stands, as `FileResponse` reads them."""

    def __init__(self, file: IO[bytes], length: int):
        self.file = file
        self.left = length

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def _public_file(moment: Moment, sha256: str, name: str) -> File:
    """The file as a visible record names it; 404 if none does."""
    if "\0" not in name:  # which the database cannot even be asked for
        records = PublicRecord.objects.visible(moment.at).with_file(sha256, name)
        if record := records.order_by("kind", "code").first():
            return next(
                file for file in record.content.files if (file.sha256, file.name) == (sha256, name)
            )
    raise Http404


def _range_asked(request, etag: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that are asked for; None for the whole file.

    The two are equal where the file has no such bytes. What is not one range of bytes, or belongs
    to another version of the file, is no question (RFC 9110, 14.2).
    """
    match = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not match or request.headers.get("If-Range", etag) != etag or match[0] == "bytes=-":
        return None
    first, last = match.groups()
    if not first:  # so many bytes from the end
        return size - min(int(last), size), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1 if last else size, size)


def _with(headers: dict[str, str], response):
    for name, value in headers.items():
        response[name] = value
    return response
