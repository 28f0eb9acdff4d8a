"""The workloads of many rows: W7, all records as CSV; W8, an import, and publishing it."""

import http.client
import json
import re
import statistics
import time
from contextlib import closing, suppress
from pathlib import Path

from bench.office import Office, inside
from bench.stage import PROXIED, Failed, Server, ask
from reviewhub import embedded

BLOCK = 1 << 20
SITE_TABLE, FLOOR_TABLE = "/api/v1/practices/?format=csv", "/table"


# --- W7 -------------------------------------------------------------------------------------


def export(site: Server, floor: Server, rounds: int) -> dict:
    """All public practices as CSV: rows a second, the first byte, and what a worker grows by."""
    sides = {"site": (site, SITE_TABLE, 1), "floor": (floor, FLOOR_TABLE, 0)}
    for server, address, _header in sides.values():
        _downloaded(server, address)  # whatever is made once is made before
    found: dict[str, list[dict]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, (server, address, header) in sides.items():
            before = _forget_peaks(server)
            one = _downloaded(server, address)
            one["rows"] -= header
            one["growth"] = max(
                peak - before.get(pid, peak) for pid, peak in _memory(server, "VmHWM").items()
            )
            found[side].append(one)
    if found["site"][0]["rows"] != found["floor"][0]["rows"]:
        raise Failed(f"W7: site and floor give different numbers of rows: {found}")
    return {
        side: {
            "rows": many[0]["rows"],
            "rows_a_second": many[0]["rows"] / statistics.median(one["seconds"] for one in many),
            "first_byte": 1000 * statistics.median(one["first"] for one in many),
            "bytes": many[0]["bytes"],
            "growth": max(one["growth"] for one in many) / 1024,
            "memory": max(_memory(sides[side][0], "VmRSS").values()) / 1024,
        }
        for side, many in found.items()
    }


def _downloaded(server: Server, address: str) -> dict:
    """No text of ours has a line end in it, so lines are rows."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=3600)) as way:
        began = time.perf_counter()
        way.request("GET", address, headers=PROXIED)
        answer = way.getresponse()
        if answer.status != 200:
            raise Failed(f"{address} answers {answer.status}.")
        block = answer.read1(BLOCK)
        first = time.perf_counter() - began
        rows = size = 0
        while block:
            rows += block.count(b"\n")
            size += len(block)
            block = answer.read1(BLOCK)
        return {
            "first": first,
            "seconds": time.perf_counter() - began,
            "rows": rows,
            "bytes": size,
        }


def _workers(server: Server) -> list[int]:
    pid = server.process.pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(server: Server, name: str) -> dict[int, int]:
    """A figure of /proc for each worker, in KiB; none where there is no /proc."""
    found = {0: 0}
    with suppress(OSError):
        for pid in _workers(server):
            said = Path(f"/proc/{pid}/status").read_text()
            found[pid] = int(re.search(rf"{name}:\s+(\d+)", said)[1])
    return found


def _forget_peaks(server: Server) -> dict[int, int]:
    """Let the peaks of memory begin at what is used now; returns that."""
    with suppress(OSError):
        for pid in _workers(server):
            Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _memory(server, "VmHWM")


# --- W8 -------------------------------------------------------------------------------------


def importing(name: str, rows: int) -> dict:
    """Import a file through the office's pages, and publish it; in a copy of the database."""
    copy, server = "bench_import", embedded.url("postgres")
    ask(server, f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
    ask(server, f'CREATE DATABASE {copy} TEMPLATE "{name}"')
    url = embedded.url(copy, user=embedded.SITE)
    content = inside(url, "file", str(rows))
    site = Server("reviewhub.wsgi", url, "import")
    try:
        site.wait_for("/health/ready")
        office = Office(site, url)
        preview, confirm = office.imports(content)
    finally:
        site.close()
    steps = json.loads(inside(url, "publish"))
    if steps.pop("records") != rows:
        raise Failed(f"W8: not all of {rows} rows became records.")
    ask(server, f"DROP DATABASE {copy} WITH (FORCE)")
    return {
        "rows": rows,
        "preview": preview,
        "confirm": confirm,
        "rows_a_second": rows / (preview + confirm),
        "steps": steps,
        "published_a_second": rows / steps["publish"],
    }
