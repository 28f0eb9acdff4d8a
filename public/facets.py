"""What stands beside a list: the values of each filter, and how many records each would give.

Choices in one facet mean "or", so its counts ignore its own choice; facets mean "and". Everything
is counted by one statement whatever is chosen, in the snapshot of the page: what is tallied from
its bits (`public/tallies.py`), the rest by reading records.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from public.choices import AnyOf
from public.filters import RecordFilter
from public.state import COUNTS
from public.tallies import NUMBERED, tallied, untallied

LONG = 12  # a facet of more values can be searched, and scrolls
MOST = 100  # values of one facet on a page: there may be thousands of parties


@dataclass(frozen=True)
class Value:
    """A value that can be chosen, with the number of records that the list would have of it."""

    value: str
    label: str
    count: int
    chosen: bool
    number: str = ""  # of an objective, for its badge
    cluster: int = 0  # whose hue it has; 0 if none


@dataclass(frozen=True)
class Facet:
    """A filter as a page offers it: values without records are left out, unless chosen."""

    name: str
    label: str
    values: list[Value]

    @property
    def chosen(self) -> int:
        return sum(value.chosen for value in self.values)

    def narrows(self, total: int) -> bool:
        """Whether any choice changes the list: not if the only value is that of every record."""
        return len(self.values) > 1 or any(one.chosen or one.count < total for one in self.values)

    @property
    def long(self) -> bool:
        return len(self.values) > LONG


@dataclass(frozen=True)
class Facets:
    """All that is counted for a list; `without` says how many there were if a filter were off."""

    total: int
    facets: list[Facet]
    without: dict[str, int]


def facets_of(filters: RecordFilter, only: Collection[str] | None = None) -> Facets:
    """Count everything, or these facets only. The filters must be valid.

    Done once in each state of the public record.
    """
    key = ("facets", *filters.key, None if only is None else tuple(sorted(only)), get_language())
    return COUNTS.worked_out(
        filters.state,
        key,
        lambda: _facets_of(filters, only),
        size_of=lambda found: 1 + sum(len(facet.values) for facet in found.facets),
    )


def count_of(filters: RecordFilter) -> int:
    """How many records there are. The filters must be valid."""
    key = ("count", *filters.key)
    return COUNTS.worked_out(filters.state, key, lambda: _counted(filters, {}, [])[1][""])


def by_value(filters: RecordFilter, column: str) -> dict[Any, int]:
    """How many records have each value of this column. The filters must be valid.

    Of a column with one value, those that say nothing count under None or "".
    """
    key = ("by value", column, *filters.key)
    return COUNTS.worked_out(filters.state, key, lambda: _by_value(filters, column), size_of=len)


def _by_value(filters: RecordFilter, column: str) -> dict[Any, int]:
    counts, totals = _counted(filters, {}, [], {column})
    field = filters.queryset.model._meta.get_field(column)
    of_many = getattr(field, "base_field", None)
    value_of = (of_many or field).to_python
    found = counts.get(("", column), {})
    said = {value_of(value): count for value, count in found.items() if value}
    silent = 0 if of_many else totals[""] - sum(said.values())
    return said | ({None if field.null else "": silent} if silent else {})


def _facets_of(filters: RecordFilter, only: Collection[str] | None) -> Facets:
    wanted = _facets(filters, only)
    counted, totals = _counted(filters, wanted, filters.chosen)
    facets = []
    for name, asked in wanted.items():
        chosen = filters.chosen.get(name, [])
        counts = counted.get((name if chosen else "", name if asked.members else asked.column), {})
        best = sorted(counts, key=lambda value: -counts[value])[:MOST]
        labels = asked.labels({*best, *chosen} - {""})
        values = [
            Value(value, label, counts.get(value, 0), value in chosen, **asked.badge_of(value))
            for value, label in labels.items()
        ]
        if values:
            facets.append(Facet(name, str(asked.label), values))
    return Facets(totals.pop(""), facets, totals)


def _facets(filters: RecordFilter, only: Collection[str] | None) -> dict[str, AnyOf]:
    return {
        name: one
        for name, one in filters.filters.items()
        if isinstance(one, AnyOf) and (only is None or name in only)
    }


Counts = dict[tuple[str, str], dict[str, int]]


def _counted(
    filters: RecordFilter,
    facets: dict[str, AnyOf],
    without: Iterable[str],
    columns: Collection[str] = (),
) -> tuple[Counts, dict[str, int]]:
    """Counts by pass and column (or facet, if its values stand for several), and all by pass.

    A pass is one counting of records: "" with all filters on, and for each of `without` its name,
    with that filter off. Records with equal values are counted together before lists of values
    are taken apart, so that each record is touched once.
    """
    chosen = filters.chosen
    passes = {"": {one.column for name, one in facets.items() if name not in chosen} | {*columns}}
    passes |= {name: {facets[name].column} if name in facets else set() for name in without}
    groups = [
        (name, value, one.column, {str(member) for member in members})
        for name, one in facets.items()
        if one.members
        for value, members in one.members(filters.names).items()
    ]
    counting = list(_readings(filters, passes))
    also = [_from_tallies(filters, passes, groups)] if filters.tallied else []
    bits: dict[tuple[str, str], int] = defaultdict(int)  # of each member: the groups it is in
    for place, (_name, _value, column, members) in enumerate(groups):
        for member in members:
            bits[column, member] |= 1 << place
    sql = f"""
        WITH counted AS MATERIALIZED (
            SELECT row_number() OVER () AS place, *
            FROM ({" UNION ALL ".join(sql for sql, _params in counting)}) AS passes
        ), members AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%s) AS (part text, value text, bits bigint)
        )
        SELECT pass, part, value, NULL::bigint, sum(n)::bigint
        FROM counted, unnest(list) AS value GROUP BY pass, part, value
        UNION ALL
        SELECT pass, part, NULL, bits, sum(n)::bigint FROM (
            SELECT place, pass, part, n, bit_or(bits) AS bits
            FROM (SELECT counted.*, unnest(list) AS value FROM counted) AS each
            JOIN members USING (part, value) GROUP BY place, pass, part, n
        ) AS grouped GROUP BY pass, part, bits
        UNION ALL
        SELECT pass, NULL, NULL, NULL, n FROM counted WHERE part IS NULL
        {"".join(f"UNION ALL {sql}" for sql, _params in also)}
    """  # noqa: S608  # names of our own columns; values are parameters
    params = [param for _sql, params in counting for param in params]
    belongings = [
        {"part": part, "value": value, "bits": mask} for (part, value), mask in bits.items()
    ]
    with connection.cursor() as cursor:
        last = [param for _sql, params in also for param in params]
        cursor.execute(sql, [*params, json.dumps(belongings), *last])
        rows = cursor.fetchall()
    counts: Counts = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    for which, part, value, mask, count in rows:
        if part is None:
            totals[which] += count
        elif mask is None:
            counts[which, part][value] += count
        else:
            for place, (name, value, column, _members) in enumerate(groups):
                if column == part and mask >> place & 1:
                    counts[which, name][value] += count
    # what was tallied and has left is taken off again, maybe to nothing
    some = {key: {one: count for one, count in of.items() if count} for key, of in counts.items()}
    return some, totals


def _readings(filters: RecordFilter, passes: dict[str, set[str]]) -> Iterator[tuple[str, list]]:
    """What has to be read for these passes: all records, or those that are not tallied."""
    for name, columns in passes.items():
        records = filters.without(name)
        if not filters.tallied:
            yield _pass(name, records, columns)
        elif filters.chosen and NUMBERED in columns:  # of these there are numbers of all only
            yield _pass(name, untallied(records), columns - {NUMBERED})
            yield _pass(name, records, {NUMBERED}, and_all=False)
        else:
            yield _pass(name, untallied(records), columns)


def _from_tallies(
    filters: RecordFilter,
    passes: dict[str, set[str]],
    groups: list[tuple[str, str, str, set[str]]],
) -> tuple[str, list[Any]]:
    """SQL that counts what is tallied."""
    chosen = {
        name: [filters.filters[name].column, filters.filters[name].texts_of(values)]
        for name, values in filters.chosen.items()
    }
    return tallied(
        filters.kind,
        [
            {
                "name": which,
                "filters": [one for name, one in chosen.items() if name != which],
                "parts": sorted(columns - {NUMBERED} if chosen else columns),
                "groups": [
                    [name, value, column, sorted(members)]
                    for name, value, column, members in groups
                    if which == (name if name in chosen else "")
                ],
            }
            for which, columns in passes.items()
        ],
    )


def _pass(
    name: str, records, columns: Iterable[str], *, and_all: bool = True
) -> tuple[str, list[Any]]:
    """SQL that counts these records by the values of each column, and all of them."""
    columns = sorted(columns)
    many = {field.name for field in records.model._meta.fields if hasattr(field, "base_field")}
    part, values = "NULL", "NULL::text[]"
    if columns:
        cases = [f"WHEN GROUPING({column}) = 0 THEN" for column in columns]
        lists = [
            f"{column}::text[]" if column in many else f"ARRAY[{column}::text]"
            for column in columns
        ]
        part = f"CASE {' '.join(f'{a} {b!r}' for a, b in zip(cases, columns, strict=True))} END"
        values = f"CASE {' '.join(f'{a} {b}' for a, b in zip(cases, lists, strict=True))} END"
    rows, params = records.order_by().values(*(columns or ["pk"])).query.sql_with_params()
    sets = ", ".join(f"({column})" for column in [*columns, *([""] if and_all else [])])
    sql = f"""
        SELECT %s AS pass, {part} AS part, {values} AS list, count(*) AS n
        FROM ({rows}) AS records GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608  # names of our own columns; values are parameters
    return sql, [name, *params]
