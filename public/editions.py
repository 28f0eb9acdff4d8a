"""Writing editions: the part of publication that touches the public record's tables."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Max, Min, Value
from psycopg2.extras import DateTimeTZRange

from public import last_copies, proxies
from public.documents import Document
from public.marks import Marks, marks_of
from public.models import Edition, EditionText, Fold, Tombstone

# The text search configurations of migration 0003: a language's stemming, accents forgiven.
SEARCH_CONFIG = {"en": "reviewhub_en", "fr": "reviewhub_fr", "ru": "reviewhub_ru"}


FILTER_COLUMNS = (
    "objectives",
    "primary_objectives",
    "principles",
    "sdgs",
    "member_states",
    "implementer_types",
    "stakeholder_types",
    "parties",
    "cycle",
    "level",
    "type",
    "form",
    "stage",
    "year",
    "covid19",
)


def columns_of(document: Document) -> dict:
    """The filter columns of an edition: what the document names, empty where it names nothing."""
    empty = Edition()
    return {
        **{name: getattr(empty, name) for name in FILTER_COLUMNS},
        "title": document.title,
        "language": document.language,
        "sources": document.source.documents,
        **document.columns(),
    }


def vectors_of(document: Document) -> dict:
    """What search reads: title and code weigh most, then the leading text, then the rest.

    Marks say which State, objective or review it is about, whatever the words are.
    """
    config = SEARCH_CONFIG[document.language]
    leading, *rest = [*document.texts(), ""]
    title = SearchVector(Value(f"{document.title} {document.code}"), config=config, weight="A")
    return {
        "folded_title": Fold(Value(document.title)),
        "title_vector": title,
        "vector": title
        + SearchVector(Value(leading), config=config, weight="B")
        + SearchVector(Value(" ".join(rest)), config=config, weight="C")
        + Marks(marks_of(document, document.columns())),
    }


def write_editions(
    documents: Sequence[Document], *, begin: datetime, now: datetime, retract_earlier: bool
) -> list[int]:
    """Add the next edition of each document, visible from `begin`; earlier ones end there.

    Called by publication only, inside its transaction, for documents of one kind. Returns the
    numbers of the editions.
    """
    last_copies.forget()
    proxies.purge_after_change()
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
    EditionText.objects.bulk_create(
        EditionText(edition=edition, kind=kind, **vectors_of(document))
        for edition, document in zip(editions, documents, strict=True)
    )
    return [edition.edition for edition in editions]


def retract_editions(kind: str, *, codes: Sequence[str], now: datetime) -> None:
    """Take every edition of these records out of the public record, for every moment, also past.

    A tombstone tells those who have seen one of them since the last withdrawal; nobody else learns
    of it.
    """
    last_copies.forget()
    proxies.purge_after_change()
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
        EditionText.objects.update_or_create(
            edition=edition, defaults={"kind": edition.kind, **vectors_of(document)}
        )


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
