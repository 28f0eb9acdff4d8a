"""What stands in the log, in words: fields by their names, choices and rows by theirs."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from objectives.records import NOT_LOGGED
from office.templatetags.utc import utc

EMPTY = ""


class Names:
    """The rows that columns of the log name, fetched with one query a table."""

    def __init__(self):
        self.wanted: dict[Any, set] = defaultdict(set)
        self.found: dict[Any, dict] = {}

    def want(self, model, row: dict[str, Any] | None) -> None:
        """Remember which rows of other tables this row (or piece of one) names."""
        for column, value in (row or {}).items():
            field = columns(model).get(column)
            if field is not None and field.is_relation and value not in (None, NOT_LOGGED):
                self.wanted[field.related_model].add(value)

    def fetch(self) -> None:
        for model, keys in self.wanted.items():
            missing = keys - self.found.setdefault(model, {}).keys()
            if missing:
                rows = model._base_manager.in_bulk(list(missing))
                self.found[model] |= {key: rows.get(key) for key in missing}

    def row(self, model, key):
        """The row, or None if it does not exist any more."""
        return self.found.get(model, {}).get(key)

    def name(self, model, key) -> str:
        row = self.row(model, key)
        if row is None:
            return _("%(kind)s that no longer exists") % {"kind": model._meta.verbose_name}
        retired = getattr(row, "retired_on", None)
        if retired:
            return _("%(name)s (retired on %(day)s)") % {
                "name": row,
                "day": date_format(retired, "DATE_FORMAT"),
            }
        return str(row)


def columns(model) -> dict[str, Any]:
    """The fields of a table by the names of their columns."""
    return {field.column: field for field in model._meta.concrete_fields}


def label(field) -> str:
    return capfirst(str(field.verbose_name))


def in_python(field, value: Any) -> Any:
    """A value of the log as Python knows it; one that no longer fits stays as it is."""
    target = field.target_field if field.is_relation else field
    try:
        return target.to_python(value)
    except ValidationError:
        return value


def in_words(field, value: Any, names: Names) -> str:
    """A value of the log as a person reads it."""
    value = in_python(field, value)
    if value is None or value == "" or value == []:
        return EMPTY
    if field.is_relation:
        return names.name(field.related_model, value)
    if isinstance(field, ArrayField):
        choices = dict(field.base_field.flatchoices)
        return ", ".join(str(choices.get(one, one)) for one in value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return utc(value)
    if isinstance(field, models.DateField):
        return date_format(value, "DATE_FORMAT")
    if isinstance(field, models.TimeField):
        return time_format(value, "TIME_FORMAT")
    return str(value)


def is_text(field) -> bool:
    """Is it text that people write, to be compared word by word?"""
    return (
        isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and not isinstance(field, models.FileField)
    )


def title_of(model, row: dict[str, Any], names: Names) -> str:
    """What a row is called, from what the log says of it: the database is not asked."""
    record = model()
    for column, field in columns(model).items():
        if column not in row:
            continue
        if field.is_relation and (target := names.row(field.related_model, row[column])):
            setattr(record, field.name, target)
        else:
            setattr(record, field.attname, in_python(field, row[column]))
    try:
        return str(record)
    except (ObjectDoesNotExist, AttributeError, TypeError, ValueError):
        return str(model._meta.verbose_name)  # it named what no longer exists


def names_for(rows: Iterable[tuple[Any, dict[str, Any] | None]]) -> Names:
    """The names that all these rows of the log need."""
    names = Names()
    for model, row in rows:
        names.want(model, row)
    names.fetch()
    return names
