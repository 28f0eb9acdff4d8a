"""Forms that overwrite nobody's work, and refuse in words what the database would refuse."""

import copy

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from objectives.rules import explain


class VersionedForm(forms.ModelForm):
    """Carries the version it was opened with; if the record has moved on, nothing is saved."""

    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["read_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean() or {}
        if self.instance.pk:
            rows = type(self.instance)._base_manager.select_for_update(of=("self",))
            now = rows.values_list("version", flat=True).get(pk=self.instance.pk)
            if now != cleaned.get("read_version"):
                raise ValidationError(
                    _(
                        "Somebody else has changed this record since you opened it. Nothing was"
                        " saved: open it in another window, compare, and make your changes there."
                    ),
                    code="conflict",
                )
        return cleaned

    def full_clean(self):
        """Ask the database too: some rules look at other rows, and only triggers know them."""
        super().full_clean()
        if not self.is_bound or self.errors or getattr(self.instance, "code", None) == "":
            return  # a trial of a record without a code would use up the next code
        try:
            with transaction.atomic():
                copy.copy(self.instance).save()
                transaction.set_rollback(True)
        except IntegrityError as error:
            self.add_error(None, explain(error))
