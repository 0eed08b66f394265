"""The best rows of plain terms: MaxScore (Turtle & Flood 1995), term by term.

Terms are added from the one that can say most. As soon as what is left cannot lift a row that has none of the terms
so far among the best, only rows that are still in the running are looked up in the remaining terms.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cpkb.engines.query import Scored
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.columns import NO_ROWS, Ids
from cpkb.engines.whoosh.generation import Mask
from cpkb.engines.whoosh.loops import EQUAL, IS_COMPILED
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Numbers
from cpkb.engines.whoosh.worth import Impact

_own = threading.local()


def _buffers(size: int) -> tuple[Numbers, Ids]:
    """A row of zeros and a list for each thread."""
    if getattr(_own, "size", 0) < size:
        _own.acc, _own.touched, _own.size = np.zeros(size), np.empty(size + 1, dtype=kernels.ROW), size
    return _own.acc, _own.touched


@dataclass(frozen=True, slots=True)
class Best:
    """Rows in no order, with their scores."""

    rows: Ids
    scores: Numbers
    every: Ids
    """Every row, if asked for."""


def best(scorer: Scorer, node: Scored, prior: Numbers, where: Mask | None, k: int, *, every: bool) -> Best:
    """The best ``k`` rows that hold enough of the terms (all for 0) and their equals; ``every`` row, if asked for."""
    found = [scorer.impact(kind, term) for kind, term in dict.fromkeys(node.terms)]
    impacts = [impact for impact in found if len(impact)]
    if node.least > len(impacts) or not impacts:
        return Best(NO_ROWS, np.zeros(0), NO_ROWS)
    if node.least == 1:
        return _any(scorer.generation.size, impacts, prior, where, k, every=every)
    rows, scores = _all(impacts) if node.least == len(found) else _some(scorer.generation.size, impacts, node.least)
    if where is not None:
        kept = where[rows]
        rows, scores = rows[kept], scores[kept]
    return best_of(rows, scores * prior[rows], k)


def best_of(rows: Ids, scores: Numbers, k: int) -> Best:
    """The best ``k`` of some rows, and their equals."""
    if not 0 < k < len(scores):
        return Best(rows, scores, rows)
    kept = scores >= np.partition(scores, len(scores) - k)[len(scores) - k] - EQUAL
    return Best(rows[kept], scores[kept], rows)


def _any(size: int, impacts: Sequence[Impact], prior: Numbers, where: Mask | None, k: int, *, every: bool) -> Best:
    acc, touched = _buffers(size)
    ordered = sorted(impacts, key=_bound, reverse=True)
    left = sum(impact.bound for impact in ordered)
    is_pruned = k > 0 and (IS_COMPILED or not every)  # with numpy adding is quicker than marking
    many, added = 0, 0.0
    for at, impact in enumerate(ordered):
        # To know the k-th best costs a look at every touched row: only before a term that is longer than that.
        if is_pruned and left < added and k <= many < len(impact):
            least = kernels.threshold(acc, touched, many, prior, k) - EQUAL
            if left < least:
                _complete(acc, touched, many, ordered[at:], least - left)
                break
        if where is None:
            many = kernels.add(acc, touched, many, impact.rows, impact.values)
        else:
            many = kernels.add_where(acc, touched, many, impact.rows, impact.values, where)
        left -= impact.bound
        added += impact.bound
    found = kernels.collect(acc, touched, many, prior, k)
    if not every:
        return Best(*found, NO_ROWS)
    return Best(*found, _every(size, impacts, where) if is_pruned else touched[:many].copy())


def _complete(acc: Numbers, touched: Ids, many: int, impacts: Sequence[Impact], least: float) -> None:
    """Add the terms that are left to rows that are still in the running; what each can say raises the rest's bar."""
    for impact in impacts:
        if impact.kept is None:
            rows, places = kernels.running(acc, touched, many, impact.rows, least)
            acc[rows] += impact.at(places)
        else:
            kernels.complete(acc, touched, many, impact.rows, impact.kept, least)
        least += impact.bound


def _every(size: int, impacts: Sequence[Impact], where: Mask | None) -> Ids:
    """The rows that hold any of the terms."""
    seen = np.zeros(size, dtype=bool)
    rows = kernels.union(seen, [impact.rows for impact in impacts])
    return rows if where is None else rows[where[rows]]


def _bound(impact: Impact) -> float:
    return impact.bound


def _all(impacts: Sequence[Impact]) -> tuple[Ids, Numbers]:
    first, *others = sorted(impacts, key=len)
    rows, scores = first.rows, first.values
    for impact in others:
        if impact.kept is None:
            places, at = kernels.meeting(rows, impact.rows)
            rows, scores = rows[places], scores[places] + impact.at(at)
        else:
            rows, scores = kernels.among(rows, scores, impact.rows, impact.kept)
    return rows, scores


def _some(size: int, impacts: Sequence[Impact], least: int) -> tuple[Ids, Numbers]:
    times, scores = np.zeros(size, dtype=np.uint16), np.zeros(size)
    for impact in impacts:
        times[impact.rows] += 1
        scores[impact.rows] += impact.values
    rows = np.flatnonzero(times >= least)
    return rows, scores[rows]
