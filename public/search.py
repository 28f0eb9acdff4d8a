"""Searching the public record: what `?q=` means, in lists and in the search over everything."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef

from public.models import PublicRecordQuerySet, PublicText

SEARCH_CONFIGS = ("reviewhub_en", "reviewhub_fr", "reviewhub_ru")


def matching(records: PublicRecordQuerySet, text: str) -> PublicRecordQuerySet:
    """The records that answer this search, in no order; all of them where it is empty."""
    if not text.strip():
        return records
    words = SearchQuery(text, config=SEARCH_CONFIGS[0], search_type="websearch")
    for config in SEARCH_CONFIGS[1:]:
        words |= SearchQuery(text, config=config, search_type="websearch")
    found = PublicText.objects.filter(edition=OuterRef("pk"), vector=words)
    return records.filter(Exists(found))
