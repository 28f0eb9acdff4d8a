"""What a picture is, and which there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.safestring import SafeString

from public.moments import Moment
from public.names import Names


@dataclass(frozen=True)
class Picture:
    """A picture with all that must stand beside it.

    `columns` are the headings of its table, `rows` its cells (the first one the name of the row),
    `links` an address for each row or None. `query` is what the address of its other forms asks.
    """

    name: str
    title: str
    description: str
    svg: SafeString
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    links: Sequence[str | None]
    rule: str
    as_of: datetime
    query: str


# name → what draws it, from what the address asks, a moment and names
PICTURES: dict[str, Callable[[QueryDict, Moment, Names], Picture]] = {}


def picture_of(name: str, asked: QueryDict, moment: Moment, names: Names) -> Picture:
    """Draw a picture; `BadRequest` names what the address asks wrongly."""
    return PICTURES[name](asked, moment, names)
