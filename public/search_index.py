"""How PostgreSQL is made to look words up by index."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection


def by_index() -> AbstractContextManager[None]:
    """Inside, tables are not read from end to end if an index can answer.

    PostgreSQL takes the pages of the index of words for slower than they are: at 100,000 records
    that costs three times as much.
    """
    return _without("enable_seqscan")


def by_index_of_words() -> AbstractContextManager[None]:
    """The same for words that perhaps nothing has.

    When only one answer is asked for, PostgreSQL hopes to meet it soon, and walks the table by its
    keys until it has seen the whole: at 100,000 records that costs a hundred times as much.
    """
    return _without("enable_seqscan", "enable_indexscan")


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT way, current_setting(way), set_config(way, 'off', true)"
            " FROM unnest(%s) AS way",
            [list(ways)],
        )
        before = [(way, value) for way, value, _off in cursor.fetchall()]
        yield  # an error rolls back, and the settings with it
        cursor.execute(
            "SELECT set_config(way, value, true) FROM unnest(%s, %s) AS before (way, value)",
            [list(column) for column in zip(*before, strict=True)],
        )
