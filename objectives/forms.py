"""Forms that overwrite nobody's work, and refuse in words what the database would refuse."""

import copy
import re
from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS as ALL
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from objectives.conflicts import Difference, Letters, Opened, in_words, letters
from objectives.rules import explain

CONFLICT = _(
    "Somebody else has changed this record since you opened it. Nothing was saved, and what you"
    " typed is still here: look at both texts, then save again."
)
ROW_CONFLICT = _("Somebody else has changed this row since you opened it: see above.")
DELETED = _("Somebody else has deleted this record since you opened it. Nothing was saved.")
ROW_DELETED = _(
    "Somebody else has deleted this row since you opened it. What you typed stands here as a new"
    " row: save to add it again, or empty its fields to leave it out."
)
DELETES_CHANGED = _(
    "You want to delete a row that somebody else has changed since you opened it. Look at it, then"
    " save again to delete it."
)


class OpenedField(forms.CharField):
    """Carries what the form showed when it was opened; nobody types into it."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class VersionedForm(forms.ModelForm):
    """Carries what it was opened with; if the record has moved on, nothing is saved.

    It then shows again what was typed; where only the other person wrote, it shows what they
    wrote (`kept`); where both did, it says so (`both`). It is open on the new version, so that
    saving it once more is meant.
    """

    read_version = OpenedField(required=False)

    conflict, deleted = CONFLICT, DELETED

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.both: list[Difference] = []
        self.kept: list[Difference] = []
        self.opened: Opened | None = None
        if self.instance.pk:
            self.fields["read_version"].initial = self.as_shown

    def as_shown(self) -> str:
        """What the form shows before anybody types, to come back with it."""
        shown = {name: self.held(name) for name in self.compared()}
        instance = self.instance
        return str(Opened(instance._meta.label_lower, instance.pk, instance.version, shown))

    def compared(self) -> list[str]:
        """The fields that a person sees and may change."""
        own = (forms.formsets.DELETION_FIELD_NAME, forms.formsets.ORDERING_FIELD_NAME)
        return [
            name
            for name, field in self.fields.items()
            if name not in own and not field.widget.is_hidden
        ]

    def held(self, name: str) -> Letters:
        """What the record holds in this field."""
        field = self.fields[name]
        return letters(field, self.get_initial_for_field(field, name))

    def typed(self, name: str) -> Letters:
        """What came in for this field, valid or not."""
        field: Any = self.fields[name]
        try:
            return letters(field, field._clean_bound_field(self[name]))
        except ValidationError:
            return letters(field, self[name].data)

    def is_touched(self) -> bool:
        """Did the person change anything of what the form showed?"""
        was = self.opened.shown if self.opened else {}
        return any(self.typed(name) != was[name] for name in was if name in self.fields)

    def read_opened(self) -> Opened | None:
        text = self.data.get(self.add_prefix("read_version"), "")
        self.opened = Opened.read(text, self._meta.model)
        return self.opened

    def clean(self):
        cleaned = super().clean() or {}
        opened = self.read_opened()
        if self.instance.pk:
            now = self.as_it_is()
            if opened is None or opened.pk != now.instance.pk:
                self.compare({}, now)
            elif opened.version != now.instance.version:
                self.compare(opened.shown, now)
            else:
                return cleaned
            raise ValidationError(self.conflict, code="conflict")
        if opened:  # a row that somebody deleted meanwhile
            self.show("read_version", "")
            raise ValidationError(self.deleted, code="conflict")
        return cleaned

    def as_it_is(self) -> "VersionedForm":
        """The form as it would open now; the record stays locked until the answer is given."""
        rows = type(self.instance)._base_manager
        locked = rows.select_for_update(of=("self",)).filter(pk=self.instance.pk)
        version = locked.values_list("version", flat=True).first()
        if version is None:
            raise ValidationError(self.deleted, code="conflict")
        if version == self.instance.version:
            return self
        return type(self)(instance=rows.get(pk=self.instance.pk))

    def compare(self, opened: dict[str, Letters], now: "VersionedForm") -> None:
        """Find where both wrote, take over what only the other person wrote."""
        for name in self.compared():
            field, was = self.fields[name], opened.get(name)
            mine, theirs = self.typed(name), now.held(name)
            if theirs in (mine, was):
                continue
            difference = Difference(
                name,
                self.add_prefix(f"take-{name}"),
                str(self[name].label),
                None if was is None else in_words(field, was),
                in_words(field, theirs),
                in_words(field, mine),
            )
            if mine == was:
                self.kept.append(difference)
                self.show(name, now.get_initial_for_field(now.fields[name], name))
            else:
                self.both.append(difference)
        self.show("read_version", now.as_shown())

    def show(self, name: str, value: Any) -> None:
        """Let the field show this value when the form comes back, whatever was sent for it."""
        self.fields[name].bound_data = lambda data, initial: value  # type: ignore[method-assign]

    def full_clean(self):
        """Take theirs where the person chose so; and ask the database, whose rules know more."""
        taken = [
            name
            for name in self.fields
            if self.is_bound and self.data.get(self.add_prefix(f"take-{name}")) == "theirs"
        ]
        for name in taken:
            self.fields[name].disabled = True  # then Django reads the record, not the form
        super().full_clean()
        for name in taken:
            self.fields[name].disabled = False
            self.show(name, self.get_initial_for_field(self.fields[name], name))
        if self.is_bound and not self.errors:
            self.try_to_save()

    def try_to_save(self) -> None:
        """Some rules look at other rows, and only the database's triggers know them."""
        if getattr(self.instance, "code", None) == "":
            return  # a trial of a record without a code would use up the next code
        try:
            with transaction.atomic():
                copy.copy(self.instance).save()
                transaction.set_rollback(True)
        except IntegrityError as error:
            self.add_error(None, explain(error))


class VersionedPart(VersionedForm):
    """A row of a record's parts: read under lock by its `VersionedRows`, saved with the record."""

    conflict, deleted = ROW_CONFLICT, ROW_DELETED

    def as_it_is(self):
        return self

    def try_to_save(self):
        pass


class VersionedRows(forms.BaseInlineFormSet):
    """The rows of a record's parts. What others did to them meanwhile is told, nothing is lost.

    A row that somebody deleted comes back as a new one if this person had changed it, else not at
    all (`dropped`); rows that somebody added stay (`added`).
    """

    data: Any  # copies of what was sent, for this form set to arrange
    files: Any
    model: Any
    prefix: str

    def __init__(self, data=None, files=None, *args, **kwargs):
        super().__init__(data, files, *args, **kwargs)
        self.added: list[str] = []
        self.dropped: list[str] = []
        if self.is_bound:
            self.compare_rows()

    def get_queryset(self):
        if not hasattr(self, "_queryset") and self.is_bound:
            self._queryset = super().get_queryset().select_for_update(of=("self",))
        return super().get_queryset()

    def compare_rows(self) -> None:
        """Set apart the rows that are gone, and find those that are new."""
        there = {str(row.pk): row for row in self.get_queryset()}
        key = self.model._meta.pk.name
        sent = self.sent_rows()
        first = self.data.get(f"{self.prefix}-INITIAL_FORMS") or ""
        first = int(first) if re.fullmatch("[0-9]{1,6}", first) else 0
        pks = {number: self.data.get(f"{self.prefix}-{number}-{key}", "") for number in sent}
        gone = [n for n in sent if n < first and pks[n] and pks[n] not in there]
        if first:
            self.added = [str(row) for pk, row in there.items() if pk not in pks.values()]
        if not gone:
            return
        meant = [number for number in gone if self.is_meant(number)]
        known = [number for number in sent if number < first and number not in gone]
        self.renumber([*known, *meant, *(number for number in sent if number >= first)])
        for place in range(len(known), len(known) + len(meant)):
            self.data[f"{self.prefix}-{place}-{key}"] = ""
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(known))

    def sent_rows(self) -> list[int]:
        pattern = re.compile(rf"{re.escape(self.prefix)}-([0-9]{{1,6}})-")
        return sorted({int(match[1]) for match in map(pattern.match, self.data) if match})

    def is_meant(self, number: int) -> bool:
        """Did this person change the row that is gone, or did they only see it?"""
        row: Any = self.form(
            self.data, self.files, prefix=self.add_prefix(number), **self.form_kwargs
        )
        opened = row.read_opened()
        deleted = f"{row.prefix}-{forms.formsets.DELETION_FIELD_NAME}" in self.data
        if not deleted and (opened is None or row.is_touched()):
            return True
        if opened:
            shown = [(n, text) for n, text in opened.shown.items() if n in row.fields]
            words = (in_words(row.fields[name], text) for name, text in shown)
            self.dropped.append(", ".join(word for word in words if word)[:120])
        return False

    def renumber(self, order: list[int]) -> None:
        """Let the rows stand in this order, and no others."""
        for sent in (self.data, self.files):
            rows: dict[int, list] = defaultdict(list)
            for name in list(sent):
                match = re.match(rf"{re.escape(self.prefix)}-([0-9]{{1,6}})-(.+)$", name)
                if match:
                    rows[int(match[1])].append((match[2], sent.getlist(name)))
                    del sent[name]
            for place, number in enumerate(order):
                for name, values in rows[number]:
                    sent.setlist(f"{self.prefix}-{place}-{name}", values)
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))

    def clean(self):
        super().clean()
        met = [form for form in self.forms if form.has_error(ALL, "conflict")]
        sign = forms.formsets.DELETION_FIELD_NAME
        if self.can_delete and any(form.cleaned_data.get(sign) for form in met):
            raise ValidationError(DELETES_CHANGED, code="conflict")
