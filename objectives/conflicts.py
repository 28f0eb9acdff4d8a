"""Two people on one record: what the second was shown, and where the two differ.

A form carries what it showed when it was opened (`Opened`), signed, and brings it back when it is
saved. Three texts can then be compared: as it was opened, as it is now, and as it was typed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.utils.translation import gettext as _

SALT = "objectives.conflicts.opened"

Letters = str | list[str]


@dataclass(frozen=True)
class Opened:
    """What a form showed: of which record, at which version, with which values."""

    label: str
    pk: Any
    version: int
    shown: dict[str, Letters]

    def __str__(self):
        whole = [self.label, self.pk, self.version, self.shown]
        return signing.dumps(whole, salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str, model) -> "Opened | None":
        """What came back with a form; None if it is missing, forged or of another table."""
        try:
            opened = cls(*signing.loads(text or "", salt=SALT))
        except signing.BadSignature:
            return None
        return opened if opened.label == model._meta.label_lower else None


@dataclass(frozen=True)
class Difference:
    """A field that two people left different, in words."""

    name: str  # of the field
    choice: str  # the name by which the second person may take what the first wrote
    label: str
    opened: str | None  # None if nobody knows what the form showed
    theirs: str
    mine: str


def letters(field: forms.Field, value: Any) -> Letters:
    """A value of a form's field in letters: the same, whether it was read or typed.

    A field whose values are of a kind of their own says it itself (`in_letters`).
    """
    if hasattr(field, "in_letters"):
        return field.in_letters(value)
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return sorted(map(_letters, value or []))
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_letters, value))
    return _letters(value)


def _letters(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()  # browsers end lines in their own way


def in_words(field: forms.Field, value: Letters) -> str:
    """The same value as a person reads it: names instead of row ids and codes."""
    keys = value if isinstance(value, list) else [value]
    known = _labels(field, keys) or {}
    named = [str(name) for key, name in known.items() if key in keys and key]  # in their own order
    return "; ".join([*named, *(key for key in keys if key and key not in known)])


def _labels(field: Any, keys: Collection[str]) -> dict[str, Any] | None:
    """What the choices among these keys are called; None if the field has no choices."""
    if isinstance(field, forms.ModelChoiceField):
        name = field.to_field_name or "pk"
        ids = [key for key in keys if key.isascii() and (key.isdigit() or name != "pk")]
        rows = field.queryset.filter(**{f"{name}__in": ids}) if ids and field.queryset else []
        return {str(row.pk): field.label_from_instance(row) for row in rows}
    if isinstance(field, forms.BooleanField):
        return {"True": _("Yes"), "False": _("No")}
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return {
            str(key): label
            for value, name in choices
            for key, label in (name if isinstance(name, (list, tuple)) else [(value, name)])
        }
    return None
