"""The base of all resources: which columns a file of records has, for import and for export.

A resource names the columns and the model that its rows fill. Files come in through `import_file`
only; the importer of django-import-export itself is closed, because it can save half a file and
say that all went well.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import autodiscover_modules
from import_export.fields import Field
from import_export.resources import ModelResource

from office.imports.cells import Cell, RelatedListCell, cell_for


class Column(Field):
    """A column of a file: one field of the record."""

    def __init__(self, of: Any, widget: Cell | None = None, label: Any = ""):
        super().__init__(attribute=of.name, column_name=of.name, widget=widget or cell_for(of))
        self.of = of
        self.label = label or of.verbose_name  # what people call it, in their language

    @property
    def is_needed(self) -> bool:
        """A new record cannot do without it."""
        return not (self.of.blank or self.of.has_default() or self.of.null)

    def get_value(self, instance):
        links = links_of(instance, self.of)
        if links is None:
            return super().get_value(instance)
        return [target for target, _link in links]


class Marked(Column):
    """A column that says which links of another column carry a mark, such as `primary`."""

    is_needed = False

    def __init__(self, of: Any, mark: str, label: Any):
        super().__init__(of, RelatedListCell(of, may_be_empty=True), label)
        self.column_name = f"{mark}_{of.name}"
        self.mark = mark

    def get_value(self, instance):
        return [target for target, link in links_of(instance, self.of) if getattr(link, self.mark)]


def links_of(record: models.Model, many: Any):
    """Target and link for each link of a relation, None where links are not records themselves."""
    through = many.remote_field.through if many.many_to_many else None
    if through is None or through._meta.auto_created:
        return None
    source = through._meta.get_field(many.m2m_field_name())
    links = getattr(record, source.remote_field.get_accessor_name()).all()
    return [(getattr(link, many.m2m_reverse_field_name()), link) for link in links]


class RecordResource(ModelResource):
    """Base of all resources. `Meta` has model, fields and what the rows are matched by.

    `owner` is the relation to the publishable record that the rows are part of, if they are not
    publishable themselves: a change of a part is an edit of its owner. `is_signed` is false for
    rows that belong to a record, but not to what is published of it.
    """

    class Meta:
        import_id_fields = ["code"]
        owner = ""
        is_signed = True

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return Column(django_field)

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The columns that a file may have, in order."""
        return {name: cls.fields[name] for name in cls._meta.fields}

    @classmethod
    def label(cls) -> str:
        """What the rows are, for people."""
        return cls._meta.model._meta.verbose_name_plural

    @classmethod
    def publishable(cls) -> Any:
        """The model whose records are signed and published: its own, or its owner's."""
        model = cls._meta.model
        return model._meta.get_field(cls._meta.owner).related_model if cls._meta.owner else model

    @classmethod
    def identity(cls, key: tuple) -> tuple:
        """What makes a record the same: all that stands in the columns of its key."""
        return key

    def get_queryset(self):
        records = super().get_queryset()
        return records.for_document() if hasattr(records, "for_document") else records

    def import_data(self, *args, **kwargs):
        raise NotImplementedError("Import with import_file: all rows or none.")


def model_named(label: str) -> Any:
    """The model that `submissions.practice` stands for."""
    return apps.get_model(label)


def resources_of(model: Any) -> dict[str, type[RecordResource]]:
    """What files may bring for records of this kind: the records, and their parts, by model."""
    autodiscover_modules("resources")
    found = [one for one in RecordResource.__subclasses__() if one.publishable() is model]
    found.sort(key=lambda one: one._meta.model is not model)
    return {one._meta.model._meta.model_name: one for one in found}
