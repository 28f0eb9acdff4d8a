"""The second fence: public requests read the database as a role that cannot see the office.

The role may read `public_record`, `public_text`, tombstones and the reference tables, ask how many
records are tallied (ADR 15), and nothing else, so a forgotten filter or a stray query in a public
page fails instead of leaking. Migration 0003 makes the role, and gives it its rights.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest

from public import last_copies, replicas
from public.state import State
from public.streams import row_by_row

ROLE = "reviewhub_public"


# one trip to the database: both transaction and role
ENTER = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT statement_timestamp(), version, since, set_config('role', %s, true)
FROM public_state(statement_timestamp())
"""
ENTER_INSIDE = """
SELECT statement_timestamp(), current_setting('role'), set_config('role', %s, true)
"""


@contextmanager
def public_side() -> Iterator[datetime]:
    """Everything read inside is read as the public, from one snapshot; nothing can be written.

    Yields the moment of the snapshot by the database's clock. Inside another transaction (in
    tests) only the role changes.
    """
    with _public_side() as (moment, _state):
        yield moment


@contextmanager
def _public_side() -> Iterator[tuple[datetime, State | None]]:
    """The same, with the state that the snapshot shows; None where nothing is kept."""
    if connection.in_atomic_block:
        with transaction.atomic(), row_by_row():
            moment, outer = _asked(ENTER_INSIDE)
            yield moment, None  # an error rolls back, and the role with it
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, true)", [outer])
        return
    with transaction.atomic(), row_by_row():
        moment, version, since = _asked(ENTER)
        yield moment, State(version, since) if settings.KEPT_MB else None


def _asked(sql: str) -> list[Any]:
    """What the statement that takes on the role tells besides."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [ROLE])
        *told, _role = cursor.fetchone()
    return told


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
        with _public_side() as (moment, state):
            request.moment, request.state = moment, state
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()  # templates read lazily: render behind the fence too
            request.settled = last_copies.keep(request, response)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _behind_the_fence(response.streaming_content)
        return response


def _behind_the_fence(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What is read while it is sent is read as the public too, from a snapshot of its own."""
    replica = replicas.up_to_date()
    with replicas.in_place_of_the_primary(replica) if replica else nullcontext(), public_side():
        yield from chunks
