"""Behind PgBouncer in transaction mode, where each transaction may get another connection.

Two connections to the database serve everybody here, so whatever a session kept would be found by
somebody else.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client

from accounts import tries
from public import last_copies
from public.fence import public_side
from public.models import PublicRecord
from public.streams import row_by_row
from submissions.models import Practice
from tests.factories import PracticeFactory, cycle, objective, person
from tests.office.import_journey import confirmed, csv_of, uploaded
from tests.servers import Server, as_primary, wrapper
from tests.sheets import PRACTICE

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")

SETTINGS = """
[databases]
* = host={host}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {size}
query_wait_timeout = 3
logfile = {folder}/log
pidfile = {folder}/pid
"""


@pytest.fixture(scope="module")
def server(django_db_setup):
    with tempfile.TemporaryDirectory(prefix="reviewhub-pooled-") as made:
        Path(made).chmod(0o755)  # when we are root, the servers are somebody else
        with Server(Path(made) / "primary").running() as server:
            server.run("manage.py", "migrate", "--verbosity=0")
            yield server


@pytest.fixture
def pool(server):
    """Starts a pool with so many connections; its address."""
    started = []

    def start(size: int) -> str:
        folder = Path(tempfile.mkdtemp(prefix="reviewhub-pool-"))
        host = wrapper(server.url, "x").settings_dict["HOST"]
        (folder / "pgbouncer.ini").write_text(SETTINGS.format(folder=folder, host=host, size=size))
        (folder / "users").write_text('"reviewhub" ""\n')
        owner = (server.folder / "pg18").stat().st_uid
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner, -1)
        command = [PGBOUNCER, "-q", str(folder / "pgbouncer.ini")]
        if os.geteuid() == 0:
            command[1:1] = ["-u", pwd.getpwuid(owner).pw_name]
        process = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL)
        started.append((process, folder))
        url = f"postgresql://reviewhub@{str(folder).replace('/', '%2F')}:6432/reviewhub"
        for _ in range(200):
            if (folder / ".s.PGSQL.6432").exists():
                return url
            time.sleep(0.05)
        raise AssertionError((folder / "log").read_text())

    yield start
    for process, folder in started:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


@pytest.fixture
def pooled(pool, django_db_blocker):
    url = pool(2)
    with django_db_blocker.unblock(), as_primary(wrapper(url, DEFAULT_DB_ALIAS)) as made:
        yield made


def at_once(url, *acts) -> list:
    """What each act answers; all in threads of their own, with connections of their own."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place, act):
        with as_primary(wrapper(url, DEFAULT_DB_ALIAS)):
            gate.wait()
            answers[place] = act()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def test_nobody_inherits_the_role_or_the_time_zone_of_somebody_else(pool, django_db_blocker):
    url = pool(2)

    def role() -> set:
        found = set()
        for _ in range(20):
            with public_side(), connection.cursor() as cursor:
                cursor.execute("SELECT current_user, current_setting('TimeZone')")
                found.add(cursor.fetchone())
        return found

    def office() -> set:
        found = set()
        for _ in range(40):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT current_user, current_setting('TimeZone'),"
                    " current_setting('transaction_read_only')"
                )
                found.add(cursor.fetchone())
        return found

    with django_db_blocker.unblock():
        answers = at_once(url, role, office, role, office, role, office)

    assert (
        answers
        == [
            {("reviewhub_public", "UTC")},
            {("reviewhub", "UTC", "off")},
        ]
        * 3
    )


def test_pages_exports_and_forms_work(pooled):
    plan = PracticeFactory(title="Open doors", published=True)
    staff = Client()
    staff.force_login(person("Editor"))

    pages = [
        Client().get(path)
        for path in ("/", "/practices/", f"/practices/{plan.code}/", "/api/v1/practices/")
    ]
    table = Client().get("/practices.csv")
    office = [
        staff.get(f"/admin/submissions/practice/{rest}") for rest in ("", f"{plan.pk}/change/")
    ]

    assert {page.status_code for page in (*pages, table, *office)} == {200}
    assert plan.code.encode() in table.getvalue()


def test_rows_come_some_at_a_time_inside_a_transaction_and_at_once_elsewhere(pooled):
    plans = [PracticeFactory() for _ in range(3)]
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(context["cursor"].cursor.name)
        return execute(sql, params, many, context)

    with pooled.execute_wrapper(note):
        outside = {one.pk for one in Practice.objects.iterator(1)}
        with row_by_row():
            inside = {one.pk for one in Practice.objects.iterator(1)}
        with public_side():
            list(PublicRecord.objects.iterator(1))

    names = [name is not None for name in asked]
    assert outside == inside >= {one.pk for one in plans}
    assert names == [False, True, False, True]  # the third is the fence itself


def test_tries_are_counted_one_after_the_other(pool, django_db_blocker):
    url = pool(2)
    limit = tries.Limit("test", "somebody", 3)

    def attempt() -> bool:
        try:
            tries.count(limit)
        except tries.TooManyTries:
            return False
        return True

    with django_db_blocker.unblock():
        answers = at_once(url, *[attempt] * 6)

    assert sorted(answers) == [False, False, False, True, True, True]


def test_import_goes_all_the_way_in_a_process_of_its_own(pool, server, django_db_blocker):
    url = pool(6)  # a job holds two locks, works, and says how far it is

    def run(number: int) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", "run_import", str(number)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    with django_db_blocker.unblock(), as_primary(wrapper(url, DEFAULT_DB_ALIAS)):
        objective(7), objective(15), cycle("RR2024")
        code = PRACTICE | {"code": "P-0901"}
        upload = uploaded(person("Editor"), csv_of([code]))
        previewed = run(upload.pk)
        upload.refresh_from_db()
        states = [upload.state]
        imported = run(confirmed(upload).pk)
        upload.refresh_from_db()
        states.append(upload.state)
        found = Practice.objects.filter(code="P-0901").count()
        left = locks(server)

    assert (previewed.stderr, imported.stderr) == ("", "")
    assert (states, found) == (["previewed", "imported"], 1)
    assert left == 0


def locks(server) -> int:
    """How many advisory locks are held, by sessions that have forgotten them."""
    direct = psycopg2.connect(server.url)
    try:
        with direct.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            return cursor.fetchone()[0]
    finally:
        direct.close()


def test_pool_without_a_database_is_known_to_be_unreachable(pool, server, django_db_blocker):
    url = pool(2)
    with django_db_blocker.unblock(), as_primary(wrapper(url, DEFAULT_DB_ALIAS)):
        last_copies._failed_at = float("-inf")
        before = last_copies.is_unreachable()
        connections[DEFAULT_DB_ALIAS].close()
        server.stop()
        try:
            after = last_copies.is_unreachable()
        finally:
            server.start()
            last_copies._failed_at = float("-inf")

    assert (before, after) == (False, True)
