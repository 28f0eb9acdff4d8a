"""Writing editions: the part of publication that touches the public record's tables."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Min
from psycopg2.extras import DateTimeTZRange

from public import last_copies, proxies, tallies
from public.documents import Document
from public.marks import marks_of
from public.models import Edition, Tombstone
from public.models import Fold as Fold  # migrations name it here

# The text search configurations of migration 0003: a language's stemming, accents forgiven.
SEARCH_CONFIG = {"en": "reviewhub_en", "fr": "reviewhub_fr", "ru": "reviewhub_ru"}


def columns_of(document: Document) -> dict:
    """The filter columns of an edition: what the document names, empty where it names nothing."""
    columns = (*tallies.PARTS, tallies.NUMBERED)
    fields = (field for field in Edition._meta.concrete_fields if field.name in columns)
    return {
        **{field.name: field.get_default() for field in fields},
        "title": document.title,
        "language": document.language,
        "sources": document.source.documents,
        **document.columns(),
    }


# What search reads: title and code weigh most, then the leading text, then the rest. Marks say
# which State, objective or review it is about, whatever the words are. One statement for many
# editions: as expressions of Django they would take longer than all else of a publication.
WRITE_TEXTS = """
    INSERT INTO public_editiontext (edition_id, kind, folded_title, title_vector, vector)
    SELECT edition, kind, fold(title), named,
        named || setweight(to_tsvector(config, begins), 'B')
        || setweight(to_tsvector(config, rest), 'C') || array_to_tsvector(marks)
    FROM jsonb_to_recordset(%s::jsonb) AS said (
        edition bigint, kind text, config regconfig, title text, code text, begins text,
        rest text, marks text[]
    ), setweight(to_tsvector(config, title || ' ' || code), 'A') AS named
    ON CONFLICT (edition_id) DO UPDATE SET
        kind = EXCLUDED.kind, folded_title = EXCLUDED.folded_title,
        title_vector = EXCLUDED.title_vector, vector = EXCLUDED.vector
"""


def write_texts(editions: Sequence[Edition], documents: Sequence[Document]) -> None:
    """Write what search reads of these editions, given the document of each."""
    said = []
    for edition, document in zip(editions, documents, strict=True):
        leading, *rest = [*document.texts(), ""]
        said.append(
            {
                "edition": edition.pk,
                "kind": edition.kind,
                "config": SEARCH_CONFIG[document.language],
                "title": document.title,
                "code": document.code,
                "begins": leading,
                "rest": " ".join(rest),
                "marks": marks_of(document, document.columns()),
            }
        )
    with connection.cursor() as cursor:
        cursor.execute(WRITE_TEXTS, [json.dumps(said)])


def write_editions(
    documents: Sequence[Document], *, begin: datetime, now: datetime, retract_earlier: bool
) -> list[int]:
    """Add the next edition of each document, visible from `begin`; earlier ones end there.

    Called by publication only, inside its transaction, for documents of one kind. Returns the
    numbers of the editions.
    """
    last_copies.forget()
    proxies.purge_after_change()
    tallies.bring_up_to_date_after_change()
    kind = str(documents[0].__struct_config__.tag)
    earlier = Edition.objects.filter(kind=kind, code__in=[document.code for document in documents])
    ended = []
    for edition in earlier.select_for_update().filter(retracted_at__isnull=True):
        if _end(edition, begin) or retract_earlier:
            edition.retracted_at = now if retract_earlier else None
            ended.append(edition)
    Edition.objects.bulk_update(ended, ["visible", "retracted_at"])
    # an embargo that was called off, also just now, never happened, and nobody learns of it
    known = {
        code: (last, first)
        for code, last, first in earlier.filter(visible__isempty=False)
        .order_by()
        .values("code")
        .annotate(last=Max("edition"), first=Min("first_published_at"))
        .values_list("code", "last", "first")
    }
    editions = []
    for document in documents:
        last, first = known.get(document.code, (0, None))
        editions.append(
            Edition(
                kind=kind,
                code=document.code,
                edition=last + 1,
                document=document.as_json(),
                visible=DateTimeTZRange(begin, None),
                first_published_at=min(first or begin, begin),
                **columns_of(document),
            )
        )
    Edition.objects.bulk_create(editions)
    write_texts(editions, documents)
    return [edition.edition for edition in editions]


def retract_editions(kind: str, *, codes: Sequence[str], now: datetime) -> None:
    """Take every edition of these records out of the public record, for every moment, also past.

    A tombstone tells those who have seen one of them since the last withdrawal; nobody else learns
    of it.
    """
    last_copies.forget()
    proxies.purge_after_change()
    tallies.bring_up_to_date_after_change()
    editions = Edition.objects.filter(kind=kind, code__in=codes)
    stones = Tombstone.objects.filter(kind=kind, code__in=codes).order_by()
    last = dict(stones.values("code").annotate(at=Max("withdrawn_at")).values_list("code", "at"))
    begun = editions.filter(visible__isempty=False, visible__startswith__lte=now)
    seen = {
        code
        for code, since in begun.values_list("code", "visible")
        if code not in last or since.lower > last[code]
    }
    Tombstone.objects.bulk_create(
        Tombstone(kind=kind, code=code, withdrawn_at=now) for code in sorted(seen)
    )
    retracted = list(editions.select_for_update().filter(retracted_at__isnull=True))
    for edition in retracted:
        _end(edition, now)
        edition.retracted_at = now
    Edition.objects.bulk_update(retracted, ["visible", "retracted_at"])


def rebuild(edition: Edition) -> None:
    """Compute the filter columns and the searched text of an edition again, from its document."""
    document = edition.content
    columns = columns_of(document)
    for column, value in columns.items():
        setattr(edition, column, value)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reviewhub.rebuild', 'on', true)")
        edition.save(update_fields=list(columns))
        cursor.execute("SELECT set_config('reviewhub.rebuild', '', true)")
        write_texts([edition], [document])


def _end(edition: Edition, moment: datetime) -> bool:
    """End the edition's period at this moment; one that had not begun then never happens.

    Returns whether that changed anything: a period that was over already stays as it is.
    """
    period = edition.visible
    if period.isempty or (period.upper is not None and period.upper <= moment):
        return False
    if period.lower is not None and period.lower < moment:
        edition.visible = DateTimeTZRange(period.lower, moment)
    else:
        edition.visible = DateTimeTZRange(empty=True)
    return True
