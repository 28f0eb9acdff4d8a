"""`make plans N=100000`: by which indexes PostgreSQL answers what is asked most.

Asks the site what `make bench` asks, with nothing kept, and has each statement over the public
record explained where it is made: as the same database user, behind the fence, with the settings
of that moment. What is kept in bench/plans/ is compared for shape only (which tables are read
whole, which indexes are used), not for costs or times, which differ from machine to machine.

    make plans N=100000                   # compare; fails where a shape differs
    make plans N=100000 ARGS=--write      # keep what there is now
"""

import argparse
import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import django

from bench.client import HOST
from bench.stage import DATA, ask, environment, prepared, say
from bench.workloads import workloads
from reviewhub import embedded

KEPT = Path(__file__).resolve().parent / "plans"
# Of what is measured, and what is not: the related records and the map of a page, and a table.
ALSO = {
    "objective": "/objectives/7/",
    "coverage": "/coverage/",
    "W7": "/api/v1/practices/?format=csv",
}
LEFT_OUT = ("list-fr", "list-ru")  # only their words differ
ABOUT = re.compile(r"\bpublic_(record|edition|editiontext)\b")
# Steps of a plan that say how rows are found; not sorts, joins and limits over what was found.
READS = re.compile(r"(Seq Scan|Index Scan|Index Only Scan|Bitmap Index Scan)[^(]*")
SAYS = 160  # letters of a statement, enough to know it again


def main() -> None:
    parser = argparse.ArgumentParser(prog="make plans", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("practices", type=int, help="N: how many invented practices")
    parser.add_argument("--write", action="store_true", help="keep what there is now")
    options = parser.parse_args()
    name, _made = prepared(options.practices)
    owner = embedded.url(name)
    DATA.mkdir(parents=True, exist_ok=True)
    settings = environment(embedded.url(name, user=embedded.SITE)) | {
        "KEPT_MB": "0",
        "LOG_FORMAT": "text",  # without a line for each answer
    }
    os.environ.update(settings, DJANGO_SETTINGS_MODULE="reviewhub.settings")
    django.setup()
    asked = workloads(lambda sql: ask(owner, sql))
    addresses = {one.name: one.site[0] for one in asked if one.name not in LEFT_OUT} | ALSO
    differences = 0
    for title, address in addresses.items():
        found = "\n".join([f"# {title}: {address}", *explained(address)]) + "\n"
        file = KEPT / f"{title}.txt"
        if options.write:
            KEPT.mkdir(exist_ok=True)
            file.write_text(found)
            say(f"Written: bench/plans/{file.name}")
        else:
            differences += compared(file, found)
    if differences:
        raise SystemExit(f"{differences} plans differ. If that is meant: ARGS=--write")


def compared(file: Path, found: str) -> int:
    """1 if the shape is another one, and says how; else 0."""
    kept = file.read_text() if file.exists() else ""
    if kept == found:
        say(f"{file.stem}: as it was")
        return 0
    say(*difflib.unified_diff(kept.splitlines(), found.splitlines(), file.name, "now"), sep="\n")
    return 1


def explained(address: str) -> Iterator[str]:
    """Each statement that is made for this address, and how its rows are found."""
    from django.db import connection
    from django.test import Client

    told: list[str] = []

    def explain(execute, sql, params, many, context):
        if ABOUT.search(sql) and sql.lstrip().startswith(("SELECT", "WITH")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (COSTS OFF) {sql}", params)
                plan = [line for (line,) in cursor.fetchall()]
            told.extend(["", " ".join(sql.split())[:SAYS], *shape(plan)])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        answer = Client().get(address, headers={"host": HOST, "x-forwarded-proto": "https"})
        if answer.streaming:
            next(iter(answer.streaming_content))
        answer.close()
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")
    return iter(told)


def shape(plan: list[str]) -> list[str]:
    """How each table of a plan is read, in its order, each way once."""
    ways = [found[0].strip() for line in plan if (found := READS.search(line))]
    return [f"    {way}" for way in dict.fromkeys(ways)]


if __name__ == "__main__":
    main()
