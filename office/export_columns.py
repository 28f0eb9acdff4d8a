"""What a file of exported records may hold: its columns, and the code book that explains them.

The columns are those that an import takes, from the resources that the kind's screen names, so
that an exported file can be changed and imported again; then where each record stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.models.reference import Reference
from objectives.records import secret_columns
from office.imports import Column, Marked, RecordResource
from office.imports.cells import Cell, CodeListCell, key_of
from office.imports.resources import resources_of
from public.publishable import Publishable

ORIGIN = {"language", "url", "sources", "source_locator", "staff_notes"}
STANDING = ["status", "public_edition", "published_at", "edited_by"]

CONTENT, SOURCE, CONTACT, STANDS = "content", "source", "contact", "standing"
GROUPS = {
    CONTENT: (gettext_lazy("Content"), ""),
    SOURCE: (gettext_lazy("Source and notes"), ""),
    CONTACT: (
        gettext_lazy("People's contact data"),
        gettext_lazy("Only if you need them: such a file must not leave the secretariat."),
    ),
    STANDS: (
        gettext_lazy("Where it stands"),
        gettext_lazy("To read only: leave these out of a file that you will import again."),
    ),
}
ON_REQUEST = {CONTACT, STANDS}  # the groups that nobody gets without asking


@dataclass(frozen=True)
class ExportColumn:
    """A column of the file. `always`: it finds the record when the file is imported again."""

    column: Column
    group: str
    always: bool = False

    @property
    def name(self) -> str:
        return self.column.column_name

    @property
    def field(self) -> Any:
        return self.column.of

    @property
    def label(self) -> str:
        said = getattr(self.column, "label", "") or self.field.verbose_name
        if isinstance(self.column, Marked) and said == self.field.verbose_name:
            mark = self.field.remote_field.through._meta.get_field(self.column.mark)
            said = f"{said}: {mark.verbose_name}"
        return capfirst(str(said))

    def value_of(self, record: models.Model) -> Any:
        """Numbers, dates and times as such, anything else as an import reads it."""
        value = self.column.get_value(record)
        if isinstance(value, int | float | Decimal | date | time) and not isinstance(value, bool):
            return value
        return self.column.widget.render(value)

    def type(self) -> str:
        """What stands in its cells, in words."""
        field = self.field
        if field.many_to_many or isinstance(field, ArrayField):
            return _("codes, with ; between them")
        if field.is_relation or field.choices:
            return _("code")
        types = {
            models.BooleanField: _("true or false"),
            models.IntegerField: _("whole number"),
            models.DateTimeField: _("date and time"),
            models.DateField: _("date"),
            models.TimeField: _("time"),
            models.URLField: _("web address"),
        }
        return next((said for kind, said in types.items() if isinstance(field, kind)), _("text"))

    def codes(self) -> Iterator[tuple[Any, str]]:
        """The codes that may stand in its cells, with their names, if they make a short list."""
        widget = self.column.widget
        model = widget.model if isinstance(widget, CodeListCell) else self.field.related_model
        choices = getattr(self.field, "base_field", self.field).choices
        if choices:
            yield from ((code, str(name)) for code, name in choices if code)
        elif model and issubclass(model, Reference):
            key = key_of(model)
            for record in model._default_manager.order_by(key):
                yield getattr(record, key), getattr(record, "name", "") or str(record)


@dataclass(frozen=True)
class Rows:
    """What a row of the file is: a record of the list, or one of its parts (then `owner`)."""

    model: type[models.Model]
    columns: tuple[ExportColumn, ...]
    owner: str = ""

    def offered(self, user) -> list[ExportColumn]:
        """Contact data only to those who may write them too."""
        meta = self.model._meta
        may_change = user.has_perm(f"{meta.app_label}.change_{meta.model_name}")
        return [one for one in self.columns if one.group != CONTACT or may_change]

    def records(self, listed: models.QuerySet, columns: list[ExportColumn]) -> models.QuerySet:
        """The rows of the listed records, with all that the columns read, and no more."""
        if self.owner:
            parts = self.model._default_manager.filter(
                **{f"{self.owner}__in": listed.order_by().values("pk")}
            )
            listed = parts.order_by(*(self.model._meta.ordering or ()), "pk")
        single = [one.field.name for one in columns if one.field.many_to_one]
        linked = dict.fromkeys(_links(one.field) for one in columns if one.field.many_to_many)
        records = listed.select_related(*single) if single else listed
        return records.prefetch_related(*linked)


def rows_of(screen: admin.ModelAdmin, user) -> dict[str, Rows]:
    """What may be exported from this list, the records themselves first: model name → rows."""
    offered = [_of_resource(resource) for resource in resources_of(screen.model).values()]
    if not any(rows.model is screen.model for rows in offered):
        offered.insert(0, _of_fields(screen.model))
    return {
        rows.model._meta.model_name or "": rows
        for rows in offered
        if user.has_perm(f"{rows.model._meta.app_label}.view_{rows.model._meta.model_name}")
    }


def _of_resource(resource: type[RecordResource]) -> Rows:
    model = resource._meta.model
    keys = resource._meta.import_id_fields
    columns = resource.columns().items()
    return _rows(model, [(column, name in keys) for name, column in columns], resource._meta.owner)


def _of_fields(model: type[models.Model]) -> Rows:
    """A kind without a resource: every field that people fill in."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    shown = [field for field in fields if field.editable and not field.primary_key]
    return _rows(model, [(Column(field), field.name == key_of(model)) for field in shown])


def _rows(model: Any, columns: list[tuple[Column, bool]], owner: str = "") -> Rows:
    secret = secret_columns(model)

    def group(column: Column) -> str:
        if column.of.name in secret:
            return CONTACT
        return SOURCE if column.of.name in ORIGIN else CONTENT

    own = [ExportColumn(column, group(column), always) for column, always in columns]
    standing = []
    if issubclass(model, Publishable):
        fields = (model._meta.get_field(name) for name in STANDING)
        standing = [ExportColumn(Column(field, Cell(field)), STANDS) for field in fields]
    return Rows(model, (*own, *standing), owner)


def _links(many: Any) -> str:
    """What to prefetch so that the links of this field cost no query a record."""
    through = many.remote_field.through
    if through._meta.auto_created:
        return many.name
    source = through._meta.get_field(many.m2m_field_name())
    return f"{source.remote_field.get_accessor_name()}__{many.m2m_reverse_field_name()}"


def code_book(columns: list[ExportColumn]) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of the code book: a row for each column, and one for each of its codes."""
    header = [_("column"), _("label"), _("meaning"), _("type"), _("code"), _("name of the code")]

    def rows():
        for one in columns:
            told = [one.name, one.label, str(one.field.help_text), one.type()]
            yield [*told, None, None]
            for code, name in one.codes():
                yield [one.name, None, None, None, code, name]

    return header, rows()
