"""The engine port: what goes in, what is asked, what comes out.

Words are made before (analysis); text is kept elsewhere (store).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cpkb.model.results import ScorePart
from cpkb.model.validity import Interval


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """Terms of one zone: words, and grams with the place of each."""

    words: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as an engine keeps it: identity, terms by zone, values to filter, count and sort by."""

    record_id: str
    ordinal: int
    zones: Mapping[str, ZoneTerms]
    codes: tuple[str, ...]
    """Numbers in the passage's text."""
    own_codes: tuple[str, ...]
    """Numbers of the record itself: a document number lands on its document first."""
    title: str
    """The key of the record's title, for questions that are or name it (`model.record.work_key`)."""
    values: Mapping[str, tuple[str, ...]]
    """Facet values by name."""
    interval: Interval | None
    """None where validity does not apply (a technology, a row of a list)."""
    issued: dt.date | None = None
    twin: int = 0
    """64 bits, the same for passages of the same wording, whatever text they stand in; 0 where that means nothing."""
    quantities: tuple[Span, ...] = ()
    """Values in the passage's text."""
    meaning: int = 0
    """The key of its vector (`analysis.embedding.meaning_key`); 0 for none."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term searched beside a word of the question, at the weight of a synonym."""

    shown: str

    words: tuple[str, ...]
    grams: tuple[str, ...]
    stands_for: tuple[str, ...]
    """The question's grams that a passage holding this term need not hold."""


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of a dimension (`analysis.quantities`), in its base unit; infinite where it is open."""

    dimension: str
    low: float
    high: float
    shown: str = ""
    stands_for: tuple[str, ...] = ()
    """The question's grams that a passage telling such a value need not hold."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Plain words: every passage holding enough of them, scored."""

    words: tuple[str, ...]
    grams: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    characters: int = 0
    """Of the question as it was typed, without white space."""
    whole: str = ""
    """The key of the whole question as a title (`model.record.work_key`)."""
    synonyms: tuple[tuple[Alternative, ...], ...] = ()
    """For each expanded word its alternatives: the best of them counts, not their sum."""
    families: tuple[tuple[str, ...], ...] = ()
    """For each code the series it may belong to, nearest first; the nearest counts where no passage holds the code."""
    quantities: tuple[Span, ...] = ()
    """Values asked for: a passage that tells one they meet counts for it, however it is written."""
    meaning: bytes = b""
    """The unit vector of the question, 384 floats of 32 bits; empty where it is asked by words alone."""
    relaxed: bool = False
    """Whether any passage with one of the terms will do, however little of the question it holds."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Terms, each (words or grams, term), scored by BM25F and by nothing else: rows with at least ``least`` of them."""

    terms: tuple[tuple[str, str], ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class InARow:
    """Grams that must stand at these offsets from one another, in one of the zones."""

    pairs: tuple[tuple[str, int], ...]
    zones: tuple[str, ...] = ("title", "heading", "text")


@dataclass(frozen=True, slots=True)
class HasCode:
    """Passages that hold one of these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasValue:
    """Passages whose facet has the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Without:
    """Everything but what the inner node matches."""

    node: Match


@dataclass(frozen=True, slots=True)
class Either:
    """What at least one node matches; scores of those that do are added."""

    nodes: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """What all nodes match; no nodes: everything."""

    nodes: tuple[Match, ...] = ()


Match = Ranked | Scored | InARow | HasCode | HasValue | Without | Either | Every


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """A compiled query."""

    match: Match = field(default_factory=Every)
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facets: tuple[str, ...] = ()
    as_of: dt.date = field(default_factory=dt.date.today)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 10
    grouped: bool = True
    explained: bool = False
    counted: bool = True
    """Whether totals are asked for; without them the best of `Scored` terms are found without looking at all rows."""
    aside: tuple[tuple[str, str], ...] = ()
    """Values of facets whose passages stand a little lower, as what they tell was not asked for."""


@dataclass(frozen=True, slots=True)
class EngineHit:
    """A matching passage; with grouping, the best of its record and the ordinals of the others, best first."""

    record_id: str
    ordinal: int
    score: float
    others: tuple[int, ...] = ()
    twins: tuple[tuple[str, int], ...] = ()
    """(record id, ordinal) of passages with the same wording, which are no hits of their own."""
    parts: tuple[ScorePart, ...] = ()
    """The parts of its score, largest first, where the query asks for them."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether a plain question is answered; of the question alone, before any filter."""

    share: float
    """The largest share of its information that one of the five best passages holds."""
    characters: int
    """How many characters it has."""
    rarity: float
    """The mean information (idf) of its grams, as a share of that of a gram which one passage holds."""
    nearest: float | None = None
    """The cosine of the nearest passage; None where it was asked by words alone."""
    lacks_number: bool = False
    """Whether numbers were asked for that no passage holds."""


@dataclass(frozen=True, slots=True)
class EngineResults:
    """A page of hits, and the counts over all matches. Counts are of records when grouped, else of passages."""

    hits: tuple[EngineHit, ...]
    total: int
    passages: int
    facets: Mapping[str, Mapping[str, int]]
    signs: Signs | None = None
    """None where what matches is what was asked for: a number, a phrase, a field, a title, every word."""
    by_meaning: bool = False
    """Whether vectors of passages took part."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What is built."""

    revision: int
    """The store revision the index has caught up with; -1 when nothing is built."""
    fingerprint: str
    passages: int
    terms: int
    bytes: int
    vectors: int = 0
    """Passages that have a vector."""


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


FEATURES = ("phrase", "facets", "as_of", "grouping", "meaning")
MAX_DEPTH = 1000  # offset + limit: deeper pages help nobody and cost every engine memory
