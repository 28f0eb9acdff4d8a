"""Records as rows of a table: what a column is, how it is filled, and the code book of a file."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import F, Func, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from public.documents import READERS, Document, File
from public.models import FOLDERS, PublicRecordQuerySet
from public.names import Names
from public.sheets import csv_cell, csv_cells
from public.vocabularies import VOCABULARIES

AT_ONCE = 250  # records in memory
REMEMBERED = 2_000  # facts of which the cells are kept
READ = (  # of a record, to fill its row
    "kind",
    "code",
    "edition",
    "written",
    "published",
    "first_published",
    "parties",
)
BETWEEN = ";"  # the values of a list
CODE_BOOK = ["column", "meaning", "code", "name"]


class Iso(Func):
    """A moment as Python's `isoformat` writes it in UTC; the database is quicker at it."""

    template = (
        "replace(to_char(%(expressions)s AT TIME ZONE 'UTC',"
        """ 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), '.000000', '')"""
    )
    output_field = TextField()


class Reader:
    """Whom a file is for: the language of its names, and the site that its addresses lead to."""

    def __init__(self, names: Names, site: str):
        self.names = names
        self.site = site
        self._known: dict[str, Mapping[Any, str]] = {}

    def vocabulary(self, name: str) -> Mapping[Any, str]:
        """The codes of a vocabulary with their names, read once."""
        if name not in self._known:
            self._known[name] = VOCABULARIES[name].read(self.names)
        return self._known[name]

    @cached_property
    def _folders(self) -> dict[str, str]:
        with override(settings.LANGUAGE_CODE):  # one address, whoever takes the file
            return {kind: reverse(f"public:{kind}-list") for kind in FOLDERS}

    def address(self, kind: str, code: str) -> str:
        """The permanent address of a record; "" where its kind has no pages."""
        return f"{self.site}{self._folders[kind]}{code}/" if kind in FOLDERS else ""

    def address_of_file(self, file: File) -> str:
        with override(settings.LANGUAGE_CODE):
            return self.site + reverse("public:file", args=[file.sha256, file.name])


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means, what stands in it, and the codes that it holds.

    `of` is the one fact of the document that its value follows from; "" where there is none, or
    where that is another one in every record.
    """

    name: str
    meaning: Any
    value: Callable[[Any, Any, Reader], Any]
    vocabulary: str = ""
    of: str = ""


def said(name: str, meaning: Any, *, few: bool = False) -> Column:
    """What the document says, as it says it; `few` if many documents say the same."""
    find = attrgetter(name)

    def value(record, document, reader):
        said = find(document)
        return BETWEEN.join(map(str, said)) if isinstance(said, list) else said

    return Column(name, meaning, value, of=name if few else "")


def on_day(name: str, meaning: Any) -> Column:
    """A day of the document."""

    def value(record, document, reader):
        day = getattr(document, name)
        return date.fromisoformat(day) if day else None

    return Column(name, meaning, value)


def coded(
    name: str, named: str, vocabulary: str, meaning: Any, where: str = ""
) -> tuple[Column, Column]:
    """Codes of a vocabulary, and beside them their names; `where` they stand in the document."""
    find = attrgetter(where or name)

    def codes(record, document, reader):
        codes = find(document)
        return BETWEEN.join(map(str, codes)) if isinstance(codes, list) else codes

    def names(record, document, reader):
        codes, known = find(document), reader.vocabulary(vocabulary)
        if isinstance(codes, list):
            return BETWEEN.join(known.get(code, str(code)) for code in codes)
        return known.get(codes, codes)

    return (
        Column(name, meaning, codes, vocabulary, of=where or name),
        Column(
            named,
            gettext_lazy("The same in words, in the language of the file."),
            names,
            of=where or name,
        ),
    )


def each(
    name: str, meaning: Any, of: str, part: Callable[[Any], Any], between: str = BETWEEN
) -> Column:
    """A fact of every part of a list, in the order of the list."""

    def value(record, document, reader):
        facts = (part(one) for one in getattr(document, of))
        return between.join("" if fact is None else str(fact) for fact in facts)

    return Column(name, meaning, value)


def rows_of(
    records: PublicRecordQuerySet, columns: list[Column], reader: Reader
) -> Iterator[list[Any]]:
    """A row for each record, few of them in memory at a time."""
    for record, document in _read(records, reader):
        yield [column.value(record, document, reader) for column in columns]


def csv_rows(
    records: PublicRecordQuerySet, columns: list[Column], reader: Reader
) -> Iterator[str]:
    """The same rows as lines of CSV.

    Columns that follow from one fact are written once for each that is met: most of a row is
    names of the same few codes.
    """
    parts: list[Callable[[Any, Any], str]] = []
    for of, neighbours in groupby(columns, attrgetter("of")):
        some = list(neighbours)
        parts += [_once(of, some, reader)] if of else [_each(one, reader) for one in some]
    for record, document in _read(records, reader):
        yield ",".join([cells(record, document) for cells in parts])


def _read(records: PublicRecordQuerySet, reader: Reader) -> Iterator[tuple[Any, Document]]:
    """What rows are made of: records with the names that they call for learnt."""
    read = records.annotate(
        written=Cast("document", TextField()),
        published=Iso(F("visible__startswith")),
        first_published=Iso(F("first_published_at")),
    ).values_list(*READ, named=True)
    found = iter(read.iterator(AT_ONCE))
    while some := list(islice(found, AT_ONCE)):
        reader.names.learn(some)
        for record in some:
            yield record, READERS[record.kind](record.written)


def _each(column: Column, reader: Reader) -> Callable[[Any, Any], str]:
    value = column.value

    def cell(record, document):
        return csv_cell(value(record, document, reader))

    return cell


def _once(of: str, columns: list[Column], reader: Reader) -> Callable[[Any, Any], str]:
    """The cells of columns that follow from one fact."""
    find = attrgetter(of)
    known: dict[Hashable, str] = {}

    def cells(record, document):
        fact = find(document)
        key = tuple(fact) if isinstance(fact, list) else fact
        found = known.get(key)
        if found is None:
            if len(known) == REMEMBERED:
                known.clear()
            found = csv_cells([one.value(record, document, reader) for one in columns])
            known[key] = found
        return found

    return cells


def code_book(columns: Iterable[Column], reader: Reader) -> Iterator[list[Any]]:
    """A row for each column, and one for each of its codes: the columns of `CODE_BOOK`."""
    for column in columns:
        yield [column.name, str(column.meaning), None, None]
        if column.vocabulary:
            for code, name in reader.vocabulary(column.vocabulary).items():
                yield [column.name, None, str(code), name]
