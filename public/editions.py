"""Writing editions: the part of publication that touches the public record's tables."""

from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Func, Max, Min, TextField, Value
from psycopg2.extras import DateTimeTZRange

from public.documents import Document
from public.models import Edition, EditionText, Tombstone

# The text search configurations of migration 0003: a language's stemming, accents forgiven.
SEARCH_CONFIG = {"en": "reviewhub_en", "fr": "reviewhub_fr", "ru": "reviewhub_ru"}


class Fold(Func):
    """A text without accents and case, for comparing titles."""

    function = "fold"
    output_field = TextField()


def columns_of(document: Document) -> dict:
    """The filter columns of an edition: what the document names, empty where it names nothing."""
    return {
        "title": document.title,
        "language": document.language,
        "sources": document.source.documents,
        **document.columns(),
    }


def vectors_of(document: Document) -> dict:
    """What search reads: title and code weigh most, then the leading text, then the rest."""
    config = SEARCH_CONFIG[document.language]
    leading, *rest = [*document.texts(), ""]
    title = SearchVector(Value(f"{document.title} {document.code}"), config=config, weight="A")
    return {
        "folded_title": Fold(Value(document.title)),
        "title_vector": title,
        "vector": title
        + SearchVector(Value(leading), config=config, weight="B")
        + SearchVector(Value(" ".join(rest)), config=config, weight="C"),
    }


def write_edition(document: Document, *, begin: datetime, now: datetime, retract_earlier: bool) -> int:
    """Add the next edition of a document, visible from `begin`; earlier ones end there.

    Called by `publication.publish()` only, inside its transaction. Returns the edition's number.
    """
    kind, code = document.__struct_config__.tag, document.code
    earlier = Edition.objects.filter(kind=kind, code=code)
    known = earlier.aggregate(last=Max("edition"), first=Min("first_published_at"))
    for edition in earlier.select_for_update():
        if edition.retracted_at is None:
            _end(edition, begin)
            if retract_earlier:
                edition.retracted_at = now
            edition.save(update_fields=["visible", "retracted_at"])
    written = Edition.objects.create(
        kind=kind,
        code=code,
        edition=(known["last"] or 0) + 1,
        document=document.as_json(),
        visible=DateTimeTZRange(begin, None),
        first_published_at=min(known["first"] or begin, begin),
        **columns_of(document),
    )
    EditionText.objects.create(edition=written, kind=kind, **vectors_of(document))
    return written.edition


def retract_editions(kind: str, code: str, *, now: datetime) -> None:
    """Take every edition out of the public record, for every moment, past ones too."""
    was_public = False
    for edition in Edition.objects.select_for_update().filter(
        kind=kind, code=code, retracted_at__isnull=True
    ):
        was_public |= not edition.visible.isempty and edition.visible.lower <= now
        _end(edition, now)
        edition.retracted_at = now
        edition.save(update_fields=["visible", "retracted_at"])
    if was_public:
        Tombstone.objects.create(kind=kind, code=code, withdrawn_at=now)


def rebuild(edition: Edition) -> None:
    """Compute the filter columns and the searched text of an edition again, from its document."""
    document = edition.content
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reviewhub.rebuild', 'on', true)")
    for column, value in columns_of(document).items():
        setattr(edition, column, value)
    edition.save()
    EditionText.objects.update_or_create(
        edition=edition, defaults={"kind": edition.kind, **vectors_of(document)}
    )


def _end(edition: Edition, moment: datetime) -> None:
    """End the edition's period at this moment; a period that had not begun then never happens."""
    period = edition.visible
    if period.isempty or (period.upper is not None and period.upper <= moment):
        return
    if period.lower < moment:
        edition.visible = DateTimeTZRange(period.lower, moment)
    else:
        edition.visible = DateTimeTZRange(empty=True)
