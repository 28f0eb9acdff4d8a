"""How many requests an address may make of the API: exact across workers.

Counted in PostgreSQL, by the minute, under a keyed hash of the address, in a table that is not in
the write-ahead log: a count is worth nothing after a crash, and costs no disk write.
"""

from django.db import connection
from django.utils.crypto import salted_hmac

COUNT = """
INSERT INTO accounts_requestcount AS counted (address, minute, requests)
VALUES (%s, date_trunc('minute', statement_timestamp()), 1)
ON CONFLICT (address, minute) DO UPDATE SET requests = counted.requests + 1
RETURNING requests, 60 - floor(extract(second FROM statement_timestamp()))::int
"""
FORGET = """
DELETE FROM accounts_requestcount
WHERE minute < statement_timestamp() - interval '5 minutes'
"""


def spend(address: str) -> tuple[int, int]:
    """Count a request: how many this address has made this minute, and the seconds left of it."""
    key = salted_hmac(__name__, address, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key])  # a transaction that writes no log waits for no disk either
        made, left = cursor.fetchone()
        if made == 1:  # whoever comes first in a minute sweeps
            cursor.execute(FORGET)
    return made, left
