"""The log of one record: what was written to its row, to its links and to its parts.

`accounts.Change` has a row for each write of a trigger. Here they become `Event`s: what one person
did at one moment, with a number that grows like the record's version.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Change

TOGETHER = timedelta(seconds=2)  # writes of a command that belong to one event


@dataclass(frozen=True)
class Part:
    """A table whose rows belong to a record: its links, its parts and the links of those."""

    model: Any
    column: str  # that names the owner
    owner: "Part | None" = None  # if the owner is a part itself
    many: Any = None  # the many-to-many field whose links these are

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_link(self) -> bool:
        """A link without anything of its own."""
        return bool(self.model._meta.auto_created)

    @property
    def target(self) -> Any:
        """Of a link: the column of the row that it leads to."""
        return self.model._meta.get_field(self.many.m2m_reverse_field_name())


def parts_of(model, owner: Part | None = None) -> list[Part]:
    """The tables whose rows go when the record's row goes."""
    links = {many.remote_field.through: many for many in model._meta.many_to_many}
    parts = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        other = relation.related_model
        if relation.on_delete is not models.CASCADE or (
            other._meta.auto_created and other not in links
        ):
            continue
        part = Part(other, relation.field.column, owner, links.get(other))
        parts.append(part)
        if owner is None and not part.is_link:
            parts += parts_of(other, part)
    return parts


@dataclass
class Event:
    """What one person did with a record at one moment."""

    by: int | None
    step: str
    why: str
    request: str
    at: datetime
    number: int = 0  # the record's version after it, as far as the log tells
    ids: list[int] = field(default_factory=list)  # of its changes, the first one first
    makes: bool = False  # the record itself
    changes: list[Change] = field(default_factory=list)
    person: Any = None

    @property
    def point(self) -> int:
        """Names the moment after this event."""
        return self.ids[-1]


class Log:
    """Everything that was ever written to one record, in a constant number of queries."""

    def __init__(self, record):
        self.record = record
        self.model = type(record)
        self.table = self.model._meta.db_table
        self.parts = parts_of(self.model)

    @cached_property
    def rows(self) -> dict[Part, set[int]]:
        """The ids of all rows that ever belonged to the record."""
        rows: dict[Part, set[int]] = {part: set() for part in self.parts}
        for level in (None, "parts of parts"):
            asked = Q()
            for part in self.parts:
                if bool(part.owner) == bool(level):
                    owners = rows[part.owner] if part.owner else [self.record.pk]
                    for owner in owners:
                        asked |= Q(table_name=part.table, now__contains={part.column: owner})
            if asked:
                by_table = {part.table: part for part in self.parts}
                made = Change.objects.filter(asked, operation=Change.Operation.INSERT)
                for table, row in made.order_by().values_list("table_name", "row_id"):
                    rows[by_table[table]].add(row)
        return rows

    def changes(self):
        """The record's part of the log."""
        asked = Q(table_name=self.table, row_id=self.record.pk)
        for part, ids in self.rows.items():
            if ids:
                asked |= Q(table_name=part.table, row_id__in=ids)
        return Change.objects.filter(asked)

    @cached_property
    def events(self) -> list[Event]:
        """All that happened, the newest first, without what was written."""
        names = ["id", "table_name", "version", "operation", "at", *SIGNATURE]
        events: list[Event] = []
        number = 0
        for change in self.changes().order_by("id").only(*names):
            own = change.table_name == self.table
            event = events[-1] if events else None
            if event is None or not _belongs(change, event):
                event = Event(change.by_id, change.step, change.why, change.request, change.at)
                events.append(event)
            # a row of a link or a part moves the record's version by one
            number = change.version if own and change.version else number + 1
            event.number = number
            event.at = change.at
            event.ids.append(change.pk)
            event.makes |= own and change.operation == Change.Operation.INSERT
        return events[::-1]

    def read(self, events: list[Event]) -> None:
        """Fetch what these events wrote, and who it was."""
        event_of = {pk: event for event in events for pk in event.ids}
        written = Change.objects.filter(pk__in=event_of).select_related("by").order_by("id")
        for change in written:
            event = event_of[change.pk]
            event.changes.append(change)
            event.person = change.by

    def after(self, point: int) -> Iterator[Change]:
        """The changes since a moment, the newest first."""
        return self.changes().filter(pk__gt=point).order_by("-id").iterator()


SIGNATURE = ["by", "step", "why", "request"]


def _belongs(change: Change, event: Event) -> bool:
    """Is this change part of what happened in this event?"""
    same = (change.by_id, change.step, change.why, change.request) == (
        event.by,
        event.step,
        event.why,
        event.request,
    )
    return same and bool(change.request or change.at - event.at < TOGETHER)
