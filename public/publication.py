"""The one door to the public record: the steps that a publishable record can take.

Each step of `workflow.STEPS` is a function of the same name; admin, commands, imports and the API
call these and nothing else. A step that is not in the table cannot be taken, neither here nor by
SQL (the rule `status_step_exists` is made of the same table).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objectives.records import signed
from objectives.rules import explain
from public.editions import retract_editions, write_editions
from public.models import Edition, database_now
from public.publishable import Publishable
from public.workflow import SIGNING, STEPS, Step


class Conflict(Exception):
    """Somebody else has changed the record since it was read; nothing was written."""


def steps_from(record: Publishable, *, by) -> list[Step]:
    """The steps that this person may take with the record as it stands."""
    return [
        step
        for step in STEPS
        if step.source == record.status
        and has_right(step, record, by)
        and not (step.name in SIGNING and _is_alone(record, by) and not settings.ONE_PERSON_OFFICE)
        and (step.name != "withdraw" or record.public_edition is not None)
        and record.merged_into_id is None  # type: ignore[attr-defined]
    ]


def submit(record: Publishable, *, by, note: str = "") -> None:
    """Hand the record in for review."""
    submit_all([record], by=by, note=note)


def submit_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Hand records of one kind in for review: all of them, or none."""

    def check(row):
        # what the database holds keeps its rules already, and its constraints are asked again on
        # writing; some ask more of a record than of a draft
        relations = [field.name for field in row._meta.fields if field.is_relation]
        row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        return {}

    _take("submit", records, by=by, note=note, work=_each(check))


def recall(record: Publishable, *, by, note: str = "") -> None:
    """Take a submitted record back before its review begins."""
    _take("recall", [record], by=by, note=note)


def start_review(record: Publishable, *, by, note: str = "") -> None:
    """Say that somebody is reviewing it."""
    start_review_all([record], by=by, note=note)


def start_review_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Say that somebody is reviewing these records of one kind."""
    _take("start_review", records, by=by, note=note)


def return_with_note(record: Publishable, *, by, note: str) -> None:
    """Send the record back to its editor; the note says what to mend."""

    def unsign(row):
        return {"approved_by": None, "one_person": False}

    _take("return_with_note", [record], by=by, note=note, work=_each(unsign))


def approve(record: Publishable, *, by, note: str = "") -> None:
    """Sign the record as fit to be published. Whoever edited it last cannot, unless alone."""
    approve_all([record], by=by, note=note)


def approve_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Sign records of one kind as fit to be published: all of them, or none."""

    def sign(row):
        row.check_publishable()
        return {"approved_by": by}

    _take("approve", records, by=by, note=note, work=_each(sign))


def publish(
    record: Publishable,
    *,
    by,
    at: datetime | None = None,
    note: str = "",
    retract_earlier: bool = False,
) -> int:
    """Write the record's next public edition, visible from now or, under embargo, from `at`.

    The earlier edition stays citable for its own period, unless `retract_earlier`. Returns the
    number of the edition. Raises `ValidationError` if something is missing or `at` has passed.
    """
    return publish_all([record], by=by, at=at, note=note, retract_earlier=retract_earlier)[0]


def publish_all(
    records: Sequence[Publishable],
    *,
    by,
    at: datetime | None = None,
    note: str = "",
    retract_earlier: bool = False,
) -> list[int]:
    """Write the next public editions of records of one kind: of all of them, or of none."""
    if at is not None and retract_earlier:
        # the earlier edition would vanish at once, and the new one come later
        raise ValidationError(
            _("Earlier editions are retracted at once: publish now, or withdraw the record."),
            code="embargo",
        )

    def write(rows):
        _each(lambda row: row.check_publishable() or {})(rows)
        now = database_now()
        if at is not None and at <= now:
            raise ValidationError(
                _("The embargo time has passed: choose a later time, or publish now."),
                code="embargo",
            )
        begin = at or now
        _refuse_hidden_names(rows, begin)
        documents = [row.document() for row in rows]
        editions = write_editions(documents, begin=begin, retract_earlier=retract_earlier, now=now)
        return [
            {"published_by": by, "published_at": begin, "public_edition": edition}
            for edition in editions
        ]

    _take("publish", records, by=by, note=note, work=write)
    return [record.public_edition or 0 for record in records]


def revise(record: Publishable, *, by, note: str = "") -> None:
    """Begin the next edition: the record becomes a draft again, what is public stays."""
    revise_all([record], by=by, note=note)


def revise_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Begin the next editions of records of one kind: of all of them, or of none."""

    def unsign(row):
        return {"approved_by": None, "published_by": None, "one_person": False}

    _take("revise", records, by=by, note=note, work=_each(unsign))


def withdraw(record: Publishable, *, by, note: str) -> None:
    """Take every edition out of the public record, for every moment; a tombstone stays."""

    def retract(row):
        if row.public_edition is None:
            raise ValidationError(
                _("Nothing of this record is public, so nothing can be withdrawn.")
            )
        retract_editions(row.kind, row.code, now=database_now())
        return {"public_edition": None}

    _take("withdraw", [record], by=by, note=note, work=_each(retract))


def public_differences(record: Publishable) -> dict[str, tuple[Any, Any]]:
    """What the office's copy would change: field → (as published, as it stands here)."""
    edition = (
        Edition.objects.filter(
            kind=record.kind, code=record.code, edition=record.public_edition or 0
        )
        .values_list("document", flat=True)
        .first()
    )
    before, after = edition or {}, record.document().as_json()
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def _refuse_hidden_names(rows: list[Any], begin: datetime) -> None:
    """A document tells no code of a record that is not public when it becomes public itself."""
    together = {(row.kind, row.code) for row in rows}
    named = {
        row.code: {(one.kind, one.code) for one in row.named_records() if one} - together
        for row in rows
    }
    everything = set().union(*named.values())
    if not everything:
        return
    editions = Edition.objects.filter(
        code__in=[code for _kind, code in everything],
        retracted_at__isnull=True,
        visible__contains=begin,
    )
    hidden = everything - set(editions.values_list("kind", "code"))
    refusals = [
        gettext("%(code)s names what is not public then: %(hidden)s. Publish that first.")
        % {"code": code, "hidden": ", ".join(sorted(other for _kind, other in names & hidden))}
        for code, names in named.items()
        if names & hidden
    ]
    if refusals:
        raise ValidationError(refusals, code="hidden")


def _is_alone(record: Publishable, by) -> bool:
    """Would this person sign their own edit?"""
    return by.pk == record.edited_by_id


def has_right(step: Step, record: Publishable | type[Publishable], by) -> bool:
    """Has this person the right that the step needs, for records of this kind?"""
    meta = record._meta
    return by.has_perm(f"{meta.app_label}.{step.right}_{meta.model_name}")


Work = Callable[[list[Any]], list[dict[str, Any]]]


def _each(work: Callable[[Any], dict[str, Any]]) -> Work:
    """The same work with every record; of several, each refusal says which record it is about."""

    def work_with(rows):
        changes, refusals = [], []
        for row in rows:
            try:
                changes.append(work(row))
            except ValidationError as error:
                if len(rows) == 1:
                    raise
                refusals += [f"{row.code}: {reason}" for reason in error.messages]
        if refusals:
            raise ValidationError(refusals)
        return changes

    return work_with


def _take(
    name: str,
    records: Sequence[Publishable],
    *,
    by,
    note: str,
    work: Work | None = None,
) -> None:
    """Take one step of the table with records of one kind, or say why it cannot be taken.

    The records are locked and read again; `work` checks and does what belongs to the step with
    what was read, never with what somebody holds in memory, and returns the fields that the step
    changes.
    """
    if not records:
        return
    try:
        with signed(by=by, step=name, why=note):
            rows = _locked(records)
            steps = [_step(name, row, by=by, note=note) for row in rows]
            changes = work(rows) if work else [{} for _row in rows]
            for row, step, fields in zip(rows, steps, changes, strict=True):
                fields |= {"status": step.target, "status_note": note}
                if name in SIGNING:
                    fields["one_person"] = _is_alone(row, by) or row.one_person
                for field, value in fields.items():
                    setattr(row, field, value)
            type(rows[0])._default_manager.bulk_update(rows, list(changes[0]))
    except IntegrityError as error:
        raise explain(error) from error
    for record, row, fields in zip(records, rows, changes, strict=True):
        for field, value in fields.items():
            setattr(record, field, value)
        record.version = row.version + 1  # by the trigger


def _locked(records: Sequence[Publishable]) -> list[Any]:
    """The records as they stand, locked until the step is taken; `Conflict` if one moved on."""
    manager: Any = type(records[0])._default_manager
    rows = manager.filter(pk__in=[record.pk for record in records])
    versions = dict(rows.select_for_update().order_by("pk").values_list("pk", "version"))
    for record in records:
        if versions.get(record.pk) != record.version:
            raise Conflict(
                gettext("%(code)s was changed by somebody else since you opened it.")
                % {"code": record.code}
            )
    read = {row.pk: row for row in rows.for_document()}
    return [read[record.pk] for record in records]


def _step(name: str, row: Publishable, *, by, note: str) -> Step:
    """The step of this name from where the record stands, if this person may take it."""
    step = next((one for one in STEPS if one.name == name and one.source == row.status), None)
    if step is None:
        raise ValidationError(
            _("%(code)s is %(status)s: this step cannot be taken now."),
            code="step",
            params={"code": row.code, "status": row.get_status_display()},
        )
    if not has_right(step, row, by):
        raise PermissionDenied(gettext("You do not have the right to take this step."))
    if step.needs_note and not note.strip():
        raise ValidationError(_("Say why in a note."), code="note")
    if name in SIGNING and _is_alone(row, by) and not settings.ONE_PERSON_OFFICE:
        raise ValidationError(
            _("Whoever last edited a record can neither approve nor publish it: ask a colleague."),
            code="alone",
        )
    return step
