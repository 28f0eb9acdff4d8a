"""The way of a file through the office, as tests walk it: upload, run, look, confirm."""

import csv
import hashlib
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from office.imports import jobs
from office.models import Import


def csv_of(rows: list[dict], header: list[str] | None = None, **how) -> bytes:
    """A CSV file with these rows; the first one names the columns."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header or list(rows[0]), restval="", **how)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_of(rows: list[list]) -> bytes:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(content: bytes, sheet: int = 0) -> list[list]:
    """What stands in a sheet of a workbook, empty cells as None."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[sheet].values]


def uploaded(by, content: bytes, name: str = "rows.csv", kind="submissions.practice", **values):
    """An upload that waits to be read."""
    values = {"part": kind.partition(".")[2], "language": "en"} | values
    return Import.objects.create(
        by=by,
        kind=kind,
        name=name,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **values,
    )


def previewed(by, content: bytes, name: str = "rows.csv", **values) -> Import:
    """An upload that has been read."""
    upload = uploaded(by, content, name, **values)
    jobs.run(upload.pk)
    return Import.objects.get(pk=upload.pk)


def confirmed(upload: Import) -> Import:
    """The same upload, waiting to be written."""
    assert upload.may_be_confirmed, (upload.state, upload.counts, upload.problems)
    Import.objects.filter(pk=upload.pk).update(
        state=Import.State.CONFIRMED, confirmed_at=timezone.now()
    )
    return Import.objects.get(pk=upload.pk)


def imported(upload: Import) -> Import:
    """The same upload after it was confirmed and run."""
    jobs.run(confirmed(upload).pk)
    return Import.objects.get(pk=upload.pk)


def rows_of(upload: Import) -> list[tuple]:
    return list(upload.rows.values_list("number", "result", "code", "cells"))


def problems_of(upload: Import) -> list[tuple]:
    """Row, column and reason of everything that is wrong."""
    rows = upload.rows.exclude(problems=[]).values_list("number", "problems")
    return [tuple(problem) for problem in upload.problems] + [
        (number, column, reason) for number, problems in rows for column, _said, reason in problems
    ]


# --- The same through the pages -------------------------------------------------------------


def import_page(kind: str = "submissions.practice") -> str:
    return reverse("admin:import", args=[kind])


def job_page(upload: Import) -> str:
    return reverse("admin:import-job", args=[upload.kind, upload.pk])


def send(client, content: bytes, name: str = "rows.csv", kind="submissions.practice", **said):
    """Upload a file through the form; the answer of the page."""
    said = {"part": kind.partition(".")[2], "signed": "refuse"} | said
    file = SimpleUploadedFile(name, content)
    return client.post(import_page(kind), said | {"file": file})


def read(client, content: bytes, name: str = "rows.csv", **said) -> Import:
    """Upload a file through the form, and let it be read."""
    answer = send(client, content, name, **said)
    assert answer.status_code == 302, answer.context["form"].errors
    upload = Import.objects.first()
    jobs.run(upload.pk)
    return Import.objects.get(pk=upload.pk)
