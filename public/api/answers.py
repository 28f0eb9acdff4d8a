"""What answers of the API have in common: pages and their links, entity tags, streams."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from rest_framework.response import Response

from public.api.formats import NDJSON, encoded
from public.given_again import tag_of
from public.sheets import BLOCK

FRESH = 60  # seconds for which a proxy may give an answer again


def page_links(
    request,
    *,
    count: int | None = None,
    page: int = 1,
    size: int = 1,
    cursor: str | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The frame of a list and its Link header (RFC 8288): by page, or by cursor, uncounted."""

    def address(**changed) -> str:
        kept = [(name, value) for name, value in parse_qsl(request.META["QUERY_STRING"], True)]
        kept = [(name, value) for name, value in kept if name not in changed]
        query = urlencode([*kept, *changed.items()])
        return request.build_absolute_uri(f"{request.path}?{query}")

    links: dict[str, str] = {}
    if count is None:
        if cursor:
            links["next"] = address(cursor=cursor)
    else:
        last = max(1, -(-count // size))
        links["first"] = address(page=1)
        if page > 1:
            links["prev"] = address(page=page - 1)
        if page < last:
            links["next"] = address(page=page + 1)
        links["last"] = address(page=last)
    body: dict[str, Any] = {} if count is None else {"count": count}
    body |= {"next": links.get("next"), "previous": links.get("prev")}
    header = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())
    return body, {"Link": header} if header else {}


def first_of(page: int, size: int, count: int) -> int:
    """Where a page begins; 404 behind the last one."""
    first = (page - 1) * size
    if page > 1 and first >= count:
        raise Http404
    return first


def paged(rows, page: int, size: int, count: int) -> list:
    """The rows of a page; 404 behind the last one."""
    first = first_of(page, size, count)
    return list(rows[first : first + size])


def last_modified(latest: datetime | None) -> dict[str, str]:
    return {"Last-Modified": http_date(latest.timestamp())} if latest else {}


def conditional(response: Response) -> Response:
    """The answer with its strong entity tag, to which the fence says 304 where it is known.

    The tag is the check sum of the bytes: equal tags are equal answers, always.
    """
    if response.status_code == 200:
        body = response.data if isinstance(response.data, bytes) else encoded(response.data)
        response.data = body  # the renderer passes bytes on
        response["ETag"] = tag_of(body)
        response["Cache-Control"] = f"public, max-age={FRESH}"
        patch_vary_headers(response, ["Accept"])
    return response


def lines(values: Iterable[Any], *, name: str) -> HttpResponseBase:
    """A value a line, sent as they are read."""

    def blocks() -> Iterable[bytes]:
        waiting, size = [], 0
        for value in values:
            line = encoded(value) + b"\n"
            waiting.append(line)
            size += len(line)
            if size >= BLOCK:
                yield b"".join(waiting)
                waiting, size = [], 0
        yield b"".join(waiting)

    response = StreamingHttpResponse(blocks(), content_type=NDJSON.media_type)
    response["Content-Disposition"] = f'inline; filename="{name}-{datetime.now(UTC):%F}.ndjson"'
    return fresh(response)


def fresh(response: HttpResponseBase) -> HttpResponseBase:
    """A stream: proxies may give it again for a while, but it has no tag, because nobody has read
    it as a whole."""
    response["Cache-Control"] = f"public, max-age={FRESH}"
    patch_vary_headers(response, ["Accept"])
    return response
