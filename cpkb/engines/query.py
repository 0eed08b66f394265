"""What an engine is asked: a tree of what must match, filters, and which page of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from cpkb.engines.passage import Span

MAX_DEPTH = 1000  # offset + limit: deeper pages help nobody and cost every engine memory


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term searched beside a word of the question, at the weight of a synonym."""

    shown: str
    words: tuple[str, ...]
    grams: tuple[str, ...]
    stands_for: tuple[str, ...]
    """The question's grams that a passage holding this term need not hold."""


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
    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What is searched at all: unlike with ``filters``, what lies outside is no measure for what scores too little."""
