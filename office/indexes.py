"""What the office's search compares, and the indexes that answer it.

PostgreSQL uses an index of an expression for exactly that expression, so both are made here: names
without accents and case, found by any three letters in a row; and the words of longer texts, found
by their beginnings, in whatever language they are.
They are kept up to date at once (`fastupdate`), so that searches are as quick after an import.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import TextField, Value
from django.db.models.functions import Concat

from public.editions import Fold


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
    return GinIndex(trigrams, name=f"{kind}_names", fastupdate=False)


def word_index(kind: str, *columns: str) -> GinIndex:
    return GinIndex(words_of(columns), name=f"{kind}_words", fastupdate=False)
