"""Who may take which step with which record, and why not: what publication asks before it acts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from public.models import Edition, database_now
from public.publishable import Publishable
from public.workflow import SIGNING, STEPS, Step

Refusal = PermissionDenied | ValidationError


def steps_from(record: Publishable, *, by) -> list[Step]:
    """The steps that this person may take with the record as it stands."""
    inside = inside_scope([record], by)
    return [
        step
        for step in STEPS
        if step.source == record.status and _refusal(step, record, by=by, inside=inside) is None
    ]


def refusals(
    name: str, rows: Sequence[Publishable], *, by, at: datetime | None = None
) -> dict[int, list[str]]:
    """Why this person cannot take the step with records of one kind, by their keys.

    A record that is not named can be taken on, together with the others that are not. The rows are
    read with `for_document()`; `at` is the time of an embargo.
    """
    inside = inside_scope(rows, by)
    reasons, fit = {}, []
    for row in rows:
        step = _step(name, row)
        refused = _refusal(step, row, by=by, inside=inside) if step else _no_such_step(row)
        refused = refused or _unfit(name, row)
        if refused:
            reasons[row.pk] = _words(refused, row)
        else:
            fit.append(row)
    if name == "publish":
        begin = at or database_now()
        while hidden := hidden_names(fit, begin):  # who names what is refused is refused too
            reasons |= {row.pk: [hidden[row.code]] for row in fit if row.code in hidden}
            fit = [row for row in fit if row.code not in hidden]
    return reasons


def lacking(row: Publishable, at: datetime) -> list[str]:
    """What is still missing before the record could become public at this moment, whoever asks."""
    unfit = _unfit("publish", row)
    return [*(_words(unfit, row) if unfit else []), *hidden_names([row], at).values()]


def has_right(step: Step, record: Publishable | type[Publishable], by) -> bool:
    """Has this person the right that the step needs: for this kind, or for this very record?"""
    meta = record._meta
    allowed = by.has_perm(f"{meta.app_label}.{step.right}_{meta.model_name}")
    return allowed and (isinstance(record, type) or record.is_within(by))


def checked(name: str, rows: Sequence[Publishable], *, by, note: str) -> list[Step]:
    """The step of this name for each record; raises if one of them cannot take it."""
    inside = inside_scope(rows, by)
    steps, refused = [], []
    for row in rows:
        step = _step(name, row)
        if step is None:
            refused.append((row, _no_such_step(row)))
        elif refusal := _refusal(step, row, by=by, inside=inside):
            refused.append((row, refusal))
        elif step.needs_note and not note.strip():
            raise ValidationError(_("Say why in a note."), code="note")
        elif unfit := _unfit(name, row):
            refused.append((row, unfit))
        else:
            steps.append(step)
    raise_refusals(refused, of=len(rows))
    return steps


def raise_refusals(refused: list[tuple[Publishable, Refusal]], *, of: int) -> None:
    """Raise what was refused, if anything; of several records, each refusal names its own."""
    if not refused:
        return
    if of == 1 or all(isinstance(refusal, PermissionDenied) for _row, refusal in refused):
        raise refused[0][1]
    raise ValidationError(
        [
            words if words.startswith(row.code) else f"{row.code}: {words}"
            for row, refusal in refused
            for words in _words(refusal, row)
        ]
    )


def hidden_names(rows: Sequence[Any], begin: datetime) -> dict[str, str]:
    """The codes of those that name a record that is not public when they are, each with why not.

    Those that become public together may name each other.
    """
    together = {(row.kind, row.code) for row in rows}
    named = {
        row.code: {(one.kind, one.code) for one in row.named_records() if one} - together
        for row in rows
    }
    everything = set().union(*named.values())
    if not everything:
        return {}
    editions = Edition.objects.filter(
        code__in=[code for _kind, code in everything],
        retracted_at__isnull=True,
        visible__contains=begin,
    )
    hidden = everything - set(editions.values_list("kind", "code"))
    return {
        code: gettext("%(code)s names what is not public then: %(hidden)s. Publish that first.")
        % {"code": code, "hidden": ", ".join(sorted(other for _kind, other in names & hidden))}
        for code, names in named.items()
        if names & hidden
    }


def inside_scope(records: Sequence[Publishable], by) -> set[int]:
    """The keys of those records of one kind that are in the person's cycle and region."""
    keys = {record.pk for record in records}
    if not keys or not (by.cycle_id or by.region_id):
        return keys
    manager: Any = type(records[0])._default_manager
    return set(manager.within(by).filter(pk__in=keys).values_list("pk", flat=True))


def _step(name: str, row: Publishable) -> Step | None:
    """The step of this name from where the record stands, if there is one."""
    return next((step for step in STEPS if step.name == name and step.source == row.status), None)


def _no_such_step(row: Publishable) -> Refusal:
    return ValidationError(
        _("%(code)s is %(status)s: this step cannot be taken now."),
        code="step",
        params={"code": row.code, "status": row.get_status_display()},
    )


def _refusal(step: Step, row: Publishable, *, by, inside: set[int]) -> Refusal | None:
    """Why this person cannot take this step with the record, if so.

    `inside` holds the keys of the records that `inside_scope` lets the person work on.
    """
    if not has_right(step, type(row), by):
        return PermissionDenied(gettext("You do not have the right to take this step."))
    if row.pk not in inside:
        return PermissionDenied(
            gettext(
                "%(code)s is outside the review cycle or region that your account is limited to."
            )
            % {"code": row.code}
        )
    if row.merged_into is not None:
        return ValidationError(
            _("%(code)s was merged into %(into)s: it takes no more steps."),
            code="merged",
            params={"code": row.code, "into": row.merged_into.code},
        )
    if step.name in SIGNING and is_alone(row, by) and not settings.ONE_PERSON_OFFICE:
        return ValidationError(
            _("Whoever last edited a record can neither approve nor publish it: ask a colleague."),
            code="alone",
        )
    if step.name == "withdraw" and row.public_edition is None:
        return ValidationError(_("Nothing of this record is public, so nothing can be withdrawn."))
    return None


def _unfit(name: str, row: Publishable) -> ValidationError | None:
    """What the record itself still lacks for the step."""
    try:
        if name == "submit":
            # what the database holds keeps its rules already, and its constraints are asked again
            # on writing; some ask more of a record than of a draft
            relations = [field.name for field in row._meta.fields if field.is_relation]
            row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        if name in SIGNING:
            row.check_publishable()
    except ValidationError as error:
        return error
    return None


def _words(refusal: Refusal, row: Publishable) -> list[str]:
    """The refusal in sentences; those that Django writes do not say which field they mean."""
    if isinstance(refusal, PermissionDenied):
        return [str(refusal)]
    if not hasattr(refusal, "error_dict"):
        return refusal.messages
    labels = {field.name: capfirst(str(field.verbose_name)) for field in row._meta.fields}
    return [
        f"{labels.get(name, name)}: {words}" if error.code else words
        for name, errors in refusal.error_dict.items()
        for error in errors
        for words in error.messages
    ]


def is_alone(record: Publishable, by) -> bool:
    """Would this person sign their own edit?"""
    return by.pk == record.edited_by_id
