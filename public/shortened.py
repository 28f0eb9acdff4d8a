"""Public records without the long parts of their documents, for pages that show only the rest."""

import json

from django.db.models import F, Func, JSONField

from public.models import PublicRecordQuerySet


class Without(Func):
    """A document in which these lists are empty."""

    template = "%(expressions)s || '%(emptied)s'::jsonb"
    output_field = JSONField()

    def __init__(self, document: F, *lists: str):
        super().__init__(document, emptied=json.dumps({name: [] for name in lists}))


def shortened(records: PublicRecordQuerySet, *lists: str) -> PublicRecordQuerySet:
    """The records, each with the rest of its document as `shortened`."""
    return records.defer("document").annotate(shortened=Without(F("document"), *lists))
