"""A line in the log for each SQL statement that took long (`SLOW_STATEMENT_MS`).

The statement stands in it as Django sends it, with `%s` where the values go: no typed word and
nobody's data. The id of its request leads to the line that tells the page.
"""

import logging
import time

from django.conf import settings

logger = logging.getLogger(__name__)

LONGEST = 4_000  # letters of a statement


def watch(connection, **_signal) -> None:
    """Time what this connection is asked; once, though it may be opened again."""
    if settings.SLOW_STATEMENT_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute, sql, params, many, context):
    """Ask, and write a line if it took long. Of a stream, its first rows are timed."""
    began = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round((time.monotonic() - began) * 1000)
        if milliseconds >= settings.SLOW_STATEMENT_MS:
            words = " ".join(str(sql).split())[:LONGEST]
            logger.warning("slow: %s", words, extra={"milliseconds": milliseconds})
