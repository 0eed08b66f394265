"""BM25F over zones, exhaustively: every posting of every asked term.

For a term t in a passage d, with zones z of weight w_z and length normalisation b_z:

    tf~ = Σ_z w_z · tf_z / (1 - b_z + b_z · len_z / avglen_z)
    score = idf(t) · tf~ · (k1 + 1) / (k1 + tf~),   idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5))

(Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6; idf in its never-negative form.)
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cpkb.engines.engine import Span
from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.vectors import Rows, VectorFile, VectorTable
from cpkb.engines.whoosh.schema import FIELDS, SCORED
from cpkb.engines.whoosh.segment import Ids, Numbers, Segment

NEAREST = 200  # passages that count by their meaning; each costs as much as a match by words, and nobody reads more
ENOUGH = 0.95  # of the rows must have a vector before meaning counts; a few new clauses do not stop it
NO_VECTOR = -1.0  # below every cosine of two texts of one language
KEPT_SIMILARITIES = 8  # questions: a page asks for one several times (matching, tail, facets)
SHORTEST_NAME = 5  # characters: 环境保护法; shorter titles (水法) stand inside other words
CACHED_POSTINGS = 6_000_000  # about 100 MB of ids and impacts; the terms of a few thousand questions


ENTRY_COST = 64  # postings' worth of memory that a kept term takes beside them, so that unknown terms are dropped too


@dataclass(frozen=True, slots=True)
class Impact:
    """A term's idf, and for each segment the rows that hold it with their scores."""

    idf: float
    by_segment: tuple[tuple[Ids, Numbers], ...]

    @property
    def size(self) -> int:
        """Postings held."""
        return sum(len(ids) for ids, _ in self.by_segment)


class Scorer:
    """Scores terms over the segments of one generation of the index; results are kept while they fit."""

    def __init__(self, segments: Sequence[Segment], ranking: Ranking, vectors: VectorFile) -> None:
        self.segments = segments
        self.ranking = ranking
        self.passages = int(sum(s.live.sum() for s in segments))
        self._averages = {name: self._average(name) for name in SCORED}
        self._kept: OrderedDict[tuple[str, str], Impact] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._vectors = vectors
        self._places: tuple[Rows, ...] = ()
        self._held = 0
        self._table: VectorTable | None = None
        self._similar = lru_cache(KEPT_SIMILARITIES)(self._similarities)
        self._near = lru_cache(KEPT_SIMILARITIES)(self._nearness)
        self.named = lru_cache(KEPT_SIMILARITIES)(self._named)
        """The title that a question is or names: of several, in whatever segment, the longest; '' for none."""

    def _average(self, name: str) -> float:
        total = sum(float(s.lengths[name][s.live].sum()) for s in self.segments)
        return max(total / max(self.passages, 1), 1.0)

    def impact(self, kind: str, term: str) -> Impact:
        """The scores of a term; ``kind`` is words, grams or codes."""
        key = (kind, term)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._codes(term) if kind == "codes" else self._bm25f(kind, term)
        return self._keep(key, made)

    def _keep(self, key: tuple[str, str], made: Impact) -> Impact:
        with self._lock:
            self._kept[key] = made
            self._size += made.size + ENTRY_COST
            while self._size > CACHED_POSTINGS and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size + ENTRY_COST
        return made

    def rows(self, at: int, kind: str, zone: int, term: str) -> Ids:
        """Rows of a segment that hold the term in one zone."""
        key = (f"{at}.{kind}.{zone}", term)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            held = self.segments[at].postings(kind, term)
            counts = held.counts[zone]
            rows = held.rows[:0] if counts is None else held.rows[counts > 0]
            kept = self._keep(key, Impact(0.0, ((rows, rows.astype(np.float64)),)))
        return kept.by_segment[0][0]

    def _bm25f(self, kind: str, term: str) -> Impact:
        frequencies = [self._normalised(segment, kind, term) for segment in self.segments]
        idf = self._idf(sum(len(ids) for ids, _ in frequencies))
        k1 = self.ranking.k1
        return Impact(idf, tuple((ids, idf * tf * (k1 + 1) / (k1 + tf)) for ids, tf in frequencies))

    def _normalised(self, segment: Segment, kind: str, term: str) -> tuple[Ids, Numbers]:
        """tf~ of the formula above, for the rows of a segment that hold the term in any zone."""
        held = segment.postings(kind, term)
        summed = np.zeros(len(held.rows))
        for zone, name, counts in zip(ZONES, FIELDS[kind], held.counts, strict=True):
            declared = self.ranking.zones[zone]
            if counts is not None:
                length = segment.lengths[name][held.rows] / self._averages[name]
                summed += declared.weight * counts / (1 - declared.b + declared.b * length)
        return held.rows, summed

    def _codes(self, term: str) -> Impact:
        """A code scores once for being there, and twice (more than a citation) for being the record's own number."""
        found = []
        for segment in self.segments:
            held = segment.postings("codes", term)
            times = np.zeros(len(held.rows))
            for counts, worth in zip(held.counts, (1.0, 2.0), strict=True):
                times += 0.0 if counts is None else worth * (counts > 0)
            found.append((held.rows, times))
        idf = self._idf(sum(len(ids) for ids, _ in found))
        return Impact(idf, tuple((ids, idf * times) for ids, times in found))

    def quantity(self, asked: Span) -> Impact:
        """A value scores like a rare word where it is told: its idf, once, whatever the writing."""
        found = [self._telling(segment, asked) for segment in self.segments]
        idf = self._idf(sum(len(rows) for rows in found))
        return Impact(idf, tuple((rows, np.full(len(rows), idf)) for rows in found))

    def _telling(self, segment: Segment, asked: Span) -> Ids:
        """Rows that tell a value of the dimension whose interval touches the one asked (`quantities.meets`)."""
        if asked.dimension not in segment.quantities:
            return np.zeros(0, dtype=np.int64)
        rows, low, high = segment.quantities[asked.dimension]
        told = np.unique(rows[(low <= asked.high) & (high >= asked.low)])
        return np.asarray(told[segment.live[told]], dtype=np.int64)

    def nearness(self, meaning: bytes) -> tuple[Numbers, ...] | None:
        """For each segment how near every row is to a question's vector: 1 the nearest, 0 all that are far.

        None while too many rows wait for their vectors: those that have one already would crowd out the others.
        """
        return self._near(self._current_table(), meaning) if meaning and self.has_enough() else None

    def with_vector(self) -> int:
        """Live rows that have a vector."""
        self._current_table()
        return self._held

    def has_enough(self) -> bool:
        """Whether enough rows have a vector for meaning to count."""
        return self.with_vector() >= ENOUGH * max(self.passages, 1)

    def rarity(self, gram: str) -> float:
        """The information of a gram as a share of that of one which a single passage holds."""
        return self.impact("grams", gram).idf / self._idf(1)

    def nearest(self, meaning: bytes) -> float | None:
        """The cosine of the nearest live row with a question's vector; None where there is no vector to compare."""
        if not meaning or not self.has_enough():
            return None
        top = self._top(self._similar(self._current_table(), meaning))
        return top if top > NO_VECTOR else None

    def _top(self, found: Sequence[Numbers]) -> float:
        live = (near[segment.live] for near, segment in zip(found, self.segments, strict=True))
        return max((float(near.max(initial=NO_VECTOR)) for near in live), default=NO_VECTOR)

    def _current_table(self) -> VectorTable:
        """What the vector file holds now; the rows of every segment are found in it once."""
        with self._lock:
            table = self._vectors.table()
            if table is not self._table:
                self._places = tuple(table.rows(segment.meanings) for segment in self.segments)
                self._held = sum(
                    int((s.live & (at >= 0)).sum()) for s, at in zip(self.segments, self._places, strict=True)
                )
                self._table = table
            return table

    def _similarities(self, table: VectorTable, meaning: bytes) -> tuple[Numbers, ...]:
        """For each segment the cosine of every row with a question's vector; NO_VECTOR where a row has none yet."""
        found = np.append(table.similarities(np.frombuffer(meaning, dtype=np.float32)), NO_VECTOR).astype(np.float64)
        return tuple(found[places] for places in self._places)

    def _nearness(self, table: VectorTable, meaning: bytes) -> tuple[Numbers, ...]:
        found = self._similar(table, meaning)
        top = self._top(found)
        span = self.ranking.meaning.span
        least = max(top - span, self._least_near(found), 0.0)
        return tuple(np.where(near >= least, np.clip((near - (top - span)) / span, 0.0, 1.0), 0.0) for near in found)

    def _least_near(self, found: Sequence[Numbers]) -> float:
        """The cosine of the last of the nearest: what lies beyond them is no result for its meaning."""
        live = np.concatenate([near[segment.live] for near, segment in zip(found, self.segments, strict=True)])
        return float(np.partition(live, -NEAREST)[-NEAREST]) if len(live) > NEAREST else NO_VECTOR

    def _named(self, whole: str) -> str:
        titles = (title for segment in self.segments for title in segment.titles)
        named = (title for title in titles if title == whole or (len(title) >= SHORTEST_NAME and title in whole))
        return max(named, key=lambda title: (len(title), title), default="")

    def _idf(self, holding: int) -> float:
        return math.log(1 + (self.passages - holding + 0.5) / (holding + 0.5))
