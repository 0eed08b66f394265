"""What goes into an engine: passages, already cut into terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cpkb.model.validity import Interval


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """Terms of one zone."""

    words: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    """``places`` tells where each stands."""
    places: tuple[int, ...] = ()
    runs: tuple[tuple[str, int], ...] = ()
    """Runs of characters, each with the place of its first: every character and pair of neighbours is a gram too."""


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
