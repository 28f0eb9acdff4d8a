"""Texts as PostgreSQL reads them: the words of a language, by their stems.

`record_words(language, title, body)` is a function of the database (migration 0001); each kind of
record has an index on it, made of the same two columns as `RecordWords.of()` names.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import F, Func, Value

LONGEST = 5000  # characters of a text that are looked at

BODIES = ("summary", "text", "description", "counting_rule")


class RecordWords(Func):
    """The words of a record, as the index of its table holds them."""

    function = "record_words"
    output_field = SearchVectorField()

    @classmethod
    def of(cls, model) -> "RecordWords":
        body = body_field(model)
        return cls(F("language"), F(model.title_column()), F(body) if body else Value(""))


def body_field(model) -> str:
    """The column of the leading text, or "" if the kind has none besides its title."""
    columns = {field.name for field in model._meta.concrete_fields} - {model.title_column()}
    return next((name for name in BODIES if name in columns), "")


def words_in(language: str, text: str) -> list[tuple[str, str]]:
    """The words and signs of a text in their order; words that can mean something have a stem."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.token, w.stem FROM ts_parse('default', %s) WITH ORDINALITY p(kind, token, n)"
            " LEFT JOIN LATERAL unnest(tsvector_to_array(record_words(%s, p.token, '')))"
            " WITH ORDINALITY w(stem, m) ON w.stem ~ '[[:alpha:]]'"
            " WHERE p.token ~ '\\S' ORDER BY n, m",
            [text[:LONGEST], language],
        )
        return [(token, stem or "") for token, stem in cursor.fetchall()]
