"""Where the benchmark takes place: a database of its own, and servers as they are deployed."""

import contextlib
import hashlib
import http.client
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import psycopg2

from bench.client import HOST, measure, request
from reviewhub import embedded

BASE = Path(__file__).resolve().parent.parent
DATA = embedded.DATA / "bench"  # what the site writes into files while it is measured
KEY = secrets.token_urlsafe(50)
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}
QUIET = 11  # seconds until what was published last can be tallied
PATIENCE = 120  # seconds for a server to begin


class Failed(Exception):
    """The site did not do what it was asked, so there is nothing to measure."""


def say(*words: object, sep: str = " ") -> None:
    sys.stdout.write(sep.join(map(str, words)) + "\n")
    sys.stdout.flush()


# --- The database ---------------------------------------------------------------------------


def generator_hash() -> str:
    """What the data depend on: the modules that invent them."""
    files = sorted((BASE / "reviewhub" / "synthetic").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def ask(url: str, sql: str) -> list[tuple]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


# Indexes of words and of lists of codes: the rules stay while rows are made, these are made
# afterwards. Every row is written half a dozen times until it is public, and they cost most of it.
SET_ASIDE = """
    CREATE TABLE IF NOT EXISTS bench_set_aside AS SELECT ''::text AS definition WHERE false;
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT indexname, indexdef FROM pg_indexes
            WHERE indexdef ~ ' USING (gin|gist) ' AND schemaname = 'public'
            AND tablename ~ '^(submissions|roundtables|public_edition|accounts_change)'
            AND indexname NOT IN (SELECT conname FROM pg_constraint)
        LOOP
            INSERT INTO bench_set_aside VALUES (one.indexdef);
            EXECUTE format('DROP INDEX %I', one.indexname);
        END LOOP;
    END $$;
"""
BROUGHT_BACK = """
    SET maintenance_work_mem = '512MB';
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT definition FROM bench_set_aside LOOP EXECUTE one.definition; END LOOP;
    END $$;
    DROP TABLE bench_set_aside;
"""


def prepared(practices: int) -> tuple[str, dict[str, float]]:
    """The name of a database with so many practices, and what its making took, if it was made."""
    embedded.ensure()
    name = f"bench_{practices}_{generator_hash()}"
    server = embedded.url("postgres")
    there = [one for (one,) in ask(server, "SELECT datname FROM pg_database")]
    for one in there:
        if one.startswith(f"bench_{practices}_") and one != name:
            say(f"Dropping {one}: the generator has changed.")
            ask(server, f'DROP DATABASE "{one}"')
    if name not in there:
        ask(server, f'CREATE DATABASE "{name}"')
    url = embedded.url(name)
    manage(url, "migrate", "--verbosity=0")
    embedded.site()  # the role, and its membership in those that migrate has made
    if not ask(url, "SELECT 1 FROM objectives_objective LIMIT 1"):
        manage(url, "load_reference_data")
    made = ask(url, "SELECT count(*) FROM submissions_practice")[0][0]
    unfinished = ask(url, "SELECT to_regclass('bench_set_aside')")[0][0]
    took: dict[str, float] = {}
    if made < practices or unfinished:
        say(f"Inventing {practices:,} practices and what belongs to them ...")
        began = time.monotonic()
        ask(url, SET_ASIDE)
        manage(
            url,
            "make_synthetic",
            f"--practices={practices}",
            "--outside-development",
            quiet=False,
        )
        ask(url, BROUGHT_BACK)
        ask(url, "VACUUM ANALYZE")
        took = {"records": practices - made, "seconds": time.monotonic() - began}
        say(f"… {took['seconds']:.0f} s.")
        time.sleep(QUIET)
    manage(url, "tally")
    return name, took


def environment(url: str) -> dict[str, str]:
    """As docker-compose.yml sets it, with a key and a host of the benchmark's own.

    No limit per address: all requests come from one.
    """
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))},
        "DATA_DIR": str(DATA),
        "DATABASE_URL": url,
        "DEBUG": "0",
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "API_REQUESTS_PER_MINUTE": "0",
    }


def manage(url: str, *words: str, quiet: bool = True) -> None:
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "manage.py", *words],
        cwd=BASE,
        env=environment(url),
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {words[0]} failed.")


def collect_static(url: str) -> None:
    """Collect and compress the static files, unless they are as they were."""
    files = sorted(path for path in (BASE / "static").rglob("*") if path.is_file())
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    kept = DATA / "static.sha256"
    if not kept.exists() or kept.read_text() != stamp:
        manage(url, "collectstatic", "--noinput", "--verbosity=0")
        kept.write_text(stamp)


def machine(url: str) -> dict[str, str | float]:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    [(version, size)] = ask(
        url,
        "SELECT current_setting('server_version'),"
        " pg_size_pretty(pg_database_size(current_database()))",
    )
    return {
        "cores": os.cpu_count() or 0,
        "memory": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": version,
        "database": size,
    }


# --- Servers --------------------------------------------------------------------------------


class Server:
    """gunicorn with the configuration that is deployed, on a port of its own."""

    def __init__(self, application: str, url: str, name: str, **settings: str):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = f"--bind=127.0.0.1:{self.port} --max-requests=0"  # no worker begins anew
        self.log = (DATA / f"{name}.log").open("wb")
        self.process = subprocess.Popen(  # noqa: S603  # our own command
            [
                *(sys.executable, "-m", "gunicorn"),
                *("--config", "python:reviewhub.gunicorn", application),
            ],
            cwd=BASE,
            env={**environment(url), "GUNICORN_CMD_ARGS": options, **settings},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def wait_for(self, address: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if measure(self.port, [request(address)], 1, 0).times:
                    return
            time.sleep(0.1)
        raise SystemExit(f"The server does not answer {address}: see {self.log.name}")

    def get(self, address: str) -> bytes:
        """The body of one answer; it must be 200."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)) as way:
            way.request("GET", address, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
            answer = way.getresponse()
            body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address} answers {answer.status}: {body[:500]!r}")
        return body

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(40)
        self.process.kill()
        self.process.wait()
        self.log.close()


class Servers(NamedTuple):
    """What is compared: the site as deployed, the site working everything out anew, the floor."""

    site: Server
    anew: Server
    floor: Server


@contextlib.contextmanager
def servers(name: str) -> Iterator[Servers]:
    """What is compared, over this database."""
    DATA.mkdir(parents=True, exist_ok=True)
    url = embedded.url(name, user=embedded.SITE)
    collect_static(url)
    with contextlib.ExitStack() as running:

        def run(application: str, side: str, **settings: str) -> Server:
            return running.enter_context(closing(Server(application, url, side, **settings)))

        every = Servers(
            site=run("reviewhub.wsgi", "site"),
            anew=run("reviewhub.wsgi", "anew", KEPT_MB="0"),
            floor=run("bench.floor", "floor"),
        )
        every.site.wait_for("/health/ready")
        every.anew.wait_for("/health/ready")
        every.floor.wait_for("/nothing")
        yield every
