"""The table in a file that somebody uploads: read by a child process, so that no file hurts us."""

import json
import logging
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from tablib import Dataset

from office.imports import sheet_child
from public.file_inspection import inspect, kind_of_fault

CHILD = Path(__file__).with_name("sheet_child.py")
LARGEST = 20_000_000  # bytes of an upload
LIMITS = {
    "cpu": 40,  # seconds; 50,000 rows of practices take 15
    "memory": 1_000_000_000,
    "unpacked": 200_000_000,
    "rows": 50_000,
    "columns": 200,
    "cells": 2_000_000,
    "characters": 200_000_000,
}
PATIENCE = 4  # the machine may be busy: so many times the seconds of work before we give up

# What is wrong with a file, and what to do about it.
REASONS = {
    "unsafe": "%(reason)s",  # in the words of the room that every file passes
    "changed": gettext_noop("The file is not the one that was uploaded. Upload it again."),
    "empty": gettext_noop("The file is empty. Download the template and fill it in."),
    "encrypted": gettext_noop(
        "The workbook is protected with a password. Take the password away (in Excel: File, Info,"
        " Protect Workbook, Encrypt), save it and upload it again."
    ),
    "old_workbook": gettext_noop(
        "This is a workbook in the old format .xls. Open it and save it as “Excel Workbook"
        " (.xlsx)”."
    ),
    "macros": gettext_noop(
        "The workbook contains macros. Save it as “Excel Workbook (.xlsx)”, which has none."
    ),
    "not_a_workbook": gettext_noop(
        "The name ends in .xlsx, but this is no workbook. If it is a text file, rename it to .csv;"
        " otherwise open it and save it as “Excel Workbook (.xlsx)”."
    ),
    "named_as_text": gettext_noop(
        "The name ends as that of a text file, but this is a workbook. Rename it to .xlsx."
    ),
    "not_xlsx": gettext_noop(
        "This is not an XLSX workbook. Open it and save it as “Excel Workbook (.xlsx)”."
    ),
    "broken": gettext_noop(
        "The workbook is damaged or made in an unusual way. Open it in a spreadsheet program, save"
        " it again as “Excel Workbook (.xlsx)”, and upload that file."
    ),
    "no_sheet": gettext_noop("The workbook has no sheet that is visible. Show the sheet."),
    "not_text": gettext_noop(
        "This is not a text file. Save the table as “CSV UTF-8” or as “Excel Workbook (.xlsx)”."
    ),
    "not_utf8": gettext_noop("This is not UTF-8. Save the file as “CSV UTF-8”."),
    "not_csv": gettext_noop("This is not CSV: %(error)s."),
    "unpacked": gettext_noop(
        "Unpacked, the workbook has more than %(megabytes)s MB, far more than a table needs. Copy"
        " the rows into the template, and upload that."
    ),
    "rows": gettext_noop(
        "The sheet has more than %(count)s rows. Divide it into several files. If it looks"
        " shorter, delete the rows below the last one."
    ),
    "columns": gettext_noop(
        "The sheet has more than %(count)s columns. Delete those that the template does not have."
    ),
    "cells": gettext_noop("The sheet holds too much text. Divide it into several files."),
    "work": gettext_noop(
        "Reading this file takes more work than a table does. Copy the rows, without formats, into"
        " the template, and upload that."
    ),
    "memory": gettext_noop(
        "Reading this file takes more memory than a table does. Copy the rows, without formats,"
        " into the template, and upload that."
    ),
}
CELL_REASONS = {
    "formula": gettext_noop(
        "The cell holds a formula whose result is not in the file. Copy the cell and paste it as a"
        " value."
    ),
    "error": gettext_noop("The cell shows the error %s. Correct it, or empty it."),
}

logger = logging.getLogger(__name__)


class FileRefused(Exception):
    """The file as a whole cannot be read; `row` is where, 0 if nowhere in particular."""

    def __init__(self, code: str, row: int = 0, **said):
        super().__init__(_(REASONS[code]) % said)
        self.code = code
        self.row = row


@dataclass
class Table:
    """Rows of text with their numbers in the file; the first is the header."""

    rows: list[tuple[int, list[str]]]
    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)  # row, place → reason
    sheet: str = ""
    others: list[str] = field(default_factory=list)  # sheets that were not read

    def add(self, number: int, cells: list) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, list):
                code, *said = cell
                reason = _(CELL_REASONS[code])
                self.unreadable[number, place] = reason % said[0] if said else reason
                cells[place] = said[0] if said else ""
        self.rows.append((number, cells))


def table_of(source: Path | Dataset | Table) -> Table:
    """The table of a file of our own, or of rows that somebody holds in memory."""
    if isinstance(source, Table):
        return source
    table = Table([])
    if isinstance(source, Path):
        try:
            for number, cells in sheet_child.text_rows(source.read_bytes()):
                table.add(number, cells)
        except sheet_child.Refused as refusal:
            raise FileRefused(refusal.code, **refusal.said) from refusal
    else:
        rows = enumerate([source.headers or [], *source], 1)
        said = ((number, [sheet_child.text_of(cell) for cell in row]) for number, row in rows)
        table.rows = [(number, cells) for number, cells in said if any(cells)]
    return table


def read_upload(name: str, content: bytes, **limits: int) -> Table:
    """The table in an uploaded file, read by a child process; `FileRefused` if it cannot be."""
    allowed = LIMITS | limits
    try:
        child = subprocess.run(  # noqa: S603 - our own script, and no word of the file's in it
            [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(allowed | {"name": name})],
            input=content,
            capture_output=True,
            timeout=allowed["cpu"] * PATIENCE,
            env={},  # it reads what strangers made: it knows no key and no database
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("work") from error
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise FileRefused("work")
    *lines, last = child.stdout.splitlines() or [b""]
    if child.returncode or not last.startswith(b"{"):
        kind = kind_of_fault(child.stderr)
        logger.warning("Reading an upload ended with %s: %s", child.returncode, kind)
        raise FileRefused("memory")  # it could not even say so
    end = json.loads(last)
    if end["end"] != "read":
        code, row = end.pop("end"), end.pop("row", 0)
        if code == "broken":
            logger.info("An upload could not be read: %s", end.get("error", ""))
        raise FileRefused(code, row, **end)
    table = Table([], sheet=end.get("sheet", ""), others=end.get("others", []))
    for line in lines:
        table.add(*json.loads(line))
    return table


def refuse_unsafe(content: bytes) -> None:
    """A workbook passes the room that every file passes; `FileRefused` if it may not come in."""
    if not content.startswith(sheet_child.ZIP):
        return  # text, which has been read as such
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            inspect(file)
        except ValidationError as refusal:
            raise FileRefused("unsafe", reason=refusal.messages[0]) from refusal
