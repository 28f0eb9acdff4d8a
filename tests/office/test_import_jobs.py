"""Imports in processes of their own: once, whole or not at all, also when they are killed."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.models import Change
from office.imports import jobs
from office.models import Import
from submissions.models import Practice
from tests.factories import PracticeFactory, cycle, objective, person
from tests.office.import_journey import (
    confirmed,
    csv_of,
    imported,
    job_page,
    previewed,
    send,
    uploaded,
)
from tests.sheets import PRACTICE

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 90  # seconds, on a busy machine
FEW = [PRACTICE | {"code": f"P-000{number}"} for number in range(1, 6)]


@pytest.fixture(autouse=True)
def reference_data(db):
    for number in (7, 15):
        objective(number)
    cycle("RR2024")


@pytest.fixture
def real_database(monkeypatch):
    """Processes that we start use the test's database."""
    of = connection.settings_dict
    monkeypatch.setenv(
        "DATABASE_URL",
        f"postgresql://{quote(of['USER'])}:{quote(of['PASSWORD'])}"
        f"@{quote(of['HOST'], safe='')}:{of['PORT'] or 5432}/{of['NAME']}",
    )


@contextmanager
def another_session(sql: str):
    """Somebody else's connection, in the middle of a transaction."""
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        with other.cursor() as cursor:
            cursor.execute(sql)
        yield other
    finally:
        other.close()


def wait_until(true, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.1)


def at_once(*acts) -> list:
    """What each act answers, all begun at the same moment, each with a connection of its own."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def do(place, act):
        gate.wait()
        try:
            answers[place] = act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return answers


def is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


# --- Once -----------------------------------------------------------------------------------


def test_two_workers_at_once_import_a_file_once(editor):
    upload = confirmed(previewed(editor, csv_of(FEW)))

    answers = at_once(*[lambda: jobs.run(upload.pk)] * 2)

    upload.refresh_from_db()
    assert sorted(answers) == [False, True]
    assert (upload.state, Practice.objects.count()) == ("imported", 5)
    inserted = Change.objects.filter(table_name="submissions_practice", operation="insert")
    assert inserted.count() == 5


def test_two_files_about_the_same_records_do_not_overwrite_each_other(editor):
    PracticeFactory(code="P-0001", title="Old")
    uploads = [
        confirmed(previewed(editor, csv_of([{"code": "P-0001", "title": title}])))
        for title in ("One", "Two")
    ]

    at_once(*[lambda pk=upload.pk: jobs.run(pk) for upload in uploads])

    states = dict(Import.objects.values_list("state", "name"))
    winner = Import.objects.get(state="imported")
    assert set(states) == {"imported", "stopped"}
    assert Practice.objects.get().title == winner.rows.get().cells["title"][1]


def test_job_that_somebody_runs_is_left_to_them(editor):
    upload = uploaded(editor, csv_of(FEW))

    with another_session(f"SELECT pg_advisory_lock({jobs.JOBS}, {upload.pk})"):
        assert jobs.is_running(upload.pk)
        assert jobs.run(upload.pk) is False

    wait_until(lambda: not jobs.is_running(upload.pk), "the lock is free")
    assert jobs.run(upload.pk) is True


def test_jobs_that_wait_are_picked_up_by_whoever_is_free(editor):
    uploads = [uploaded(editor, csv_of(FEW), f"{number}.csv") for number in range(3)]

    jobs.work(uploads[1].pk)

    assert set(Import.objects.values_list("state", flat=True)) == {"previewed"}


def test_no_more_jobs_run_at_once_than_have_a_place(editor):
    upload = uploaded(editor, csv_of(FEW))
    places = ", ".join(f"pg_advisory_lock({jobs.PLACES}, {n})" for n in range(jobs.AT_ONCE))

    with another_session(f"SELECT {places}"):
        jobs.work(upload.pk)
        assert Import.objects.get().state == "uploaded"

    wait_until(lambda: not jobs.is_running(upload.pk), "the places are free")
    call_command("run_import")
    assert Import.objects.get().state == "previewed"


# --- Whole or not at all --------------------------------------------------------------------


def test_job_that_is_killed_in_the_middle_has_written_nothing_and_runs_again(
    editor, real_database
):
    PracticeFactory(code="P-0001", title="Old", objectives=[7])
    rows = [row | {"title": "New", "objectives": "7;15"} for row in FEW]
    upload = confirmed(previewed(editor, csv_of(rows)))
    before = Change.objects.count()

    # the records are written, and its links wait for the objective that somebody holds
    with another_session("SELECT FROM objectives_objective WHERE number = 15 FOR UPDATE"):
        process = jobs.start(upload.pk)
        wait_until(is_waiting_for_a_lock, "the job is in the middle")
        process.kill()
        wait_until(lambda: not jobs.is_running(upload.pk), "the database has noticed")

    upload.refresh_from_db()
    assert (upload.state, upload.attempts) == ("confirmed", 1)
    assert list(Practice.objects.values_list("code", "title")) == [("P-0001", "Old")]
    assert Change.objects.count() == before

    assert jobs.run(upload.pk) is True
    upload.refresh_from_db()
    assert (upload.state, Practice.objects.filter(title="New").count()) == ("imported", 5)


def test_dead_job_is_started_again_by_looking_at_its_page(client, editor, real_database):
    upload = uploaded(editor, csv_of(FEW), started_at=timezone.now() - timedelta(minutes=1))
    client.force_login(editor)

    said = client.get(job_page(upload) + "progress/").json()

    assert said["under_way"] is True
    wait_until(lambda: Import.objects.get().state == "previewed", "the job has run")


def test_job_that_has_just_been_started_is_not_started_again(client, editor):
    upload = uploaded(editor, csv_of(FEW), started_at=timezone.now())
    client.force_login(editor)
    before = Import.objects.values_list("started_at", flat=True).get()

    client.get(job_page(upload))

    assert Import.objects.values_list("started_at", flat=True).get() == before


def test_job_that_has_died_three_times_is_given_up(editor):
    upload = uploaded(editor, csv_of(FEW), attempts=3)

    jobs.run(upload.pk)

    assert Import.objects.get().state == "failed"


def test_job_that_fails_in_an_unforeseen_way_has_written_nothing(client, editor, caplog):
    upload = uploaded(editor, csv_of([PRACTICE | {"x": "y"}]), ignored=5)  # no list: our fault

    jobs.run(upload.pk)

    client.force_login(editor)
    page = client.get(job_page(upload))
    assert (Import.objects.get().state, Practice.objects.count()) == ("failed", 0)
    assert "The work on this file broke off" in page.content.decode()
    assert "Traceback" in caplog.text


# --- In a process of its own ----------------------------------------------------------------


def test_file_goes_all_the_way_in_real_processes(client, real_database):
    client.force_login(person("Editor"))

    send(client, csv_of(FEW), "practices.csv")
    upload = Import.objects.get()
    wait_until(lambda: not is_under_way(client, upload), "it is previewed")
    upload.refresh_from_db()
    assert (upload.state, upload.counts) == ("previewed", {"new": 5})

    client.post(job_page(upload), {"action": "confirm"})
    wait_until(lambda: not is_under_way(client, upload), "it is imported")
    upload.refresh_from_db()
    page = client.get(job_page(upload))

    assert (upload.state, page.context["added"]) == ("imported", 5)
    assert Practice.objects.count() == 5
    assert {one.by for one in Change.objects.filter(step="import")} == {person("Editor")}


def is_under_way(client, upload: Import) -> bool:
    return client.get(job_page(upload) + "progress/").json()["under_way"]


def test_progress_is_seen_while_nothing_is_written_yet(client, editor):
    PracticeFactory(code="P-0001", title="Old")
    upload = confirmed(previewed(editor, csv_of(FEW)))
    client.force_login(editor)

    with another_session("SELECT FROM submissions_practice FOR UPDATE") as other:
        worker = threading.Thread(target=lambda: (jobs.run(upload.pk), connections.close_all()))
        worker.start()
        wait_until(is_waiting_for_a_lock, "the job is in the middle")
        said = client.get(job_page(upload) + "progress/").json()
        other.rollback()
        worker.join(PATIENCE)

    assert said == {"under_way": True, "doing": "Reading the file", "done": 0, "total": 0}
    assert Import.objects.get().state == "imported"


def test_language_of_the_person_is_the_language_of_the_reasons(editor):
    upload = previewed(editor, csv_of([PRACTICE | {"title": ""}]), language="fr")

    (_column, _said, reason), *_others = upload.rows.get().problems

    assert reason == "Cette cellule ne doit pas être vide."


def test_second_import_of_the_same_file_changes_nothing(editor):
    imported(previewed(editor, csv_of(FEW)))
    before = Change.objects.count()

    upload = previewed(editor, csv_of(FEW))

    assert (upload.counts, Change.objects.count()) == ({"unchanged": 5}, before)
