"""`make bench`: fills a database with invented records, serves it as deployed, and measures.

    python -m bench.run 10000 [--only W1,W4] [--rounds 1] [--seconds 1] [--connections 1,4,16]

The site and the floor answer in turn, in one run, from the same tables, under the same server.
Results go to bench/results/<N>.json and docs/speed.md.
"""

import argparse
import contextlib
import hashlib
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2

from bench.client import HOST, Measured, ceiling, measure, request
from bench.workloads import Workload, workloads
from reviewhub import embedded

BASE = Path(__file__).resolve().parent.parent
DATA = embedded.DATA / "bench"  # what the site writes into files while it is measured
CONNECTIONS = (1, 4, 16)
COMPARED_AT = 4  # connections: the ratios of goals are those of this column
PATIENCE = 120  # seconds for a server to begin


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
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


# Indexes of words in the office's tables: the rules stay while rows are made, these are made
# afterwards. Every row is written a dozen times until it is public, and they cost most of it.
SET_ASIDE = """
    CREATE TABLE IF NOT EXISTS bench_set_aside AS SELECT ''::text AS definition WHERE false;
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT indexname, indexdef FROM pg_indexes
            WHERE indexdef LIKE '% USING gin %' AND tablename ~ '^(submissions|roundtables)_'
        LOOP
            INSERT INTO bench_set_aside VALUES (one.indexdef);
            EXECUTE format('DROP INDEX %I', one.indexname);
        END LOOP;
    END $$;
"""
BROUGHT_BACK = """
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
        "SECRET_KEY": secrets.token_urlsafe(50),
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


# --- Servers --------------------------------------------------------------------------------


class Server:
    """gunicorn with the configuration that is deployed, on a port of its own."""

    def __init__(self, application: str, url: str):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        options = f"--bind=127.0.0.1:{self.port} --max-requests=0"  # no worker begins anew
        self.log = (DATA / f"{application.partition(':')[0]}.log").open("wb")
        self.process = subprocess.Popen(  # noqa: S603  # our own command
            [
                *(sys.executable, "-m", "gunicorn"),
                *("--config", "python:reviewhub.gunicorn", application),
            ],
            cwd=BASE,
            env={**environment(url), "GUNICORN_CMD_ARGS": options},
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
        import http.client

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


@contextlib.contextmanager
def servers(name: str) -> Iterator[tuple[Server, Server]]:
    """The site and the floor, over this database."""
    DATA.mkdir(parents=True, exist_ok=True)
    url = embedded.url(name, user=embedded.SITE)
    manage(url, "collectstatic", "--noinput", "--verbosity=0")
    site = Server("reviewhub.wsgi", url)
    floor = Server("bench.floor", url)
    try:
        site.wait_for("/health/ready")
        floor.wait_for("/nothing")
        yield site, floor
    finally:
        site.close()
        floor.close()


# --- Measuring ------------------------------------------------------------------------------


def agree(one: Workload, site: Server, floor: Server) -> None:
    """Site and floor must answer the same, or there is nothing to compare."""
    if one.told is None:
        for address in one.site[:3]:
            site.get(address)
        return
    for ours, theirs in list(zip(one.site, one.floor, strict=True))[:8]:
        told, asked = one.told(site.get(ours)), one.told(floor.get(theirs))
        if told != asked:
            raise SystemExit(f"{one.name}: {ours} and the floor disagree:\n{told}\n{asked}")


def measured(
    one: Workload, site: Server, floor: Server, *, rounds: int, seconds: float, at: list[int]
) -> dict:
    """Requests a second and times of one workload: site and floor in turn, round after round."""
    result: dict = {"name": one.name, "says": one.says, "at": {}}
    sides = {"site": (site, one.site)} | ({"floor": (floor, one.floor)} if one.floor else {})
    asked = {side: [request(a) for a in addresses] for side, (_s, addresses) in sides.items()}
    for side, (server, _addresses) in sides.items():
        measure(server.port, asked[side], 8, 0.3)  # every thread has its connection then
    for connections in at:
        samples: dict[str, list[Measured]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (server, _addresses) in sides.items():
                samples[side].append(measure(server.port, asked[side], connections, seconds))
        result["at"][str(connections)] = {side: summary(many) for side, many in samples.items()}
    return result


def summary(samples: list[Measured]) -> dict:
    whole = Measured(times=[time for one in samples for time in one.times])
    refused: dict[str, int] = {}
    for one in samples:
        for status, count in one.refused.items():
            refused[str(status)] = refused.get(str(status), 0) + count
    return {
        "a_second": statistics.median(one.a_second for one in samples),
        "p50": whole.quantile(0.5),
        "p95": whole.quantile(0.95),
        "answers": len(whole.times),
        "refused": refused,
    }


def line(one: Workload, result: dict) -> str:
    """A line of the table that is printed."""
    at = result["at"].get(str(COMPARED_AT)) or next(iter(result["at"].values()))
    site, floor = at["site"], at.get("floor")
    cells = [f"{one.name:<14}{site['a_second']:>9.0f}"]
    if floor:
        ratio = site["a_second"] / floor["a_second"] if floor["a_second"] else 0
        met = "met" if ratio >= one.goal else "not met"
        cells.append(f"{floor['a_second']:>9.0f}{ratio:>8.0%}")
        goal = f"≥ {one.goal:.0%} {met}"
    else:
        cells.append(f"{'':>17}")
        goal = ""
        if one.pages:
            goal = f"≥ {one.pages:.0f}/s " + (
                "met" if site["a_second"] >= one.pages else "not met"
            )
    cells.append(f"{site['p50']:>9.1f}{site['p95']:>9.1f}")
    return "".join(cells) + f"  {goal:<16}  {one.says}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("practices", type=int)
    parser.add_argument("--only", default="", help="workloads, with commas: W1,W4,list-en")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round")
    parser.add_argument("--connections", default=",".join(map(str, CONNECTIONS)))
    options = parser.parse_args()
    name, took = prepared(options.practices)
    url = embedded.url(name)
    only = {one for one in options.only.split(",") if one}
    at = [int(one) for one in options.connections.split(",")]
    every = workloads(lambda sql: ask(url, sql))
    unknown = only - {one.name for one in every}
    if unknown:
        raise SystemExit(f"There is no {', '.join(sorted(unknown))}.")
    chosen = [one for one in every if not only or one.name in only]
    say(f"The client alone takes {ceiling():,.0f} answers a second.")
    with servers(name) as (site, floor):
        for one in chosen:
            agree(one, site, floor)
        say("Site and floor give the same answers.\n")
        say(
            f"{'at ' + str(COMPARED_AT):<14}{'site/s':>9}{'floor/s':>9}{'ratio':>8}"
            f"{'p50 ms':>9}{'p95 ms':>9}  goal"
        )
        for one in chosen:
            result = measured(
                one, site, floor, rounds=options.rounds, seconds=options.seconds, at=at
            )
            say(line(one, result))


if __name__ == "__main__":
    main()
