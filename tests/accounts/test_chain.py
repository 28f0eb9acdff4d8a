"""The chain over the log: whoever tampers with a row or a seal is found, and told where."""

import io
import threading
import time
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import chain
from accounts.models import Change, Seal
from objectives.models import Doubt
from objectives.records import signed

pytestmark = pytest.mark.django_db


def asked(sql: str, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else None


def tamper(*statements: str) -> None:
    """As somebody who owns the database, and switches the triggers off."""
    asked("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
    for sql in statements:
        asked(sql)
    asked("SET LOCAL session_replication_role = origin")


def write(text: str) -> int:
    """One row of the log; returns its id."""
    Doubt.objects.create(table="objectives", code=text, text=text)
    return Change.objects.latest("id").pk


@pytest.fixture
def rows() -> list[int]:
    """The ids of five sealed rows of the log."""
    chain.seal()
    tamper("DELETE FROM accounts_seal", "DELETE FROM accounts_change")
    ids = [write(text) for text in "abcde"]
    assert chain.seal() == 5
    asked("UPDATE accounts_sealing SET settled_at = clock_timestamp()")  # as a later run will find
    return ids


def verified(kept: str | None = None) -> list[str]:
    """What `verify_log` says, without its last two lines."""
    said = io.StringIO()
    with suppress(CommandError):  # it ends with an error if anything is wrong
        call_command("verify_log", head=kept, stdout=said, stderr=io.StringIO())
    return said.getvalue().splitlines()


def places(lines: list[str]) -> list[str]:
    """Which seals and rows are said to be wrong."""
    return [line.split(":")[0].split(" of the log")[0] for line in lines[:-2]]


def test_log_as_it_was_written_verifies(rows):
    write("waiting")
    head = Seal.objects.last()

    assert verified() == [
        "5 rows of the log verified, 1 waiting to be sealed, 0 faults.",
        f"Head: 5:{head.hash}",
    ]


def test_command_ends_with_an_error_if_anything_is_wrong(rows):
    tamper(f"DELETE FROM accounts_change WHERE id = {rows[1]}")

    with pytest.raises(CommandError, match="The log is not as it was written"):
        call_command("verify_log", stdout=io.StringIO(), stderr=io.StringIO())


def test_each_seal_is_the_hash_of_the_row_and_the_seal_before(rows):
    import hashlib

    (words,) = asked(f"SELECT {chain.WORDS} FROM accounts_change c WHERE id = %s", [rows[0]])[0]
    first = Seal.objects.get(position=1)

    assert first.hash == hashlib.sha256(("0" * 64 + words).encode()).hexdigest()
    assert '"objectives_doubt"' in words


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 day'",
        "table_name = 'submissions_practice'",
        "row_id = 999",
        "code = 'x'",
        "version = 9",
        "operation = 'update'",
        "was = '{}'",
        """now = now || '{"text": "x"}'""",
        "by_id = 7",
        "step = 'import'",
        "why = 'Because.'",
        "request = 'x'",
        "database_user = 'x'",
    ],
)
def test_changed_row_is_found_whatever_was_changed_in_it(change, rows):
    tamper(f"UPDATE accounts_change SET {change} WHERE id = {rows[2]}")

    said = verified()

    assert len(said) == 3
    assert said[0].startswith(f"Seal 3: row {rows[2]} of the log, its seal or the one before it")
    assert said[1] == "4 rows of the log verified, 0 waiting to be sealed, 1 faults."


def test_every_column_of_the_log_is_in_its_seal():
    columns = {field.column for field in Change._meta.concrete_fields}

    assert {name for name in columns if f"c.{name}" in chain.WORDS} == columns


def test_deleted_row_is_found(rows):
    tamper(f"DELETE FROM accounts_change WHERE id = {rows[1]}")

    assert verified()[0] == f"Seal 2: row {rows[1]} of the log has been deleted."


def test_row_deleted_with_its_seal_is_found(rows):
    tamper(
        f"DELETE FROM accounts_change WHERE id = {rows[1]}",
        "DELETE FROM accounts_seal WHERE position = 2",
    )

    assert verified()[0] == "Seals 2 to 2 are missing."


def test_row_deleted_with_its_seal_and_the_gap_closed_is_found(rows):
    tamper(
        f"DELETE FROM accounts_change WHERE id = {rows[1]}",
        "DELETE FROM accounts_seal WHERE position = 2",
        "UPDATE accounts_seal SET position = -position WHERE position > 2",
        "UPDATE accounts_seal SET position = -position - 1 WHERE position < 0",
    )

    assert places(verified()) == [f"Seal 2: row {rows[2]}".split(":")[0]]


def test_reordered_rows_are_found(rows):
    tamper(
        f"UPDATE accounts_seal SET change_id = 0 WHERE change_id = {rows[1]}",
        f"UPDATE accounts_seal SET change_id = {rows[1]} WHERE change_id = {rows[3]}",
        f"UPDATE accounts_seal SET change_id = {rows[3]} WHERE change_id = 0",
    )

    assert places(verified()) == ["Seal 2", "Seal 4"]


def test_reordered_seals_are_found(rows):
    tamper(
        "UPDATE accounts_seal SET position = 99 WHERE position = 2",
        "UPDATE accounts_seal SET position = 2 WHERE position = 4",
        "UPDATE accounts_seal SET position = 4 WHERE position = 99",
    )

    assert places(verified()) == ["Seal 2", "Seal 3", "Seal 4", "Seal 5"]


def test_inserted_row_is_found(rows):
    tamper(
        "INSERT INTO accounts_change (at, table_name, row_id, code, operation, step, why, request,"
        " database_user) VALUES (now() - interval '1 hour', 'x', 1, '', 'insert', '', '', '', 'x')"
    )

    said = verified()

    assert said[0].startswith(f"Row {Change.objects.latest('id').pk} of the log (x, ")
    assert said[0].endswith("it was inserted later, or its seal is gone.")
    assert chain.seal() == 0  # it gets no seal afterwards


def test_forged_seal_is_found(rows):
    tamper("UPDATE accounts_seal SET hash = repeat('0', 64) WHERE position = 3")

    assert places(verified()) == ["Seal 3", "Seal 4"]


def test_end_that_was_cut_off_is_found_by_a_head_that_was_kept(rows):
    kept = str(chain.head())
    tamper(
        f"DELETE FROM accounts_change WHERE id = {rows[4]}",
        "DELETE FROM accounts_seal WHERE position = 5",
    )

    assert len(verified()) == 2  # without it nothing is to be seen
    assert verified(kept)[0] == (
        "The log ends at seal 4, before the head that was kept (5): its end has been cut off."
    )


def test_log_that_was_written_anew_is_found_by_a_head_that_was_kept(rows):
    kept = str(chain.head())
    tamper(
        f"UPDATE accounts_change SET why = 'Another reason.' WHERE id = {rows[2]}",
        "DELETE FROM accounts_seal",
        "UPDATE accounts_sealing SET settled_at = NULL",
    )
    chain.seal()

    assert len(verified()) == 2
    assert verified(kept)[0] == "Seal 5 is not the head that was kept: it was written anew."


def test_head_that_was_kept_holds_while_the_log_grows(rows):
    kept = str(chain.head())
    write("later")
    chain.seal()

    assert verified(kept)[0] == "6 rows of the log verified, 0 waiting to be sealed, 0 faults."


@pytest.mark.parametrize("head", ["5", "5:abc", "x:" + "0" * 64, "5:" + "G" * 64])
def test_head_that_is_none_is_refused(head):
    with pytest.raises(CommandError, match="A head is a number"):
        call_command("verify_log", head=head)


# --- Many at once ---------------------------------------------------------------------------


def in_thread(act):
    """Do this on a connection of its own; returns what it gave."""
    given = []

    def run():
        try:
            given.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return given[0]


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_sealed_in_its_turn_and_nobody_waits():
    with signed(by=None):
        early = write("begun early, committed late")
        late = in_thread(lambda: write("begun late, committed early"))
        assert [in_thread(chain.seal) for _ in range(3)] == [1, 0, 0]
        settled, begun = asked("SELECT settled_at, now() FROM accounts_sealing")[0]
        assert settled is None or settled < begun  # it knows that something may still come
        chain.seal()
        assert in_thread(chain.seal) is None  # somebody else is at it: not waited for

    sealed = Seal.objects.values_list("change_id", flat=True)
    assert list(sealed) == [late, early]
    assert verified()[0] == "2 rows of the log verified, 0 waiting to be sealed, 0 faults."


@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_lose_no_row_and_break_no_seal():
    def work(name: str):
        for number in range(10):
            write(f"{name}{number}")
            chain.seal()
        connection.close()

    threads = [threading.Thread(target=work, args=[name]) for name in "abcde"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain.seal()

    assert verified()[0] == "50 rows of the log verified, 0 waiting to be sealed, 0 faults."


@pytest.mark.django_db(transaction=True)
def test_log_is_settled_once_all_that_had_begun_has_ended():
    def is_settled() -> bool:
        return asked("SELECT settled_at IS NOT NULL FROM accounts_sealing")[0][0]

    with transaction.atomic():
        asked("SELECT pg_current_xact_id()")  # it has begun, and has no number beside it
        found = [in_thread(chain.seal), in_thread(is_settled), in_thread(chain.seal)]
        assert [*found, in_thread(is_settled)] == [0, False, 0, False]

    for _turn in range(300):  # other databases of the server count too: what runs there ends
        chain.seal()
        if is_settled():
            break
        time.sleep(0.1)
    assert is_settled()


def test_log_goes_on_after_a_move_to_a_server_whose_transactions_count_from_one(rows):
    asked("UPDATE accounts_sealing SET marked_before = 9000000000000")
    write("after the move")

    assert chain.seal() == 1

    assert asked("SELECT marked_before < 9000000000000 FROM accounts_sealing") == [(True,)]
    assert verified()[0] == "6 rows of the log verified, 0 waiting to be sealed, 0 faults."
