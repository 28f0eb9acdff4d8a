"""Writing what a file changes: all rows at once, and one by one if the database refuses."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from objectives.rules import explain
from office.imports.reading import Line, Reading
from office.imports.resources import Column, Marked
from public.publication import revise


class Writing:
    """The lines of a file on their way into the database, signed by whoever imports them."""

    def __init__(self, reading: Reading, *, by):
        self.reading = reading
        self.records = reading.model._default_manager
        self.columns = reading.columns
        self.lines = [line for line in reading.lines if line.changes]
        self.by = by

    def write(self) -> None:
        """Write everything; what the database refuses becomes problems of the reading."""
        self.reading.outcome.edited = {line.owner.code for line in self.lines}
        signed = {id(line.owner): line.owner for line in self.lines if line.breaks_signature}
        for owner in signed.values():
            revise(owner, by=self.by, note=self.reading.outcome.file)
        new = [line for line in self.lines if line.adds]
        known = [line for line in self.lines if not line.adds]
        for line in self.lines:
            for name in self.singles(line):
                setattr(line.record, name, line.changes[name][1])
        for wave in self.waves(new):
            self.save(wave, self.records.bulk_create)
        fields = sorted({name for line in known for name in self.singles(line)})
        if fields:
            rewritten = [line for line in known if self.singles(line)]
            self.save(rewritten, partial(self.records.bulk_update, fields=fields))
        if not self.reading.problems:
            self.write_links()

    def singles(self, line: Line) -> list[str]:
        """The fields of the record's own row that the line changes; the others are links."""
        columns = [self.columns[name] for name in line.changes]
        return [column.attribute for column in columns if not column.of.many_to_many]

    def waves(self, lines: list[Line]) -> Iterator[list[Line]]:
        """New records, those that others of the same file refer to first."""
        model = self.reading.model
        own = [c.attribute for c in self.columns.values() if c.of.related_model is model]
        while lines and not self.reading.problems:
            named = {line: [getattr(line.record, name) for name in own] for line in lines}
            ready = [line for line in lines if all(one is None or one.pk for one in named[line])]
            for line in [] if ready else lines:
                reason = _("These rows refer to each other in a circle.")
                self.reading.wrong(line.row, ", ".join(own), reason)
            yield ready
            lines = [line for line in lines if line.record.pk is None]

    def save(self, lines: list[Line], at_once: Callable[[list[models.Model]], Any]) -> None:
        """Save all at once; if the database refuses, one by one, to say which row and why."""
        try:
            with transaction.atomic():
                at_once([line.record for line in lines])
        except IntegrityError:
            for line in lines:
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
                columns = ", ".join(name for name in self.columns if name in named)
                self.reading.wrong(line.row, columns, " ".join(error.messages))
        if len(self.reading.problems) == before:
            self.reading.wrong(line.row, "", " ".join(explain(refusal).messages))

    def write_links(self) -> None:
        """Add links, mark them and take them away; those that stay as they are stay alone."""
        for name, links in self.reading.links.items():
            many = self.columns[name].of
            marks = [c for c in self.columns.values() if isinstance(c, Marked) and c.of is many]
            through = many.remote_field.through
            added, marked, removed = [], [], []
            for line in self.lines:
                there = dict(links.get(line.record.pk, {}))
                for target, said in self.wanted(line, self.columns[name], marks).items():
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
            through._default_manager.bulk_create(added)
            if marked:
                through._default_manager.bulk_update(marked, [mark.mark for mark in marks])
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
