"""The one door to the public record: the steps that a publishable record can take.

Each step of `workflow.STEPS` is a function of the same name; admin, commands, imports and the API
call these and nothing else. A step that is not in the table cannot be taken, neither here nor by
SQL (the rule `status_step_exists` is made of the same table).
"""

import copy
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objectives.records import signed
from objectives.rules import explain
from public.editions import retract_editions, write_editions
from public.gathering import gathered
from public.models import database_now
from public.publishable import Publishable
from public.refusals import (
    Refusal,
    checked,
    hidden_names,
    is_alone,
    raise_refusals,
)
from public.refusals import has_right as has_right  # asked at this door too
from public.refusals import steps_from as steps_from
from public.standing import editions_of
from public.workflow import SIGNING


class Conflict(Exception):
    """Somebody else has changed the record since it was read; nothing was written."""


def submit(record: Publishable, *, by, note: str = "") -> None:
    """Hand the record in for review."""
    submit_all([record], by=by, note=note)


def submit_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Hand records of one kind in for review: all of them, or none."""
    _take("submit", records, by=by, note=note)


def recall(record: Publishable, *, by, note: str = "") -> None:
    """Take a submitted record back before its review begins."""
    recall_all([record], by=by, note=note)


def recall_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Take submitted records of one kind back: all of them, or none."""
    _take("recall", records, by=by, note=note)


def start_review(record: Publishable, *, by, note: str = "") -> None:
    """Say that somebody is reviewing it."""
    start_review_all([record], by=by, note=note)


def start_review_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Say that somebody is reviewing these records of one kind."""
    _take("start_review", records, by=by, note=note)


def return_with_note(record: Publishable, *, by, note: str) -> None:
    """Send the record back to its editor; the note says what to mend."""
    return_with_note_all([record], by=by, note=note)


def return_with_note_all(records: Sequence[Publishable], *, by, note: str) -> None:
    """Send records of one kind back to their editors, all with the same note, or none."""
    unsigned = {"approved_by": None, "one_person": False}
    _take("return_with_note", records, by=by, note=note, work=_each(lambda row: {**unsigned}))


def approve(record: Publishable, *, by, note: str = "") -> None:
    """Sign the record as fit to be published. Whoever edited it last cannot, unless alone."""
    approve_all([record], by=by, note=note)


def approve_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Sign records of one kind as fit to be published: all of them, or none."""
    _take("approve", records, by=by, note=note, work=_each(lambda row: {"approved_by": by}))


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
        now = database_now()
        if at is not None and at <= now:
            raise ValidationError(
                _("The embargo time has passed: choose a later time, or publish now."),
                code="embargo",
            )
        begin = at or now
        hidden = hidden_names(rows, begin)
        if hidden:
            raise ValidationError(list(hidden.values()), code="hidden")
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
    unsigned = {"approved_by": None, "published_by": None, "one_person": False}
    _take("revise", records, by=by, note=note, work=_each(lambda row: {**unsigned}))


def withdraw(record: Publishable, *, by, note: str) -> None:
    """Take every edition out of the public record, for every moment; a tombstone stays."""
    withdraw_all([record], by=by, note=note)


def withdraw_all(records: Sequence[Publishable], *, by, note: str) -> None:
    """Take every edition of these records of one kind out of the public record, or none."""

    def retract(rows):
        retract_editions(rows[0].kind, codes=[row.code for row in rows], now=database_now())
        return [{"public_edition": None} for _row in rows]

    _take("withdraw", records, by=by, note=note, work=retract)


def public_differences(record: Publishable) -> dict[str, tuple[Any, Any]]:
    """What the office's copy would change: field → (as published, as it stands here)."""
    newest = editions_of([record])[record.pk][:1]
    before = newest[0].document if newest else {}
    return {
        name: (before.get(name), value)
        for name, value in record.document().as_json().items()
        if before.get(name) != value
    }


Work = Callable[[list[Any]], list[dict[str, Any]]]


def _each(work: Callable[[Any], dict[str, Any]]) -> Work:
    """The same work with every record."""
    return lambda rows: [work(row) for row in rows]


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
            rows = _locked(records, name)
            steps = checked(name, rows, by=by, note=note)
            changes = work(rows) if work else [{} for _row in rows]
            for row, step, fields in zip(rows, steps, changes, strict=True):
                fields |= {"status": step.target, "status_note": note}
                if name in SIGNING:
                    fields["one_person"] = is_alone(row, by) or row.one_person
                for field, value in fields.items():
                    setattr(row, field, value)
            _write(rows, changes)
    except IntegrityError as error:
        if len(records) > 1:
            raise_refusals(
                _refused_by_the_database(name, records, by=by, note=note, work=work),
                of=len(records),
            )
        raise explain(error) from error
    for record, row, fields in zip(records, rows, changes, strict=True):
        for field, value in fields.items():
            setattr(record, field, value)
        record.version = row.version + 1  # by the trigger


def _write(rows: Sequence[Any], changes: Sequence[dict[str, Any]]) -> None:
    """Write what the step changes; rows that change alike are written by one statement.

    Most do, all of them: a value for each row in turn would cost more than all else of the step.
    """
    alike: dict[tuple, list[int]] = {}
    for row, fields in zip(rows, changes, strict=True):
        alike.setdefault(tuple(fields.items()), []).append(row.pk)
    for values, keys in alike.items():
        type(rows[0])._default_manager.filter(pk__in=keys).update(**dict(values))


def _locked(records: Sequence[Publishable], name: str) -> list[Any]:
    """The records as they stand, locked until the step is taken; `Conflict` if one moved on.

    They are read with what this step asks of them: most ask for nothing beside the row.
    """
    manager: Any = type(records[0])._default_manager
    rows = manager.filter(pk__in=[record.pk for record in records])
    versions = dict(rows.select_for_update().order_by("pk").values_list("pk", "version"))
    for record in records:
        if versions.get(record.pk) != record.version:
            raise Conflict(
                gettext("%(code)s was changed by somebody else since you opened it.")
                % {"code": record.code}
            )
    if name == "publish":
        rows = gathered(rows.for_document())
    elif name in SIGNING:
        rows = rows.for_checking()
    read = {row.pk: row for row in rows}
    return [read[record.pk] for record in records]


def _refused_by_the_database(
    name: str, records: Sequence[Publishable], **options
) -> list[tuple[Publishable, Refusal]]:
    """Which of several records the database refuses: it does not say, so each is tried alone."""
    refused: list[tuple[Publishable, Refusal]] = []
    for record in records:
        try:
            with transaction.atomic():
                _take(name, [copy.copy(record)], **options)
                transaction.set_rollback(True)
        except ValidationError as error:
            refused.append((record, error))
    return refused
