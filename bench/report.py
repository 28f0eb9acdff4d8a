"""What is told of measurements: lines on the terminal, files of results, docs/speed.md."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "speed.md"
COMPARED_AT = "4"  # connections: the ratios of the goals are those of this column
CROWD = "16"
SPREAD = 3  # p95 at 16 connections may be so many times p50

# The goals of what has no floor.
EXPORT_ROWS, EXPORT_GROWTH, EXPORT_FIRST = 50_000, 20, 50  # rows a second, MiB, ms
IMPORT_ROWS, PUBLISHED = 1_000, 1_000
MEMORY = 150  # MiB of a worker

HEADING = (
    f"{'4 connections':<14}{'site/s':>9}{'floor/s':>9}{'ratio':>7}{'p50 ms':>9}{'p95 ms':>9}"
    f"  {'goal':<16}  what"
)


def word(met: bool) -> str:
    return "met" if met else "not met"


def column(result: dict, connections: str = COMPARED_AT) -> dict:
    """The figures at so many connections, or the first there are."""
    return result["at"].get(connections) or next(iter(result["at"].values()))


def ratio(result: dict) -> float | None:
    """Requests a second of the site, as a share of the floor's."""
    at = column(result)
    if "floor" not in at or not at["floor"]["a_second"]:
        return None
    return at["site"]["a_second"] / at["floor"]["a_second"]


def verdict(result: dict, practices: int = 0) -> str:
    """The goal and whether it is met; "" where there is none."""
    goals, site = result["goals"], column(result)["site"]
    share = ratio(result)
    if share is not None:
        return f"≥ {goals['ratio']:.0%}: {word(share >= goals['ratio'])}"
    if goals["pages"] and practices in (0, 10_000):  # other sizes are judged by their growth
        return f"≥ {goals['pages']:.0f}/s: {word(site['a_second'] >= goals['pages'])}"
    return ""


def line(result: dict) -> str:
    """A line of the table on the terminal."""
    at, share = column(result), ratio(result)
    floor = f"{at['floor']['a_second']:>9,.0f}{share:>7.0%}" if share is not None else " " * 16
    site = at["site"]
    sides = [side for at in result["at"].values() for side in at.values()]
    refused = sum(sum(side["refused"].values()) for side in sides)
    warning = f"  ({refused} refused or failed)" if refused else ""
    return (
        f"{result['name']:<14}{site['a_second']:>9,.0f}{floor}{site['p50']:>9.1f}"
        f"{site['p95']:>9.1f}  {verdict(result):<16}  {result['says']}{warning}"
    )


def export_words(export: dict) -> str:
    site, floor = export["site"], export["floor"]
    return (
        f"W7 export of {site['rows']:,} rows as CSV: {site['rows_a_second']:,.0f} rows/s"
        f" (floor {floor['rows_a_second']:,.0f}; goal ≥ {EXPORT_ROWS:,}:"
        f" {word(site['rows_a_second'] >= EXPORT_ROWS)}); first byte {site['first_byte']:.0f} ms"
        f" (≤ {EXPORT_FIRST}: {word(site['first_byte'] <= EXPORT_FIRST)}); a worker grew by"
        f" {site['growth']:.0f} MiB (≤ {EXPORT_GROWTH}: {word(site['growth'] <= EXPORT_GROWTH)})"
        f" and holds {site['memory']:.0f} MiB (≤ {MEMORY}: {word(site['memory'] <= MEMORY)})"
    )


def import_words(took: dict) -> str:
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took["steps"].items())
    return (
        f"W8 import of {took['rows']:,} rows: preview {took['preview']:.1f} s, confirm"
        f" {took['confirm']:.1f} s, together {took['rows_a_second']:,.0f} rows/s"
        f" (goal ≥ {IMPORT_ROWS:,}: {word(took['rows_a_second'] >= IMPORT_ROWS)}); publishing"
        f" {took['published_a_second']:,.0f} records/s"
        f" (≥ {PUBLISHED:,}: {word(took['published_a_second'] >= PUBLISHED)}; {steps})"
    )


# --- Files ----------------------------------------------------------------------------------


def keep(results: dict) -> None:
    """Write the results of a whole run, and docs/speed.md from all there are."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{results['practices']}.json"
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(known()))


def known() -> list[dict]:
    """The results of every size that was measured, the smallest first."""
    found = [json.loads(file.read_text()) for file in RESULTS.glob("*.json")]
    return sorted(found, key=lambda one: one["practices"])


INTRODUCTION = """\
# Speed

Written by `make bench` from `bench/results/*.json`; change `bench/report.py`, not this page.

    make bench                        # 10,000 practices: some 5 minutes on two idle cores
    make bench N=100000               # most of an hour the first time
    make bench N=1000000              # hours the first time, and some 40 GB of disk
    make bench ARGS="--only W1,W4 --rounds 1"        # a quick look; writes no results
    make bench ARGS="--import-rows 10000"            # W8 with a file of 10,000 rows

**What is compared.** `manage.py make_synthetic` fills a database of its own with invented
practices, pledges, reports, recommendations and stakeholders, skewed as real ones are, and
publishes them through the same door as staff; it is kept until the generator changes. gunicorn
then serves the site as `docker-compose.yml` does (2 processes of 4 threads, `DEBUG` off, a
database user without the owner's rights), and beside it *the floor* (`bench/floor.py`): a bare
WSGI application with one hand-written SQL statement for each question, over the same tables, on
the same server. Before anything is measured, both must give the same numbers and the same codes
in the same order. Then they are asked in turn, in one run; a figure is the median of the rounds.
Ratios can be compared between machines; requests a second cannot.

The site differs from a deployment in two settings, because all requests come from one address and
a round is short: no limit of requests per address, and no worker is replaced after 10,000 of them.

To keep the making of the data short, the indexes of words and of lists of codes are made after the
rows. W8 has them: it imports a file through the office's pages, and publishes it, in a copy of the
database.
"""

MISSING = """\
## What is not measured

* Network, TLS and the proxy: client and servers share one machine, and its cores.
* Cold caches: every workload is asked for a moment first. The database has PostgreSQL's default
  settings (128 MB of shared buffers).
* The floor's CSV has the columns that a record has itself, not the names that the site writes
  beside its codes; its lists have no links to other pages, its facets no labels.
* The office's lists and forms, files, pictures, feeds, and writing while others read.
* Other programs: SPEED's figures of Datasette, Directus, PostGraphile and Wagtail were measured
  once, elsewhere; they are not part of `make bench`.
"""


def page(every: list[dict]) -> str:
    """docs/speed.md."""
    parts = [INTRODUCTION]
    for results in reversed(every):
        parts.append(size_part(results))
    if len(every) > 1:
        parts.append(growth_part(every))
    return "\n".join([*parts, MISSING])


def size_part(results: dict) -> str:
    """What was measured at one size."""
    machine, made = results["machine"], results["generation"]
    lines = [
        f"## {results['practices']:,} practices\n",
        f"{results['date']}: {machine['cores']} cores, {machine['memory']} GiB of memory,"
        f" {machine['system']}, Python {machine['python']}, PostgreSQL {machine['postgresql']};"
        f" database {machine['database']}. {results['rounds']} rounds of {results['seconds']:g} s."
        f" The client alone takes {results['client']:,.0f} answers a second."
        + (
            f" Inventing and publishing took {made['seconds']:,.0f} s"
            f" ({made['records'] / made['seconds']:,.0f} practices/s)."
            if made
            else ""
        ),
        *busy(machine),
        "",
        "| | | site/s, 4 conn. | floor/s | ratio | goal | p50 / p95 ms | at 1 | at 16 |",
        "|---|---|--:|--:|--:|---|--:|--:|--:|",
    ]
    for one in results["workloads"].values():
        lines.append(row(one, results["practices"]))
    lines.append("")
    if "export" in results:
        lines.append(f"* {export_words(results['export'])}.")
    if "import" in results:
        lines.append(f"* {import_words(results['import'])}.")
    return "\n".join(lines) + "\n"


def busy(machine: dict) -> list[str]:
    """A warning, if the machine had other work."""
    load = machine.get("load", 0)
    if load <= machine["cores"] / 2:
        return []
    return [
        "",
        f"**The machine was busy with other work (load {load:g}): read the ratios,"
        " and those with care, not the figures.**",
    ]


def row(one: dict, practices: int) -> str:
    """A row of the table of one size."""
    at, share = column(one), ratio(one)
    floor = f"{at['floor']['a_second']:,.0f}" if share is not None else ""
    part = f"{share:.0%}" if share is not None else ""

    def other(connections: str) -> str:
        if connections not in one["at"]:
            return ""
        site = one["at"][connections]["site"]
        return f"{site['a_second']:,.0f}/s, {site['p50']:.1f} / {site['p95']:.1f}"

    site = at["site"]
    cells = [
        f"**{one['name']}**",
        one["says"],
        f"{site['a_second']:,.0f}",
        floor,
        part,
        "; ".join(filter(None, [verdict(one, practices), spread(one)])),
        f"{site['p50']:.1f} / {site['p95']:.1f}",
        other("1"),
        other("16"),
    ]
    return f"| {' | '.join(cells)} |"


def spread(one: dict) -> str:
    """Whether the slow answers of a page are near the usual ones when many ask."""
    if not one["goals"]["pages"] or CROWD not in one["at"]:
        return ""
    site = one["at"][CROWD]["site"]
    return f"p95 at 16 ≤ {SPREAD} × p50: {word(site['p95'] <= SPREAD * site['p50'])}"


def growth_part(every: list[dict]) -> str:
    """How the median times grow from the smallest size to each larger one."""
    first, *others = every
    sizes = " | ".join(f"{one['practices']:,}" for one in others)
    lines = [
        f"## Growth of the median time, from {first['practices']:,} practices\n",
        "At one connection. Goals are for 1,000,000 and from 10,000; the floor's own growth stands"
        " in brackets.\n",
        f"| | {sizes} | goal |",
        f"|---|{'--:|' * len(others)}---|",
    ]
    for name, one in first["workloads"].items():
        cells = []
        for other in others:
            if name in other["workloads"]:
                then = column(other["workloads"][name], "1")
                cells.append(grown(column(one, "1"), then))
            else:
                cells.append("")
        goal = one["goals"]["growth"]
        told = f"≤ {goal:g} ×" if goal else ""
        if goal and (first["practices"], others[-1]["practices"]) == (10_000, 1_000_000):
            now = column(others[-1]["workloads"][name], "1")["site"]["p50"]
            told += f": {word(now <= goal * column(one, '1')['site']['p50'])}"
        lines.append(f"| **{name}** | {' | '.join(cells)} | {told} |")
    return "\n".join(lines) + "\n"


def grown(before: dict, after: dict) -> str:
    def times(side: str) -> str:
        return f"{after[side]['p50'] / max(before[side]['p50'], 0.01):.1f} ×"

    return times("site") + (f" ({times('floor')})" if "floor" in before else "")
