"""The forms of the office's screens: of a record, of a part of it, of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from objectives.forms import VersionedForm
from office.fields import Aims, FileToKeep, all_objectives
from office.widgets import Picker
from public.file_words import told


def show_what_is_at_hand(form) -> None:
    """Pickers show records that were read with the row; lists offer what the row has already."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        record = form.instance._state.fields_cache.get(name)
        if isinstance(widget, Picker) and record is not None:
            widget.known = {str(record.pk): record}
        elif isinstance(field, forms.ModelChoiceField) and isinstance(field.choices, list):
            key = getattr(form.instance, f"{name}_id", None)
            if key and all(str(value) != str(key) for value, _label in field.choices):
                present = getattr(form.instance, name)  # retired since it was chosen
                field.choices = [*field.choices, (key, str(present))]


class EntryForm(VersionedForm):
    """A record as an officer enters it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_what_is_at_hand(self)


class CodedForm(EntryForm):
    """A record whose code says what it is: left empty, it is made of what is typed."""

    made_of: Any = ""  # in words

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = format_lazy(
                _("Leave it empty: it is made of {parts}."), parts=self.made_of
            )

    def codes(self, cleaned: dict) -> Iterator[str]:
        """The codes that it could have, the best first; none if something is missing."""
        raise NotImplementedError

    def clean(self):
        cleaned = super().clean()
        if "code" in self.fields and "code" not in self.errors and not cleaned.get("code"):
            taken = self._meta.model._base_manager
            free = (one for one in self.codes(cleaned) if not taken.filter(code=one).exists())
            cleaned["code"] = next(free, "")
            if not cleaned["code"] and not self.errors:
                sentence = _("The code is made of %(parts)s: give these, or write a code.")
                self.add_error("code", sentence % {"parts": self.made_of})
        return cleaned


class TaggedForm(EntryForm):
    """A record that serves objectives, some as main aims (`submissions.models.Tagged`)."""

    objective_links = Aims(
        label=_("Objectives"),
        required=False,
        help_text=_(
            "Tick every objective that it serves, and “main aim” beside its primary objectives."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        aims: Any = self.fields["objective_links"]
        aims.offer(all_objectives())
        if "primary_objectives_claimed" in self.fields:
            self.fields["primary_objectives_claimed"].help_text = _(
                "Follows your ticks. Write another number only if the source claims more main"
                " aims than you can tick yet: until then the record cannot be published."
            )
        asked = self.initial.get("objective_links")
        if isinstance(asked, str):  # ?objective_links=7,15 in the address of the form
            self.initial["objective_links"] = dict.fromkeys(asked.split(","), False)
        elif self.instance.pk:
            links = self.instance.objective_links.values_list("objective__number", "primary")
            self.initial["objective_links"] = dict(links)

    def clean(self):
        cleaned = super().clean()
        if "objective_links" in self.changed_data and "objective_links" in cleaned:
            primary = sum(cleaned["objective_links"].values())
            claimed = "primary_objectives_claimed"
            if primary and claimed in cleaned and claimed not in self.changed_data:
                cleaned[claimed] = primary
        return cleaned

    def _save_m2m(self):
        super()._save_m2m()  # type: ignore[misc]  # which the stubs leave out
        if "objective_links" in self.changed_data:
            self._tag()

    def _tag(self) -> None:
        """Write what was ticked otherwise; links that stay as they are stay alone."""
        wanted = {one.pk: main for one, main in self.cleaned_data["objective_links"].items()}
        for link in self.instance.objective_links.all():
            main = wanted.pop(link.objective_id, None)
            if main is None:
                link.delete()
            elif main != link.primary:
                link.primary = main
                link.save()
        for key, main in wanted.items():
            self.instance.objective_links.create(objective_id=key, primary=main)


class PartForm(forms.ModelForm):
    """A part of a record. What it must not share with its neighbours, `PartFormSet` looks at."""

    order = ""  # the field that says its place: left empty, it comes last

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_what_is_at_hand(self)
        if self.order in self.fields:
            self.fields[self.order].required = False
            if not self.instance.pk:
                self.initial[self.order] = None

    def _get_validation_exclusions(self):
        shared = {name for one in unique_among_parts(self._meta.model) for name in one.fields}
        owners = {field.name for field in owners_of(self._meta.model)}
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | (shared - owners)


def owners_of(model) -> list[models.ForeignKey]:
    """The fields of a part that name the record it belongs to."""
    return [
        field
        for field in model._meta.fields
        if field.remote_field and field.remote_field.on_delete is models.CASCADE
    ]


def unique_among_parts(model) -> list[models.UniqueConstraint]:
    """What no two parts of one record may share."""
    owners = {field.name for field in owners_of(model)}
    return [
        one
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and owners & set(one.fields)
    ]


class PartFormSet(forms.BaseInlineFormSet):
    """The parts of one record, looked at together: they may change places in one saving."""

    form: Any
    model: Any
    _should_delete_form: Any

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        self._number()
        for constraint in unique_among_parts(self.model):
            self._refuse_doubles(constraint)

    def _remaining(self) -> list:
        """The forms whose rows will be there after saving."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]

    def _number(self) -> None:
        order = self.form.order
        if not order:
            return
        forms_ = self._remaining()
        last = max((getattr(form.instance, order) or 0 for form in forms_), default=0)
        for form in forms_:
            if form.cleaned_data.get(order) is None:
                last += 1
                form.cleaned_data[order] = last
                setattr(form.instance, order, last)

    def _refuse_doubles(self, constraint: models.UniqueConstraint) -> None:
        fields = [name for name in constraint.fields if name != self.fk.name]
        columns = [self.model._meta.get_field(name).attname for name in fields]
        seen = set()
        for form in self._remaining():
            key = tuple(getattr(form.instance, name) for name in columns)
            if None in key:
                continue
            if key in seen:
                form.add_error(fields[-1], constraint.violation_error_message)
            seen.add(key)
        if any(form.errors for form in self.forms):
            raise ValidationError(_("Two of them cannot stand side by side: see below."))

    def save(self, commit=True):
        with looked_at_afterwards(unique_among_parts(self.model)):
            return super().save(commit=commit)


@contextmanager
def looked_at_afterwards(constraints):
    """Rows that change places share one for a moment: the database looks when all are written."""
    names = ", ".join(f'"{one.name}"' for one in constraints if one.deferrable)
    if not names:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
        yield
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")


def address_of_file(file) -> str:
    """Where staff get it."""
    owners = ((one.related_model, getattr(file, one.attname)) for one in owners_of(type(file)))
    owner, key = next((model, key) for model, key in owners if key)
    return reverse("admin:file", args=[owner._meta.label_lower, key, file.pk])


class FileForm(PartForm):
    """A file of a record, with what readers need to know of it.

    The row comes with `found`: what was found in its bytes (`with_findings`).
    """

    upload = FileToKeep(
        label=_("File"),
        required=False,
        help_text=_("PDF, DOCX, XLSX, PPTX, ODT, PNG or JPEG; no macros, no password."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty, the name of the file.")
        if self.instance.pk:
            file = self.instance
            self.initial["upload"] = {
                "name": file.name,
                "size": file.size,
                "address": address_of_file(file),
                "findings": None if file.found is None else told(file.found),
            }

    def clean(self):
        cleaned = super().clean() or {}
        kept = cleaned.get("upload")
        if kept is None and not self.instance.pk and "upload" not in self.errors:
            self.add_error("upload", _("Choose the file."))
        if kept:
            self.instance.file = kept.path
            self.instance.name = kept.name
            self.instance.media_type = kept.media_type
            self.instance.size = kept.size
            self.instance.sha256 = kept.sha256
            self.instance.pages = kept.pages
        if not cleaned.get("title") and self.instance.name:
            cleaned["title"] = self.instance.name.rpartition(".")[0]
        return cleaned
