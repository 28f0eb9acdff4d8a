"""What a record's form shows of other people: who has it open, and what they wrote meanwhile.

As tags, so that the screens of reference data have them too: their room cannot know this one.
"""

from dataclasses import dataclass

from django import template

from objectives.conflicts import Difference
from objectives.forms import VersionedForm, VersionedRows
from office import presence
from office.differences import difference
from office.history import Entry, entries
from office.log import Log

register = template.Library()

SHOWN = 5  # events since the form was opened

register.filter("difference", difference)


@register.simple_tag(takes_context=True)
def others_at(context, record) -> list[str]:
    """Who else has the record open, as sentences; notes that this reader has."""
    request = context["request"]
    return [presence.note(other) for other in presence.others_at(record, request.user)]


@dataclass
class Conflict:
    """What the second of two people has to know before saving again."""

    since: list[Entry]  # what happened since the form was opened, the newest first
    both: list[Difference]
    kept: list[Difference]
    added: list[str]
    dropped: list[str]
    has_files: bool  # a browser does not send a chosen file twice

    @property
    def latest(self) -> Entry | None:
        return self.since[0] if self.since else None


@register.simple_tag
def conflict_of(adminform, inline_formsets) -> Conflict | None:
    """The conflict that this form met; None if it met none."""
    main = adminform.form
    rows = [inline.formset for inline in inline_formsets]
    forms = [main, *(form for formset in rows for form in formset.forms)]
    met = [
        form
        for form in forms
        if isinstance(form, VersionedForm)
        and form.is_bound
        and form.has_error("__all__", "conflict")
    ]
    if not met:
        return None
    versioned = [formset for formset in rows if isinstance(formset, VersionedRows)]
    return Conflict(
        since=_since(main),
        both=[_of_row(form, one) for form in met for one in form.both],
        kept=[_of_row(form, one) for form in met for one in form.kept],
        added=[row for formset in versioned for row in formset.added],
        dropped=[row for formset in versioned for row in formset.dropped],
        has_files=any(form.files for form in met),
    )


def _since(form: VersionedForm) -> list[Entry]:
    """What happened to the record since this form was opened."""
    log = Log(form.instance)
    version = form.opened.version if form.opened else 0
    events = [event for event in log.events if event.number > version] or log.events[:1]
    return entries(log, events[:SHOWN])


def _of_row(form, one: Difference) -> Difference:
    """Says of a part's field which row it is in."""
    if not form.prefix:
        return one
    number = int(form.prefix.rpartition("-")[2]) + 1
    kind = form._meta.model._meta.verbose_name
    return Difference(**vars(one) | {"label": f"{kind} {number}: {one.label}"})
