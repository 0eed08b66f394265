"""What a term is worth: BM25F over zones.

For a term t in a passage d, with zones z of weight w_z and length normalisation b_z:

    tf~ = Σ_z w_z · tf_z / (1 - b_z + b_z · len_z / avglen_z)
    score = idf(t) · tf~ · (k1 + 1) / (k1 + tf~),   idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5))

(Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6; idf in its never-negative form.)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.columns import Ids
from cpkb.engines.whoosh.generation import Generation
from cpkb.engines.whoosh.loops import IS_COMPILED
from cpkb.engines.whoosh.schema import FIELDS, SCORED
from cpkb.engines.whoosh.segment import Numbers, Postings

OCCURRENCE = {"codes": 1.0, "own_codes": 2.0}  # being the record's own number is more than a citation; each counts once
LONG = 1 << 15  # postings: the values of longer terms are made where they are asked for; kept, they push out all others
ALL = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """What a term is worth: its idf, the rows that hold it, ascending, and what it scores in each."""

    idf: float
    rows: Ids
    kept: Numbers | None
    """The values, where they are kept."""
    make: Callable[[Ids | slice], Numbers] | None = None
    """The values at some places of ``rows``, where they are not."""
    bound: float = math.inf
    """The most that it scores anywhere."""
    size: int = 0
    """Postings' worth of memory."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def values(self) -> Numbers:
        """What it scores in each row."""
        return self.at(ALL)

    def at(self, places: Ids | slice) -> Numbers:
        """What it scores at some places of its rows."""
        if self.kept is not None:
            return self.kept[places]
        return self.make(places) if self.make else np.zeros(0)


def scoring(idf: float, rows: Ids, values: Numbers) -> Impact:
    """Values as they are."""
    return Impact(idf, rows, values, None, float(values.max(initial=0.0)), len(rows))


class Worth:
    """Terms by what they are worth in the rows of a generation."""

    def __init__(self, generation: Generation, ranking: Ranking) -> None:
        self._generation = generation
        self._ranking = ranking
        self.passages = int(generation.live.sum())
        self._once = {field: self._of_one(field) for field in SCORED}

    def _of_one(self, field: str) -> Numbers:
        """What one occurrence in a field adds to tf~, in each row."""
        declared = next(self._ranking.zones[zone] for zone in ZONES if field.startswith(zone))
        lengths = self._generation.lengths(field)
        average = max(float(lengths[self._generation.live].sum()) / max(self.passages, 1), 1.0)
        return np.asarray(declared.weight / (1 - declared.b + declared.b * (lengths / average)))

    def idf(self, holding: int) -> float:
        """The information of what so many rows hold."""
        return math.log(1 + (self.passages - holding + 0.5) / (holding + 0.5))

    def impact(self, kind: str, term: str) -> Impact:
        """The scores of a term of a kind: words, grams or codes."""
        held = self._generation.postings(kind, term)
        idf = self.idf(len(held.rows))
        if kind == "codes":
            return scoring(idf, held.rows, idf * self._told(held))
        values = self._values(kind, held, idf, ALL)
        bound = float(values.max(initial=0.0))
        if len(values) > LONG:
            room = len(values) // 2 if held.rows.flags.owndata else 0  # what is mapped takes none
            return Impact(idf, held.rows, None, partial(self._values, kind, held, idf), bound, room)
        rows = held.rows if IS_COMPILED else held.rows.astype(np.int64)
        return Impact(idf, rows, values, None, bound, len(values))

    def _told(self, held: Postings) -> Numbers:
        times = np.zeros(len(held.rows))
        for field, counts in zip(FIELDS["codes"], held.counts, strict=True):
            if counts is not None:
                times += OCCURRENCE[field] * (counts > 0)
        return times

    def _values(self, kind: str, held: Postings, idf: float, places: Ids | slice) -> Numbers:
        rows = held.rows[places]
        times = np.zeros(len(rows))
        for field, counts in zip(FIELDS[kind], held.counts, strict=True):
            if counts is not None:
                kernels.occur(times, rows, counts[places], self._once[field])
        kernels.saturate(times, idf, self._ranking.k1)
        return times
