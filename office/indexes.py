"""What the office's search compares, and the indexes that answer it.

PostgreSQL uses an index of an expression for exactly that expression, so both are made here: names
without accents and case, found by any three letters in a row; and the words of longer texts, found
by their beginnings, in whatever language they are.
A row is written a dozen times until it is public, and each time its words are put into them again.
So what is new is put on a list first (`fastupdate`), a fifth of the work; the list is short, so
that a search that reads it too is as quick after an import.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import TextField, Value
from django.db.models.functions import Concat

from public.models import Fold

WAITING = 256  # kilobytes of new rows that a search reads beside the index


class Beginnings(SearchQuery):
    """Texts with these words; the last one may go on. Whatever is typed, it is a valid query."""

    template = (
        "(nullif(plainto_tsquery('simple', fold(%(expressions)s))::text, '') || ':*')::tsquery"
    )


def name_of(columns):
    """The folded names of a row, in one text."""
    if len(columns) == 1:
        return Fold(columns[0])
    parts = [part for column in columns for part in (Value(" "), column)]
    return Fold(Concat(*parts[1:], output_field=TextField()))


def words_of(columns) -> SearchVector:
    """The folded words of a row's texts."""
    return SearchVector(*map(Fold, columns), config="simple")


def name_index(kind: str, *columns: str) -> GinIndex:
    trigrams = OpClass(name_of(columns), name="gin_trgm_ops")
    return _kept_up(trigrams, name=f"{kind}_names")


def word_index(kind: str, *columns: str) -> GinIndex:
    return _kept_up(words_of(columns), name=f"{kind}_words")


def _kept_up(expression, name: str) -> GinIndex:
    return GinIndex(expression, name=name, fastupdate=True, gin_pending_list_limit=WAITING)
