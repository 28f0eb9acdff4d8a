"""What one cell of an imported file says, and how it is written again when records are exported.

Each cell is a widget of django-import-export that knows its model field. `clean` raises
`ValidationError` with the reason in words for the person who typed the cell.
"""

import re
from collections.abc import Iterable
from datetime import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.widgets import Widget

from objectives.reference_files import value_of
from office.imports.codes import Codes, folded, key_of

# How people and their spreadsheets write yes and no.
WORDS = {
    **dict.fromkeys(["yes", "y", "1", "oui", "vrai", "да", "истина"], "true"),
    **dict.fromkeys(["no", "n", "0", "non", "faux", "нет", "ложь"], "false"),
}


def in_every_language(text: object) -> set[str]:
    """What a translatable text says in the languages of the site, folded."""
    said = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(folded(str(text)))
    return said


class Choices:
    """The codes of a field's choices, found by code or by label in any language."""

    def __init__(self, field: Any):
        self.codes = [code for code, _label in field.flatchoices if code]
        self._found = {folded(code): {code} for code in self.codes}
        for code, label in field.flatchoices:
            for name in in_every_language(label) if code else ():
                if name not in map(folded, self.codes):
                    self._found.setdefault(name, set()).add(code)

    def code_of(self, said: str) -> str:
        found = self._found.get(folded(said), set())
        if len(found) == 1:
            return next(iter(found))
        raise ValidationError(
            _("“%(value)s” is not one of: %(choices)s.")
            % {"value": said, "choices": ", ".join(self.codes)}
        )


class Cell(Widget):
    """A text, a number or a date."""

    def __init__(self, field: models.Field):
        super().__init__()
        self.field: Any = field  # what it is related to is known when Django is set up

    @cached_property
    def choices(self) -> Choices | None:
        """The choices of the field, or of what its list holds."""
        field = getattr(self.field, "base_field", self.field)
        return Choices(field) if field.choices else None

    def clean(self, value: str, row=None, *, codes: Codes, **kwargs) -> object:
        if value and self.choices:
            value = self.choices.code_of(value)
        return value_of(self.field, plain(value), {})

    def render(self, value: object, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class YesNoCell(Cell):
    def clean(self, value, row=None, *, codes, **kwargs):
        word = folded(value)
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
        said = words(value)
        if self.choices:
            said = [self.choices.code_of(word) for word in said]
        return self.field.clean(said, None)

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
    """The parts of a list: with ; between them, or each on a line of its own."""
    return [word.strip() for word in re.split(r"[;\n]", cell) if word.strip()]


def cell_for(field: models.Field) -> Cell:
    """The cell that fits a model field."""
    if field.many_to_many:
        return RelatedListCell(field)
    if field.is_relation:
        return RelatedCell(field)
    kinds = {ArrayField: ListCell, models.BooleanField: YesNoCell, models.TimeField: TimeCell}
    return next((cell for kind, cell in kinds.items() if isinstance(field, kind)), Cell)(field)
