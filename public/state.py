"""What was worked out once is true while the public record stays as it is.

The database tells in which state it is: a number that moves in the transaction of each change that
the public can see, and the last moment at which a period began or ended (migration 0013). Results
are kept in the memory of the process and given again in the same state only, so nothing has to be
told to forget them: docs/adr/0013-kept-results.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection


class State(NamedTuple):
    """A state of the public record and of the reference data. A later one is greater."""

    version: int
    since: int  # microseconds: when an embargo or a period last ended


def state_now() -> State:
    """The state of the public record at this moment, by a statement of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, since FROM public_state(statement_timestamp())")
        return State(*cursor.fetchone())


class Kept:
    """Results of the newest state that was seen; what nobody asked for longest goes first.

    `most` is how much there may be, in what `put` counts its `size` in. Without a state, inside
    somebody's transaction, nothing is kept and nothing is found.
    """

    def __init__(self, most: int):
        self.most = most
        self._state: State | None = None
        self._size = 0
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, state: State | None, key: Hashable) -> Any:
        """What was kept in this very state; None if nothing was."""
        with self._lock:
            if state is None or state != self._state or key not in self._results:
                return None
            self._results.move_to_end(key)
            return self._results[key][0]

    def put(self, state: State | None, key: Hashable, result: Any, size: int = 1) -> None:
        """Keep a result, which nobody may change from now on. A slow reader's old one is not."""
        if state is None or size > self.most // 8:
            return
        with self._lock:
            if self._state is None or state > self._state:
                self._results.clear()
                self._state, self._size = state, 0
            elif state < self._state:
                return
            _result, before = self._results.pop(key, (None, 0))
            self._results[key] = result, size
            self._size += size - before
            while self._size > self.most:
                _key, (_result, gone) = self._results.popitem(last=False)
                self._size -= gone

    def worked_out(
        self,
        state: State | None,
        key: Hashable,
        work: Callable[[], Any],
        size_of: Callable[[Any], int] = lambda result: 1,
    ) -> Any:
        """The result of this work, done once in each state."""
        found = self.get(state, key)
        if found is None:
            found = work()
            self.put(state, key, found, size_of(found))
        return found


TABLES = Kept(1_000)  # reference tables, read whole, and what follows from them
COUNTS = Kept(60_000)  # values of facets with their counts; one takes some 300 bytes
