"""What a bulk edit changes of records that are locked: found first, then checked, then written.

Which fields a kind offers, and which of its links carry marks, is read from its model.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from objectives.rules import explain
from public.publishable import Publishable
from public.workflow import Status

NOT_IN_REVIEW = (Status.DRAFT, Status.RETURNED)  # it may still be incomplete


@dataclass(frozen=True)
class Wanted:
    """What is to change: field → rows of its table. `put` holds the single choices."""

    add: Mapping[str, frozenset[int]] = field(default_factory=dict)
    remove: Mapping[str, frozenset[int]] = field(default_factory=dict)
    put: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        return not (self.linked or self.put)

    @property
    def linked(self) -> list[str]:
        """The fields whose links change."""
        names = dict.fromkeys([*self.add, *self.remove])
        return [name for name in names if self.add.get(name) or self.remove.get(name)]

    def rows_to_come(self) -> Iterator[tuple[str, frozenset[int]]]:
        """What records will name that may not have named it before."""
        yield from self.add.items()
        yield from ((name, frozenset([row])) for name, row in self.put.items())


@dataclass(frozen=True)
class Refusal:
    """A record that is not changed, and why; None if there is no such record."""

    pk: int
    record: Publishable | None
    reason: str


class Refused(Exception):
    """Nothing was written. `moved` are the records that somebody has changed meanwhile."""

    def __init__(self, refusals: list[Refusal], moved: list[Refusal] | None = None):
        super().__init__(refusals, moved)
        self.refusals = refusals
        self.moved = moved or []


@dataclass
class Outcome:
    """What was changed; `counts`: (field, row) → how many records got it, how many lost it."""

    changed: list[Any] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)
    counts: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    unmarked: list[Any] = field(default_factory=list)  # they lost their last primary objective


class Links:
    """The links of one many-to-many field of some records: record → row → link, is it marked."""

    def __init__(self, model: Any, name: str, records: Iterable[models.Model]):
        self.field = model._meta.get_field(name)
        self.through = self.field.remote_field.through
        self.ends = self.field.m2m_column_name(), self.field.m2m_reverse_name()
        marks = [one for one in self.through._meta.fields if isinstance(one, models.BooleanField)]
        self.mark = marks[0].verbose_name if marks else ""
        self.of: dict[int, dict[int, tuple[int, bool]]] = defaultdict(dict)
        links = self.through._default_manager.filter(
            **{f"{self.ends[0]}__in": [record.pk for record in records]}
        )
        for pk, record, row, *marked in links.values_list(
            "pk", *self.ends, *(one.name for one in marks)
        ):
            self.of[record][row] = pk, any(marked)


class Changes:
    """What is wanted of the records, less what is so already."""

    def __init__(self, model: type[Publishable], records: list[Any], wanted: Wanted):
        self.model: Any = model
        self.wanted = wanted
        self.links = {name: Links(model, name, records) for name in wanted.linked}
        self.outcome = Outcome()
        self.new: dict[tuple[str, int], frozenset[int]] = {}  # (field, record) → rows
        self.old: dict[tuple[str, int], frozenset[int]] = {}
        self.put: set[tuple[str, int]] = set()
        for record in records:
            done = list(self._find(record))
            for field_and_row, place in done:
                self.outcome.counts.setdefault(field_and_row, [0, 0])[place] += 1
            (self.outcome.changed if done else self.outcome.unchanged).append(record)

    def _find(self, record: Any) -> Iterator[tuple[tuple[str, int], int]]:
        """What changes of this record: (field, row), and whether it comes (0) or goes (1)."""
        for name, links in self.links.items():
            there = links.of[record.pk].keys()
            new = self.wanted.add.get(name, frozenset()) - there
            old = self.wanted.remove.get(name, frozenset()) & there
            self.new[name, record.pk], self.old[name, record.pk] = new, old
            yield from (((name, row), 0) for row in new)
            yield from (((name, row), 1) for row in old)
        for name, row in self.wanted.put.items():
            if getattr(record, self.model._meta.get_field(name).attname) != row:
                self.put.add((name, record.pk))
                yield (name, row), 0

    def check(self) -> None:
        """Records begin to name only what is in use, and keep what they need."""
        for name, rows in self.wanted.rows_to_come():
            self._check_in_use(name, rows)
            if rows & self.wanted.remove.get(name, frozenset()):
                raise ValidationError(_("The same cannot be added and removed: choose one."))
        refusals = [
            Refusal(record.pk, record, reason)
            for record in self.outcome.changed
            for reason in self._missed(record)
        ]
        if refusals:
            raise Refused(refusals)

    def _check_in_use(self, name: str, rows: frozenset[int]) -> None:
        related = self.model._meta.get_field(name).related_model
        known = related._default_manager.in_bulk(rows)
        if rows - known.keys():
            raise ValidationError(_("What you chose is no longer there: choose again."))
        for row in known.values():
            if getattr(row, "retired_on", None):
                said = {"name": row, "date": row.retired_on.isoformat()}
                raise ValidationError(_("“%(name)s” was retired on %(date)s.") % said)

    def _missed(self, record: Any) -> Iterator[str]:
        """What the record needs, and would lose."""
        for name, links in self.links.items():
            there, going = links.of[record.pk], self.old[name, record.pk]
            marked = {row for row, (_pk, is_marked) in there.items() if is_marked}
            said = {"field": links.field.verbose_name, "mark": links.mark}
            if going and not (
                links.field.blank or self.new[name, record.pk] or there.keys() - going
            ):
                yield _("It needs at least one of these: %(field)s.") % said
            elif marked and marked <= going:
                if record.status in NOT_IN_REVIEW:
                    self.outcome.unmarked.append(record)
                else:
                    yield (
                        _(
                            "It is being reviewed and would lose the last of its %(field)s that is"
                            " %(mark)s: mark another one first, or have it returned."
                        )
                        % said
                    )

    def write(self) -> None:
        """Write all at once; if the database refuses, one by one, to say which record and why."""
        try:
            with transaction.atomic():
                self._write(self.outcome.changed)
        except IntegrityError as error:
            raise Refused(list(self._refused()) or self._refused_together(error)) from error

    def _refused(self) -> Iterator[Refusal]:
        for record in self.outcome.changed:
            try:
                with transaction.atomic():
                    self._write([record])
            except IntegrityError as error:
                yield Refusal(record.pk, record, " ".join(explain(error).messages))

    def _refused_together(self, error: IntegrityError) -> list[Refusal]:
        reason = " ".join(explain(error).messages)
        return [Refusal(record.pk, record, reason) for record in self.outcome.changed]

    def _write(self, records: list[Any]) -> None:
        for name, row in self.wanted.put.items():
            pks = [record.pk for record in records if (name, record.pk) in self.put]
            field = self.model._meta.get_field(name).attname
            self.model._default_manager.filter(pk__in=pks).update(**{field: row})
        for name, links in self.links.items():
            added = [
                links.through(**dict(zip(links.ends, (record.pk, row), strict=True)))
                for record in records
                for row in sorted(self.new[name, record.pk])
            ]
            removed = [
                links.of[record.pk][row][0]
                for record in records
                for row in self.old[name, record.pk]
            ]
            rows = links.through._default_manager
            rows.bulk_create(added)
            rows.filter(pk__in=removed).delete()
