"""The benchmark's own parts, without its servers: floor and site agree, and figures are right."""

import socket
import threading
from datetime import date

import pytest
from django.db import connection

from accounts.demo import demonstration_accounts
from bench import floor, report
from bench.client import HOST, Measured, measure, request
from bench.run import summary
from bench.workloads import workloads
from objectives.actions import load_reference_data
from objectives.reference_files import FOLDER as REFERENCE
from reviewhub.demo.loader import People
from reviewhub.synthetic.loader import load_synthetic
from tests.factories import person


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def body_of_floor(address: str) -> bytes:
    path, _is, query = address.partition("?")
    answered = floor.application(
        {"PATH_INFO": path, "QUERY_STRING": query}, lambda status, headers: None
    )
    return b"".join(answered)


def test_floor_and_site_tell_the_same(db, client, monkeypatch, settings):
    person("Reader")
    load_reference_data(REFERENCE, today=date(2026, 1, 1))
    accounts = demonstration_accounts()
    people = People(accounts["Editor"], accounts["Reviewer"], accounts["Publisher"])
    load_synthetic(60, people=people, say=lambda what, done, total: None)
    settings.ALLOWED_HOSTS = [HOST]
    monkeypatch.setattr(floor, "cursor", connection.cursor)  # the transaction of the test

    compared = [one for one in workloads(rows) if one.told]

    assert [one.name for one in compared] == ["W1", "W1c", "W2", "W3", "W4", "W5", "W6"]
    for one in compared:
        for ours, theirs in list(zip(one.site, one.floor, strict=True))[:3]:
            told = one.told(client.get(ours, HTTP_HOST=HOST, secure=True).content)
            assert told == one.told(body_of_floor(theirs)), one.name
            assert told


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", {}),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", {}),
        (b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n", {503: 4}),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", {}),
    ],
)
def test_client_counts_whole_answers_and_keeps_what_is_refused_apart(answer, refused):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closes = b"close" in answer
        port = listener.getsockname()[1]

        def serve(one: socket.socket) -> None:
            with one:
                while one.recv(65536):
                    for byte in answer:  # in as many pieces as may be
                        one.sendall(bytes([byte]))
                    if closes:
                        return

        def accept() -> None:
            for _ in range(4 if closes else 1):
                serve(listener.accept()[0])

        server = threading.Thread(target=accept, daemon=True)
        server.start()
        measured = measure(port, [request("/")], 1, 0, least=4)
        server.join(5)

    assert (measured.answers, measured.refused) == (4, refused)


def test_figures_are_medians_of_rounds_and_quantiles_of_all():
    rounds = [
        Measured(seconds=1, times=[0.001, 0.003]),
        Measured(seconds=1, times=[0.001] * 4, refused={503: 1}),
        Measured(seconds=1, times=[0.002] * 10),
    ]

    assert summary(rounds) == {
        "a_second": 4,
        "p50": 2,
        "p95": 3,
        "answers": 16,
        "refused": {"503": 1},
    }


def result(site: float, anew: float, floor: float = 0, p50: float = 1, **goals) -> dict:
    side = {"p50": p50, "p95": 2 * p50, "answers": 9, "refused": {}}
    sides = {"site": {**side, "a_second": site}, "anew": {**side, "a_second": anew}}
    if floor:
        sides["floor"] = {**side, "a_second": floor}
    wanted = {"ratio": 0, "growth": 0, "pages": 0} | goals
    return {"name": "W1", "says": "first page", "goals": wanted, "at": {"1": sides, "4": sides}}


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (result(45, 44, 100, ratio=0.45), "≥ 45%: met, anew not met"),
        (result(44, 45, 100, ratio=0.45), "≥ 45%: not met, anew met"),
        (result(100, 99, pages=100), "≥ 100/s: met, anew not met"),
        (result(99, 100, pages=100), "≥ 100/s: not met, anew met"),
        (result(1, 1), ""),
    ],
)
def test_every_goal_is_said_with_whether_it_is_met(one, verdict):
    assert report.verdict(one) == verdict


def test_page_tells_of_every_size_and_of_growth_between_them():
    def size(practices: int, p50: float) -> dict:
        return {
            "practices": practices,
            "date": "2026-11-22",
            "machine": {
                "cores": 2,
                "memory": 8,
                "system": "Linux x86_64",
                "python": "3.11.2",
                "postgresql": "18.1",
                "database": "90 MB",
            },
            "generation": {},
            "client": 9000,
            "rounds": 3,
            "seconds": 1,
            "workloads": {"W1": result(50, 20, 100, p50, ratio=0.45, growth=1.3)},
        }

    page = report.page([size(10_000, 1), size(1_000_000, 1.5)])

    assert (
        "| **W1** | first page | 50 | 20 | 100 | 50% | 20% | ≥ 45%: met, anew not met |"
        " 1.5 / 3.0 | 1.5 / 3.0 |"
    ) in page
    assert "| **W1** | 1.5 × (1.5 ×) | ≤ 1.3 ×: not met |" in page
    assert page.index("## 1,000,000 practices") < page.index("## 10,000 practices")
    assert "2 cores, 8 GiB of memory" in page


def test_page_is_made_of_the_results_that_are_kept():
    assert not report.known() or report.page(report.known()) == report.PAGE.read_text()
