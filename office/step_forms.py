"""What a person says when they take a step: a note, and for publishing when."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from public.models import database_now
from public.workflow import STEPS

NEEDS_NOTE = {step.name for step in STEPS if step.needs_note}
NOTE_HELP = {
    "return_with_note": _("What should the editor mend? They read exactly this."),
    "withdraw": _("Why is it withdrawn? Staff read this in the history; the public does not."),
}
LONGEST_NOTE = 2000


class UtcMoment(forms.DateTimeField):
    """A day and a clock time, both in UTC whatever the reader's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "any"})

    def to_python(self, value):
        with timezone.override(UTC):
            return super().to_python(value)


class NoteForm(forms.Form):
    """The note on a step: required where the table of steps asks for one."""

    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, step: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.required = step in NEEDS_NOTE
        note.help_text = NOTE_HELP.get(step, _("Optional: for the colleague who goes on with it."))
        note.error_messages["required"] = _("Say why in a note.")

    def options(self) -> dict:
        """What the step is told, by the names of its function in `publication`."""
        return {"note": self.cleaned_data["note"]}


class PublishForm(NoteForm):
    """Now, or at a time that the database's clock has not reached."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("When does it become public?"),
        choices=[(NOW, _("Now")), (LATER, _("At a later time (embargo)"))],
        widget=forms.RadioSelect,
        initial=NOW,
        error_messages={"required": _("Choose now or a later time.")},
    )
    at = UtcMoment(
        label=_("Date and time in UTC"),
        required=False,
        help_text=_("Only for an embargo. UTC is the time zone of Greenwich without summer time."),
        error_messages={"invalid": _("Write a date and a time, for example 2027-03-11T09:00.")},
    )
    retract_earlier = forms.BooleanField(
        label=_("The earlier editions were wrong: retract them"),
        required=False,
        help_text=_(
            "Then nobody reads or cites them any more, also not for past days. Otherwise they stay"
            " readable for the time in which they were public, which is the usual case."
        ),
    )
    field_order = ["when", "at", "retract_earlier", "note"]

    def __init__(self, *args, has_editions: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_editions:
            del self.fields["retract_earlier"]

    def clean(self):
        cleaned = super().clean() or {}
        when, at = cleaned.get("when"), cleaned.get("at")
        if when == self.LATER and "at" in cleaned:
            if at is None:
                self.add_error("at", _("Say when: a date and a time in UTC."))
            elif at <= database_now():
                self.add_error(
                    "at", _("The embargo time has passed: choose a later time, or publish now.")
                )
            if cleaned.get("retract_earlier"):
                self.add_error(
                    "retract_earlier",
                    _("Earlier editions are retracted at once: publish now, or withdraw it."),
                )
        if when == self.NOW and at is not None:
            raise ValidationError(
                _("You wrote a time but chose to publish now. Choose the later time, or empty it.")
            )
        return cleaned

    def options(self):
        cleaned = self.cleaned_data
        return super().options() | {
            "at": cleaned["at"] if cleaned["when"] == self.LATER else None,
            "retract_earlier": cleaned.get("retract_earlier", False),
        }
