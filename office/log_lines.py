"""Rows of the log as lines that a person reads, each with the record that it belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change, User
from objectives.records import NOT_LOGGED, Record
from office.history import SENTENCES
from office.log import Part, parts_of
from office.words import Names, columns, in_words, label

SHORT = 300  # characters of a value; the record's history has all of it
DONE = {
    "insert": gettext_lazy("Added by %(name)s"),
    "update": gettext_lazy("Changed by %(name)s"),
    "delete": gettext_lazy("Deleted by %(name)s"),
}


@dataclass(frozen=True)
class Line:
    """One row of the log in words."""

    change: Change
    kind: str  # what kind of thing was written
    code: str
    sentence: str
    values: list[tuple[str, str, str]]  # label, was, became
    history: str  # the address of the record's history, if it may have one


@cache
def tables() -> dict[str, Any]:
    """The models by their tables."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


@cache
def owners() -> dict[str, list[tuple[Any, Part]]]:
    """table → the kinds of records that its rows may be part of."""
    found: dict[str, list[tuple[Any, Part]]] = {}
    for model in tables().values():
        if issubclass(model, (Record, User)) and admin.site.is_registered(model):
            for part in parts_of(model):
                found.setdefault(part.table, []).append((model, part))
    return found


def name_of(change: Change) -> str:
    """Who it was; of an account that was erased only its number is left."""
    if change.by_id is None:
        return _("a command")
    person = change.by
    if person is None or not person.name:
        return _("account %(number)d") % {"number": change.by_id}
    return str(person)


def lines_of(changes: list[Change]) -> list[Line]:
    """These rows in words, in a constant number of queries."""
    histories = _histories(changes)
    return [
        Line(
            change,
            kind_of(change.table_name),
            change.code,
            sentence_of(change),
            list(_values(change)),
            histories.get(change.pk, ""),
        )
        for change in changes
    ]


def kind_of(table: str) -> str:
    """What kind of thing has this table; a table that is no more has only its name."""
    model = tables().get(table)
    return capfirst(str(model._meta.verbose_name)) if model else table


def sentence_of(change: Change) -> str:
    edition = (change.now or {}).get("public_edition", "")
    said = SENTENCES.get(change.step) or DONE[change.operation]
    return str(said) % {"name": name_of(change), "edition": edition or "–"}


def _values(change: Change) -> Iterator[tuple[str, str, str]]:
    model = tables().get(change.table_name)
    fields = columns(model) if model else {}
    was, now = change.was or {}, change.now or {}
    for column in was | now:
        if column in ("id", "version"):
            continue
        field = fields.get(column)
        before, after = (_words(field, row.get(column)) for row in (was, now))
        if before or after:
            yield (label(field) if field else column), before, after


def _words(field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if value == NOT_LOGGED:
        return _("(not logged)")
    if field is None or field.is_relation:
        return Truncator(str(value)).chars(SHORT)
    return Truncator(in_words(field, value, Names())).chars(SHORT)


# --- To which record a row belongs --------------------------------------------------------------


def _histories(changes: Iterable[Change]) -> dict[int, str]:
    """Row of the log → the history of the record that it is about."""
    rows = {change.pk: (change.table_name, change.row_id) for change in changes}
    known = {
        (change.table_name, change.row_id): change.now or change.was or {}
        for change in changes
        if change.operation != Change.Operation.UPDATE
    }
    found: dict[int, str] = {}
    for _level in ("parts", "parts of parts"):
        unknown = [row for row in rows.values() if row[0] in owners() and row not in known]
        known |= _as_made(unknown)
        for pk, (table, row_id) in list(rows.items()):
            owner = _owner(table, known.get((table, row_id), {}))
            if owner:
                rows[pk] = owner
    for pk, (table, row_id) in rows.items():
        model = tables().get(table)
        if model and issubclass(model, (Record, User)) and admin.site.is_registered(model):
            found[pk] = reverse("admin:history", args=[model._meta.label_lower, row_id])
    return found


def _owner(table: str, row: dict[str, Any]) -> tuple[str, int] | None:
    """The row that a row of this table belongs to."""
    for model, part in owners().get(table, []):
        key = row.get(part.column)
        if key:
            owner = part.owner.table if part.owner else model._meta.db_table
            return owner, key
    return None


def _as_made(rows: list[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """These rows as the log says they were made."""
    asked = Q(pk__in=[])
    for table, row_id in rows:
        asked |= Q(table_name=table, row_id=row_id)
    made = Change.objects.filter(asked, operation=Change.Operation.INSERT).order_by()
    return {
        (table, row_id): now or {}
        for table, row_id, now in made.values_list("table_name", "row_id", "now")
    }
