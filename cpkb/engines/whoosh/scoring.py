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

import numpy as np

from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.whoosh.schema import SCORED
from cpkb.engines.whoosh.segment import Ids, Numbers, Segment

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

    def __init__(self, segments: Sequence[Segment], ranking: Ranking) -> None:
        self.segments = segments
        self.ranking = ranking
        self.passages = int(sum(s.live.sum() for s in segments))
        self._averages = {name: self._average(name) for name in SCORED}
        self._kept: OrderedDict[tuple[str, str], Impact] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

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

    def rows(self, at: int, field: str, term: str) -> Ids:
        """Rows of a segment that hold the term in one field."""
        key = (f"{at}.{field}", term)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            ids, counts = self.segments[at].postings(field, term)
            kept = self._keep(key, Impact(0.0, ((ids, counts),)))
        return kept.by_segment[0][0]

    def _bm25f(self, kind: str, term: str) -> Impact:
        frequencies = [self._normalised(segment, kind, term) for segment in self.segments]
        idf = self._idf(sum(len(ids) for ids, _ in frequencies))
        k1 = self.ranking.k1
        return Impact(idf, tuple((ids, idf * tf * (k1 + 1) / (k1 + tf)) for ids, tf in frequencies))

    def _normalised(self, segment: Segment, kind: str, term: str) -> tuple[Ids, Numbers]:
        """tf~ of the formula above, for the rows of a segment that hold the term in any zone."""
        found = []
        for zone in ZONES:
            declared, name = self.ranking.zones[zone], f"{zone}_{kind}"
            ids, counts = segment.postings(name, term)
            if len(ids):
                length = segment.lengths[name][ids] / self._averages[name]
                found.append((ids, declared.weight * counts / (1 - declared.b + declared.b * length)))
        return add_up(found)

    def _codes(self, term: str) -> Impact:
        """A code scores once for being there, and twice (more than a citation) for being the record's own number."""
        found = []
        for segment in self.segments:
            held = [(segment.postings(name, term)[0], times) for name, times in (("codes", 1.0), ("own_codes", 2.0))]
            found.append(add_up([(ids, np.full(len(ids), times)) for ids, times in held if len(ids)]))
        idf = self._idf(sum(len(ids) for ids, _ in found))
        return Impact(idf, tuple((ids, idf * times) for ids, times in found))

    def _idf(self, holding: int) -> float:
        return math.log(1 + (self.passages - holding + 0.5) / (holding + 0.5))


def add_up(found: Sequence[tuple[Ids, Numbers]]) -> tuple[Ids, Numbers]:
    """One ascending row list from several, values of the same row added."""
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    if len(found) == 1:
        return found[0]
    ids, back = np.unique(np.concatenate([ids for ids, _ in found]), return_inverse=True)
    summed = np.bincount(back, weights=np.concatenate([values for _, values in found]), minlength=len(ids))
    return ids, np.asarray(summed, dtype=np.float64)
