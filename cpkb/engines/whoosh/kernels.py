"""The innermost work: `loops` where they are compiled, numpy elsewhere; equal but for the order of additions."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from cpkb.engines.whoosh import loops
from cpkb.engines.whoosh.columns import Ids
from cpkb.engines.whoosh.loops import EQUAL, IS_COMPILED, STEPS, Mask, Values

_own = threading.local()
ROW: Any = np.int32 if IS_COMPILED else np.int64
"""Of lists of rows: half the memory to go through, but numpy looks up by 64 bits faster."""


def union(seen: Mask, lists: Sequence[Any]) -> Ids:
    """The rows of some lists, each once; ``seen`` is a row of falses."""
    if not IS_COMPILED:
        for rows in lists:
            seen[rows] = True
        return np.flatnonzero(seen)
    found: Ids = np.empty(min(len(seen), sum(map(len, lists))) + 1, dtype=ROW)
    many = 0
    for rows in lists:
        many = loops.mark(seen, found, many, rows)
    return found[:many]


def _occur(times: Values, rows: Any, counts: Any, once: Values) -> None:
    times += counts * once[rows]


def _saturate(times: Values, idf: float, k1: float) -> None:
    times[:] = idf * (times * (k1 + 1) / (k1 + times))


def _add(acc: Values, touched: Ids, many: int, rows: Ids, values: Values) -> int:
    before = acc[rows]
    new = rows if not many else rows[before == 0.0]
    touched[many : many + len(new)] = new
    acc[rows] = before + values
    return many + len(new)


def _add_where(acc: Values, touched: Ids, many: int, rows: Ids, values: Values, where: Mask) -> int:
    kept = where[rows]
    return _add(acc, touched, many, rows[kept], values[kept])


def _threshold(acc: Values, touched: Ids, many: int, prior: Values, k: int) -> float:
    if many < k:
        return 0.0
    scores = acc[touched[:many]] * prior[touched[:many]]
    return float(np.partition(scores, many - k)[many - k])


def _complete(acc: Values, touched: Ids, many: int, rows: Ids, values: Values, least: float) -> None:
    alive = touched[:many][acc[touched[:many]] >= least]
    at = np.minimum(np.searchsorted(rows, alive.astype(rows.dtype)), len(rows) - 1)
    held = rows[at] == alive
    acc[alive[held]] += values[at[held]]


def _running(acc: Values, touched: Ids, many: int, rows: Any, least: float) -> tuple[Ids, Ids]:
    alive = touched[:many][acc[touched[:many]] >= least]
    at = np.minimum(np.searchsorted(rows, alive.astype(rows.dtype)), len(rows) - 1)
    held = rows[at] == alive
    return alive[held], at[held]


def _collect(acc: Values, touched: Ids, many: int, prior: Values, k: int) -> tuple[Ids, Values]:
    rows = touched[:many]
    scores = acc[rows] * prior[rows]
    acc[rows] = 0.0
    if not 0 < k < many:
        return rows.copy(), scores
    kept = np.flatnonzero(scores >= np.partition(scores, many - k)[many - k] - EQUAL)
    return rows[kept], scores[kept]


def _among(rows: Any, scores: Values, others: Any, values: Values) -> tuple[Ids, Values]:
    places, at = _meeting(rows, others)
    return rows[places], scores[places] + values[at]


def _meeting(rows: Any, others: Any) -> tuple[Ids, Ids]:
    if len(others) < len(rows) * STEPS and len(rows):
        # A sparse set (Briggs & Torczon 1993): what stands in it from before is seen to be no place of these rows.
        place_of = _places(int(max(rows[-1], others[-1])) + 1)
        place_of[rows] = np.arange(len(rows))
        places = np.minimum(place_of[others], len(rows) - 1)
        at = np.flatnonzero(rows[places] == others)
        return places[at], at
    at = np.minimum(np.searchsorted(others, rows.astype(others.dtype)), len(others) - 1)
    places = np.flatnonzero(others[at] == rows)
    return places, at[places]


def places_of(rows: Any, others: Any) -> Ids:
    """Where rows stand among others; all of them do."""
    if IS_COMPILED:
        at: Ids = meeting(rows, others)[1]
        return at
    return np.asarray(others.searchsorted(rows.astype(others.dtype)))


def _places(size: int) -> Ids:
    if getattr(_own, "size", 0) < size:
        _own.places, _own.size = np.zeros(size, dtype=np.int64), size
    places: Ids = _own.places
    return places


def _tally(rows: Ids, record_of: Ids, starts: Ids, values: Ids, counts: Ids) -> None:
    records = record_of[rows]
    sizes = starts[records + 1] - starts[records]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    counts += np.bincount(values[np.repeat(starts[records], sizes) + within], minlength=len(counts))


def _tally_one(rows: Ids, of_rows: Ids, counts: Ids) -> None:
    counts += np.bincount(of_rows[rows], minlength=len(counts))


occur = loops.occur if IS_COMPILED else _occur
saturate = loops.saturate if IS_COMPILED else _saturate
add = loops.add if IS_COMPILED else _add
add_where = loops.add_where if IS_COMPILED else _add_where
threshold = loops.threshold if IS_COMPILED else _threshold
complete = loops.complete if IS_COMPILED else _complete
running = loops.running if IS_COMPILED else _running
collect = loops.collect if IS_COMPILED else _collect
meeting = loops.meeting if IS_COMPILED else _meeting
among = loops.among if IS_COMPILED else _among
tally = loops.tally if IS_COMPILED else _tally
tally_one = loops.tally_one if IS_COMPILED else _tally_one
