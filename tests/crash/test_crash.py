"""Whatever is killed at whatever moment: what somebody was told is done is done, nothing is half.

Two systems send drafts, two editors save forms with files and two import sheets, while `kill -9`
hits a worker, the whole web server, the job of an import, or the database with all its backends.
After each blow what was killed is started again, everything is sent once more under its key, and
what is there is held against every answer. `make crash` does 40 rounds, ROUNDS=200 more; with
SEED= the same things are killed after the same pauses (what they hit, the machine decides).
"""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Token
from accounts.tokens import check_sum, new_secret
from reviewhub import embedded
from tests.crash import reckoning
from tests.crash.stage import BLOWS, PATIENCE, Stage
from tests.crash.visitors import Editor, Importer, NoAnswer, Sender, Visitor
from tests.factories import cycle, objective, person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]

ROUNDS = int(os.environ.get("ROUNDS") or 0)  # 0: two rounds, as development serves the site
SEED = int(os.environ.get("SEED") or secrets.randbelow(1_000_000) if ROUNDS else 1)
# A job counts as dead after 15 seconds without a process: let them have passed.
A_WHILE_LATER = """
    UPDATE office_import SET started_at = now() - interval '1 minute'
    WHERE state IN ('uploaded', 'confirmed')
"""


@pytest.fixture
def folder():
    """Outside pytest's own folders, which the database's user may not enter when we are root."""
    with tempfile.TemporaryDirectory(prefix="reviewhub-crash-") as made:
        yield Path(made)


@pytest.fixture
def stage(folder):
    stage = Stage(folder, secret_key=settings.SECRET_KEY, deployed=ROUNDS > 0)
    yield stage
    stage.close()


def token() -> dict[str, str]:
    """The headers of a system that may add practices."""
    secret = new_secret()
    Token.objects.create(
        name="Ministry",
        owner=person("Editor"),
        kinds=["submissions.practice"],
        expires_at=timezone.now() + timedelta(days=1),
        check_sum=check_sum(secret),
    )
    return {"Authorization": f"Bearer {secret}"}


def session(stage: Stage) -> dict[str, str]:
    """The cookie of an editor who has signed in with a second factor, as the stage calls it."""
    client = Client()
    client.force_login(person("Editor"))
    name = settings.SESSION_COOKIE_NAME
    return {f"{'__Host-' if stage.deployed else ''}{name}": client.cookies[name].value}


@pytest.fixture
def visitors(stage) -> list[Visitor]:
    """Six people and systems; what they need is in the test's database, and moves to the stage."""
    objective(7)
    Editor.cycle = str(cycle("RR2024").pk)
    made: list[Visitor] = []
    for number in (1, 2):
        who = [f"{name}{number}" for name in ("API", "EDITOR", "IMPORT")]
        chance = [Random(f"{SEED}/{name}") for name in who]  # noqa: S311 - to be had again
        made += [
            Sender(stage, who[0], chance[0], headers=token()),
            Editor(stage, who[1], chance[1], cookies=session(stage)),
            Importer(stage, who[2], chance[2], cookies=session(stage)),
        ]
    stage.open(scene(stage.folder / "scene.sql"))
    return made


def scene(target: Path) -> Path:
    """The test's database as SQL: tables, triggers and rows."""
    of = connection.settings_dict
    subprocess.run(
        [embedded.tool("pg_dump"), "--no-owner", f"--file={target}", of["NAME"]],
        env=os.environ
        | {"PGHOST": of["HOST"], "PGPORT": str(of["PORT"] or 5432)}
        | {"PGUSER": of["USER"], "PGPASSWORD": of["PASSWORD"]},
        check=True,
    )
    target.chmod(0o644)
    return target


class Busy:
    """Everybody at once, each in a thread, until the end of the block."""

    def __init__(self, visitors: list[Visitor]):
        self.stop = threading.Event()
        self.broken: list[BaseException] = []
        self.threads = [threading.Thread(target=self.go_on, args=[one]) for one in visitors]

    def go_on(self, visitor: Visitor) -> None:
        try:
            while not self.stop.is_set():
                try:
                    visitor.act()
                except NoAnswer:
                    self.stop.wait(0.1)
                else:
                    self.stop.wait(0.02)
        except BaseException as error:  # the test's own fault: said in the test, not in a thread
            self.broken.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()

    def __exit__(self, *error):
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        if self.broken:
            raise self.broken[0]


class Count:
    """What was found in all rounds.

    lost: acknowledged and not there. half: an import, a form or a file of which a part is there.
    orphans: a receipt, a draft or a log without the other. twice: two rows of one key or form.
    other answers: to a key answered before. odd answers: an error that is not a 503.
    """

    def __init__(self):
        self.blows: Counter[str] = Counter()
        self.wrong: dict[str, list[str]] = {
            name: []
            for name in ("lost", "half", "orphans", "twice", "other answers", "odd answers")
        }
        self.repeated = 0
        self.slowest = 0.0

    def add(self, stage: Stage, visitors: list[Visitor]) -> None:
        """Look at everything there is."""
        with closing(stage.connect()) as seen, seen.cursor() as cursor:
            self.note("half", reckoning.found(cursor, reckoning.HALVES))
            self.note("half", reckoning.misnamed(stage.files))
            self.note("orphans", reckoning.found(cursor, reckoning.ORPHANS))
            self.note("twice", reckoning.found(cursor, reckoning.TWICE))
            self.note("lost", reckoning.lost(cursor, stage.files, visitors))
            cursor.execute(A_WHILE_LATER)
        for one in visitors:
            self.note("odd answers", one.odd)

    def line(self, rounds: int, visitors: list[Visitor]) -> str:
        """The figures up to this round."""
        told = reckoning.acknowledged(visitors)
        blows = ", ".join(f"{number} × {blow}" for blow, number in sorted(self.blows.items()))
        said = ", ".join(f"{number} {name}" for name, number in told.items())
        wrong = ", ".join(f"{len(lines)} {name}" for name, lines in self.wrong.items())
        died = sum(
            upload.deaths
            for one in visitors
            if isinstance(one, Importer)
            for upload in one.uploads
        )
        return (
            f"crash: seed {SEED}, {rounds} rounds ({blows}); {sum(told.values())} acknowledgements"
            f" ({said}), {self.repeated} drafts sent again; {wrong};"
            f" {died} imports were given up, said so and were repeated;"
            f" back in {self.slowest:.1f} s at most"
        )

    def note(self, what: str, lines: list[str]) -> None:
        self.wrong[what] += [line for line in lines if line not in self.wrong[what]]


def strike(stage: Stage, blow: str, random: Random) -> bool:
    """Wait for a random moment, of an import's job for one in its life, and kill."""
    time.sleep(random.uniform(0.2, 3))
    if blow == "import job":
        end = time.monotonic() + PATIENCE
        while not stage.jobs() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(random.uniform(0, 2.5))
    return stage.strike(blow, random.choice) > 0


def settle(stage: Stage, importers: list[Importer]) -> None:
    """Everybody looks at their upload until it is in: a job that has died is taken up again."""
    end = time.monotonic() + PATIENCE
    while any(one.pending for one in importers):
        assert time.monotonic() < end, [one.pending for one in importers]
        for one in importers:
            if one.pending:
                with suppress(NoAnswer):
                    one.look(one.pending)
        time.sleep(0.1)


def test_nothing_acknowledged_is_lost_and_nothing_is_half_under_kill_9(stage, visitors):
    count, few = Count(), ["import job", "database"]
    importers = [one for one in visitors if isinstance(one, Importer)]

    for number in range(1, (ROUNDS or len(few)) + 1):
        random = Random(f"{SEED}/{number}")  # noqa: S311 - the same with the same seed
        blow = random.choice(BLOWS) if ROUNDS else few[number - 1]
        with Busy(visitors):
            count.blows[blow] += strike(stage, blow, random)
            count.slowest = max(count.slowest, stage.restart(blow))
        count.add(stage, visitors)  # before anything is sent again, which could mend it
        for one in visitors:
            if isinstance(one, Sender):
                repeated, other = one.repeat()
                count.repeated += repeated
                count.note("other answers", other)
        print(count.line(number, visitors), flush=True)  # noqa: T201 - a long proof says how far
    settle(stage, importers)
    count.add(stage, visitors)

    print(count.line(number, visitors))  # noqa: T201 - the figures are what it is for
    assert count.wrong == {name: [] for name in count.wrong}
    assert all(reckoning.acknowledged(visitors).values())  # else nothing was tried
