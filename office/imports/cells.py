"""What one cell of an imported file says, and how it is written again when records are exported.

Each cell is a widget of django-import-export that knows its model field. `clean` raises
`ValidationError` with the reason in words for the person who typed the cell.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from objectives.models import SDG, MemberState, Objective
from objectives.reference_files import value_of

# How people and their spreadsheets write yes and no.
WORDS = {"yes": "true", "1": "true", "no": "false", "0": "false"}


def key_of(model: type[models.Model]) -> str:
    """The field that files know records of this model by."""
    keys: dict[type[models.Model], str] = {MemberState: "iso3", Objective: "number", SDG: "number"}
    return keys.get(model, "code")


class Codes:
    """The records that codes and names stand for. Each table is read once an import."""

    def __init__(self) -> None:
        self._by_code: dict[type[models.Model], dict[str, models.Model]] = {}
        self._by_row: dict[type[models.Model], dict[int, models.Model]] = {}
        self._by_name: dict[str, list[MemberState]] = {}

    def find(self, model: type[models.Model], said: str) -> models.Model:
        """The record with this code; a Member State by any of its names too."""
        record = self._table(model).get(said.casefold())
        if record is not None:
            return record
        states = self._states(said) if model is MemberState else []
        if len(states) > 1:
            names = {"name": said, "states": ", ".join(state.iso3 for state in states)}
            raise ValidationError(_("“%(name)s” may be any of %(states)s.") % names)
        if not states:
            what = {"code": said, "kind": model._meta.verbose_name}
            raise ValidationError(_("There is no %(kind)s “%(code)s”.") % what)
        return states[0]

    def find_all(self, model: type[models.Model], said: list[str]) -> list[models.Model]:
        """The records with these codes, or all that is wrong with them."""
        found, problems = [], []
        for word in said:
            try:
                found.append(self.find(model, word))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return found

    def of_row(self, model: type[models.Model], row: int | None) -> models.Model | None:
        """The record with this row id."""
        if row is None:
            return None
        self._table(model)
        return self._by_row[model][row]

    def expect(self, record: models.Model) -> None:
        """A record that the same file brings, so that its other rows can name it."""
        code = str(getattr(record, key_of(type(record)))).casefold()
        self._table(type(record)).setdefault(code, record)

    def _states(self, name: str) -> list[MemberState]:
        if name not in self._by_name:
            self._by_name[name] = list(MemberState.objects.known_as(name))
        return self._by_name[name]

    def _table(self, model: type[models.Model]) -> dict[str, models.Model]:
        if model not in self._by_code:
            key = key_of(model)
            retires = [field.name for field in model._meta.fields if field.name == "retired_on"]
            records = list(model._default_manager.only(key, *retires))
            self._by_row[model] = {record.pk: record for record in records}
            self._by_code[model] = {str(getattr(one, key)).casefold(): one for one in records}
        return self._by_code[model]


class Cell(Widget):
    """A text, a number or a date."""

    def __init__(self, field: models.Field):
        super().__init__()
        self.field: Any = field  # what it is related to is known when Django is set up

    def clean(self, value: str, row=None, *, codes: Codes, **kwargs) -> object:
        if value and self.field.choices and value not in dict(self.field.flatchoices):
            choices = ", ".join(code for code, _name in self.field.flatchoices if code)
            raise ValidationError(
                _("“%(value)s” is not one of: %(choices)s.") % {"value": value, "choices": choices}
            )
        return value_of(self.field, plain(value), {})

    def render(self, value: object, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class YesNoCell(Cell):
    def clean(self, value, row=None, *, codes, **kwargs):
        word = value.lower()
        return value_of(self.field, WORDS.get(word, word), {})

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value).lower()


class TimeCell(Cell):
    def clean(self, value, row=None, *, codes, **kwargs):
        try:
            clock = parse_time(value) if value else None
        except ValueError:
            clock = None
        if value and (clock is None or clock.tzinfo):
            raise ValidationError(_("Write the time as 09:30."))
        return self.field.clean(clock, None)

    def render(self, value, obj=None, **kwargs):
        return value.strftime("%H:%M") if isinstance(value, time) else ""


class ListCell(Cell):
    """Several words in one cell, with ; between them."""

    def clean(self, value, row=None, *, codes, **kwargs):
        return self.field.clean(words(value), None)

    def render(self, value, obj=None, **kwargs):
        return ";".join(value or ())


class CodeListCell(ListCell):
    """Codes of a reference table in a field that holds just the codes."""

    def __init__(self, field: models.Field, model: type[models.Model]):
        super().__init__(field)
        self.model = model

    def clean(self, value, row=None, *, codes, **kwargs):
        found = codes.find_all(self.model, words(value))
        return [getattr(record, key_of(self.model)) for record in found]


class RelatedCell(Cell):
    """Another record, by its code."""

    def clean(self, value, row=None, *, codes, **kwargs):
        if value:
            return codes.find(self.field.related_model, value)
        if not self.field.blank:
            raise ValidationError(_("This cell must not be empty."))
        return None

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(getattr(value, key_of(self.field.related_model)))


class RelatedListCell(Cell):
    """Other records, by their codes with ; between them."""

    def __init__(self, field: models.Field, *, may_be_empty: bool | None = None):
        super().__init__(field)
        self.may_be_empty = field.blank if may_be_empty is None else may_be_empty

    def clean(self, value, row=None, *, codes, **kwargs):
        if not words(value) and not self.may_be_empty:
            raise ValidationError(_("This cell must not be empty."))
        return frozenset(codes.find_all(self.field.related_model, words(value)))

    def render(self, value, obj=None, **kwargs):
        records: Iterable = value.all() if hasattr(value, "all") else value or ()
        key = key_of(self.field.related_model)
        return ";".join(str(code) for code in sorted(getattr(record, key) for record in records))


def plain(text: str) -> str:
    """A text as files say it: no blanks around it, and one way to end a line."""
    return text.replace("\r\n", "\n").strip()


def words(cell: str) -> list[str]:
    """The parts of a list."""
    return [word.strip() for word in cell.split(";") if word.strip()]


def cell_for(field: models.Field) -> Cell:
    """The cell that fits a model field."""
    if field.many_to_many:
        return RelatedListCell(field)
    if field.is_relation:
        return RelatedCell(field)
    kinds = {ArrayField: ListCell, models.BooleanField: YesNoCell, models.TimeField: TimeCell}
    return next((cell for kind, cell in kinds.items() if isinstance(field, kind)), Cell)(field)


def text_of(value: object) -> str:
    """What a cell of a spreadsheet would say if it were text, as it is in a CSV file."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
