"""No edit is ever lost: two people, one record, every pair of doors.

Both open the record, then both save: one after the other, or at the same moment in two threads.
Whoever wrote must find it there in the end; whoever could not write must be told, with what they
typed still in the answer. `make test` tries every pair; more with, for example,

    PAIRS=1000 DEBUG=1 .venv/bin/python -m pytest tests/office/test_lost_updates.py -n auto -rP

A door is a function that opens the record for somebody who means to write a value, through the
pages of the office, and returns what saves it: register it in `DOORS`, with how to see whether the
record holds what was written.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product
from threading import Barrier, Event
from time import sleep

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from objectives.records import signed
from office.imports import jobs
from office.log import Log
from office.models import Import
from public.workflow import Status
from submissions.models import Pledge
from submissions.resources import PledgeResource
from tests.browser_forms import sent_by
from tests.factories import PledgeFactory, ProgressUpdateFactory, person, sdg
from tests.office.import_journey import csv_of, send

KIND = "submissions.pledge"
GONE = (
    "Somebody has deleted this record since you opened it.",
    "There is no such record any more.",
    "This record has been deleted since the preview.",
)


@dataclass(frozen=True)
class Saved:
    """How saving ended."""

    written: bool
    told: bool = False  # that somebody else was faster
    kept: bool = False  # what was typed is still in the answer


Save = Callable[[], Saved]


@dataclass(frozen=True)
class Door:
    """A way to write a record."""

    open: Callable[[Client, Pledge, str], Save]
    holds: Callable[[Pledge, str], bool]  # is what was written there?


# --- Doors --------------------------------------------------------------------------------------


def screen(pledge) -> str:
    return reverse("admin:submissions_pledge_change", args=[pledge.pk])


def _answered(answer, value: str, *, told: str) -> Saved:
    """A page that leads on has written; one that stays says why not, and what was typed."""
    if answer.status_code == 302:
        return Saved(written=True)
    page = answer.content.decode()
    return Saved(written=False, told=any(one in page for one in (told, *GONE)), kept=value in page)


def _in_form(field: str):
    """Type the value into one field of the record's form."""

    def open_form(staff, pledge, value) -> Save:
        sent = sent_by(staff.get(screen(pledge))) | {field: [value]}

        def save():
            answer = staff.post(screen(pledge), sent)
            if answer.status_code == 403:
                return _answered(answer, value, told="somebody has signed it or moved it since")
            told = "Somebody else saved this record while you had it open"
            saved = _answered(answer, value, told=told)
            if answer.status_code == 200:
                assert sent_by(answer)[field] == [value]  # to be saved after all
            return saved

        return save

    return open_form


def open_step(staff, pledge, value) -> Save:
    """Read on the page of a step what it does, and write a note."""
    address = reverse("admin:steps", args=[KIND, "submit"])
    sent = sent_by(staff.get(address, {"id": pledge.pk}), "record") | {"note": [value]}
    return lambda: _answered(
        staff.post(address, sent),
        value,
        told="somebody was faster",
    )


def open_bulk_edit(staff, pledge, value) -> Save:
    """Choose the record in the list, choose what to add, write a note, and see what it does."""
    chosen = {"action": "change_several", "_selected_action": [pledge.pk]}
    choices = sent_by(
        staff.post(reverse("admin:submissions_pledge_changelist"), chosen), "records"
    )
    choices |= {f"sdgs-{sdg().pk}": ["add"], "note": [value], "step": ["check"]}
    address = reverse("admin:bulk-edit", args=[KIND])
    sent = sent_by(staff.post(address, choices), "records") | {"step": ["confirm"]}
    return lambda: _answered(
        staff.post(address, sent), value, told="colleagues have worked on these records"
    )


def open_merge(staff, pledge, value) -> Save:
    """See both records side by side, and write why they are one."""
    address = f"{reverse('admin:merge', args=[KIND, pledge.pk])}?into={PledgeFactory().pk}"
    sent = sent_by(staff.get(address), "into_version") | {"note": [value]}
    told = "was changed by somebody else since you opened it"
    return lambda: _answered(staff.post(address, sent), value, told=told)


def open_old_version(staff, pledge, value) -> Save:
    """Look at what the version before the present one would change, then bring it back."""
    point = Log(pledge).events[1].point
    address = reverse("admin:bring-back", args=[KIND, pledge.pk, point])
    sent = sent_by(staff.get(address), "version")

    def save():
        answer = staff.post(address, sent)
        if answer.status_code == 302:
            return Saved(written=True)
        page = answer.content.decode()
        told = ("Somebody else has changed this record since you looked", *GONE)
        return Saved(
            written=False, told=any(one in page for one in told), kept=answer.status_code == 409
        )

    return save


def open_import(staff, pledge, value) -> Save:
    """Upload a file with another title, and look at the preview."""
    row = PledgeResource().export(Pledge.objects.filter(pk=pledge.pk)).dict[0]
    cells = {column: row[column] for column in PledgeResource.columns()} | {"title": value}
    page = send(staff, csv_of([cells]), kind=KIND).headers["Location"]
    sent = {"action": ["confirm"]}
    assert sent.items() <= sent_by(staff.get(page), "action").items()

    def save():
        staff.post(page, sent)
        answer = staff.get(page)
        upload = Import.objects.get(pk=page.split("/")[-2])
        if upload.state == Import.State.IMPORTED:
            return Saved(written=True)
        assert sent_by(answer, "signed")["action"] == ["again"]  # the same file, read again
        told = "This record has been changed since the preview"
        saved = _answered(answer, value, told=told)
        return replace(saved, kept=saved.kept and value.encode() in bytes(upload.content))

    return save


def open_delete(staff, pledge, _value) -> Save:
    """Read what goes with the record. There is nothing to type."""
    address = reverse("admin:submissions_pledge_delete", args=[pledge.pk])
    sent = sent_by(staff.get(address), "version")

    def save():
        page = staff.post(address, sent, follow=True).content.decode()
        if "was deleted successfully" in page:
            return Saved(written=True)
        told = "since you opened it. Nothing was deleted." in page or "already." in page
        return Saved(written=False, told=told, kept=True)

    return save


def first_title(pledge) -> str:
    return f"{pledge.code} as it was first"


DOORS = {
    "form": Door(_in_form("title"), lambda row, value: row.title == value),
    "inline": Door(
        _in_form("progress_updates-0-text"),
        lambda row, value: row.progress_updates.get().text == value,
    ),
    "step": Door(
        open_step,
        lambda row, value: (row.status, row.status_note) == (Status.SUBMITTED, value),
    ),
    "bulk edit": Door(open_bulk_edit, lambda row, value: sdg() in row.sdgs.all()),
    "restore": Door(open_old_version, lambda row, value: row.title == first_title(row)),
    "import": Door(open_import, lambda row, value: row.title == value),
    "merge": Door(open_merge, lambda row, value: row.merged_into is not None),
    "delete": Door(open_delete, lambda row, value: row is None),
}

# --- Pairs --------------------------------------------------------------------------------------


def rounds() -> list[tuple[str, str, bool]]:
    """Every ordered pair of doors one after the other, and every pair at the same moment."""
    return [(*pair, False) for pair in product(DOORS, repeat=2)] + [
        (*pair, True) for pair in combinations_with_replacement(DOORS, 2)
    ]


ROUNDS = rounds()
PAIRS = int(os.environ.get("PAIRS", "") or len(ROUNDS))
PARTS = 4  # of the proof: each is a test, so that they run side by side


@dataclass
class Office:
    """Two signed-in people, each in a thread of their own."""

    first: Client
    second: Client
    threads: ThreadPoolExecutor

    def at_once(self, *saves: Save) -> list[Saved]:
        gate = Barrier(len(saves))

        def run(save):
            gate.wait(10)
            return save()

        return list(self.threads.map(run, saves))


@pytest.fixture
def office(transactional_db, monkeypatch):
    monkeypatch.setattr(jobs, "start", jobs.run)  # imports run here, and at once
    person("Reviewer").groups.add(*person("Editor").groups.all())  # both may open every door
    delete = Permission.objects.get(codename="delete_pledge")
    for role in ("Editor", "Reviewer"):
        person(role).user_permissions.add(delete)
    clients = [Client(), Client()]
    for client, role in zip(clients, ("Editor", "Reviewer"), strict=True):
        client.force_login(person(role))
    with ThreadPoolExecutor(2) as threads:
        yield Office(*clients, threads)
        gate = Barrier(2)
        list(threads.map(lambda _n: (gate.wait(10), connections.close_all()), range(2)))


def pledge_with_a_past(number: int) -> Pledge:
    """A draft with a progress update, and an earlier version with another title."""
    pledge = PledgeFactory()
    ProgressUpdateFactory(pledge=pledge)
    for request, title in ((1, first_title(pledge)), (2, f"Title {number}")):
        with signed(by=person("Editor"), request=f"{pledge.code} {request}"):
            Pledge.objects.filter(pk=pledge.pk).update(title=title)
    pledge.refresh_from_db()
    return pledge


def faults(pledge, doors: list[Door], values: list[str], saved: list[Saved]) -> list[str]:
    """What is wrong with how two people fared."""
    wrong = []
    row = Pledge.objects.filter(pk=pledge.pk).first()
    if not any(one.written for one in saved):
        wrong.append("nobody could write")
    if all(one.written for one in saved):
        wrong.append("written over what its writer had not read")
    for door, value, one in zip(doors, values, saved, strict=True):
        there = row is not None or door is DOORS["delete"]
        if one.written and not (there and door.holds(row, value)):
            wrong.append("LOST")
        if not one.written and not one.told:
            wrong.append("not told")
        if not one.written and not one.kept:
            wrong.append("what was typed is gone")
    return wrong


@pytest.mark.parametrize("part", range(PARTS))
def test_no_edit_is_ever_lost(office, part):
    seen: Counter = Counter()
    wrong = []
    numbers = range(part, PAIRS, PARTS)
    for number in numbers:
        one, other, at_once = ROUNDS[number % len(ROUNDS)]
        pledge = pledge_with_a_past(number)
        doors = [DOORS[one], DOORS[other]]
        values = [f"{name} by {who} {number}" for name, who in ((one, "first"), (other, "second"))]
        saves = [
            door.open(staff, pledge, value)
            for door, staff, value in zip(
                doors, (office.first, office.second), values, strict=True
            )
        ]

        saved = office.at_once(*saves) if at_once else [save() for save in saves]

        wrong += [
            f"{one} and {other}{' at once' if at_once else ''}: {fault}"
            for fault in faults(pledge, doors, values, saved)
        ]
        seen["pairs"] += 1
        seen["written"] += sum(each.written for each in saved)
        seen["told"] += sum(each.told for each in saved)

    report = f"{seen['pairs']} pairs: {seen['written']} written, {seen['told']} told"
    print(f"\n{report}, {len(wrong)} faults")  # noqa: T201  (seen with -rP)
    assert wrong == []
    assert seen["pairs"] == len(numbers)
    assert seen["written"] + seen["told"] == 2 * len(numbers)


def test_two_who_wait_for_each_other_are_no_error(office):
    """Somebody holds a row of the record and wants the record; the form holds the record and
    wants the row. The database breaks it up; the form is read again and meets a conflict."""
    pledge = pledge_with_a_past(0)
    save = DOORS["inline"].open(office.second, pledge, "Mine")
    holds = Event()

    def colleague():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL deadlock_timeout = '20s'"
            )  # let it be the form that gives in
            list(pledge.progress_updates.select_for_update(of=("self",)))
            holds.set()
            waiting = """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (
                    SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE d.datname = current_database()
                )
            """
            for _try in range(1000):
                cursor.execute(waiting)
                if cursor.fetchone()[0]:
                    break
                sleep(0.02)
            Pledge.objects.filter(pk=pledge.pk).update(title="Theirs")

    def form():
        holds.wait(10)
        return save()

    other, mine = (office.threads.submit(one) for one in (colleague, form))
    other.result(30)

    assert mine.result(30) == Saved(written=False, told=True, kept=True)
    assert Pledge.objects.get().title == "Theirs"
