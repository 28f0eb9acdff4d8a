"""Writing what a file changes: many rows at once, and one by one where the database refuses."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from objectives.rules import explain
from office.imports.lines import Line
from office.imports.reading import Reading
from office.imports.resources import Column, Marked
from public.publication import revise_all

AT_ONCE = 100  # rows; if the database refuses one of them, they are written one by one
LINKS_AT_ONCE = 1000


class Writing:
    """The sound lines of a file on their way into the database, signed by whoever imports them."""

    def __init__(self, reading: Reading, *, by, rehearsal: bool = False):
        self.reading = reading
        self.records = reading.model._default_manager
        self.columns = reading.given
        self.lines = reading.sound_lines()
        self.by = by
        self.saved = 0
        # Links refuse nothing that reading has not refused, and take most of the time: only of
        # people of one region they say whether a record is theirs.
        self.skips_links = rehearsal and not (by.cycle_id or by.region_id)

    def write(self) -> None:
        """Write everything; what the database refuses becomes problems of the reading."""
        signed = {id(line.owner): line.owner for line in self.lines if line.breaks_signature}
        revise_all(list(signed.values()), by=self.by, note=self.reading.outcome.file)
        for line in self.lines:
            for name in self.singles(line):
                setattr(line.record, name, line.changes[name][1])
        new = [line for line in self.lines if line.adds]
        known = [line for line in self.lines if self.singles(line) and not line.adds]
        self.save_new(new)
        fields = sorted({name for line in known for name in self.singles(line)})
        if fields:
            self.save(known, partial(self.records.bulk_update, fields=fields))
        self.lines = self.reading.sound_lines()
        self.reading.outcome.edited = {line.owner.code for line in self.lines if line.signed}
        if not self.skips_links:
            self.write_links()
        self.reading.refuse_outsiders()

    def singles(self, line: Line) -> list[str]:
        """The fields of the record's own row that the line changes; the others are links."""
        columns = [self.columns[name] for name in line.changes]
        return [column.attribute for column in columns if not column.of.many_to_many]

    def save_new(self, lines: list[Line]) -> None:
        """Save new records, those that others of the same file refer to first."""
        model = self.reading.model
        own = [c.attribute for c in self.columns.values() if c.of.related_model is model]
        named = {line: [getattr(line.record, name) for name in own] for line in lines}
        waiting = lines
        while waiting:
            ready = [line for line in waiting if all(not one or one.pk for one in named[line])]
            if not ready:
                break
            self.save(ready, self.records.bulk_create)
            waiting = [line for line in waiting if line not in set(ready)]
        column, hang = ", ".join(own), {id(line.record) for line in waiting}
        while waiting:  # what is left names what was refused, or itself in a circle
            stray = [
                line
                for line in waiting
                if any(one and not one.pk and id(one) not in hang for one in named[line])
            ]
            reason = (
                _("It names a record of this file whose row is refused.")
                if stray
                else _("These rows refer to each other in a circle.")
            )
            for line in stray or waiting:
                self.reading.wrong(line.row, column, reason)
                hang.discard(id(line.record))
            waiting = [line for line in waiting if id(line.record) in hang]

    def save(self, lines: list[Line], at_once: Callable[[list[models.Model]], Any]) -> None:
        """Save many at once; if the database refuses, one by one, to say which row and why."""
        for start in range(0, len(lines), AT_ONCE):
            part = lines[start : start + AT_ONCE]
            self.reading.say("saving", self.saved, len(self.lines))
            self.saved += len(part)
            try:
                with transaction.atomic():
                    at_once([line.record for line in part])
            except IntegrityError:
                for line in part:
                    try:
                        with transaction.atomic():
                            at_once([line.record])
                    except IntegrityError as refusal:
                        self.refused(line, refusal)

    def refused(self, line: Line, refusal: IntegrityError) -> None:
        """All the rules that the record breaks, with the columns that each is about."""
        before = len(self.reading.problems)
        constraint: Any
        for constraint in self.reading.model._meta.constraints:
            try:
                constraint.validate(self.reading.model, line.record)
            except ValidationError as error:
                condition = getattr(constraint, "condition", None)
                named = condition.referenced_base_fields if condition else set(constraint.fields)
                columns = ", ".join(name for name in self.reading.columns if name in named)
                self.reading.wrong(line.row, columns, " ".join(error.messages))
        if len(self.reading.problems) == before:
            self.reading.wrong(line.row, "", " ".join(explain(refusal).messages))

    def write_links(self) -> None:
        """Add links, mark them and take them away; those that stay as they are stay alone."""
        for name, links in self.reading.links.items():
            many = self.reading.columns[name].of
            marks = [c for c in self.columns.values() if isinstance(c, Marked) and c.of is many]
            through = many.remote_field.through
            added, marked, removed = [], [], []
            for line in self.lines:
                there = dict(links.get(line.record.pk, {}))
                for target, said in self.wanted(line, self.reading.columns[name], marks).items():
                    link = there.pop(target, None)
                    if link is None:
                        ends = {many.m2m_column_name(): line.record.pk}
                        ends[many.m2m_reverse_name()] = target
                        added.append(through(**ends, **said))
                    elif any(getattr(link, mark) != value for mark, value in said.items()):
                        for mark, value in said.items():
                            setattr(link, mark, value)
                        marked.append(link)
                removed += [link.pk for link in there.values()]
            for start in range(0, len(added), LINKS_AT_ONCE):
                self.reading.say("linking", start, len(added))
                through._default_manager.bulk_create(added[start : start + LINKS_AT_ONCE])
            if marked:
                names = [mark.mark for mark in marks]
                through._default_manager.bulk_update(marked, names, batch_size=AT_ONCE)
            if removed:
                through._default_manager.filter(pk__in=removed).delete()

    def wanted(
        self, line: Line, column: Column, marks: list[Marked]
    ) -> dict[int, dict[str, bool]]:
        """What the record is to be linked to, and which marks each link carries."""
        said = {one: self.said(line, one) for one in (column, *marks)}
        return {
            target.pk: {mark.mark: target in said[mark] for mark in marks}
            for target in said[column]
        }

    def said(self, line: Line, column: Column) -> frozenset:
        if column.column_name in line.changes:
            return line.changes[column.column_name][1]
        return self.reading.current(line.record, column)
