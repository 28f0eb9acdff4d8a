"""What a search found, as pages show it: in order, with the words that were found marked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from html import unescape

from django.contrib.postgres.search import SearchConfig, SearchHeadline, SearchQueryField
from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from public.counts import by_kind
from public.editions import SEARCH_CONFIG
from public.models import FOLDERS, Fold, PublicRecord, PublicRecordQuerySet
from public.search import Search
from public.search_places import plain_words

READ = 20_000  # characters of a record that are looked at for a snippet
BEGIN, END = "\x02", "\x03"  # around a word that was found; no text has them
BETWEEN = " … "
SHORTEST = 3  # letters of a word before titles are looked through


class LatinLetters(Func):
    """A folded text in letters of one script, as the index of titles holds it."""

    function = "latin_letters"
    output_field = TextField()


class Found(Sequence[PublicRecord]):
    """Records in an order, for pages. Only keys are sorted: whole rows take twice as long."""

    def __init__(self, ordered: QuerySet[PublicRecord], count: int):
        self._ordered = ordered
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place):
        keys = list(self._ordered.values_list("pk", flat=True)[place])
        rows = PublicRecord.objects.in_bulk(keys)
        return [rows[key] for key in keys]


def of_all_kinds(at: datetime | None) -> PublicRecordQuerySet:
    """What the search looks through: the records that have pages."""
    return PublicRecord.objects.visible(at).filter(kind__in=FOLDERS)


def counted(
    search: Search, records: PublicRecordQuerySet, *, exact: bool
) -> tuple[Search, Counter[str]]:
    """How many of these records answer, by kind; where none does, with the spelling corrected."""
    counts = by_kind(search.among(records))
    if not counts and not exact and (better := search.corrected(records)):
        return better, by_kind(better.among(records))
    return search, counts


def snippets(records: Sequence[PublicRecord], search: Search) -> dict[int, SafeString]:
    """By key of a record, where its text has what was looked for; only those that have it."""
    texts = {record.pk: _text_of(record) for record in records}
    if not search.wanted or not any(texts.values()):
        return {}
    configs = SEARCH_CONFIG.items()
    headline = SearchHeadline(
        Case(
            *(When(pk=pk, then=Value(text)) for pk, text in texts.items()),
            output_field=TextField(),
        ),
        Case(
            *(When(language=code, then=search.any_word_in(config)) for code, config in configs),
            output_field=SearchQueryField(),
        ),
        config=SearchConfig(
            Case(*(When(language=code, then=Value(config)) for code, config in configs))
        ),
        start_sel=BEGIN,
        stop_sel=END,
        max_fragments=2,
        max_words=28,
        min_words=12,
        short_word="0",  # also at its ends
        fragment_delimiter=BETWEEN,
    )
    shown = PublicRecord.objects.filter(pk__in=texts).values_list("pk", headline)
    return {pk: _marked(text, texts[pk]) for pk, text in shown if BEGIN in text}


def unmarked(snippet: str) -> str:
    """A snippet as a plain text."""
    return unescape(snippet.replace("<mark>", "").replace("</mark>", ""))


def titled(records: PublicRecordQuerySet, text: str) -> PublicRecordQuerySet:
    """Records whose title has what is being typed, the newest first."""
    words = plain_words(text)
    if not any(len(word) >= SHORTEST for word in words):
        return records.none()
    longest, *_others = sorted(text.split(), key=len, reverse=True)
    # it has an index, which now and then takes one letter for another
    records = records.alias(letters=LatinLetters("text__folded_title")).filter(
        letters__contains=LatinLetters(Fold(Value(longest)))
    )
    for word in text.split():  # not as LIKE: how rare it is would be estimated twice
        records = records.filter(
            GreaterThan(StrIndex("text__folded_title", Fold(Value(word))), Value(0))
        )
    return records.order_by(F("first_published_at").desc(), F("pk").desc())


def _text_of(record: PublicRecord) -> str:
    text = " ".join(filter(None, record.content.texts()))[:READ]
    return text.replace("\x00", "").replace(BEGIN, "").replace(END, "")


def _marked(text: str, whole: str) -> SafeString:
    """Escaped first, so that no text of a record becomes markup; then the words are marked."""
    safe = str(escape(text)).replace(BEGIN, "<mark>").replace(END, "</mark>")
    pieces = text.replace(BEGIN, "").replace(END, "").split(BETWEEN)
    before = "" if whole.startswith(pieces[0]) else "… "
    tail = whole.rpartition(pieces[-1])[2]
    after = " …" if any(map(str.isalnum, tail)) else escape(tail)  # signs at its end are left out
    return mark_safe(f"{before}{safe}{after}")  # noqa: S308  # escaped above
