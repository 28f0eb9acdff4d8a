"""What a bulk edit may change, as choices: each link on all, on some or on none of the records."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from office.bulk_changes import Wanted
from office.fields import PickMany
from office.imports.cells import words
from office.imports.codes import Codes
from office.widgets import PickerOfMany

FIELDS = ["objectives", "principles", "sdgs", "member_states", "implementer_types", "cycle"]
PICKED = {"member_states"}  # too many to list: those of the records, and a picker for others
ADD, LEAVE, REMOVE = "add", "leave", "remove"
LONGEST_NOTE = 2_000

SAID = {
    ADD: gettext_lazy("add to all"),
    LEAVE: gettext_lazy("leave as they are"),
    REMOVE: gettext_lazy("remove from all"),
}


def fields_of(model: type[models.Model]) -> list[Any]:
    """The fields of this kind that can be changed of many records at once."""
    known = {field.name: field for field in [*model._meta.fields, *model._meta.many_to_many]}
    return [known[name] for name in FIELDS if name in known]


@dataclass(frozen=True)
class Option:
    """One row that records may be linked to: how many are, and what is chosen."""

    row: Any
    name: str  # of the form's field
    count: int
    of: int
    chosen: str

    @property
    def state(self) -> str:
        if not self.count:
            return "none"
        return "all" if self.count == self.of else "some"

    @property
    def told(self) -> str:
        said = {"count": self.count, "of": self.of}
        if self.count == self.of:
            return _("on all %(of)s") % said
        return _("on %(count)s of %(of)s") % said

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """What makes sense: value, words, is it chosen."""
        return [
            (value, said, value == self.chosen)
            for value, said in SAID.items()
            if value == LEAVE
            or (value == REMOVE and self.count)
            or (value == ADD and self.count < self.of and not self.row.retired_on)
        ]


class BulkEditForm(forms.Form):
    """The choices for these records of one kind, and a note for the log."""

    note = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Optional: it stands in the history of each record."),
    )

    data: Any  # of a browser: one name may have several values

    def __init__(self, model: Any, pks: Collection[int], data=None):
        super().__init__(data)
        self.model = model
        self.of = len(pks)
        self.rows: dict[str, list[tuple[Any, int]]] = {}  # field → row, on how many records
        self.labels: dict[tuple[str, int], str] = {}
        for field in fields_of(model):
            counts = _counts(field, pks)
            if field.many_to_many:
                self._add_links(field, counts)
            else:
                self._add_choice(field, counts)

    def _add_links(self, field: Any, counts: Counter) -> None:
        rows = field.related_model._default_manager.filter(
            Q(pk__in=counts) if field.name in PICKED else Q(pk__in=counts) | Q(retired_on=None)
        )
        if hasattr(field.related_model, "cluster"):
            rows = rows.select_related("cluster")
        self.rows[field.name] = [(row, counts[row.pk]) for row in rows]
        for row in rows:
            self.labels[field.name, row.pk] = str(row)
            name = f"{field.name}-{row.pk}"
            self.fields[name] = forms.ChoiceField(choices=list(SAID.items()), required=False)
        if field.name in PICKED:
            self.fields[f"{field.name}-picked"] = PickMany(
                field.related_model._default_manager.in_use(),
                required=False,
                label=_("Add others to all"),
                widget=PickerOfMany(field, admin.site),
            )
            self.fields[f"{field.name}-typed"] = forms.CharField(
                required=False,
                label=_("Add others to all: names or codes, with ; between them"),
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            )

    def _add_choice(self, field: Any, counts: Counter) -> None:
        chosen = forms.ModelChoiceField(
            field.related_model._default_manager.in_use(),
            required=False,
            label=capfirst(str(field.verbose_name)),
            empty_label=_("leave as it is"),
        )
        known = field.related_model._default_manager.in_bulk(counts)
        chosen.help_text = _("Now: %(rows)s.") % {
            "rows": ", ".join(f"{known[row]} ({n})" for row, n in counts.most_common() if row)
        }
        self.fields[field.name] = chosen

    # --- What the page shows

    def blocks(self) -> Iterator[dict[str, Any]]:
        """The links by field: label, options by group, and fields to pick others."""
        for name, rows in self.rows.items():
            groups = defaultdict(list)
            for row, count in rows:
                group = getattr(row, "cluster", None)
                field_name = f"{name}-{row.pk}"
                chosen = self[field_name].value() or LEAVE
                groups[group].append(Option(row, field_name, count, self.of, chosen))
            order = sorted(groups, key=lambda one: (one.sort_order, one.code) if one else (0, ""))
            yield {
                "name": name,
                "label": capfirst(str(self.model._meta.get_field(name).verbose_name)),
                "groups": [(group, groups[group]) for group in order],
                "picked": self[f"{name}-picked"] if name in PICKED else None,
                "typed": self[f"{name}-typed"] if name in PICKED else None,
            }

    def single(self) -> list[Any]:
        """The fields of one choice."""
        return [self[field.name] for field in fields_of(self.model) if field.many_to_one]

    def said(self) -> list[tuple[str, str]]:
        """All that was chosen and typed, to be sent again."""
        return [
            (name, value)
            for name in self.fields
            for value in self.data.getlist(name)
            if value not in ("", LEAVE)
        ]

    # --- What is wanted

    def clean(self):
        cleaned = super().clean() or {}
        for name in PICKED & self.rows.keys():
            try:
                model = self.model._meta.get_field(name).related_model
                typed = Codes().find_all(model, words(cleaned.get(f"{name}-typed") or ""))
            except ValidationError as error:
                self.add_error(f"{name}-typed", error)
            else:
                cleaned[name] = [*(cleaned.get(f"{name}-picked") or ()), *typed]
        if not self.errors and self.wanted().is_nothing:
            raise ValidationError(_("Choose what to change."), code="nothing")
        return cleaned

    def wanted(self) -> Wanted:
        cleaned = self.cleaned_data
        add: dict[str, set[int]] = defaultdict(set)
        remove: dict[str, set[int]] = defaultdict(set)
        put: dict[str, int] = {}
        for name, rows in self.rows.items():
            for row, _count in rows:
                chosen = cleaned.get(f"{name}-{row.pk}")
                if chosen in (ADD, REMOVE):
                    (add if chosen == ADD else remove)[name].add(row.pk)
            for row in cleaned.get(name, ()):
                add[name].add(row.pk)
        for field in self.single():
            if cleaned.get(field.name):
                put[field.name] = cleaned[field.name].pk
        return Wanted(
            add={name: frozenset(rows) for name, rows in add.items()},
            remove={name: frozenset(rows) for name, rows in remove.items()},
            put=put,
        )

    def told(self, counts: dict[tuple[str, int], list[int]]) -> Iterator[dict[str, Any]]:
        """What would change, in words: the field, the row, and on how many records."""
        names = dict(self.labels)
        for field in fields_of(self.model):
            chosen = self.cleaned_data.get(field.name) or ()
            for row in [chosen] if field.many_to_one and chosen else chosen:
                names[field.name, row.pk] = str(row)
        for (name, row), (came, went) in counts.items():
            field = self.model._meta.get_field(name)
            if field.many_to_one:
                said = ngettext("set on %(count)s record", "set on %(count)s records", came)
            elif came:
                said = ngettext("added to %(count)s record", "added to %(count)s records", came)
            else:
                said = ngettext(
                    "removed from %(count)s record", "removed from %(count)s records", went
                )
            yield {
                "field": capfirst(str(field.verbose_name)),
                "row": names[name, row],
                "said": said % {"count": came or went},
            }


def _counts(field: Any, pks: Collection[int]) -> Counter:
    """How many of the records are linked to each row."""
    if field.many_to_many:
        links = field.remote_field.through._default_manager
        record, row = field.m2m_column_name(), field.m2m_reverse_name()
    else:
        links, record, row = field.model._default_manager, "pk", field.attname
    found = links.filter(**{f"{record}__in": pks}).order_by().values_list(row)
    return Counter(dict(found.annotate(count=Count("pk"))))
