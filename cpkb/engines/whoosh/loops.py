"""The innermost loops, compiled by numba where it is (extra ``[speed]``); `kernels` has the same with numpy.

``acc`` is a dense row of zeros that is zero again afterwards; ``touched`` tells where it is not, and has room for one
row more, as ``found`` has. Lists of rows ascend.
What is compiled is kept beside this file until this file changes: numbers of other modules come as arguments.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.whoosh.columns import Ids

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])
EQUAL = 1e-9  # scores that differ by less are the same: what then decides is not the score
STEPS = 8  # times as long: to go through a list is quicker than to jump in it


def _compiler() -> Callable[[Function], Function] | None:
    if os.environ.get("CPKB_NUMBA") == "0":  # for measuring what numba gives
        return None
    try:
        import numba
    except ImportError:
        return None
    compiled: Callable[[Function], Function] = numba.njit(cache=True, nogil=True)
    return compiled


_numba = _compiler()
IS_COMPILED = _numba is not None


def compiled(function: Function) -> Function:
    """The function, compiled if that can be."""
    return _numba(function) if _numba else function


@compiled
def occur(times: Values, rows: Any, counts: Any, once: Values) -> None:
    """Add what a zone's counts are worth."""
    for at in range(len(rows)):
        times[at] += counts[at] * once[rows[at]]


@compiled
def saturate(times: Values, idf: float, k1: float) -> None:
    """Occurrences become scores."""
    for at in range(len(times)):
        times[at] = idf * (times[at] * (k1 + 1) / (k1 + times[at]))


@compiled
def add(acc: Values, touched: Ids, many: int, rows: Ids, values: Values) -> int:
    """Add a term's values; gives how many rows are touched now."""
    for at in range(len(rows)):
        row = rows[at]
        touched[many] = row  # without a branch, which would be guessed wrong every other time
        many += acc[row] == 0.0
        acc[row] += values[at]
    return many


@compiled
def add_where(acc: Values, touched: Ids, many: int, rows: Ids, values: Values, where: Mask) -> int:
    """The same, in some rows only."""
    for at in range(len(rows)):
        row = rows[at]
        if where[row]:
            touched[many] = row
            many += acc[row] == 0.0
            acc[row] += values[at]
    return many


@compiled
def mark(seen: Mask, found: Ids, many: int, rows: Any) -> int:
    """Rows not seen yet, added to those found; gives how many these are now."""
    for at in range(len(rows)):
        row = rows[at]
        found[many] = row
        many += not seen[row]
        seen[row] = True
    return many


@compiled
def threshold(acc: Values, touched: Ids, many: int, prior: Values, k: int) -> float:
    """The k-th best so far; 0 where there are fewer."""
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


@compiled
def collect(acc: Values, touched: Ids, many: int, prior: Values, k: int) -> tuple[Ids, Values]:
    """The k best of the touched rows and their equals (all for 0); acc is zero again."""
    least = threshold(acc, touched, many, prior, k) - EQUAL if 0 < k < many else 0.0
    rows, scores, found = np.empty(many, dtype=np.int64), np.empty(many), 0
    for at in range(many):
        row = touched[at]
        score = acc[row] * prior[row]
        acc[row] = 0.0
        if score >= least:
            rows[found], scores[found] = row, score
            found += 1
    return rows[:found], scores[:found]


@compiled
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


@compiled
def complete(acc: Values, touched: Ids, many: int, rows: Ids, values: Values, least: float) -> None:
    """Add a term's values to touched rows of at least a score."""
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


@compiled
def running(acc: Values, touched: Ids, many: int, rows: Any, least: float) -> tuple[Ids, Ids]:
    """Touched rows of at least a score that are among others, and their places in those."""
    end, found = len(rows), 0
    if many * 8 > end:  # to look up so many takes longer than to pass over all postings
        alive, places = np.empty(min(many, end), dtype=np.int64), np.empty(min(many, end), dtype=np.int64)
        for at in range(end):
            held = acc[rows[at]]
            if held > 0.0 and held >= least:
                alive[found], places[found] = rows[at], at
                found += 1
        return alive[:found], places[:found]
    alive, places = np.empty(many, dtype=np.int64), np.empty(many, dtype=np.int64)
    for at in range(many):
        row = touched[at]
        if acc[row] >= least:
            low = _reached(rows, 0, end, row)
            if low < end and rows[low] == row:
                alive[found], places[found] = row, low
                found += 1
    return alive[:found], places[:found]


@compiled
def meeting(rows: Any, others: Any) -> tuple[Ids, Ids]:
    """Where two lists of rows meet: the places in each."""
    places, at = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int64)
    found, low, end, is_near = 0, 0, len(others), len(others) < len(rows) * STEPS
    for place in range(len(rows)):
        row = rows[place]
        if is_near:
            while low < end and others[low] < row:
                low += 1
        else:
            low = _reached(others, low, end, row)
        if low == end:
            break
        places[found], at[found] = place, low
        found += others[low] == row  # without a branch, which could not be foreseen
    return places[:found], at[:found]


@compiled
def among(rows: Any, scores: Values, others: Any, values: Values) -> tuple[Ids, Values]:
    """Rows that are among others, with what they score together."""
    places, at = meeting(rows, others)
    kept, summed = np.empty(len(places), dtype=np.int64), np.empty(len(places))
    for found in range(len(places)):
        kept[found], summed[found] = rows[places[found]], scores[places[found]] + values[at[found]]
    return kept, summed


@compiled
def _begun(first: Any, second: Any, third: Any, blocks: Ids, bits: int, zone: int, posting: int) -> int:
    """The first position of a posting in a zone: of its block, and what stands between."""
    # Written out: as a function of its own the loop is made for long stretches, and takes twice as long for these.
    begin = posting >> bits << bits
    many: int = blocks[posting >> bits]
    if len(first):
        for at in range(begin, posting + (zone > 0)):
            many += first[at]
    if len(second):
        for at in range(begin, posting + (zone > 1)):
            many += second[at]
    if len(third):
        for at in range(begin, posting):
            many += third[at]
    return many


@compiled
def _stands(positions: Any, begin: int, many: int, wanted: int) -> bool:
    for at in range(begin, begin + many):  # noqa: SIM110 — compiled
        if positions[at] == wanted:
            return True
    return False


@compiled
def _holding(rows: Any, starts: Ids, ends: Ids) -> tuple[Ids, Any]:
    """The postings of each term in the rows that hold them all, a row of them each; and those rows."""
    terms, held = len(starts), rows[starts[0] : ends[0]]
    at = np.empty((len(held), terms), dtype=np.int64)
    at[:, 0] = np.arange(starts[0], ends[0])
    for term in range(1, terms):
        places, others = meeting(held, rows[starts[term] : ends[term]])
        held = held[places]
        for place in range(len(places)):
            for before in range(term):
                at[place, before] = at[places[place], before]
            at[place, term] = starts[term] + others[place]
    return at, held


@compiled
def in_a_row(
    rows: Any, counts: Any, blocks: Ids, bits: int, positions: Any, zone: int, starts: Ids, ends: Ids, offsets: Ids
) -> Ids:
    """Rows that hold terms, from the rarest, at offsets from one another in a zone; `phrases` has it with numpy."""
    first, second, third = counts
    own, terms = counts[zone], len(starts)
    at, held = _holding(rows, starts, ends)
    found, kept = np.empty(len(held), dtype=np.int64), 0
    for place in range(len(held)):
        begun = _begun(first, second, third, blocks, bits, zone, at[place, 0])
        for position in range(begun, begun + own[at[place, 0]]):
            term = 1
            while term < terms:
                posting, wanted = at[place, term], positions[position] - offsets[0] + offsets[term]
                begin = _begun(first, second, third, blocks, bits, zone, posting)
                if not _stands(positions, begin, own[posting], wanted):
                    break
                term += 1
            if term == terms:
                found[kept] = held[place]
                kept += 1
                break
    return found[:kept]


@compiled
def tally(rows: Ids, record_of: Ids, starts: Ids, values: Ids, counts: Ids) -> None:
    """Count the values of the records of rows."""
    for at in range(len(rows)):
        record = record_of[rows[at]]
        for place in range(starts[record], starts[record + 1]):
            counts[values[place]] += 1


@compiled
def tally_one(rows: Ids, of_rows: Ids, counts: Ids) -> None:
    """The same where a row has one value."""
    for at in range(len(rows)):
        counts[of_rows[rows[at]]] += 1
