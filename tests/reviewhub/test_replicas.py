"""Public pages from a second server, which PostgreSQL keeps up to date."""

import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test import Client
from django.utils import timezone

from public import last_copies, replicas
from public.fence import public_side
from public.models import PublicRecord
from submissions.models import Practice
from tests.factories import PracticeFactory, published, take
from tests.servers import Server, as_primary, wrapper


@pytest.fixture(scope="module")
def servers(django_db_setup):
    """A primary with a site's tables, and a replica."""
    with tempfile.TemporaryDirectory(prefix="reviewhub-replicas-") as made:
        Path(made).chmod(0o755)  # when we are root, the servers are somebody else
        with Server(Path(made) / "primary").running() as primary:
            primary.run("manage.py", "migrate", "--verbosity=0")
            with primary.copy_to(Path(made) / "replica").running() as replica:
                yield primary, replica


@pytest.fixture
def primary(servers, django_db_blocker, settings):
    settings.DATABASE_REPLICAS = ["replica1"]
    replicas._failed_at.clear()
    with django_db_blocker.unblock(), as_primary(wrapper(servers[0].url, DEFAULT_DB_ALIAS)) as one:
        yield one


@pytest.fixture
def replica(servers, primary):
    made = wrapper(servers[1].url, "replica1")
    connections["replica1"] = made
    yield made
    made.close()
    del connections["replica1"]


@pytest.fixture
def plan(primary):
    return PracticeFactory(title="Open doors", published=True)


def ask(made, sql, values=()):
    with made.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0] if cursor.description else None


def wait_until(condition) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("the replica does not follow")


def catch_up(primary, replica) -> None:
    position = ask(primary, "SELECT pg_current_wal_flush_lsn()")
    wait_until(lambda: ask(replica, "SELECT pg_last_wal_replay_lsn() >= %s", [position]))


def get(path, primary, replica, **headers):
    """The answer, and how many queries the primary and the replica were asked for it."""
    here, there = [], []

    def noted_in(notes):
        def note(execute, sql, params, many, context):
            notes.append(sql)
            return execute(sql, params, many, context)

        return note

    with primary.execute_wrapper(noted_in(here)), replica.execute_wrapper(noted_in(there)):
        answer = Client(headers=headers).get(path)
        answer.body = answer.getvalue()
    return answer, len(here), len(there)


def get_from_replica(path, primary, replica):
    """The same, once the server's own notes in its log have been replayed as well."""
    for _ in range(100):
        catch_up(primary, replica)
        answer, here, there = get(path, primary, replica)
        if there > 1:
            return answer, here
    raise AssertionError(f"the replica was never asked for {path}")


@pytest.mark.parametrize("path", ["/", "/practices/", "/practices/{code}/", "/search/?q=doors"])
def test_pages_are_read_from_the_replica(plan, primary, replica, path):
    answer, here = get_from_replica(path.format(code=plan.code), primary, replica)

    assert (answer.status_code, here) == (200, 1)  # where the primary's log stands


def test_streams_and_the_api_are_read_from_the_replica(plan, primary, replica):
    table, asked = get_from_replica("/practices.csv", primary, replica)
    answer, counted = get_from_replica(f"/api/v1/practices/{plan.code}/", primary, replica)

    assert plan.code.encode() in table.body
    assert asked == 2  # once for the page, once for what is streamed after it
    assert answer.json()["code"] == plan.code
    assert counted > 1  # the request was counted where it can be written


def test_nothing_older_than_the_primary_is_ever_shown(primary, replica):
    first = PracticeFactory(title="First", published=True)
    catch_up(primary, replica)
    ask(replica, "SELECT pg_wal_replay_pause()")
    wait_until(lambda: ask(replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")
    second = PracticeFactory(title="Second", published=True)

    new, *asked = get(f"/practices/{second.code}/", primary, replica)
    take("withdraw", first)
    withdrawn, *_ = get(f"/practices/{first.code}/", primary, replica)
    ask(replica, "SELECT pg_wal_replay_resume()")
    later, here = get_from_replica(f"/practices/{first.code}/", primary, replica)

    assert new.status_code == 200
    assert asked[1] == 1  # the replica only said that it is behind
    assert withdrawn.status_code == later.status_code == 410
    assert here == 1


def test_fence_holds_on_the_replica(primary, replica):
    hidden = PracticeFactory(title="Draft")
    later = published(PracticeFactory(), at=timezone.now() + timedelta(days=1))
    catch_up(primary, replica)

    with replicas.in_place_of_the_primary("replica1"):
        with public_side():
            codes = set(PublicRecord.objects.values_list("code", flat=True))
        for refused, error in (
            (lambda: Practice.objects.count(), ProgrammingError),
            (lambda: Practice.objects.update(title="x"), InternalError),
        ):
            with pytest.raises(error), public_side():
                refused()
        with pytest.raises(InternalError, match="read-only"):
            Practice.objects.update(title="x")  # nor without the fence

    assert codes.isdisjoint({hidden.code, later.code})


def test_dead_replica_is_left_out_and_asked_again(plan, primary, replica, servers):
    get_from_replica("/", primary, replica)
    servers[1].stop()

    answers = [get(path, primary, replica) for path in ("/", "/practices.csv")]
    servers[1].start()
    replicas._failed_at.clear()  # as time does
    back, here = get_from_replica("/", primary, replica)

    assert [answer.status_code for answer, *_ in answers] == [200, 200]
    assert plan.code.encode() in answers[1][0].body
    assert answers[1][2] == 0  # not even asked
    assert (back.status_code, here) == (200, 1)


def test_replica_that_dies_while_it_answers_costs_no_page(plan, primary, replica):
    catch_up(primary, replica)
    died = []

    def die(execute, sql, params, many, context):
        if "public_record" in sql and not died:
            died.append(sql)
            with closing(psycopg2.connect(**replica.get_connection_params())) as other:
                pid = replica.connection.info.backend_pid
                other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return execute(sql, params, many, context)

    with replica.execute_wrapper(die):
        for _ in range(100):
            if not died:
                catch_up(primary, replica)
                answer = Client().get("/practices/")

    assert len(died) == 1
    assert answer.status_code == 200
    assert plan.code in answer.text
    assert not primary.in_atomic_block


def test_other_server_and_wrong_clock_are_no_replica(plan, primary, replica, servers, monkeypatch):
    catch_up(primary, replica)
    assert replicas.up_to_date() in ("replica1", None)

    monkeypatch.setattr(replicas, "OTHER_CLOCK", 0)
    wrong_clock = replicas.up_to_date()
    monkeypatch.undo()
    connections["replica1"] = other = wrapper(servers[0].url, "replica1")  # as one promoted
    not_following = replicas.up_to_date()
    other.close()
    connections["replica1"] = replica

    assert (wrong_clock, not_following) == (None, None)


def test_whoever_writes_reads_what_they_wrote(plan, primary, replica):
    with transaction.atomic():
        inside = replicas.up_to_date()

    assert inside is None


def test_page_of_a_replica_is_not_kept_while_a_change_is_open(plan, primary, replica):
    """A transaction that began before others ended is open for the replica's snapshot too."""
    with closing(psycopg2.connect(**primary.get_connection_params())) as other:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            state = last_copies.State("folder", {cursor.fetchone()[0]: time.time()})
        call_command("seal_log", verbosity=0)
        PracticeFactory()
        catch_up(primary, replica)
        while_open = has_ended(state)
        other.commit()
    PracticeFactory()
    catch_up(primary, replica)

    assert (while_open, has_ended(state)) == (False, True)


def has_ended(state) -> bool:
    with replicas.in_place_of_the_primary("replica1"), public_side():
        return state.has_ended()
