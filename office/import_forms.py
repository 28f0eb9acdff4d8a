"""What staff choose when they upload a file of records."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.imports.resources import RecordResource
from office.imports.tables import LARGEST
from office.models import Import
from public.arriving import NotArrived

READ = (".xlsx", ".csv", ".tsv", ".txt")


class UploadForm(forms.Form):
    """The file, what is in it, and what to do with records that somebody has signed."""

    part = forms.ChoiceField(label=_("What is in the file"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("XLSX, or CSV in UTF-8; at most 20 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ",".join(READ)}),
    )
    signed = forms.ChoiceField(
        label=_("Rows that would change an approved, published or withdrawn record"),
        choices=Import.Signed,
        initial=Import.Signed.REFUSE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, resources: dict[str, type[RecordResource]], **kwargs):
        super().__init__(*args, **kwargs)
        named = {
            part: one._meta.model._meta.verbose_name_plural for part, one in resources.items()
        }
        part: Any = self.fields["part"]
        part.choices = list(named.items())
        part.initial = next(iter(named))
        if len(named) == 1:
            part.widget = forms.HiddenInput()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if isinstance(file, NotArrived) and not file.is_too_large:
            raise ValidationError(
                gettext("The file could not be stored: try again, or tell an administrator.")
            )
        if file.size > LARGEST:
            raise ValidationError(
                gettext("The file has more than 20 MB. Divide it into several files.")
            )
        ending = PurePath(file.name).suffix.lower()
        if ending not in READ:
            raise ValidationError(
                gettext("Files that end in “%s” are not read. Save it as XLSX or as CSV UTF-8.")
                % ending
            )
        return file


class AgainForm(forms.Form):
    """What to do otherwise with the same file."""

    signed = UploadForm.base_fields["signed"]
    ignore = forms.BooleanField(
        label=_("Pass over the columns that are not known"), required=False
    )
