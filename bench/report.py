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
OFFICE = 150  # ms of a list, a form, a save
MEMORY = 150  # MiB of a worker

HEADING = (
    f"{'4 connections':<14}{'site/s':>9}{'anew/s':>9}{'floor/s':>9}{'ratio':>7}{'anew':>7}"
    f"{'p50 ms':>9}{'p95 ms':>9}  {'goal':<32}  what"
)


def word(met: bool) -> str:
    return "met" if met else "not met"


def column(result: dict, connections: str = COMPARED_AT) -> dict:
    """The figures at so many connections, or the first there are."""
    return result["at"].get(connections) or next(iter(result["at"].values()))


def ratio(result: dict, side: str = "site") -> float | None:
    """Requests a second of the site, or of the site working anew, as a share of the floor's."""
    at = column(result)
    if "floor" not in at or not at["floor"]["a_second"]:
        return None
    return at[side]["a_second"] / at["floor"]["a_second"]


def verdict(result: dict, practices: int = 0) -> str:
    """The goal and whether it is met, as deployed and anew; "" where there is none."""
    goals, at = result["goals"], column(result)
    if ratio(result) is not None:
        goal, told = goals["ratio"], f"≥ {goals['ratio']:.0%}"
        reached = [ratio(result, side) or 0 for side in ("site", "anew")]
    elif goals["pages"] and practices in (0, 10_000):  # other sizes are judged by their growth
        goal, told = goals["pages"], f"≥ {goals['pages']:.0f}/s"
        reached = [at[side]["a_second"] for side in ("site", "anew")]
    else:
        return ""
    return f"{told}: {word(reached[0] >= goal)}, anew {word(reached[1] >= goal)}"


def line(result: dict) -> str:
    """A line of the table on the terminal."""
    at, share, anew = column(result), ratio(result), ratio(result, "anew")
    floor = " " * 23
    if share is not None:
        floor = f"{at['floor']['a_second']:>9,.0f}{share:>7.0%}{anew:>7.0%}"
    site = at["site"]
    sides = [side for at in result["at"].values() for side in at.values()]
    refused = sum(sum(side["refused"].values()) for side in sides)
    warning = f"  ({refused} refused or failed)" if refused else ""
    return (
        f"{result['name']:<14}{site['a_second']:>9,.0f}{at['anew']['a_second']:>9,.0f}{floor}"
        f"{site['p50']:>9.1f}{site['p95']:>9.1f}  {verdict(result):<32}  {result['says']}{warning}"
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


def office_words(took: dict) -> str:
    """The pages of the office; the median counts."""
    said = ", ".join(f"{name} {ms['p50']:.0f} ms" for name, ms in took.items())
    met = all(ms["p50"] <= OFFICE for ms in took.values())
    return f"Office, practices (median of one connection; goal ≤ {OFFICE} ms: {word(met)}): {said}"


# --- Files ----------------------------------------------------------------------------------


def keep(results: dict, *, part: bool) -> None:
    """Write the results of a run, or of a part of one into those there were, and docs/speed.md."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{results['practices']}.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    kept = results | {"generation": results["generation"] or before.get("generation", {})}
    if part and before:
        measured = {name: kept[name] for name in ("export", "office", "import") if name in kept}
        kept = before | measured | {"workloads": before["workloads"] | kept["workloads"]}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
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
    make bench N=1000000 ARGS="--without office,W8"    # hours the first time, and 20 GB of disk
    make bench ARGS="--only W1,W4 --rounds 1"        # a quick look; writes no results
    make bench ARGS="--import-rows 10000"            # W8 with a file of 10,000 rows
    make plans N=100000               # by which indexes the hottest questions are answered

**What is compared.** `manage.py make_synthetic` fills a database of its own with invented
practices, pledges, reports, recommendations and stakeholders, skewed as real ones are, and
publishes them through the same door as staff; it is kept until the generator changes. gunicorn
then serves the site as `docker-compose.yml` does (2 processes of 4 threads, `DEBUG` off, a
database user without the owner's rights), and beside it *the floor* (`bench/floor.py`): a bare
WSGI application with one hand-written SQL statement for each question, over the same tables, on
the same server. Before anything is measured, both must give the same numbers and the same codes
in the same order. Then they are asked in turn, in one run; a figure is the median of the rounds.
Ratios can be compared between machines; requests a second cannot.

Results are kept while the public record stays as it is (ADR 13), and here the same addresses are
asked again and again. So the site is measured twice: *as deployed*, and *anew*, with `KEPT_MB=0`,
where every answer and every count is worked out from the tables, as the first visitor after a
publication has it.

The site differs from a deployment in two settings, because all requests come from one address and
a round is short: no limit of requests per address, and no worker is replaced after 10,000 of them.

To keep the making of the data short, the indexes of words and of lists of codes are made after the
rows. W8 has them: it imports a file through the office's pages, and publishes it, in a copy of the
database.
"""

WHY = """\
## What is not met, and why

* **Anew, 45 % of the floor, where an answer is short** (a page by cursor, one record; at 10,000
  lists, at 100,000 that of an objective and a State). The floor asks one statement on an open
  connection. The site begins a transaction, takes on the public's role (the second fence), reads
  the state of the record, asks for the number and the page, and ends it: 7 to 9 statements, of
  which the fence is 4. Of an
  answer with one record (3 ms of a processor) middleware, fence and REST framework take half;
  Django takes a third of the rest to build its SQL; documents pass through as they are stored.
  Tried: fields of a form only for what is asked (9,800 calls of functions to 7,000 for a list),
  texts of documents unread, labels kept in the process. What is left would mean leaving the fence
  or the framework out. From 100,000 on counting takes most time, and the site, which counts from
  bits (ADR 15), passes the floor, which reads rows.
* **Anew, ranked search.** Every match is ranked, and counted exactly: a fifth of all texts. The
  floor does both in one statement, the site in two, and looks first whether the words are spelled
  as some text spells them. At 1,000,000 that takes 2.4 s, and the floor grows twice as much. Not
  taken: to rank the newest 5,000 matches only, which would show other records.
* **Anew, pages with all facets.** Thirteen facets were counted by one reading of all records that
  match: 36 ms of PostgreSQL at 10,000, 280 at 100,000, seconds at 1,000,000. From bits it is 5, 12
  and 70. What is left at 10,000 is 20 ms of a processor: drawing 11 (24 before lists were written
  without a template for each part), and reading the reference tables, which `KEPT_MB=0` makes each
  answer do. Under filters, parties are not in the bits and are read: at 1,000,000 half of what
  *list-filtered* takes.
* **Growth of W1 and W5.** Their statements take as long at 1,000,000 as at 10,000 (a list's 2.4
  ms); what is left is the disk, and runs that differ by a third. Of pages of lists it is the
  facets; the three languages grow alike, and were measured to grow by 2.9 to 4.1.
* **Growth of W6.** At 10,000 there are 340 pages, so its last one stands for page 1000: the index
  is walked three times as far at 100,000, and no further at 1,000,000.
* **At 1,000,000** the database (17 GB) did not stay in memory, and the disk is read: the export
  comes to 16,000 rows a second, and its first byte after a quarter of a second. The office's
  search for a word in a quarter of all texts takes a minute there; the office and W8 were left
  out (`--without office,W8`): their goals are for 100,000 and for a file of 10,000 rows.
* **Export.** 25 µs a row: 10 to read and decode, 10 for the names beside codes, 5 for guarding
  cells against formulas and quoting; from 8,300 to 47,000 rows a second of a processor when names
  are written once for each list of codes. The database needs another core beside it.
* **The office's search at 100,000.** What has words that stand in a quarter of all texts is found
  twice, to be counted exactly and to be sorted: 250 ms each, by index, nearly all of it for the
  lists of what has each word. Lists, filters, forms and saves stay below 150 ms.
* **Import and publishing.** Each row is read and compared twice (before the preview and before it
  is written), logged with what was and what is, and put into the office's indexes of words; each
  step logs again. Logging a statement at a time, moving versions once, and letting words of new
  rows wait on a short list took an import from 11 to 150 rows a second (270 with a file of 10,000
  rows: two programs begin anew for each file) and publishing from 40 to 350, on machines that
  differed in what else they did.
"""

MISSING = """\
## What is not measured

* Network, TLS and the proxy: client and servers share one machine, and its cores.
* Cold caches: every workload is asked for a moment first. The database has PostgreSQL's default
  settings (128 MB of shared buffers).
* The floor's CSV has the columns that a record has itself, not the names that the site writes
  beside its codes; its lists have no links to other pages, its facets no labels.
* Files, pictures, feeds, and writing while others read.
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
    return "\n".join([*parts, WHY, MISSING])


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
        "| 4 connections | | site/s | anew/s | floor/s | ratio | anew | goal | p50 / p95 ms"
        " | anew | at 16 | anew |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|",
    ]
    for one in results["workloads"].values():
        lines.append(row(one, results["practices"]))
    lines.append("")
    if "export" in results:
        lines.append(f"* {export_words(results['export'])}.")
    if "office" in results:
        lines.append(f"* {office_words(results['office'])}.")
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
    at, share, anew = column(one), ratio(one), ratio(one, "anew")

    def times(side: str, connections: str = COMPARED_AT) -> str:
        if connections not in one["at"]:
            return ""
        asked = one["at"][connections][side]
        return f"{asked['p50']:.1f} / {asked['p95']:.1f}"

    cells = [
        f"**{one['name']}**",
        one["says"],
        f"{at['site']['a_second']:,.0f}",
        f"{at['anew']['a_second']:,.0f}",
        f"{at['floor']['a_second']:,.0f}" if "floor" in at else "",
        f"{share:.0%}" if share is not None else "",
        f"{anew:.0%}" if anew is not None else "",
        "; ".join(filter(None, [verdict(one, practices), spread(one)])),
        times("site"),
        times("anew"),
        times("site", CROWD),
        times("anew", CROWD),
    ]
    return f"| {' | '.join(cells)} |"


def spread(one: dict) -> str:
    """Whether the slow answers of a page are near the usual ones when many ask."""
    if not one["goals"]["pages"] or CROWD not in one["at"]:
        return ""
    site, anew = (one["at"][CROWD][side] for side in ("site", "anew"))
    told = [word(side["p95"] <= SPREAD * side["p50"]) for side in (site, anew)]
    return f"p95 at 16 ≤ {SPREAD} × p50: {told[0]}, anew {told[1]}"


def growth_part(every: list[dict]) -> str:
    """How the median times grow from the smallest size to each larger one."""
    first, *others = every
    sizes = " | ".join(f"{one['practices']:,}" for one in others)
    lines = [
        f"## Growth of the median time, from {first['practices']:,} practices\n",
        "At one connection, anew: what is given again does not grow. Goals are for 1,000,000 and"
        " from 10,000; the floor's own growth stands in brackets.\n",
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
            now = column(others[-1]["workloads"][name], "1")["anew"]["p50"]
            told += f": {word(now <= goal * column(one, '1')['anew']['p50'])}"
        lines.append(f"| **{name}** | {' | '.join(cells)} | {told} |")
    return "\n".join(lines) + "\n"


def grown(before: dict, after: dict) -> str:
    def times(side: str) -> str:
        return f"{after[side]['p50'] / max(before[side]['p50'], 0.01):.1f} ×"

    return times("anew") + (f" ({times('floor')})" if "floor" in before else "")
