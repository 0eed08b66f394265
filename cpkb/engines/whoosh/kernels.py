"""The innermost loops: numpy where nothing else is there, compiled by numba (extra ``[speed]``) where it is.

Both give the same numbers to the last bit but for the order of additions. ``acc`` is a dense row of zeros that is zero
again afterwards; ``touched`` tells where it is not.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])


def _compiler() -> Callable[[Function], Function] | None:
    if os.environ.get("CPKB_NUMBA") == "0":  # for measuring what numba gives
        return None
    try:
        import numba
    except ImportError:
        return None
    compiled: Callable[[Function], Function] = numba.njit(cache=True, nogil=True)
    return compiled


_compiled = _compiler()
IS_COMPILED = _compiled is not None


def _add(acc: Values, touched: Rows, many: int, rows: Rows, values: Values) -> int:
    for at in range(len(rows)):
        row = rows[at]
        if acc[row] == 0.0:
            touched[many] = row
            many += 1
        acc[row] += values[at]
    return many


def _add_where(acc: Values, touched: Rows, many: int, rows: Rows, values: Values, where: Mask) -> int:
    for at in range(len(rows)):
        row = rows[at]
        if where[row]:
            if acc[row] == 0.0:
                touched[many] = row
                many += 1
            acc[row] += values[at]
    return many


def _threshold(acc: Values, touched: Rows, many: int, prior: Values, k: int) -> float:
    best = np.zeros(k)
    for at in range(many):
        score = acc[touched[at]] * prior[touched[at]]
        if score > best[k - 1]:
            place = k - 1
            while place > 0 and best[place - 1] < score:
                best[place] = best[place - 1]
                place -= 1
            best[place] = score
    return float(best[k - 1])


def _complete(acc: Values, touched: Rows, many: int, rows: Rows, values: Values, least: float) -> None:
    # Rows that cannot reach the best any more are left as they are: too low already.
    end = len(rows)
    if many * 8 > end:  # to look up so many takes longer than to pass over all postings
        for at in range(end):
            held = acc[rows[at]]
            if held > 0.0 and held >= least:
                acc[rows[at]] = held + values[at]
        return
    for at in range(many):
        row = touched[at]
        if acc[row] >= least:
            low, high = 0, end
            while low < high:
                middle = (low + high) >> 1
                if rows[middle] < row:
                    low = middle + 1
                else:
                    high = middle
            if low < end and rows[low] == row:
                acc[row] += values[low]


def _collect(acc: Values, touched: Rows, many: int, prior: Values, least: float) -> tuple[Rows, Values]:
    rows, scores, found = np.empty(many, dtype=np.int64), np.empty(many), 0
    for at in range(many):
        row = touched[at]
        score = acc[row] * prior[row]
        acc[row] = 0.0
        if score >= least:
            rows[found], scores[found] = row, score
            found += 1
    return rows[:found], scores[:found]


def _reached(rows: Any, low: int, end: int, row: int) -> int:
    """The first place from ``low`` on where rows have come to a row; in steps that double, then by halves."""
    step = 1
    while low + step < end and rows[low + step] < row:
        low, step = low + step, step * 2
    high = min(low + step, end)
    while low < high:
        middle = (low + high) >> 1
        if rows[middle] < row:
            low = middle + 1
        else:
            high = middle
    return low


def _among(rows: Rows, scores: Values, others: Rows, values: Values) -> tuple[Rows, Values]:
    kept, summed, found, low, end = np.empty(len(rows), dtype=np.int64), np.empty(len(rows)), 0, 0, len(others)
    for at in range(len(rows)):
        row = rows[at]
        low = _reached(others, low, end, row)
        if low == end:
            break
        if others[low] == row:
            kept[found], summed[found] = row, scores[at] + values[low]
            found += 1
    return kept[:found], summed[:found]


def _tally(rows: Rows, record_of: Rows, starts: Rows, values: Rows, counts: Rows) -> None:
    for at in range(len(rows)):
        record = record_of[rows[at]]
        for place in range(starts[record], starts[record + 1]):
            counts[values[place]] += 1


def _tally_one(rows: Rows, of_rows: Rows, counts: Rows) -> None:
    for at in range(len(rows)):
        counts[of_rows[rows[at]]] += 1


def _in_a_row(
    rows: Any, counts: Any, positions: Any, zone: int, starts: Rows, ends: Rows, places: Rows, offsets: Rows
) -> Rows:
    # Terms from the rarest; ``at`` is the posting each has come to, ``base`` where its positions begin.
    at, base, kept = starts.copy(), places.copy(), 0
    first, second, third = counts
    found = np.empty(ends[0] - starts[0], dtype=np.int64)
    based = starts.copy()  # up to which posting ``base`` is summed: only where a row holds all terms
    while at[0] < ends[0]:
        row, is_held = rows[at[0]], True
        for term in range(1, len(starts)):
            at[term] = _reached(rows, at[term], ends[term], row)
            if at[term] == ends[term]:
                return found[:kept]
            if rows[at[term]] != row:
                is_held = False
                break
        if is_held:
            for term in range(len(starts)):
                base[term] += _summed(first, based[term], at[term])
                base[term] += _summed(second, based[term], at[term]) + _summed(third, based[term], at[term])
                based[term] = at[term]
            if _stand_in_a_row(counts, positions, zone, at, base, offsets):
                found[kept] = row
                kept += 1
        at[0] += 1
    return found[:kept]


def _summed(counts: Any, begun: int, end: int) -> int:
    many = 0
    if len(counts):
        for posting in range(begun, end):
            many += counts[posting]
    return many


def _counted(counts: Any, zones: int, posting: int) -> int:
    """How often the first zones hold a posting's term."""
    first, second, third = counts
    many = 0
    if zones > 0 and len(first):
        many += first[posting]
    if zones > 1 and len(second):
        many += second[posting]
    if zones > 2 and len(third):
        many += third[posting]
    return many


def _stand_in_a_row(counts: Any, positions: Any, zone: int, at: Rows, base: Rows, offsets: Rows) -> bool:
    begun = base[0] + _counted(counts, zone, at[0])
    for place in range(begun, base[0] + _counted(counts, zone + 1, at[0])):
        many = 1
        for term in range(1, len(at)):
            wanted = positions[place] - offsets[0] + offsets[term]
            for other in range(
                base[term] + _counted(counts, zone, at[term]), base[term] + _counted(counts, zone + 1, at[term])
            ):
                if positions[other] == wanted:
                    many += 1
                    break
        if many == len(at):
            return True
    return False


# The same with numpy.


def _add_numpy(acc: Values, touched: Rows, many: int, rows: Rows, values: Values) -> int:
    before = acc[rows]
    new = rows if not many else rows[before == 0.0]
    touched[many : many + len(new)] = new
    acc[rows] = before + values
    return many + len(new)


def _add_where_numpy(acc: Values, touched: Rows, many: int, rows: Rows, values: Values, where: Mask) -> int:
    kept = where[rows]
    return _add_numpy(acc, touched, many, rows[kept], values[kept])


def _threshold_numpy(acc: Values, touched: Rows, many: int, prior: Values, k: int) -> float:
    if many < k:
        return 0.0
    scores = acc[touched[:many]] * prior[touched[:many]]
    return float(np.partition(scores, many - k)[many - k])


def _complete_numpy(acc: Values, touched: Rows, many: int, rows: Rows, values: Values, least: float) -> None:
    alive = touched[:many][acc[touched[:many]] >= least]
    at = np.minimum(np.searchsorted(rows, alive), len(rows) - 1)
    held = rows[at] == alive
    acc[alive[held]] += values[at[held]]


def _collect_numpy(acc: Values, touched: Rows, many: int, prior: Values, least: float) -> tuple[Rows, Values]:
    rows = touched[:many].copy()
    scores = acc[rows] * prior[rows]
    acc[rows] = 0.0
    kept = scores >= least
    return rows[kept], scores[kept]


def _among_numpy(rows: Rows, scores: Values, others: Rows, values: Values) -> tuple[Rows, Values]:
    at = np.minimum(np.searchsorted(others, rows), len(others) - 1)
    held = others[at] == rows
    return rows[held], scores[held] + values[at[held]]


def _tally_numpy(rows: Rows, record_of: Rows, starts: Rows, values: Rows, counts: Rows) -> None:
    records = record_of[rows]
    sizes = starts[records + 1] - starts[records]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    counts += np.bincount(values[np.repeat(starts[records], sizes) + within], minlength=len(counts))


def _tally_one_numpy(rows: Rows, of_rows: Rows, counts: Rows) -> None:
    counts += np.bincount(of_rows[rows], minlength=len(counts))


if _compiled:
    _reached = _compiled(_reached)
    _summed, _counted = _compiled(_summed), _compiled(_counted)
    _stand_in_a_row = _compiled(_stand_in_a_row)
    in_a_row = _compiled(_in_a_row)
    """Rows that hold terms at offsets from one another in a zone; `Segment` has the form in numpy."""
add = _compiled(_add) if _compiled else _add_numpy
"""Add a term's values; gives how many rows are touched now."""
add_where = _compiled(_add_where) if _compiled else _add_where_numpy
"""The same, in some rows only."""
threshold = _compiled(_threshold) if _compiled else _threshold_numpy
"""The k-th best so far; 0 where there are fewer."""
complete = _compiled(_complete) if _compiled else _complete_numpy
"""Add a term's values to touched rows of at least a score."""
collect = _compiled(_collect) if _compiled else _collect_numpy
"""The touched rows of at least a score; acc is zero again."""
among = _compiled(_among) if _compiled else _among_numpy
"""Rows that are among others (both ascending), with what they score together."""
tally = _compiled(_tally) if _compiled else _tally_numpy
"""Count the values of the records of rows."""
tally_one = _compiled(_tally_one) if _compiled else _tally_one_numpy
"""The same where a row has one value."""
