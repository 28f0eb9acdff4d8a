"""Lists as files: CSV that is sent while it is read, and XLSX with a code book and a read-me."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from public.disclaimers import disclaimers
from public.models import PublicRecordQuerySet
from public.moments import Moment
from public.names import Names
from public.sheets import CSV, XLSX, DoesNotFit, Sheet, csv_blocks, csv_cells, write_xlsx
from public.tables import CODE_BOOK, Column, Reader, code_book, csv_rows, rows_of

MOST_IN_XLSX = 20_000  # records: more would keep everybody waiting
WIDTH = 24  # characters


class Download:
    """Records as somebody takes them with them: which, with which columns, under which name."""

    def __init__(
        self,
        request: HttpRequest,
        moment: Moment,
        names: Names,
        *,
        records: PublicRecordQuerySet,
        columns: list[Column],
        called: str,
    ):
        self.request = request
        self.moment = moment
        self.records = records
        self.columns = columns
        self.called = called
        self.reader = Reader(names, site_of(request))

    def csv(self, hashtags: Mapping[str, str] | None = None) -> StreamingHttpResponse:
        """All rows, however many, never as a whole in memory; a row of hashtags before them."""
        header = [column.name for column in self.columns]
        lines: Iterable[str] = csv_rows(self.records, self.columns, self.reader)
        if hashtags is not None:
            lines = chain([csv_cells(hashtags[name] for name in header)], lines)
        return streamed_csv(csv_blocks(header, lines), self.file_name("csv"))

    def xlsx(self) -> FileResponse:
        """A workbook; `DoesNotFit` says why it cannot be."""
        count = self.records.count()
        if count > MOST_IN_XLSX:
            raise DoesNotFit(
                _(
                    "An XLSX file is made of up to %(most)s records, and these are %(count)s."
                    " Choose CSV, or set more filters."
                )
                % {"most": f"{MOST_IN_XLSX:,}", "count": f"{count:,}"}
            )
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        try:
            write_xlsx(file, self._sheets(count))
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return FileResponse(
            file, content_type=XLSX, as_attachment=True, filename=self.file_name("xlsx")
        )

    def file_name(self, ending: str) -> str:
        """The same in every language, and plain letters."""
        return file_name(self.called, self.moment, ending)

    def _sheets(self, count: int) -> Iterator[Sheet]:
        header = [column.name for column in self.columns]
        said: set[str] = set()  # the disclaimers that the rows call for
        rows = _heard(rows_of(self.records, self.columns, self.reader), said)
        yield Sheet(self.called, header, rows, [WIDTH] * len(header))
        yield Sheet(_("Code book"), CODE_BOOK, code_book(self.columns, self.reader), [WIDTH] * 4)
        facts = self._facts(count)
        facts += [(_("Please note"), text) for text in sorted(said)]
        yield Sheet(_("Read me"), [settings.SITE_NAME, ""], facts, [WIDTH, 4 * WIDTH])

    def _facts(self, count: int) -> list[tuple[str, Any]]:
        """What somebody needs to know who finds the file next year."""
        return [
            (_("Address asked"), self.request.build_absolute_uri()),
            (_("Shows what was public at"), self.moment.at),
            (_("Records"), count),
            (_("Licence"), terms()),
            (_("Source"), _("Each record names its source, and has a permanent address to cite.")),
            (_("Lists in a cell"), _("Values are joined with a semicolon.")),
            (
                _("Apostrophes"),
                _("A cell that a spreadsheet would take for a formula begins with one."),
            ),
        ]


def site_of(request: HttpRequest) -> str:
    """The beginning of every address of this site."""
    return f"{request.scheme}://{request.get_host()}"


def terms() -> str:
    """Under which terms the data may be used, in a sentence."""
    if settings.DATA_LICENCE:
        return f"{settings.DATA_LICENCE} {settings.DATA_LICENCE_URL}".strip()
    return _(
        "No licence has been chosen for the collection. Ask the secretariat before you publish"
        " whole texts again."
    )


def file_name(called: str, moment: Moment, ending: str) -> str:
    """A name such as reviewhub-practices-2026-11-21.csv, with the day that it shows."""
    day = moment.shown or moment.at
    return f"{slugify(settings.SITE_NAME) or 'data'}-{called}-{day:%Y-%m-%d}.{ending}"


def streamed_csv(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """A CSV file that is sent while it is written."""
    return StreamingHttpResponse(
        _in_language(lines, get_language()),
        content_type=CSV,
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


def _in_language(lines: Iterable[str], language: str | None) -> Iterator[str]:
    """The request is over when a stream is read: its language holds on."""
    lines = iter(lines)
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _heard(rows: Iterable[list[Any]], said: set[str]) -> Iterator[list[Any]]:
    """The rows as they are; notes the disclaimers that their texts call for."""
    for row in rows:
        said.update(disclaimers(*(value for value in row if isinstance(value, str))))
        yield row
