"""Many questions, asked at once."""

from collections.abc import Iterable
from typing import Any


def asked_together(questions: Iterable[Any]) -> list[tuple]:
    """The answers to several `values_list()` of one form, in one query; to none, nothing."""
    some = list(questions)
    if not some:
        return []
    first, *others = some
    return list(first.union(*others, all=True) if others else first)
