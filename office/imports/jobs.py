"""Imports run in processes of their own, which outlive the browser that asked for them.

A job is a row of `Import`. Whoever runs it holds a lock of the database, which ends with the
process, however it ends; so a job never runs twice at once, and a dead one can be found and
started again. docs/adr/0008 says why.
"""

import hashlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import F, Q
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from office.imports.actions import carry_out, may_import
from office.imports.previews import counts_of, moved_on, preview_rows, problems_of_file
from office.imports.problem_sheet import problem_sheet
from office.imports.reading import Reading
from office.imports.resources import model_named, resources_of
from office.imports.tables import FileRefused, Table, read_upload, refuse_unsafe
from office.models import Import, ImportRow

# names of locks in this database: nobody else uses them
JOBS, PLACES, WRITING = 1_413_829, 1_413_830, 1_413_831
AT_ONCE = 2  # jobs that run at the same time; others wait for their turn
ATTEMPTS = 3  # a job whose process has died so often is given up
PAUSE = timedelta(seconds=15)  # a process has this long to begin before it counts as dead
TICK = 0.5  # seconds between two signs of progress

logger = logging.getLogger(__name__)
State = Import.State


def start(number: int) -> subprocess.Popen | None:
    """Start a process that runs this job and lives on without us; None if that cannot be."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_import", str(number)]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # no signal to the web server's group reaches it
        )
    except OSError:  # the page tries again
        logger.exception("Import %s could not be started", number)
        return None
    threading.Thread(target=process.wait, daemon=True).start()  # it leaves no zombie
    return process


def keep_going(upload: Import) -> None:
    """Start the job if nobody runs it; every look at its page comes by here."""
    if not upload.is_under_way:
        return
    stale = Q(started_at=None) | Q(started_at__lt=timezone.now() - PAUSE)
    mine = Import.objects.under_way().filter(stale, pk=upload.pk)
    if not is_running(upload.pk) and mine.update(started_at=timezone.now()):
        transaction.on_commit(lambda: start(upload.pk))


def is_running(number: int) -> bool:
    """Does a process hold the lock of this job?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [JOBS, number],
        )
        return cursor.fetchone()[0]


@contextmanager
def lock(space: int, number: int) -> Iterator[bool]:
    """Whether the lock is ours until the end of the block.

    A transaction holds it, on a connection that does nothing else, and not the session, which
    behind a pooler is somebody else's a moment later.
    """
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, number])
            mine = cursor.fetchone()[0]
        yield mine
        if holder.is_usable():
            holder.rollback()
    finally:
        holder.close()


def is_ours(upload: Import) -> bool:
    """Wait, in a transaction, for the end of one that a dead process left; is it still to do?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WRITING, upload.pk])
    return Import.objects.filter(pk=upload.pk, state=upload.state).exists()


def work(number: int | None = None) -> None:
    """Run this job, then all that wait; unless as many as may are at work already."""
    # If we are killed, the database notices soon; that a pooler hands it on does nobody harm.
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '1s'")
    for place in range(AT_ONCE):
        with lock(PLACES, place) as free:
            if not free:
                continue
            tried = set()
            while number is not None:
                tried.add(number)
                run(number)
                waiting = Import.objects.under_way().exclude(pk__in=tried).order_by("pk")
                number = waiting.values_list("pk", flat=True).first()
            return


def run(number: int) -> bool:
    """Do what the job waits for; False if somebody else does it, or there is nothing to do."""
    with lock(JOBS, number) as mine:
        upload = Import.objects.under_way().filter(pk=number).first() if mine else None
        if upload is None:
            return False
        job = Import.objects.filter(pk=number)
        if upload.attempts >= ATTEMPTS:
            job.update(state=State.FAILED)
            return True
        job.update(started_at=timezone.now(), attempts=F("attempts") + 1)
        with override(upload.language), Progress(number) as say:
            try:
                (preview if upload.state == State.UPLOADED else write)(upload, say)
            except (OperationalError, InterfaceError):
                raise  # the database is away, or we are: the job waits for its next start
            except Exception:
                logger.exception("Import %s failed", number)
                job.update(state=State.FAILED)
        return True


class Progress:
    """Says how far a job is, through a second connection: its own says nothing until the end."""

    def __init__(self, number: int):
        self.number = number
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self.said_at = 0.0

    def __enter__(self):
        return self.say

    def __exit__(self, *error):
        self.connection.close()

    def say(self, doing: str, done: int, total: int) -> None:
        if time.monotonic() - self.said_at < TICK:
            return
        self.said_at = time.monotonic()
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE office_import SET doing = %s, done = %s, total = %s WHERE id = %s",
                [doing, done, total, self.number],
            )


def preview(upload: Import, say) -> None:
    """Read the file, try everything out, take it back, and keep what it would have done."""
    say("reading", 0, 0)
    job = Import.objects.filter(pk=upload.pk)
    try:
        table = table_in(upload)
        refuse_unsafe(bytes(upload.content))  # once: the import reads these very bytes
        reading = reading_of(upload, say)
        carry_out(reading, table, by=upload.by, dry_run=True)
    except (FileRefused, PermissionDenied) as refusal:
        row = getattr(refusal, "row", 0)
        job.update(state=State.REFUSED, problems=[[row, "", str(refusal)]])
        return
    rows = preview_rows(reading)
    problems = problems_of_file(reading)
    facts = {"sheet": table.sheet, "others": table.others, "unknown": reading.unknown}
    say("keeping", 0, 0)
    sheet = problem_sheet(table, reading) if reading.problems and rows else None
    with transaction.atomic():
        if not is_ours(upload):
            return
        upload.rows.all().delete()  # of a process that died
        for row in rows:
            row.upload = upload
        ImportRow.objects.bulk_create(rows, batch_size=500)
        job.update(
            state=State.PREVIEWED if rows else State.REFUSED,
            counts=counts_of(rows),
            problems=problems or ([] if rows else [[0, "", _("The sheet has no rows.")]]),
            facts=facts,
            problem_sheet=sheet,
            previewed_at=timezone.now(),
            attempts=0,
        )


def write(upload: Import, say) -> None:
    """Do what the preview showed: all of it in one transaction, or nothing if it is not so now."""
    say("reading", 0, 0)
    job = Import.objects.filter(pk=upload.pk)
    found: list[list] = []

    def is_as_shown(reading: Reading) -> bool:
        found.extend(moved_on(upload, reading))
        return not found and not reading.problems

    try:
        table = table_in(upload)
        reading = reading_of(upload, say)
        with transaction.atomic():
            if not is_ours(upload):
                return
            carry_out(
                reading, table, by=upload.by, request=f"import {upload.pk}", check=is_as_shown
            )
            found = found or [[one.row, one.column, one.reason] for one in reading.problems]
            if not found:
                remember_new(upload, reading)
                job.update(state=State.IMPORTED, finished_at=timezone.now())
    except (FileRefused, PermissionDenied) as refusal:
        found = [[0, "", str(refusal)]]
    if found:
        job.update(state=State.STOPPED, problems=found)


def remember_new(upload: Import, reading: Reading) -> None:
    """Which records the rows have become."""
    new = {line.row.number: line.record.pk for line in reading.lines if line.was_new}
    with connection.cursor() as cursor:  # a value for each row in turn costs far more
        cursor.execute(
            "UPDATE office_importrow SET record = said.record"
            " FROM unnest(%s::integer[], %s::bigint[]) AS said (number, record)"
            " WHERE upload_id = %s AND office_importrow.number = said.number",
            [list(new), list(new.values()), upload.pk],
        )


def table_in(upload: Import) -> Table:
    """The table in the bytes that were uploaded; refused if they are not those any more."""
    content = bytes(upload.content)
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise FileRefused("changed")
    if not (upload.by.is_active and may_import(model_named(upload.kind), upload.by)):
        raise PermissionDenied(_("You do not have the right to import these records."))
    return read_upload(upload.name, content)


def reading_of(upload: Import, say) -> Reading:
    return Reading(
        resources_of(model_named(upload.kind))[upload.part],
        upload.name,
        by=upload.by,
        take_back=upload.signed == Import.Signed.TAKE_BACK,
        leave_signed=upload.signed == Import.Signed.LEAVE,
        ignore=upload.ignored,
        say=say,
    )
