"""What an engine answers: hits and counts, signs of whether it is an answer at all, and what is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cpkb.model.results import ScorePart


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
