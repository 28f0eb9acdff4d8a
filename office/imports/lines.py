"""A row of a file on its way in, and what became of all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from objectives.reference_files import Row
from public.workflow import SIGNED

NOTES = "staff_notes"  # may be written on signed records too: nobody signs for them

Say = Callable[[str, int, int], None]  # what is being done, how many rows are, of how many


def silence(doing: str, done: int, total: int) -> None:
    """Tell nobody how far the import is."""


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
    `version` is what its owner had when it was read, None if that is new too; `was_new` stays
    true when the record has been saved.
    """

    row: Row
    code: str
    record: models.Model
    owner: Any
    version: int | None
    signed: bool  # does the row belong to what somebody signs?
    was_new: bool = False
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    is_left: bool = False  # it would change something, and was told not to

    def __post_init__(self):
        self.was_new = self.adds

    @property
    def adds(self) -> bool:
        return self.record._state.adding

    @property
    def breaks_signature(self) -> bool:
        """Somebody has signed what the row changes."""
        only_notes = self.owner is self.record and set(self.changes) == {NOTES}
        return self.signed and self.owner.status in SIGNED and not only_notes

    @property
    def writes(self) -> bool:
        return bool(self.changes) and not self.is_left
