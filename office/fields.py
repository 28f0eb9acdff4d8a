"""Form fields that the office's screens share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objectives.models import Objective
from office.widgets import AimChecks, ObjectiveChecks, Upload, code_field
from public.file_types import ENDINGS
from public.files import Kept, keep

NO_SUCH_RECORD = _("There is no such record: choose one from the list, or write its code.")


class Pick(forms.ModelChoiceField):
    """One record out of many, by its key or by the code that people know it by."""

    queryset: Any
    default_error_messages = {"invalid_choice": NO_SUCH_RECORD}

    def to_python(self, value):
        if value and not isinstance(value, self.queryset.model) and not str(value).isdecimal():
            coded = self.queryset.filter(**{f"{code_field(self.queryset.model)}__iexact": value})
            value = coded.values_list("pk", flat=True).first() or value
        return super().to_python(value)


class PickMany(forms.ModelMultipleChoiceField):
    """Any number of records out of many, by their keys or codes."""

    queryset: Any
    default_error_messages = {"invalid_choice": NO_SUCH_RECORD, "invalid_pk_value": NO_SUCH_RECORD}

    def clean(self, value):
        codes = [str(one).upper() for one in value or [] if not str(one).isdecimal()]
        if codes:
            name = code_field(self.queryset.model)
            coded = dict(self.queryset.filter(**{f"{name}__in": codes}).values_list(name, "pk"))
            value = [coded.get(str(one).upper(), one) for one in value]
        return super().clean(value)


def all_objectives():
    """Cluster by cluster."""
    order = ["cluster__sort_order", "cluster__code", "number"]
    return Objective.objects.select_related("cluster").order_by(*order)


class ObjectiveChoice(forms.ModelMultipleChoiceField):
    """Any number of objectives, by their numbers."""

    widget = ObjectiveChecks

    def __init__(self, queryset=None, **options):
        super().__init__(all_objectives(), **{**options, "to_field_name": "number"})
        self.widget.label = self.label


class Aims(forms.Field):
    """Which objectives a record serves, and which of them are its main aims.

    The value is {objective: is it a main aim?}.
    """

    widget = AimChecks

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.label = self.label
        self.objectives: dict[int, Objective] = {}

    def offer(self, objectives) -> None:
        """What may be ticked."""
        self.objectives = {objective.number: objective for objective in objectives}
        self.widget.objectives = list(self.objectives.values())

    def to_python(self, value):
        known = {str(number): objective for number, objective in self.objectives.items()}
        if not set(value or {}) <= set(known):
            raise ValidationError(_("There is no such objective: tick those of the list."))
        return {known[number]: main for number, main in (value or {}).items()}

    def in_letters(self, value) -> list[str]:
        """For comparing what two people ticked: “7” and “7, main aim”."""
        aims = {getattr(one, "number", one): main for one, main in (value or {}).items()}
        return [
            gettext("%(number)s, main aim") % {"number": number} if main else str(number)
            for number, main in sorted(aims.items(), key=lambda aim: int(aim[0]))
        ]

    def has_changed(self, initial, data):
        return {str(number): main for number, main in (initial or {}).items()} != (data or {})


class FileToKeep(forms.Field):
    """A file that is stored as soon as it is checked, so that a refused form does not lose it."""

    widget = Upload

    def __init__(self, **options):
        super().__init__(**options)
        endings = [ending for endings in ENDINGS.values() for ending in endings]
        self.widget.attrs["accept"] = ",".join(endings)

    def to_python(self, value) -> Kept | None:
        if isinstance(value, UploadedFile):
            kept = keep(value)
            value.kept = kept  # type: ignore[attr-defined]  # for the form that is shown again
            return kept
        return Kept.of_ticket(value) if isinstance(value, str) and value else None

    def bound_data(self, data, initial):
        """What the form shows again: what arrived now, before, or what is stored already."""
        if isinstance(data, str):
            try:
                return _Arrived(Kept.of_ticket(data))
            except ValidationError:
                return initial
        return data if data is not None else initial

    def has_changed(self, initial, data):
        return data is not None


class _Arrived:
    """A file that an earlier sending of the form brought."""

    def __init__(self, kept: Kept):
        self.kept = kept
