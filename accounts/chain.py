"""The chain of the log: each row is sealed by a hash over its words and the seal before it.

Writers do not wait for each other: `seal_log()`, a function of the database, seals a moment later
what has been committed, one caller at a time, in an order of its own (`Seal.position`). Whoever
changes, removes, adds or reorders rows afterwards breaks the chain, and `faults()` says where; who
rewrites all of it to the end is found by a head that was kept elsewhere. What is changed before it
is sealed cannot be found (docs/adr/0011-the-log-has-an-owner.md).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

AT_ONCE = 2_000  # rows fetched at a time
EMPTY = "0" * 64  # the seal before the first
SLACK = "1 minute"  # that the server's clock may be set back

# The words of a row: the same after a dump and a restore, in every time zone and locale.
WORDS = """jsonb_build_array(
        c.id, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), c.table_name,
        c.row_id, c.code, c.version, c.operation, c.was, c.now, c.by_id, c.step, c.why,
        c.request, c.database_user
    )::text"""

# Where an earlier run has left nothing behind, the next need not look again. A run notes when it
# began and its own number (the mark): what wrote before that has a lower one. Once all lower ones
# have ended, nothing older than the mark can still appear, and the log is settled until then.
# A snapshot's xmax would not do: transactions that go on may have higher numbers. After a restore
# into another server, whose transactions count from the beginning, the mark is made anew.
MAKE_FUNCTIONS = f"""
CREATE FUNCTION seal_log() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    state accounts_sealing;
    this_one bigint := pg_current_xact_id()::text::bigint;
    oldest bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    place bigint;
    last text;
    one record;
    sealed bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('reviewhub.seal_log')) THEN
        RETURN NULL;  -- somebody else is sealing
    END IF;
    INSERT INTO accounts_sealing (id) VALUES (1) ON CONFLICT DO NOTHING;
    SELECT * INTO state FROM accounts_sealing;
    SELECT position, hash INTO place, last FROM accounts_seal ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0);
    last := coalesce(last, '{EMPTY}');
    FOR one IN
        SELECT c.id, {WORDS} AS words FROM accounts_change c
        WHERE c.at > coalesce(state.settled_at, '-infinity') - interval '{SLACK}'
            AND NOT EXISTS (SELECT FROM accounts_seal s WHERE s.change_id = c.id)
        ORDER BY c.id
    LOOP
        place := place + 1;
        last := encode(sha256(convert_to(last || one.words, 'UTF8')), 'hex');
        INSERT INTO accounts_seal (position, change_id, hash) VALUES (place, one.id, last);
        sealed := sealed + 1;
    END LOOP;
    IF state.marked_before <= oldest THEN
        UPDATE accounts_sealing SET settled_at = marked_at,
            marked_at = transaction_timestamp(), marked_before = this_one;
    ELSIF state.marked_before IS NULL OR state.marked_before > this_one THEN
        UPDATE accounts_sealing SET marked_at = transaction_timestamp(), marked_before = this_one;
    END IF;
    RETURN sealed;
END
$$;
REVOKE EXECUTE ON FUNCTION seal_log() FROM PUBLIC;
"""  # noqa: S608  # SQL of our own words

MAKE_FUNCTIONS_BACK = "DROP FUNCTION seal_log();"


@dataclass(frozen=True)
class Head:
    """The last seal: whoever knows it, knows that all before it is as it was."""

    position: int
    hash: str

    def __str__(self):
        return f"{self.position}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """From the form in which it is printed; raises ValueError."""
        position, _colon, kept = text.strip().partition(":")
        if len(kept) != len(EMPTY) or set(kept) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(position), kept)


@dataclass
class Found:
    """What a walk along the chain has found."""

    changes: int = 0  # that are sealed and as they were
    waiting: int = 0  # written, and not sealed yet
    head: Head = field(default_factory=lambda: Head(0, EMPTY))
    faults: int = 0


def seal() -> int | None:
    """Seal what is committed; returns how many rows, None if somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_log()")
        return cursor.fetchone()[0]


def seal_soon() -> None:
    """Seal what this transaction writes, once it is committed; a failure stops nobody."""
    transaction.on_commit(seal, robust=True)


def head() -> Head:
    """The last seal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, hash FROM accounts_seal ORDER BY position DESC LIMIT 1")
        return Head(*(cursor.fetchone() or (0, EMPTY)))


def waiting() -> int:
    """How many rows of the log have no seal yet; those that never had the chance count as well."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {UNSEALED} AND c.at > {SETTLED}")
        return cursor.fetchone()[0]


SETTLED = f"""coalesce((SELECT settled_at FROM accounts_sealing), '-infinity')
    - interval '{SLACK}'"""  # noqa: S608  # SQL of our own words
UNSEALED = """FROM accounts_change c
    WHERE NOT EXISTS (SELECT FROM accounts_seal s WHERE s.change_id = c.id)"""


def faults(found: Found, kept: Head | None = None) -> Iterator[str]:
    """Walk the whole chain, from one snapshot; yields what is wrong and where, counts in `found`.

    `kept` is a head that was noted down earlier: the chain must still go through it.
    """
    nested = connection.in_atomic_block  # in tests
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for fault in _walk(found, kept):
            found.faults += 1
            yield fault


def _walk(found: Found, kept: Head | None) -> Iterator[str]:
    place, last = 0, EMPTY
    met = kept is None or kept.position == 0
    for position, change, sealed, words in _rows(
        f"""
        SELECT s.position, s.change_id, s.hash, CASE WHEN c.id IS NOT NULL THEN {WORDS} END
        FROM accounts_seal s LEFT JOIN accounts_change c ON c.id = s.change_id
        ORDER BY s.position
        """  # noqa: S608  # SQL of our own words
    ):
        if position != place + 1:
            yield _("Seals %(first)d to %(last)d are missing.") % {
                "first": place + 1,
                "last": position - 1,
            }
        if words is None:
            yield _("Seal %(place)d: row %(row)d of the log has been deleted.") % {
                "place": position,
                "row": change,
            }
        elif hashlib.sha256((last + words).encode()).hexdigest() == sealed:
            found.changes += 1
        elif position == place + 1:
            yield _(
                "Seal %(place)d: row %(row)d of the log, its seal or the one before it has been"
                " changed, or rows have changed places. Now it reads: %(words)s"
            ) % {"place": position, "row": change, "words": words}
        if kept and position == kept.position:
            met = True
            if sealed != kept.hash:
                yield _("Seal %(place)d is not the head that was kept: it was written anew.") % {
                    "place": position
                }
        place, last = position, sealed
    found.head = Head(place, last)
    if not met and kept:
        yield _(
            "The log ends at seal %(place)d, before the head that was kept (%(kept)d): its end has"
            " been cut off."
        ) % {"place": place, "kept": kept.position}
    for row, at, table in _rows(f"SELECT c.id, c.at, c.table_name {UNSEALED} ORDER BY c.id"):
        yield from _not_sealed(found, row, at, table)


def _not_sealed(found: Found, row, at, table) -> Iterator[str]:
    """Rows that are too old to be waiting came in later, past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s > {SETTLED}", [at])
        if cursor.fetchone()[0]:
            found.waiting += 1
            return
    yield _(
        "Row %(row)d of the log (%(table)s, %(at)s) has no seal, though all from that time are"
        " sealed: it was inserted later, or its seal is gone."
    ) % {"row": row, "table": table, "at": f"{at:%Y-%m-%d %H:%M:%S} UTC"}


def _rows(sql: str) -> Iterator[tuple]:
    """Row by row, never all at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def told(found: Found) -> str:
    """The result, in one line."""
    return ngettext(
        "%(rows)d row of the log verified, %(waiting)d waiting to be sealed, %(faults)d faults.",
        "%(rows)d rows of the log verified, %(waiting)d waiting to be sealed, %(faults)d faults.",
        found.changes,
    ) % {"rows": found.changes, "waiting": found.waiting, "faults": found.faults}
