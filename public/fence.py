"""The second fence: public requests read the database as a role that cannot see the office.

The role may read `public_record`, `public_text`, tombstones and the reference tables, and nothing
else, so a forgotten filter or a stray query in a public page fails instead of leaking. Migration
0003 makes the role and its rights on every kind of server.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime

from django.db import connection, transaction
from django.http import FileResponse, HttpRequest

from public import last_copies, replicas
from public.streams import row_by_row

ROLE = "reviewhub_public"


@contextmanager
def public_side() -> Iterator[datetime]:
    """Everything read inside is read as the public, from one snapshot; nothing can be written.

    Yields the moment of the snapshot by the database's clock. Inside another transaction (in
    tests) only the role changes.
    """
    nested = connection.in_atomic_block
    snapshot = "" if nested else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
    with transaction.atomic(), row_by_row():
        with connection.cursor() as cursor:
            cursor.execute(
                f"{snapshot} SELECT statement_timestamp(), current_setting('role'),"
                " set_config('role', %s, true)",
                [ROLE],
            )
            moment, outer, _ = cursor.fetchone()
        yield moment  # an error rolls back, and the role with it
        if nested:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true)", [outer])


NAMESPACES = {"public", "public-api", "public-machines"}


def is_public(request: HttpRequest) -> bool:
    """Is the request answered by a view of the public namespaces?"""
    match = getattr(request, "resolver_match", None)
    return match is not None and not NAMESPACES.isdisjoint(match.namespaces[:1])


class PublicSideMiddleware:
    """Puts every view of the public namespaces behind the fence; there is no way to forget it.

    It stands before every middleware that calls views itself, which would go around the fence.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not is_public(request):
            return None
        if replica := replicas.up_to_date():
            try:
                with replicas.in_place_of_the_primary(replica):
                    return self.answer(request, view, args, kwargs)
            except replicas.GONE as error:
                replicas.leave_out(replica, error)  # nothing was written, so ask once more
        return self.answer(request, view, args, kwargs)

    def answer(self, request, view, args, kwargs):
        with public_side() as moment:
            request.moment = moment
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()  # templates read lazily: render behind the fence too
            last_copies.keep(request, response)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _behind_the_fence(response.streaming_content)
        return response


def _behind_the_fence(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What is read while it is sent is read as the public too, from a snapshot of its own."""
    replica = replicas.up_to_date()
    with replicas.in_place_of_the_primary(replica) if replica else nullcontext(), public_side():
        yield from chunks
