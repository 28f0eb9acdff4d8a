"""Replicas: copies of the database that PostgreSQL keeps, which answer the public in its place.

A replica is asked only if it has replayed all that the primary had committed when the request
came in. So nobody sees less than the primary would show: whoever just published sees it, and what
was withdrawn is gone everywhere at once. A replica that is behind, whose clock is wrong or that
does not answer is left out, and the primary answers: see docs/adr/0014.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg2
from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)

# What a server says that is gone, or that had to stop a query to go on replaying.
GONE = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)
LEFT_OUT = 10  # seconds until a replica that failed is tried again
OTHER_CLOCK = 1  # seconds: a clock that is ahead would end embargoes early

logger = logging.getLogger(__name__)
_failed_at: dict[str, float] = {}  # of this process: when a replica last did not answer


def up_to_date() -> str | None:
    """A replica that knows all that is committed by now; None if the primary has to answer."""
    now = time.monotonic()
    present = [
        alias
        for alias in settings.DATABASE_REPLICAS
        if now - _failed_at.get(alias, float("-inf")) > LEFT_OUT
    ]
    if not present or connection.in_atomic_block:  # which may have written what others see not yet
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn(), clock_timestamp()")
        position, moment = cursor.fetchone()
    random.shuffle(present)
    return next((alias for alias in present if _knows(alias, position, moment)), None)


def _knows(alias: str, position: str, moment: datetime) -> bool:
    """Has this replica replayed the primary's log up to here?

    Asked before the snapshot is taken from which pages are read: what was replayed until then is
    in that snapshot.
    """
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= %s, false)"
                " AND abs(extract(epoch FROM clock_timestamp() - %s)) < %s",
                [position, moment, OTHER_CLOCK],
            )
            return cursor.fetchone()[0]
    except (Error, psycopg2.Error) as error:
        leave_out(alias, error)
        return False


def leave_out(alias: str, error: Exception) -> None:
    """Ask this replica nothing for a while, and then on a new connection."""
    logger.warning("The database %s is left out: %s", alias, type(error).__name__)
    _failed_at[alias] = time.monotonic()
    connections[alias].close()


@contextmanager
def in_place_of_the_primary(alias: str) -> Iterator[None]:
    """Every query of this thread goes to the replica, however it is written.

    Were only some sent there, by a router, a stray one would reach the primary, where this
    request has not become the public (`public/fence.py`).
    """
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[alias]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary
