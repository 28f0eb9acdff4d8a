"""Under trouble: the database restarts under load or is away, more comes than can be served.

`make trouble` does it at length and prints what it saw; `make test` does a short slice.
"""

import os
import socket
import statistics
import threading
import time
from collections import Counter
from functools import partial
from itertools import count

import pytest

from tests.browser_forms import sent_by
from tests.trouble.stage import CSRF, PATIENCE, Answer, Stage, Visitor, hidden_fields

RESTARTS = int(os.environ.get("RESTARTS") or 1)
SECONDS = float(os.environ.get("OVERLOAD_SECONDS") or 3)
CLIENTS = 3 * 2 * (4 + 4 * 8)  # three times what two workers have threads and places for

LOADS = count(int(time.time()))  # names what each load types

READ = ["/", "/fr/practices/", "/api/v1/practices/", "/ru/objectives/7/", "/search/?q=open"]
ADD = "/admin/submissions/practice/add/"


def add_form(stage: Stage) -> dict[str, list[str]]:
    """What a browser would send of the form for a new practice, with what it asks for."""
    page = Visitor(stage, session=stage.session).get(ADD)
    cycle = stage.ask("SELECT id FROM objectives_reviewcycle LIMIT 1")[0][0]
    typed = {"summary": ["Two lines\r\nof text"], "cycle": [str(cycle)], "level": ["national"]}
    return sent_by(page, "title") | typed


def titles(stage: Stage) -> Counter:
    """How often each title that a test typed is there."""
    return Counter(
        title
        for (title,) in stage.ask(
            "SELECT title FROM submissions_practice WHERE title LIKE 'Typed %'"
        )
    )


class Load:
    """Readers and writers who go on, whatever happens, and remember every answer."""

    def __init__(self, stage: Stage, *, readers: int, writers: int):
        self.stage = stage
        self.stop = threading.Event()
        self.answers: list[tuple[str, float, Answer | None]] = []
        self.typed: dict[str, Answer] = {}
        self.name = f"Typed {next(LOADS)}"
        self.numbers = count()
        self.form = add_form(stage)
        self.threads = [threading.Thread(target=self.read, args=(one,)) for one in range(readers)]
        for _ in range(writers):
            editor = Visitor(stage, session=stage.session)
            editor.cookies[CSRF] = self.form["csrfmiddlewaretoken"][0]
            self.threads.append(threading.Thread(target=self.write, args=(editor,)))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join(90)

    def read(self, number: int) -> None:
        visitor = Visitor(self.stage)
        for step in count(number):
            if self.stop.is_set():
                return
            self.note("read", partial(visitor.get, READ[step % len(READ)]))

    def write(self, editor: Visitor) -> None:
        while not self.stop.is_set():
            title = f"{self.name}.{next(self.numbers)}"
            cells = self.form | {"title": [title]}
            answer = self.note("write", lambda cells=cells: editor.post(ADD, cells))
            if answer is not None:
                self.typed[title] = answer

    def note(self, what: str, act) -> Answer | None:
        try:
            answer = act()
        except OSError:
            answer = None
        self.answers.append((what, time.monotonic(), answer))
        return answer

    def statuses(self) -> Counter:
        return Counter(one.status if one else "broken" for _what, _at, one in self.answers)

    def without_time_to_wait(self) -> int:
        return sum(
            one is not None and one.status == 503 and "Retry-After" not in one.headers
            for _what, _at, one in self.answers
        )


def test_restart_of_the_database_under_load_is_503_and_passes(stage, tell):
    recovered, statuses, kept, given_back, resent = [], Counter(), 0, 0, Counter()
    editor = Visitor(stage, session=stage.session)
    for _ in range(RESTARTS):
        with Load(stage, readers=3, writers=2) as load:
            time.sleep(1)
            stage.stop_database()
            time.sleep(1)
            stage.start_database()
            back = time.monotonic()
            stage.wait_until_ready()
            time.sleep(2)
        statuses += load.statuses()
        last = max(
            (at for _what, at, one in load.answers if one is None or one.status == 503),
            default=back,
        )
        recovered.append(max(0.0, last - back))
        assert load.without_time_to_wait() == 0

        there = titles(stage)
        editor.cookies[CSRF] = load.form["csrfmiddlewaretoken"][0]
        for title, answer in load.typed.items():
            if answer.status == 302:
                kept += there[title] == 1
            elif answer.status == 503:
                fields = hidden_fields(answer.text)
                given_back += ("title", title) in fields
                if not there[title]:  # else it had arrived just before: the page says to look
                    resent[editor.post(ADD, fields).status] += 1
        there = titles(stage)
        told = Counter(answer.status for answer in load.typed.values())

        assert set(told) <= {302, 503}
        assert [title for title in load.typed if there[title] != 1] == []
        assert set(load.statuses()) <= {200, 302, 503}
    refused = statuses[503]
    tell(
        f"restarts {RESTARTS}: {statuses.total()} requests, {dict(statuses)};"
        f" saved forms there: {kept}; refused forms with what was typed: {given_back},"
        f" sent again from that page: {dict(resent)};"
        f" last 503 {max(recovered):.1f} s after the database was back"
    )

    assert refused > 0
    assert set(resent) <= {302}


def test_while_the_database_is_away_public_pages_are_their_last_copies(stage, tell):
    visitor = Visitor(stage)
    code = stage.ask("SELECT code FROM public_record ORDER BY code LIMIT 1")[0][0]
    pages = [
        f"{language}{page}"
        for language in ("", "/fr", "/ru")
        for page in ("/", "/practices/", f"/practices/{code}/", "/objectives/7/")
    ]
    before = [visitor.get(page).status for page in pages]
    stage.stop_database()
    try:
        after = [visitor.get(page) for page in pages]
        others = {
            path: visitor.get(path).status
            for path in ("/search/?q=open", "/api/v1/practices/", "/health/ready", "/health/live")
        }
        office = Visitor(stage, session=stage.session).get("/admin/").status
    finally:
        stage.start_database()
    stage.wait_until_ready()
    back = time.monotonic()
    while any('role="note"' in visitor.get(page).text for page in pages * 2):  # of both workers
        assert time.monotonic() - back < PATIENCE
    tell(
        f"database away: {len(pages)} pages from their last copies, median"
        f" {statistics.median(one.seconds for one in after) * 1000:.0f} ms; {others};"
        f" no copy is shown {time.monotonic() - back:.1f} s after the site is ready"
    )

    assert before == [200] * 12
    assert [(one.status, 'role="note"' in one.text) for one in after] == [(200, True)] * 12
    assert list(others.values()) == [503, 503, 503, 200]
    assert office == 503


def test_more_than_can_be_served_is_refused_at_once_and_nothing_is_half_done(stage, tell):
    alive: list[int] = []
    with Load(stage, readers=CLIENTS - 20, writers=20) as load:
        until = time.monotonic() + SECONDS
        probe = Visitor(stage)
        while time.monotonic() < until:
            alive.append(probe.get("/health/live").status)
            time.sleep(0.2)
    there = titles(stage)
    statuses = load.statuses()
    refused = [one for _what, _at, one in load.answers if one and one.status == 503]
    served = [one for _what, _at, one in load.answers if one and one.status in (200, 302)]
    tell(
        f"overload, {CLIENTS} clients at once for {SECONDS:.0f} s: {dict(statuses)};"
        f" served in {statistics.median(one.seconds for one in served):.2f} s (median),"
        f" refused in {statistics.median(one.seconds for one in refused):.2f} s;"
        f" alive: {Counter(alive)}"
    )

    assert set(statuses) <= {200, 302, 503}
    assert load.without_time_to_wait() == 0
    assert set(alive) == {200}
    assert refused != []
    assert served != []
    wrong = [
        title
        for title, answer in load.typed.items()
        if there[title] != (1 if answer.status == 302 else 0)
    ]
    assert wrong == []
    assert all(
        ("title", title) in hidden_fields(answer.text)
        for title, answer in load.typed.items()
        if answer.status == 503
    )


@pytest.mark.parametrize(
    ("what", "headers", "statuses"),
    [
        ("a header of 100 kB", {"X_Long": "x" * 100_000}, {400, 431}),
        ("200 headers", {f"X_{number}": "x" for number in range(200)}, {400, 431}),
        ("an address of 20 kB", {}, {400, 414}),
    ],
)
def test_requests_too_large_to_be_meant_are_refused(stage, what, headers, statuses):
    path = "/search/?q=" + "x" * 20_000 if "address" in what else "/"

    assert Visitor(stage).get(path, **headers).status in statuses
    assert Visitor(stage).get("/health/live").status == 200


def test_connections_that_say_nothing_hold_up_nobody(stage):
    silent = [socket.create_connection(("127.0.0.1", stage.port)) for _ in range(100)]
    try:
        answers = {Visitor(stage, timeout=30).get("/health/live").status for _ in range(5)}
    finally:
        for one in silent:
            one.close()

    assert answers == {200}


def test_body_of_200_megabytes_is_refused_before_it_has_come(stage):
    editor = Visitor(stage, session=stage.session)
    form = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": "200000000"}

    answer = editor.send("POST", ADD, b"title=", **form)

    # It was announced and never sent, so the answer arrives. Whoever goes on sending may see the
    # connection closed before they read it: HTTP/1.1 has no other way to stop them.
    assert answer.status == 413
    assert "nothing was saved" in answer.text


def test_log_lines_are_json_and_hold_nobody(stage):
    """Comes last: everything above has been written down."""
    import json

    lines = [json.loads(line) for line in stage.log.read_text().splitlines()]
    asked = Visitor(stage).get("/search/?q=Petrova")
    Visitor(stage).get("/account/password/new/1-secret/")
    found = stage.log.read_text()

    assert len(lines) > 10
    assert asked.headers["X-Request-ID"] in found
    assert [word in found for word in ("Petrova", "1-secret", "127.0.0.1", "olga")] == [False] * 4
