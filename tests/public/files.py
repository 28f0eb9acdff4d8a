"""Reading the files that the public side writes, as a reader's own programs do."""

import csv
import io

from openpyxl import load_workbook

from reviewhub.request_id import HEADER


def content_of(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows_of(answer) -> list[dict[str, str]]:
    """The rows of a CSV file, each by the names of its columns."""
    return table_of(content_of(answer).decode("utf-8-sig"))


def table_of(text: str) -> list[dict[str, str]]:
    """The same of its text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def codes_of(answer) -> list[str]:
    return [row["code"] for row in rows_of(answer)]


def workbook_of(answer):
    return load_workbook(io.BytesIO(content_of(answer)))


def headers_of(answer) -> dict[str, str]:
    """The headers, but for the id that each request has of its own."""
    return {name: value for name, value in answer.headers.items() if name != HEADER}
