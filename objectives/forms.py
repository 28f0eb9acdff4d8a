"""Forms that never overwrite what somebody else has written meanwhile."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


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
