"""Searching the public record: what `?q=` means, in lists and in the search over everything."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef, Subquery

from public.models import PublicRecordQuerySet, PublicText

SEARCH_CONFIGS = ("reviewhub_en", "reviewhub_fr", "reviewhub_ru")


def matching(records: PublicRecordQuerySet, text: str) -> PublicRecordQuerySet:
    """The records that answer this search, in no order; all of them where it is empty."""
    if not text.strip():
        return records
    found = PublicText.objects.filter(edition=OuterRef("pk"), vector=_words(text))
    return records.filter(Exists(found))


def ranked(records: PublicRecordQuerySet, text: str) -> PublicRecordQuerySet:
    """The same in order: what answers best, then the newest, then by code."""
    newest = (F("first_published_at").desc(), "code")
    if not text.strip():
        return records.order_by(*newest)
    own = PublicText.objects.filter(edition=OuterRef("pk"))
    rank = own.values_list(SearchRank(F("vector"), _words(text)))
    return matching(records, text).alias(rank=Subquery(rank)).order_by("-rank", *newest)


def _words(text: str) -> SearchQuery:
    words = SearchQuery(text, config=SEARCH_CONFIGS[0], search_type="websearch")
    for config in SEARCH_CONFIGS[1:]:
        words |= SearchQuery(text, config=config, search_type="websearch")
    return words
