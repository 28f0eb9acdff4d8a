"""Controls and form fields for columns that Django would ask for less kindly."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget


class TextBox(AdminTextareaWidget):
    """Many lines. A line ends as the database keeps it, however the browser sends it."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value and value.replace("\r\n", "\n").replace("\r", "\n")


class Day(forms.DateInput):
    """A date, by the browser's own calendar in the reader's own notation."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class SeveralOf(forms.TypedMultipleChoiceField):
    """An array of choices, as check boxes: languages, addressees."""

    widget = forms.CheckboxSelectMultiple

    @classmethod
    def of(cls, array, **options):
        """The form field of an `ArrayField` whose items have choices."""
        return cls(
            **{
                "choices": array.base_field.choices,
                "required": not array.blank,
                "label": array.verbose_name[:1].upper() + array.verbose_name[1:],
                "help_text": array.help_text,
                **options,
            }
        )
