"""`make bench`: fills a database with invented records, serves it as deployed, and measures.

    make bench N=10000 ARGS="--only W1,W4 --rounds 1"

The site and the floor answer in turn, in one run, from the same tables, under the same server.
A run writes bench/results/<N>.json and docs/speed.md; one with --only prints, no more.
"""

import argparse
import os
import statistics
from datetime import UTC, datetime

from bench import report
from bench.bulk import export, importing
from bench.client import Measured, ceiling, measure, request
from bench.office import Office
from bench.stage import Failed, Server, Servers, ask, machine, prepared, say, servers
from bench.workloads import Workload, workloads
from reviewhub import embedded

BULK = ("W7", "office", "W8")
OFTEN = 10  # times that each page of the office is opened
EVERY = 5  # times that each address is asked of the site before anything counts
WARM = 40  # answers before anything counts: every thread has its connection and templates then


def main() -> None:
    options = arguments()
    busy = os.getloadavg()[0]  # before we are busy ourselves
    name, made = prepared(options.practices)
    url = embedded.url(name)
    every = workloads(lambda sql: ask(url, sql))
    known = [*(one.name for one in every), *BULK]
    only, without = (
        [one for one in names.split(",") if one] for names in (options.only, options.without)
    )
    if unknown := sorted({*only, *without} - set(known)):
        raise SystemExit(f"There is no {', '.join(unknown)}. There are: {', '.join(known)}.")
    chosen = [one for one in only or known if one not in without]
    results: dict = {
        "practices": options.practices,
        "date": f"{datetime.now(UTC):%F}",
        "machine": machine(url) | {"load": round(busy, 1)},
        "generation": made,
        "client": ceiling(),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "workloads": {},
    }
    say(f"The client alone takes {results['client']:,.0f} answers a second.")
    try:
        measure_all(name, [one for one in every if one.name in chosen], chosen, options, results)
    except Failed as reason:
        raise SystemExit(str(reason)) from reason
    if only and not options.keep:
        return
    report.keep(results, part=bool(only))
    say(f"\nWritten: bench/results/{options.practices}.json, docs/speed.md")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("practices", type=int, help="N: how many invented practices")
    parser.add_argument("--only", default="", help="with commas: W1,W4,list-en")
    parser.add_argument("--keep", action="store_true", help="what --only measured, in the results")
    parser.add_argument("--without", default="", help="with commas: office,W8")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.4, help="of each round")
    parser.add_argument("--connections", default="1,4,16")
    parser.add_argument("--import-rows", type=int, default=1000, help="W8: rows of the file")
    return parser.parse_args()


def measure_all(
    name: str, asked: list[Workload], chosen: list[str], options, results: dict
) -> None:
    """Measure what was chosen, and print each line as soon as it is known."""
    at = [int(one) for one in options.connections.split(",")]
    found = results["workloads"]
    with servers(name) as every:
        for one in asked:
            agree(one, every.site, every.floor)
            agree(one, every.anew, every.floor)
        say("Site and floor give the same answers.\n")
        say(report.HEADING)
        for one in asked:
            found[one.name] = measured(one, every, options.rounds, options.seconds, at)
            say(report.line(found[one.name]))
        if "W7" in chosen:
            results["export"] = export(every.site, every.floor, options.rounds)
            say("\n" + report.export_words(results["export"]))
        if "office" in chosen:
            url = embedded.url(name, user=embedded.SITE)
            [(draft,)] = ask(
                url, "SELECT min(id) FROM submissions_practice WHERE status = 'draft'"
            )
            results["office"] = Office(every.site, url).pages(draft, OFTEN)
            say(report.office_words(results["office"]))
    if "W8" in chosen:
        results["import"] = importing(name, options.import_rows)
        say(report.import_words(results["import"]))


def agree(one: Workload, site: Server, floor: Server) -> None:
    """Site and floor must answer the same, or there is nothing to compare."""
    if one.told is None:
        for address in one.site[:3]:
            site.get(address)
        return
    for ours, theirs in list(zip(one.site, one.floor, strict=True))[:8]:
        told, asked = one.told(site.get(ours)), one.told(floor.get(theirs))
        if told != asked:
            raise Failed(f"{one.name}: {ours} and the floor disagree:\n{told}\n{asked}")


def measured(one: Workload, every: Servers, rounds: int, seconds: float, at: list[int]) -> dict:
    """Requests a second and times of one workload: each side in turn, round after round."""
    sides = {"site": (every.site, one.site), "anew": (every.anew, one.site)}
    if one.floor:
        sides["floor"] = (every.floor, one.floor)
    asked = {side: [request(a) for a in addresses] for side, (_s, addresses) in sides.items()}
    for side, (server, _addresses) in sides.items():
        each = EVERY * len(asked[side]) if side == "site" else 0  # each process has seen each
        measure(server.port, asked[side], 8, seconds / 4, least=max(WARM, each))
    columns = {}
    for connections in at:
        samples: dict[str, list[Measured]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (server, _addresses) in sides.items():
                samples[side].append(measure(server.port, asked[side], connections, seconds))
        columns[str(connections)] = {side: summary(many) for side, many in samples.items()}
    goals = {"ratio": one.goal, "growth": one.growth, "pages": one.pages}
    return {"name": one.name, "says": one.says, "goals": goals, "at": columns}


def summary(samples: list[Measured]) -> dict:
    """The median of the rounds, and the times of all answers together."""
    whole = Measured(times=[time for one in samples for time in one.times])
    refused: dict[str, int] = {}
    for one in samples:
        for status, count in one.refused.items():
            refused[str(status)] = refused.get(str(status), 0) + count
    return {
        "a_second": round(statistics.median(one.a_second for one in samples), 1),
        "p50": round(whole.quantile(0.5), 2),
        "p95": round(whole.quantile(0.95), 2),
        "answers": len(whole.times),
        "refused": refused,
    }


if __name__ == "__main__":
    main()
