"""The best rows of plain terms: MaxScore (Turtle & Flood 1995), term by term.

Terms are added from the one that can say most. As soon as what is left cannot lift a row that has none of the terms
so far among the best, only rows that are still in the running are looked up in the remaining terms.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cpkb.engines.engine import Scored
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.generation import Mask
from cpkb.engines.whoosh.scoring import Impact, Scorer
from cpkb.engines.whoosh.segment import NONE, Ids, Numbers

EQUAL = 1e-9  # scores that differ by less are the same: what then decides is not the score
_own = threading.local()


def _buffers(size: int) -> tuple[Numbers, Ids]:
    """A row of zeros and a list for each thread."""
    if getattr(_own, "size", 0) < size:
        _own.acc, _own.touched, _own.size = np.zeros(size), np.empty(size, dtype=np.int64), size
    return _own.acc, _own.touched


@dataclass(frozen=True, slots=True)
class Best:
    """Rows in no order, their scores, and what a row must score to be among the best."""

    rows: Ids
    scores: Numbers
    least: float


def best(scorer: Scorer, node: Scored, prior: Numbers, where: Mask | None, k: int, *, every: bool) -> Best:
    """The best ``k`` rows that hold enough of the terms, and their equals; ``every`` row that does, if asked for."""
    found = [scorer.impact(kind, term) for kind, term in dict.fromkeys(node.terms)]
    impacts = [impact for impact in found if impact.size]
    if node.least > len(impacts) or not impacts:
        return Best(NONE, np.zeros(0), 0.0)
    if node.least == 1:
        return _any(scorer.generation.size, impacts, prior, where, k, every=every)
    rows, scores = _all(impacts) if node.least == len(found) else _some(scorer.generation.size, impacts, node.least)
    if where is not None:
        kept = where[rows]
        rows, scores = rows[kept], scores[kept]
    scores = scores * prior[rows]
    return Best(rows, scores, least_of(scores, k))


def least_of(scores: Numbers, k: int) -> float:
    """What a row must score to be among the best k."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) - EQUAL if 0 < k < len(scores) else 0.0


def _any(size: int, impacts: Sequence[Impact], prior: Numbers, where: Mask | None, k: int, *, every: bool) -> Best:
    acc, touched = _buffers(size)
    ordered = sorted(impacts, key=_bound, reverse=True)
    left = sum(impact.bound for impact in ordered)
    many = 0
    for at, impact in enumerate(ordered):
        # To know the k-th best costs a look at every touched row: only before a term that is longer than that.
        if not every and many >= k and impact.size > many:
            least = kernels.threshold(acc, touched, many, prior, k) - EQUAL
            if left < least:
                for other in ordered[at:]:
                    kernels.complete(acc, touched, many, other.rows, other.values, least - left)
                    left -= other.bound
                break
        if where is None:
            many = kernels.add(acc, touched, many, impact.rows, impact.values)
        else:
            many = kernels.add_where(acc, touched, many, impact.rows, impact.values, where)
        left -= impact.bound
    least = kernels.threshold(acc, touched, many, prior, k) - EQUAL if 0 < k < many else 0.0
    return Best(*kernels.collect(acc, touched, many, prior, 0.0 if every else least), least)


def _bound(impact: Impact) -> float:
    return impact.bound


def _all(impacts: Sequence[Impact]) -> tuple[Ids, Numbers]:
    first, *others = sorted(impacts, key=lambda impact: impact.size)
    rows, scores = first.rows, first.values
    for impact in others:
        rows, scores = kernels.among(rows, scores, impact.rows, impact.values)
    return rows, scores


def _some(size: int, impacts: Sequence[Impact], least: int) -> tuple[Ids, Numbers]:
    times, scores = np.zeros(size, dtype=np.uint16), np.zeros(size)
    for impact in impacts:
        times[impact.rows] += 1
        scores[impact.rows] += impact.values
    rows = np.flatnonzero(times >= least)
    return rows, scores[rows]
