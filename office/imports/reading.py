"""Reading a file of records: what each row says, what of it is new, and all that is wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from tablib import Dataset

from objectives.reference_files import Problem, Row
from office.imports.cells import plain, words
from office.imports.codes import Codes
from office.imports.headings import read_header, sound_rows
from office.imports.lines import Line, Outcome, Say, silence
from office.imports.resources import Column, Marked, RecordResource
from office.imports.tables import FileRefused, Table, table_of
from public.publication import has_right
from public.publishable import Publishable
from public.refusals import inside_scope
from public.workflow import STEPS, Status


class Reading:
    """The rows of one file, read against the records, which stay locked until all is written."""

    def __init__(
        self,
        resource: type[RecordResource],
        file: str,
        *,
        by: Any,
        take_back: bool = False,
        leave: Collection[str] = (),
        leave_signed: bool = False,
        ignore: Collection[str] = (),
        say: Say = silence,
    ):
        self.resource = resource
        self.model: type[models.Model] = resource._meta.model
        self.publishable = resource.publishable()
        self.is_part = bool(resource._meta.owner)
        self.columns = resource.columns()
        self.key = [self.columns[name] for name in resource._meta.import_id_fields]
        self.by = by
        revise = next(step for step in STEPS if step.name == "revise")
        self.take_back = take_back and has_right(revise, self.publishable, by)
        self.leave = leave
        self.leave_signed = leave_signed
        self.ignore = ignore
        self.say = say
        self.codes = Codes()
        self.given: dict[str, Column] = {}  # the columns that the file has
        self.unknown: list[str] = []  # headings that nobody knows
        self.header_row = 0
        self.all_rows: list[Row] = []
        self.lines: list[Line] = []
        self.links: dict[str, dict[int, dict[int, models.Model]]] = {}
        self.problems: list[Problem] = []
        self.outcome = Outcome(file)

    def wrong(self, row: Row | int, column: str, reason: str) -> None:
        number = row.number if isinstance(row, Row) else row
        self.problems.append(Problem(self.outcome.file, number, column, reason))

    def read(self, source: Path | Dataset | Table) -> None:
        """Find the record of each row, what the row changes there, and all that is wrong."""
        try:
            table = table_of(source)
        except OSError:
            return self.wrong(0, "", _("The file is missing, or may not be read."))
        except FileRefused as refusal:
            return self.wrong(refusal.row, "", str(refusal))
        self.all_rows = self.rows(table)
        self.learn_names()
        self.match([(row, key) for row in self.all_rows if (key := self.key_of(row))])
        self.learn_links()
        for done, line in enumerate(self.lines):
            if done % 100 == 0:
                self.say("checking", done, len(self.lines))
            self.compare(line)
        self.refuse_missing_columns()
        self.refuse_outsiders()
        return None

    def sound_lines(self) -> list[Line]:
        """The lines that are to be written, and may be."""
        bad = {problem.row for problem in self.problems}
        lines = [line for line in self.lines if line.writes and line.row.number not in bad]
        if self.header_row in bad:  # it lacks a column that new records need
            return [line for line in lines if not line.adds]
        return lines

    # --- What stands in the file ------------------------------------------------------------

    def rows(self, table: Table) -> list[Row]:
        """The sound rows of a sheet; none if its header is wrong."""
        if not table.rows:
            self.wrong(0, "", _("The file is empty. Download the template and fill it in."))
            return []
        header = read_header(self.resource, table, self.ignore)
        self.header_row, self.unknown = table.rows[0][0], header.unknown
        for column, reason in header.problems:
            self.wrong(self.header_row, column, reason)
        if header.problems:
            return []
        self.given = {name: one for name, one in self.columns.items() if name in header.places}
        return sound_rows(table, header.places, self.key[0].column_name, self.wrong)

    def learn_names(self) -> None:
        """Read, in a query a table, what the cells may name."""
        for name, column in self.given.items():
            if column.of.is_relation:
                cells = [row.cells[name] for row in self.all_rows if name in row.cells]
                said = {part for cell in cells for part in [cell, *words(cell)] if part}
                if column.of.many_to_many:
                    said |= {part.strip() for cell in cells for part in cell.split(",")} - {""}
                self.codes.learn(column.of.related_model, said)

    def key_of(self, row: Row) -> tuple | None:
        """What the row says that finds its record."""
        names = [column.column_name for column in self.key]
        needed = [column.column_name for column in self.key if not column.of.null]
        blank = [name for name in needed if row.cells.get(name) == ""]
        for name in blank:
            self.wrong(row, name, _("This cell finds the record: it must not be empty."))
        values = {} if blank else self.values_of(row, self.key)
        if len(values) == len(names):
            return tuple(values.values())
        others = [one for name, one in self.given.items() if name not in names]
        self.values_of(row, others)  # say all that is wrong with the row
        return None

    def values_of(self, row: Row, columns: Iterable[Column]) -> dict[str, Any]:
        """What the cells say; a cell that says nothing sensible is a problem and left out."""
        values = {}
        for column in columns:
            if column.column_name not in row.cells:
                continue
            try:
                values[column.column_name] = column.clean(row.cells, codes=self.codes)
            except ValidationError as error:
                for reason in error.messages:
                    self.wrong(row, column.column_name, reason)
        return values

    # --- The records that it is about -------------------------------------------------------

    def match(self, keyed: list[tuple[Row, tuple]]) -> None:
        """Make a line of each row, with the record that it finds, or a new one."""
        records = self.records({key[0] for _row, key in keyed})
        owners = self.owners({key[0].pk for _row, key in keyed}) if self.is_part else {}
        first: dict[tuple, Row] = {}
        for row, key in keyed:
            same = tuple(
                one.casefold() if isinstance(one, str) else one
                for one in self.resource.identity(key)
            )
            if first.setdefault(same, row) is not row:
                said = ", ".join(row.cells[column.column_name] for column in self.key)
                named = {"value": said, "row": first[same].number}
                reason = _("“%(value)s” stands in row %(row)s already.") % named
                self.wrong(row, self.key[-1].column_name, reason)
                continue
            code = " ".join(c.widget.render(value) for c, value in zip(self.key, key, strict=True))
            found = records[self.resource.identity(key)]
            if len(found) > 1:
                reason = _("Several records answer to “%s”.") % code
                self.wrong(row, self.key[-1].column_name, reason)
                continue
            named = {c.attribute: value for c, value in zip(self.key, key, strict=True)}
            record: Any = found[0] if found else self.model(**named)
            owner = owners[key[0].pk] if self.is_part else record
            signed = self.resource._meta.is_signed
            watched = owner if signed else record
            version = None if watched._state.adding else watched.version
            self.lines.append(Line(row, code.strip(), record, owner, version, signed))
            if not self.is_part:
                self.codes.expect(record)

    def records(self, firsts: set) -> dict[tuple, list[models.Model]]:
        """The records that the keys may find, locked."""
        found = defaultdict(list)
        records = self.model._default_manager.select_for_update().order_by("pk")
        rows = list(records.filter(**{f"{self.key[0].attribute}__in": firsts}))
        self.learn_relations(rows, self.key)
        for record in rows:
            key = tuple(self.current(record, column) for column in self.key)
            found[self.resource.identity(key)].append(record)
        return found

    def owners(self, rows: set[int]) -> dict[int, Any]:
        """The records that the rows are parts of, locked."""
        return self.publishable._default_manager.select_for_update().order_by("pk").in_bulk(rows)

    def learn_links(self) -> None:
        """Read what the records name now, in a query a table."""
        known = [line.record for line in self.lines if not line.adds]
        self.learn_relations(known, self.given.values())
        for column in self.given.values():
            if column.of.many_to_many and column.of.name not in self.links:
                links = self.links_of(column.of, known)
                targets = {target for there in links.values() for target in there}
                self.codes.learn_rows(column.of.related_model, targets)
                self.links[column.of.name] = links

    def learn_relations(self, records: list[Any], columns: Iterable[Column]) -> None:
        for column in columns:
            if column.of.is_relation and not column.of.many_to_many:
                rows = {getattr(record, column.of.attname) for record in records}
                self.codes.learn_rows(column.of.related_model, rows)

    def links_of(self, many: Any, records: list[Any]) -> dict[int, dict[int, models.Model]]:
        """The links that the records have now: by record and target."""
        links: dict[int, dict[int, models.Model]] = defaultdict(dict)
        ends = many.m2m_column_name(), many.m2m_reverse_name()
        rows = [record.pk for record in records]
        for link in many.remote_field.through._default_manager.filter(**{f"{ends[0]}__in": rows}):
            record, target = (getattr(link, end) for end in ends)
            links[record][target] = link
        return links

    def current(self, record: models.Model, column: Column) -> Any:
        """What the record says in this column, as a cell would say it."""
        if column.of.many_to_many:
            mark = column.mark if isinstance(column, Marked) else None
            return frozenset(
                self.codes.of_row(column.of.related_model, target)
                for target, link in self.links[column.of.name].get(record.pk, {}).items()
                if mark is None or getattr(link, mark)
            )
        if column.of.is_relation:
            return self.codes.of_row(column.of.related_model, getattr(record, column.of.attname))
        value = getattr(record, column.attribute)
        return plain(value) if isinstance(value, str) else value

    # --- What it changes, and whether it may ------------------------------------------------

    def compare(self, line: Line) -> None:
        """Find what the row changes, and whether it may."""
        values = self.values_of(line.row, self.given.values())
        for name, new in values.items():
            old = None if line.adds else self.current(line.record, self.columns[name])
            if line.adds or old != new:
                line.changes[name] = (old, new)
                self.refuse_retired(line, name, old, new)
        self.refuse_stray_marks(line, values)
        if not line.changes:
            self.outcome.unchanged.append(line.code)
        elif line.owner.code in self.leave or (self.leave_signed and line.breaks_signature):
            line.is_left = True
            self.outcome.left.append(line.code)
        elif line.breaks_signature and not self.may_take_back(line.owner):
            self.refuse_signed(line)
        elif line.adds:
            self.outcome.added.append(line.code)
        else:
            self.outcome.changed[line.code] = self.as_text(line.changes)

    def as_text(self, changes: dict[str, tuple[Any, Any]]) -> dict[str, tuple[str, str]]:
        """Changes as cells would say them: column → (was, becomes)."""
        return {
            name: (self.columns[name].widget.render(old), self.columns[name].widget.render(new))
            for name, (old, new) in changes.items()
        }

    def may_take_back(self, owner: Publishable) -> bool:
        """Make it a draft again: asked for, and not still waiting for its publication."""
        return self.take_back and owner.status != Status.APPROVED

    def refuse_signed(self, line: Line) -> None:
        said = {"code": line.owner.code, "status": line.owner.get_status_display()}
        said["columns"] = ", ".join(line.changes)
        reason = _(
            "%(code)s is %(status)s, so somebody has signed it, and this row would change it"
            " (%(columns)s). Take it back to draft first."
        )
        self.wrong(line.row, "", reason % said)

    def refuse_retired(self, line: Line, name: str, old: Any, new: Any) -> None:
        """Records go on naming what was retired, but do not begin to."""
        several = isinstance(new, frozenset)
        for one in new - (old or frozenset()) if several else [new]:
            if getattr(one, "retired_on", None):
                code = self.columns[name].widget.render([one] if several else one)
                said = {"code": code, "date": one.retired_on.isoformat()}
                self.wrong(line.row, name, _("“%(code)s” was retired on %(date)s.") % said)

    def refuse_stray_marks(self, line: Line, values: dict[str, Any]) -> None:
        """What is marked must be linked."""
        for name, column in self.given.items():
            if not isinstance(column, Marked) or name not in values:
                continue
            of = column.of.name
            if of in values:
                linked = values[of]
            elif of in self.given:  # that cell is wrong itself
                continue
            else:
                linked = frozenset() if line.adds else self.current(line.record, self.columns[of])
            stray = column.widget.render(values[name] - linked)
            if stray:
                named = {"codes": stray, "column": of}
                reason = _("%(codes)s: not in the column %(column)s.") % named
                self.wrong(line.row, name, reason)

    def refuse_missing_columns(self) -> None:
        """A file without a column leaves it as it is; a new record may need it."""
        first = next((line.row.number for line in self.lines if line.adds), None)
        for name, column in self.columns.items() if first else ():
            if name not in self.given and column.is_needed:
                reason = _("The column is missing. Row %(row)s adds a record, which needs it.")
                self.wrong(self.header_row, name, reason % {"row": first})

    def refuse_outsiders(self) -> None:
        """People of one cycle or region write to its records only: before, and afterwards."""
        lines = [line for line in self.sound_lines() if line.owner.pk]
        inside = inside_scope([line.owner for line in lines], self.by)
        for line in lines:
            if line.owner.pk not in inside:
                reason = _("You work on the records of %s only, and this is none of them.")
                self.wrong(line.row, "", reason % self.by.scope)
