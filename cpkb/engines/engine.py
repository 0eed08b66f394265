"""The engine port. What goes in is in `passage`, what is asked in `query`, what comes out in `results`.

Words are made before (analysis); text is kept elsewhere (store).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import EngineQuery
from cpkb.engines.results import EngineResults, EngineStatus

FEATURES = ("phrase", "facets", "as_of", "grouping", "meaning")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A rebuild that was cut off: it holds the records up to ``last``, in the order of ids, as of ``revision``."""

    revision: int
    last: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A record to put: what its passages are made of, and about how many they are."""

    record_id: str
    work: Any
    passages: int = 1


class Maker(Protocol):
    """Makes passages; can be sent to other processes."""

    def get_ready(self) -> None:
        """Load what takes long, in the process where it will be called many times."""
        ...

    def __call__(self, work: Any) -> Iterable[IndexedPassage]:
        """The passages of a piece of work."""
        ...


class EngineWriter(Protocol):
    """Changes that become visible together."""

    def put(self, record_id: str, passages: Iterable[IndexedPassage]) -> None:
        """Replace what the index holds of a record."""
        ...

    def put_all(self, pieces: Iterable[Piece], make: Maker) -> Iterator[Piece]:
        """Put records, in the order of ids; gives each as it is done. Many are made in processes beside this one.

        Raises CpkbError when such a process dies.
        """
        ...

    def drop(self, record_id: str) -> None:
        """Forget a record."""
        ...


class Engine(Protocol):
    """An index of passages that follows the store."""

    fingerprint: str
    """Of the analysis, the facets and the layout it builds with; what was built with another is stale."""

    def revision(self) -> int:
        """The store revision caught up with, -1 when nothing is built or what is built is stale."""
        ...

    def unfinished(self) -> Unfinished | None:
        """The rebuild that was cut off and can be gone on with."""
        ...

    def writing(
        self, revision: int, *, rebuild: bool = False, resume: bool = False
    ) -> AbstractContextManager[EngineWriter]:
        """Write until ``revision``; a rebuild goes to a new folder and is swapped in at the end.

        A rebuild puts records in the order of their ids; with ``resume`` it goes on with the unfinished one.

        Raises IndexBusyError when another process is writing.
        """
        ...

    def merge(self) -> bool:
        """Tidy what many small changes left behind, beside readers and writers; whether there was something to tidy."""
        ...

    def search(self, query: EngineQuery) -> EngineResults:
        """Passages that match, best first; ties end in record id and ordinal."""
        ...

    def knows(self, gram: str) -> bool:
        """Whether any passage holds the gram."""
        ...

    def without_vector(self, keys: Sequence[int]) -> list[int]:
        """Those of some meaning keys that no vector is kept of, each once."""
        ...

    def add_vectors(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Keep unit vectors, shape (n, 384), of n meaning keys; searches use them at once."""
        ...

    def status(self) -> EngineStatus:
        """What is built and how far it got."""
        ...

    def state(self) -> Hashable:
        """Another value whenever the same question may find something else."""
        ...

    def can(self, feature: str) -> bool:
        """Whether it has an optional feature (see FEATURES); meaning only where enough passages have vectors."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
