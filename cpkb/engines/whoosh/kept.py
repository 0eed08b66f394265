"""What was made last, kept while it fits: a term that one row holds takes less than one that every row holds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, Protocol, TypeVar

ENTRY_COST = 64  # postings' worth of memory that what is kept takes beside them, so that unknown terms are dropped too


class Sized(Protocol):
    """What knows its size."""

    @property
    def size(self) -> int:
        """Rows held."""
        ...


Made = TypeVar("Made", bound=Sized)


class Kept(Generic[Made]):
    """A function whose latest results are kept, by ``room`` for their sizes; safe to share between threads."""

    def __init__(self, make: Callable[..., Made], room: int) -> None:
        self._make = make
        self._room = room
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], Made] = OrderedDict()

    def __call__(self, *asked: Hashable) -> Made:
        """What the function makes of what is asked."""
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
        made = self._make(*asked)
        with self._lock:
            if asked not in self._kept:  # another thread may have made it meanwhile
                self._kept[asked] = made
                self._size += made.size + ENTRY_COST
            while self._size > self._room and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size + ENTRY_COST
        return made
