"""Where records stand in the public record, as staff may know it: also what is under embargo."""

from collections.abc import Sequence
from datetime import datetime

from psycopg2.extras import DateTimeTZRange

from public.editions import columns_of
from public.models import Edition, PublicRecord
from public.publishable import Publishable


def editions_of(records: Sequence[Publishable]) -> dict[int, list[Edition]]:
    """The editions of records of one kind that are public or will be, the newest first.

    By the record's key. Those retracted or overtaken by another are left out.
    """
    editions: dict[int, list[Edition]] = {record.pk: [] for record in records}
    keys = {record.code: record.pk for record in records if record.public_edition is not None}
    if keys:
        found = Edition.objects.filter(
            kind=records[0].kind,
            code__in=list(keys),
            retracted_at__isnull=True,
            visible__isempty=False,
        )
        for edition in found.order_by("-edition"):
            editions[keys[edition.code]].append(edition)
    return editions


def next_edition(record: Publishable, *, begin: datetime) -> PublicRecord:
    """The record as the public would read it from this moment; it is written nowhere."""
    document = record.document()
    return PublicRecord(
        kind=record.kind,
        code=record.code,
        edition=(record.public_edition or 0) + 1,
        document=document.as_json(),
        visible=DateTimeTZRange(begin, None),
        first_published_at=begin,
        **columns_of(document),
    )


def files_of_editions() -> set[str]:
    """The check sums of all files that any edition names, also past and retracted ones."""
    lists = Edition.objects.filter(document__has_key="files")
    files = lists.values_list("document__files", flat=True).iterator(chunk_size=1000)
    return {file["sha256"] for listed in files for file in listed}
