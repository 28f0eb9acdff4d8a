"""Reading a file of records: what each row says, what of it is new, and all that is wrong."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from tablib import Dataset

from objectives.reference_files import Problem, Row, read_rows, rows_of
from office.imports.cells import Codes, plain, text_of
from office.imports.resources import Column, Marked, RecordResource
from public.publishable import Publishable
from public.workflow import SIGNED, Status

NOTES = "staff_notes"  # may be written on signed records too: nobody signs for them


@dataclass
class Outcome:
    """What an import did, by code; a part of a record goes by its owner's code and its number."""

    file: str
    added: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)  # the publishable records that were written to

    @property
    def is_nothing(self) -> bool:
        return not self.edited


@dataclass(eq=False)
class Line:
    """A row of the file, its record, and what it changes there: column → (as it is, as it says).

    `owner` is the publishable record that the row belongs to: its own, or the one it is a part of.
    """

    row: Row
    code: str
    record: models.Model
    owner: Any
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def adds(self) -> bool:
        return self.record._state.adding

    @property
    def breaks_signature(self) -> bool:
        """Somebody has signed what the row changes."""
        only_notes = self.owner is self.record and set(self.changes) == {NOTES}
        return self.owner.status in SIGNED and not only_notes


class Reading:
    """The rows of one file, read against the records, which stay locked until all is written."""

    def __init__(
        self,
        resource: type[RecordResource],
        file: str,
        *,
        take_back: bool,
        leave: Collection[str],
    ):
        self.model: type[models.Model] = resource._meta.model
        self.publishable = resource.publishable()
        self.is_part = bool(resource._meta.owner)
        self.columns = resource.columns()
        self.key = [self.columns[name] for name in resource._meta.import_id_fields]
        self.take_back = take_back
        self.leave = leave
        self.codes = Codes()
        self.lines: list[Line] = []
        self.links: dict[str, dict[int, dict[int, models.Model]]] = {}
        self.problems: list[Problem] = []
        self.outcome = Outcome(file)

    def wrong(self, row: Row, column: str, reason: str) -> None:
        self.problems.append(Problem(self.outcome.file, row.number, column, reason))

    def read(self, source: Path | Dataset) -> None:
        """Find the record of each row, what the row changes there, and all that is wrong."""
        keyed = [(row, key) for row in self.rows(source) if (key := self.key_of(row))]
        self.match(keyed)
        self.links = {
            column.of.name: self.links_of(column.of)
            for column in self.columns.values()
            if column.of.many_to_many
        }
        for line in self.lines:
            self.compare(line)

    def rows(self, source: Path | Dataset) -> list[Row]:
        """The rows of a CSV file or a sheet; the key of no two is the same."""
        columns, unique = list(self.columns), [tuple(column.column_name for column in self.key)]
        if isinstance(source, Path):
            return read_rows(source, columns, self.problems, unique=unique)
        table = [source.headers or [], *source]
        records = [(place, [text_of(cell) for cell in row]) for place, row in enumerate(table, 1)]
        records = [(place, cells) for place, cells in records if any(cells)]
        return rows_of(self.outcome.file, records, columns, self.problems, unique=unique)

    def key_of(self, row: Row) -> tuple | None:
        """What the row says that finds its record."""
        blank = [column for column in self.key if not row.cells[column.column_name]]
        for column in blank:
            reason = _("This cell finds the record: it must not be empty.")
            self.wrong(row, column.column_name, reason)
        values = {} if blank else self.values_of(row, self.key)
        return tuple(values.values()) if len(values) == len(self.key) else None

    def values_of(self, row: Row, columns: Iterable[Column]) -> dict[str, Any]:
        """What the cells say; a cell that says nothing sensible is a problem and left out."""
        values = {}
        for column in columns:
            try:
                values[column.column_name] = column.clean(row.cells, codes=self.codes)
            except ValidationError as error:
                for reason in error.messages:
                    self.wrong(row, column.column_name, reason)
        return values

    def match(self, keyed: list[tuple[Row, tuple]]) -> None:
        """Make a line of each row, with the record that it finds, or a new one."""
        records = self.records({key for _row, key in keyed})
        owners = self.owners({key[0].pk for _row, key in keyed}) if self.is_part else {}
        for row, key in keyed:
            code = " ".join(c.widget.render(value) for c, value in zip(self.key, key, strict=True))
            found = records[key]
            if len(found) > 1:
                reason = _("Several records answer to “%s”.") % code
                self.wrong(row, self.key[-1].column_name, reason)
                continue
            named = {c.attribute: value for c, value in zip(self.key, key, strict=True)}
            record = found[0] if found else self.model(**named)
            owner = owners[key[0].pk] if self.is_part else record
            self.lines.append(Line(row, code, record, owner))
            if not self.is_part:
                self.codes.expect(record)

    def records(self, keys: set[tuple]) -> dict[tuple, list[models.Model]]:
        """The records that the keys find, locked."""
        found = defaultdict(list)
        wanted = {f"{c.attribute}__in": {key[n] for key in keys} for n, c in enumerate(self.key)}
        records = self.model._default_manager.select_for_update().order_by("pk")
        for record in records.filter(**wanted):
            found[tuple(self.current(record, column) for column in self.key)].append(record)
        return found

    def owners(self, rows: set[int]) -> dict[int, Any]:
        """The records that the rows are parts of, locked."""
        return self.publishable._default_manager.select_for_update().order_by("pk").in_bulk(rows)

    def links_of(self, many: Any) -> dict[int, dict[int, models.Model]]:
        """The links that the records have now: by record and target."""
        links: dict[int, dict[int, models.Model]] = defaultdict(dict)
        ends = many.m2m_column_name(), many.m2m_reverse_name()
        rows = [line.record.pk for line in self.lines if not line.adds]
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

    def compare(self, line: Line) -> None:
        """Find what the row changes, and whether it may."""
        values = self.values_of(line.row, self.columns.values())
        for name, new in values.items():
            old = None if line.adds else self.current(line.record, self.columns[name])
            if line.adds or old != new:
                line.changes[name] = (old, new)
                self.refuse_retired(line, name, old, new)
        self.refuse_stray_marks(line, values)
        if not line.changes:
            self.outcome.unchanged.append(line.code)
        elif line.owner.code in self.leave:
            line.changes = {}
            self.outcome.left.append(line.code)
        elif line.breaks_signature and not self.may_take_back(line.owner):
            self.refuse_signed(line)
        elif line.adds:
            self.outcome.added.append(line.code)
        else:
            self.outcome.changed[line.code] = {
                name: (
                    self.columns[name].widget.render(old),
                    self.columns[name].widget.render(new),
                )
                for name, (old, new) in line.changes.items()
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
        for name, column in self.columns.items():
            if isinstance(column, Marked) and {name, column.of.name} <= values.keys():
                stray = column.widget.render(values[name] - values[column.of.name])
                if stray:
                    named = {"codes": stray, "column": column.of.name}
                    self.wrong(
                        line.row, name, _("%(codes)s: not in the column %(column)s.") % named
                    )
