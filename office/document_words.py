"""Public documents in words, for staff: labels for fields, names for codes, no JSON.

A field of a document has the label of the model's field of the same name, and its choices; what a
document calls otherwise than the office does is named here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from public.documents import Document, Part, Party, Source
from public.names import Names
from public.publishable import Publishable
from public.templatetags.review import day

LABELS = {
    "bytes": _("size"),
    "objectives": _("objectives"),
    "party": _("party"),
    "partners": _("partners"),
    "primary_objectives": _("primary objectives"),
    "roundtable": _("roundtable"),
    "title": _("title"),
}
CALLED_IN_THE_OFFICE = {"progress": "progress_updates"}

# Which kind of record a code names.
KIND_OF_CODE = {
    "continues": "recommendation",
    "matches": "pledge",
    "part_of": "roundtable",
    "report": "report",
    "roundtable": "roundtable",
    "stakeholder": "stakeholder",
}
OWN_TEXT = {"title", "summary", "text", "description", "lead_implementer", "counting_rule"}
EMPTY: tuple[Any, ...] = ("", None, [])


@dataclass(frozen=True)
class Line:
    """A field in words. Each value is a text, or `{"lines": …}` of a part with its own fields."""

    label: str
    values: list[Any]
    language: str = ""


@dataclass(frozen=True)
class Difference:
    """What a field says in the public edition, and would say in the next."""

    label: str
    was: Line
    now: Line


class DocumentWords:
    """Puts documents of one kind into words, in a constant number of queries for all of them."""

    def __init__(self, model: type[Publishable], documents: Sequence[Document]):
        self.model = model
        self.names = Names()
        self.titles = _titles(documents)

    def lines(self, document: Document) -> list[Line]:
        """What the document says, in its own order; what it leaves empty is left out."""
        return [line for line in self._lines(document, self.model) if line.values]

    def empty(self, document: Document) -> list[str]:
        """The labels of what the document leaves empty."""
        return [line.label for line in self._lines(document, self.model) if not line.values]

    def differences(self, was: Document, now: Document) -> list[Difference]:
        """What differs between two documents of one record, field by field."""
        lines = zip(
            _fields(was),
            self._lines(was, self.model),
            _fields(now),
            self._lines(now, self.model),
            strict=True,
        )
        return [
            Difference(before.label, before, after)
            for (_name, old), before, (_same, new), after in lines
            if old != new
        ]

    def _lines(self, part: Part, model) -> list[Line]:
        return [
            Line(
                label=_label(name, model),
                values=self._values(name, value, model),
                language=_language(name, part),
            )
            for name, value in _fields(part)
        ]

    def _values(self, name: str, value, model) -> list[Any]:
        if value in EMPTY:
            return []
        return [self._word(name, one, model) for one in _listed(value)]

    def _word(self, name: str, value, model) -> Any:
        if isinstance(value, Party):
            return ", ".join(
                self._named(key, code)
                for key, code in msgspec.structs.asdict(value).items()
                if code
            )
        if isinstance(value, Part):
            field = model._meta.get_field(CALLED_IN_THE_OFFICE.get(name, name))
            lines = self._lines(value, field.related_model)
            return {"lines": [line for line in lines if line.values]}
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        choices = _choices(model, name)
        if value in choices:
            return str(choices[value])
        if name.endswith("_on"):
            return day(date.fromisoformat(value))
        if name == "bytes":
            return filesizeformat(value)
        return self._named(name, value)

    def _named(self, name: str, value) -> str:
        """The name of a code; a code that is not known stands for itself."""
        names = self.names
        match name:
            case "objectives" | "primary_objectives" | "objective":
                known = names.objectives.get(value)
                return f"{value}. {known['title']}" if known else str(value)
            case "sdgs":
                return f"{value}. {names.goals[value]}" if value in names.goals else str(value)
            case "member_states" | "member_state":
                return names.states.get(value, value)
            case "partner_countries":
                return names.countries.get(value, value)
            case "principles":
                return names.principles.get(value, value)
            case "implementer_types" | "implementer_type":
                return names.implementer_types.get(value, value)
            case "stakeholder_type":
                return names.stakeholder_types.get(value, value)
            case "cycle":
                return names.cycles[value].name if value in names.cycles else value
            case "cluster":
                found = {one.code: one.name for one in names.clusters.values()}
                return found.get(value, value)
            case "sources":
                return names.sources[value].title if value in names.sources else value
        return self.titles.get((KIND_OF_CODE.get(name, ""), value), str(value))


def _listed(value) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fields(part: Part) -> Iterator[tuple[str, Any]]:
    """The fields of a document or a part of one; where it comes from is two of them."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, Source):
            yield "sources", value.documents
            yield "source_locator", value.locator
        else:
            yield name, value


def _field(model, name: str):
    try:
        return model._meta.get_field(CALLED_IN_THE_OFFICE.get(name, name))
    except FieldDoesNotExist:
        return None


def _label(name: str, model) -> str:
    field = _field(model, name)
    if field is None:
        label = LABELS[name]
    elif hasattr(field, "verbose_name"):
        label = field.verbose_name
    else:
        label = field.related_model._meta.verbose_name_plural
    return capfirst(str(label))


def _choices(model, name: str) -> dict[Any, Any]:
    field = _field(model, name)
    if isinstance(field, ArrayField):
        field = field.base_field
    return dict(getattr(field, "flatchoices", None) or ())


def _language(name: str, part: Part) -> str:
    """The language of a field's text, where it is the record's own."""
    if name.startswith("title_"):
        return name.removeprefix("title_")
    return getattr(part, "language", "") if name in OWN_TEXT else ""


def _titles(documents: Sequence[Document]) -> dict[tuple[str, str], str]:
    """The titles of the records that documents name, by kind and code: a query for each kind."""
    codes: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        _collect(document, codes)
    models: dict[str, Any] = {
        model.kind: model for model in apps.get_models() if issubclass(model, Publishable)
    }
    titles = {}
    for kind, wanted in sorted(codes.items()):
        for row in models[kind]._default_manager.filter(code__in=wanted):
            title = str(row)
            titles[kind, row.code] = title if row.code in title else f"{title} ({row.code})"
    return titles


def _collect(part: Part, codes: dict[str, set[str]]) -> None:
    for name, value in _fields(part):
        for one in _listed(value):
            if isinstance(one, Part):
                _collect(one, codes)
            elif one and name in KIND_OF_CODE:
                codes[KIND_OF_CODE[name]].add(one)
