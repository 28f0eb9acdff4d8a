"""An old version of a record, rebuilt from the log, and brought back as a new version."""

import copy
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from objectives.records import NOT_LOGGED, Record, signed
from objectives.rules import explain
from office.log import Event, Log, Part, parts_of
from office.words import Names, columns, in_python, title_of
from public.publication import Conflict
from public.publishable import Publishable
from public.workflow import SIGNED, WORKFLOW_COLUMNS

# What no old version brings back: who wrote, and where the record stands.
NEVER = {"id", "version", "code", "created_at", "edited_by_id", *WORKFLOW_COLUMNS}

Row = dict[str, Any]  # by column


@dataclass
class State:
    """A record at one moment: its own row, and the rows of its links and parts."""

    own: Row
    rows: dict[Part, dict[int, Row]]


@dataclass
class Plan:
    """What would have to be written so that the record says again what it said then."""

    own: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # column → (now, then)
    removed: list[tuple[Part, Row]] = field(default_factory=list)
    changed: list[tuple[Part, Row, Row]] = field(default_factory=list)  # (part, now, then)
    added: list[tuple[Part, Row]] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)  # what cannot be brought back, in words
    names: Names = field(default_factory=Names)

    def __bool__(self):
        return bool(self.own or self.removed or self.changed or self.added)


def refusal(record, by) -> str:
    """Why this person may not bring back a version of this record now; empty if they may."""
    meta = record._meta
    if not isinstance(record, Record) or not by.has_perm(
        f"{meta.app_label}.change_{meta.model_name}"
    ):
        return _("You do not have the right to change this record.")
    if isinstance(record, Publishable):
        if not record.is_within(by):
            return _("This record belongs to a cycle or region that you do not work on.")
        if record.status in SIGNED:
            return _("This record is signed. Revise it first: then a version can be brought back.")
    return ""


def event_at(log: Log, to: int) -> Event:
    """The event after which the record stood as it is wanted."""
    event = next((one for one in log.events if one.point == to), None)
    if event is None:
        raise ValidationError(_("There is no such version of this record."), code="version")
    return event


def plan_for(log: Log, to: int) -> Plan:
    """What bringing back the version of this moment would change."""
    now = _present(log)
    then = _past(log, now, to)
    plan = Plan()
    for part in [None, *log.parts]:
        model = part.model if part else log.model
        for state in (now, then):
            for row in state.rows[part].values() if part else [state.own]:
                plan.names.want(model, row)
    plan.names.fetch()
    _plan_own(plan, log, now, then)
    for part in log.parts:
        _plan_part(plan, part, now.rows[part], then.rows[part])
    return plan


def restore(record, *, to: int, by, version: int) -> None:
    """Let the record say again what it said at a moment of its log, as a new version.

    `version` is the one that was read when deciding; if the record has moved on, `Conflict`.
    """
    try:
        with transaction.atomic():
            row = (
                type(record)
                ._base_manager.select_for_update(of=("self",))
                .filter(pk=record.pk, version=version)
                .first()
            )
            if row is None:
                raise Conflict(_("Somebody else has changed this record since you looked."))
            log = Log(row)
            event = event_at(log, to)
            reason, plan = refusal(row, by), plan_for(log, to)
            if not (reason or plan):
                reason = _("The record says the same as then: there is nothing to bring back.")
            if reason:
                raise ValidationError(reason, code="restore")
            why = _("restored version %(number)s") % {"number": event.number}
            with signed(by=by, step="restore", why=why):
                _write(row, plan)
            if isinstance(row, Publishable) and not row.is_within(by):
                raise PermissionDenied(
                    _("That version belongs to a cycle or region that you do not work on.")
                )
    except IntegrityError as error:
        raise explain(error) from error
    record.refresh_from_db()


# --- Rebuilding ---------------------------------------------------------------------------------


def _present(log: Log) -> State:
    own = log.model._base_manager.filter(pk=log.record.pk).values().get()
    rows: dict[Part, dict[int, Row]] = {}
    for part in log.parts:  # owners come before their parts
        owners = list(rows[part.owner]) if part.owner else [log.record.pk]
        found = part.model._base_manager.filter(**{f"{part.column}__in": owners}).values()
        rows[part] = {row["id"]: row for row in found}
    return State(own, rows)


def _past(log: Log, now: State, to: int) -> State:
    """Walk the log backwards from the present. What it does not hold stays as it is now."""
    rows = {part: copy.deepcopy(known) for part, known in now.rows.items()}
    then = State(dict(now.own), rows)
    parts = {part.table: part for part in log.parts}
    for change in log.after(to):
        part = parts.get(change.table_name)
        model = part.model if part else log.model
        known = columns(model)
        was = {
            column: in_python(known[column], value)
            for column, value in (change.was or {}).items()
            if column in known and value != NOT_LOGGED
        }
        if part is None:
            then.own.update(was)
        elif change.operation == "insert":
            then.rows[part].pop(change.row_id, None)
        else:
            then.rows[part].setdefault(change.row_id, {}).update(was)
    return then


# --- Planning -----------------------------------------------------------------------------------


def _lost(plan: Plan, model, row: Row) -> str:
    """What a row names that no longer exists; empty if it is all there."""
    for column, known in columns(model).items():
        value = row.get(column)
        if not known.is_relation or value is None:
            continue
        if plan.names.row(known.related_model, value) is None:
            return plan.names.name(known.related_model, value)
    return ""


def _plan_own(plan: Plan, log: Log, now: State, then: State) -> None:
    for column, known in columns(log.model).items():
        before, after = now.own[column], then.own[column]
        if column in NEVER or before == after:
            continue
        lost = _lost(plan, log.model, {column: after})
        if lost:
            plan.stays.append(
                _("%(field)s stays as it is: it named a %(lost)s.")
                % {"field": known.verbose_name, "lost": lost}
            )
        elif isinstance(known, models.FileField):
            plan.stays.append(_("%(field)s stays as it is.") % {"field": known.verbose_name})
        else:
            plan.own[column] = (before, after)


def _plan_part(plan: Plan, part: Part, now: dict[int, Row], then: dict[int, Row]) -> None:
    meta = part.model._meta
    if any(isinstance(one, models.FileField) for one in meta.concrete_fields):
        if now != then:
            plan.stays.append(_("Files stay as they are."))
        return
    here: dict[Any, Row]
    there: dict[Any, Row]
    if part.is_link:
        goal = part.target.column
        here = {(row[part.column], row[goal]): row for row in now.values()}
        there = {(row[part.column], row[goal]): row for row in then.values()}
    else:
        here, there = {**now}, {**then}
    plan.removed += [(part, row) for key, row in here.items() if key not in there]
    for key, row in there.items():
        lost = _lost(plan, part.model, {k: v for k, v in row.items() if k != part.column})
        same = key in here and all(
            here[key][column] == row.get(column) for column in here[key] if column not in NEVER
        )
        if same:
            continue
        if lost:
            plan.stays.append(
                _("%(part)s “%(title)s” cannot be brought back: it names a %(lost)s.")
                % {
                    "part": meta.verbose_name,
                    "title": title_of(part.model, row, plan.names),
                    "lost": lost,
                }
            )
        elif key in here:
            plan.changed.append((part, here[key], row))
        else:
            plan.added.append((part, row))
            secret = [
                str(one.verbose_name)
                for one in meta.concrete_fields
                if one.column not in row and one.column not in NEVER
            ]
            if secret:
                plan.stays.append(
                    _("%(title)s comes back without %(fields)s: the log does not hold them.")
                    % {
                        "title": title_of(part.model, row, plan.names),
                        "fields": ", ".join(secret),
                    }
                )


# --- Writing ------------------------------------------------------------------------------------


def _write(record, plan: Plan) -> None:
    for part, row in reversed(plan.removed):  # the links of a part before the part
        part.model._base_manager.filter(pk=row["id"]).delete()
    if plan.own:
        for column, (_now, value) in plan.own.items():
            setattr(record, columns(type(record))[column].attname, value)
        record.save(update_fields=[columns(type(record))[column].name for column in plan.own])
    stuck = []
    for part, now, then in plan.changed:
        values = {c: v for c, v in then.items() if c not in NEVER and v != now[c]}
        try:
            with transaction.atomic():
                part.model._base_manager.filter(pk=now["id"]).update(**values)
        except IntegrityError:  # another row has its place, and has to move too
            stuck.append((part, now | values))
    _write_in_each_others_place(stuck)
    for part, then in plan.added:
        values = {column: value for column, value in then.items() if column != "version"}
        if part.is_link:
            values.pop("id")
        part.model._base_manager.create(**values)


def _write_in_each_others_place(stuck: list[tuple[Part, Row]]) -> None:
    """Rows that take each other's place are taken out, with their links, and put in again."""
    links = []
    for part, row in stuck:
        for inner in parts_of(part.model):
            mine = inner.model._base_manager.filter(**{inner.column: row["id"]})
            links += [(inner, link) for link in mine.values()]
    for part, row in stuck:
        part.model._base_manager.filter(pk=row["id"]).delete()
    for part, row in stuck:
        part.model._base_manager.create(**row | {"version": row["version"] + 1})
    for inner, link in links:
        inner.model._base_manager.create(**link)
