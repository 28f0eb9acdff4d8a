"""Long answers, row by row."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import DEFAULT_DB_ALIAS, connections, transaction


@contextmanager
def row_by_row() -> Iterator[None]:
    """Inside, `iterator()` leaves the rows with the database and fetches some at a time.

    Elsewhere it fetches all at once (`DISABLE_SERVER_SIDE_CURSORS`): a cursor that outlives its
    transaction is lost where a pooler gives the next statement another server.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        before = connection.settings_dict
        connection.settings_dict = before | {"DISABLE_SERVER_SIDE_CURSORS": False}
        try:
            yield
        finally:
            connection.settings_dict = before
