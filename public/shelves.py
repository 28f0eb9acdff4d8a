"""The newest few records of each kind on one page, and the way to the rest of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from public.models import PublicRecord, PublicRecordQuerySet
from public.moments import Moment


@dataclass(frozen=True)
class Shelf:
    """Some lines of a kind on a page: `count` of all there are, the list of them, and its CSV."""

    kind: str
    heading: str
    count: int
    lines: list[dict[str, Any]]
    url: str
    csv: str

    @property
    def shows_all(self) -> bool:
        return self.count <= len(self.lines)


def shelf(
    kind: str,
    heading: str,
    count: int,
    lines: list[dict[str, Any]],
    moment: Moment,
    **filters: Any,
) -> Shelf:
    """A shelf whose rest is the list with these filters."""
    return Shelf(
        kind=kind,
        heading=heading,
        count=count,
        lines=lines,
        url=moment.address(f"public:{kind}-list", **filters),
        csv=moment.address(f"public:{kind}-list-as", ["csv"], **filters),
    )


def newest(
    records: PublicRecordQuerySet, limits: Mapping[str, int]
) -> dict[str, list[PublicRecord]]:
    """The newest records of each kind, as many as the limits say, in one query."""
    first, *others = (records.of_kind(kind).for_list()[:limit] for kind, limit in limits.items())
    found: dict[str, list[PublicRecord]] = {kind: [] for kind in limits}
    for record in first.union(*others, all=True):
        found[record.kind].append(record)
    for each in found.values():
        each.sort(key=lambda record: record.code)
        each.sort(key=lambda record: record.first_published_at, reverse=True)
    return found
