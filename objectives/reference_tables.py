"""One reference table while its file is loaded: what to add, change, retire, and what to leave."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from objectives.records import Record
from objectives.reference_files import DOUBTS, Entry, Problem, ReferenceFile
from objectives.rules import explain

LOADER = "load_reference_data"  # the step under which the log has what is written here


@dataclass
class Outcome:
    """What loading a file did to its table: the codes, and a line for each changed cell."""

    file: str
    rows: int = 0
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def unchanged(self) -> bool:
        return not (self.added or self.changed or self.retired or self.taken_back)


class ReferenceTable:
    """The records of one model. `tables` are those loaded before, where related records stand."""

    def __init__(self, file: ReferenceFile, tables: "Tables"):
        self.file = file
        self.tables = tables
        self.model = file.model
        self.ended: Any = file.model._meta.get_field(file.ended)
        self.outcome = Outcome(_("notes of all files") if file is DOUBTS else file.name)
        # Locked, so that nobody's edit is lost between reading and writing.
        records = list(self.model._default_manager.select_for_update().order_by("pk"))
        self.codes = {record.pk: file.code_of(record) for record in records}
        self.rest = {file.code_of(record).casefold(): record for record in records}
        self.found: dict[str, Record] = {}
        self.dirty: list[tuple[Record, Entry | None]] = []
        self.dirty_columns: set[str] = set()
        self.links: dict[Any, dict[int, dict[int, int]]] = {
            many: self._links(many) for many in self.model._meta.many_to_many
        }
        self.dirty_links: list[tuple[Any, Record, list[str]]] = []

    def _links(self, many: Any) -> dict[int, dict[int, int]]:
        """For each record the keys of those it is linked to, with the key of the link."""
        links: dict[int, dict[int, int]] = {}
        ends = (many.m2m_column_name(), many.m2m_reverse_name())
        for link, one, other in many.remote_field.through.objects.values_list("pk", *ends):
            links.setdefault(one, {})[other] = link
        return links

    @cached_property
    def office(self) -> set[tuple[int, str]]:
        """The cells (key of the record, column) that anybody but this loader wrote last."""
        links = {many.remote_field.through._meta.db_table: many for many in self.links}
        tables = [self.model._meta.db_table, *links]
        log = apps.get_model("accounts.Change").objects.filter(table_name__in=tables)
        cells: set[tuple[int, str]] = set()
        for table, row, was, now, step in log.order_by("id").values_list(
            "table_name", "row_id", "was", "now", "step"
        ):
            written = {(row, name) for name in now or ()}
            if table in links:
                link, many = now or was or {}, links[table]
                written = {(link[many.m2m_column_name()], many.attname)}
            (cells.difference_update if step == LOADER else cells.update)(written)
        return cells

    def take(self, entries: list[Entry]) -> None:
        """Find the record of each entry, or make one, and let it say what the entry says."""
        self.outcome.rows = len(entries)
        for entry in entries:
            record = self.rest.pop(entry.code.casefold(), None)
            if record is None:
                record = self.model()
                for column in self.file.columns:
                    self.put(record, column, entry.values[column.name])
                self.dirty.append((record, entry))
                self.outcome.added.append(entry.code)
            else:
                self.bring_up_to_date(record, entry)
            self.found[entry.code] = record

    def bring_up_to_date(self, record: Record, entry: Entry) -> None:
        """Let the record say what the entry says, except where the office wrote last."""
        written: list[Any] = []
        for column in [*self.file.columns, self.ended]:
            old, new = self.value(record, column), entry.values.get(column.name)
            if old == new:
                continue
            words = {"code": entry.code, "column": column.name}
            words |= {"old": shown(old), "new": shown(new)}
            new_doubt = self.file is DOUBTS and column is self.ended and written
            if (record.pk, column.attname) in self.office and not new_doubt:
                line = _("%(code)s: %(column)s stays %(old)s as the office wrote it, not %(new)s")
                self.outcome.kept.append(line % words)
                continue
            self.put(record, column, new)
            written.append(column)
            if column is self.ended:
                self.outcome.taken_back.append(entry.code)
            else:
                self.outcome.changed.append(_("%(code)s: %(column)s %(old)s → %(new)s") % words)
        if any(column not in self.links for column in written):
            self.dirty.append((record, entry))

    def value(self, record: Record, column: Any) -> object:
        """What the record says, as an entry would say it: related records by their codes."""
        if column in self.links:
            codes = self.tables[column.related_model].codes
            return sorted(codes[key] for key in self.links[column].get(record.pk, ()))
        value = getattr(record, column.attname)
        if column.is_relation and value is not None:
            return self.tables[column.related_model].codes[value]
        return value

    def put(self, record: Record, column: Any, value) -> None:
        if column in self.links:
            self.dirty_links.append((column, record, value))
            return
        if column.is_relation and value is not None:
            value = self.tables[column.related_model].found[value]
        setattr(record, column.name, value)
        self.dirty_columns.add(column.name)

    def retire_the_rest(self, today: date) -> None:
        """Retire what is not in the file, unless the office made it or took it back into use."""
        for record in self.rest.values():
            in_use = self.value(record, self.ended) is None
            if in_use and (record.pk, self.ended.attname) not in self.office:
                self.put(record, self.ended, today)
                self.dirty.append((record, None))
                self.outcome.retired.append(self.codes[record.pk])

    def write(self, problems: list[Problem]) -> None:
        """Save everything at once; what the database refuses, one by one, to say where and why."""
        manager = self.model._default_manager
        ready = [(record, entry) for record, entry in self.dirty if not self.waits(record)]
        for adding in (False, True):
            part = [pair for pair in ready if pair[0]._state.adding == adding]
            records = [record for record, _entry in part]
            if not records:
                continue
            try:
                with transaction.atomic():
                    if adding:
                        manager.bulk_create(records)
                    else:
                        manager.bulk_update(records, self.dirty_columns)
            except IntegrityError:
                for record, entry in part:
                    self.write_one(record, entry, problems)
        if not problems:
            self.write_links()

    def waits(self, record: Record) -> bool:
        """Whether a record it relates to was refused: that problem is enough."""
        singles = [f for f in self.file.columns if f.is_relation and f not in self.links]
        related = [column.get_cached_value(record, default=None) for column in singles]
        return any(other is not None and other.pk is None for other in related)

    def write_one(self, record: Record, entry: Entry | None, problems: list[Problem]) -> None:
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError as refusal:
            error = explain(refusal)
            row = entry.row if entry else 0
            for reason in error.messages:
                problems.append(Problem(self.outcome.file, row, self.column_of(error), reason))

    def column_of(self, error: ValidationError) -> str:
        """The columns that a refusal of the database is about."""
        for constraint in self.model._meta.constraints:
            condition = getattr(constraint, "condition", None)
            if constraint.name == error.code and condition:
                return ", ".join(sorted(condition.referenced_base_fields))
        if error.params and "field" in error.params:
            return error.params["field"].removesuffix("_id")
        return ", ".join(self.file.key)

    def write_links(self) -> None:
        for many in self.links:
            through = many.remote_field.through
            one, other = many.m2m_column_name(), many.m2m_reverse_name()
            added, removed = [], []
            for column, record, codes in self.dirty_links:
                if column is many:
                    there = self.links[many].get(record.pk, {})
                    wanted = {self.tables[many.related_model].found[code].pk for code in codes}
                    missing = wanted - set(there)
                    added += [through(**{one: record.pk, other: key}) for key in missing]
                    removed += [there[key] for key in set(there) - wanted]
            through.objects.bulk_create(added)
            if removed:
                through.objects.filter(pk__in=removed).delete()


Tables = dict[type[models.Model], ReferenceTable]


def shown(value: object) -> str:
    """A cell as the files write it."""
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, list):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else f"“{value}”"
