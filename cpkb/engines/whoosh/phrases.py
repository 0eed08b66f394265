"""Terms in a row: the rows of a segment whose zone holds terms at offsets from one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.whoosh import kernels, loops
from cpkb.engines.whoosh.columns import NO_ROWS, Array, Ids
from cpkb.engines.whoosh.inverted import BLOCK, BLOCK_BITS, POSITION_BITS, Dictionary

_ROW = POSITION_BITS + 2  # bits: a place less its offset, kept positive, never reaches into the next row
_ZERO = 1 << POSITION_BITS


def in_a_row(held: Dictionary, zone: int, pairs: Sequence[tuple[int, int]]) -> Ids:
    """Rows whose zone holds terms (by their numbers) at offsets from one another, ascending."""
    if not pairs or held.counts[zone] is None or any(number < 0 for number, _ in pairs):
        return NO_ROWS
    # The rarest first: every further term is looked up only in the rows that are left.
    found = sorted(((held.extent(number), offset) for number, offset in pairs), key=_length)
    extents, offsets = [extent for extent, _ in found], [offset for _, offset in found]
    return (_compiled if loops.IS_COMPILED else _with_numpy)(held, zone, extents, offsets)


def _length(found: tuple[slice, int]) -> int:
    extent, _ = found
    return int(extent.stop - extent.start)


def _compiled(held: Dictionary, zone: int, extents: Sequence[slice], offsets: Sequence[int]) -> Ids:
    told = np.array([[e.start for e in extents], [e.stop for e in extents], offsets], dtype=np.int64)
    none = held.counts[zone][:0]  # type: ignore[index]  # mapped as the others are: one kind of argument compiles once
    counts = tuple(none if c is None else c for c in held.counts)
    rows: Ids = loops.in_a_row(held.rows, counts, held.blocks, BLOCK_BITS, held.positions, zone, *told)
    return rows


def _with_numpy(held: Dictionary, zone: int, extents: Sequence[slice], offsets: Sequence[int]) -> Ids:
    rows, *postings = _meeting(held, extents)
    # The first two at once: most phrases have no more, and most of their time is what a call takes.
    first, *second = _places(held, postings[:2], zone)
    places = first - offsets[0]
    for told in second:
        places = places[_among(places, told - offsets[1])]
    for own, offset in zip(postings[2:], offsets[2:], strict=True):
        (told,) = _places(held, [own[_among(rows, places >> _ROW)]], zone)
        places = places[_among(places, told - offset)]
    return _each_once(places >> _ROW)


def _meeting(held: Dictionary, extents: Sequence[slice]) -> list[Ids]:
    """The rows that hold all terms, and each term's postings in them."""
    rows, found = held.rows[extents[0]], [np.arange(extents[0].start, extents[0].stop)]
    for extent in extents[1:]:
        places, at = kernels.meeting(rows, held.rows[extent])
        rows, found = rows[places], [*(own[places] for own in found), at + extent.start]
    return [rows, *found]


def _places(held: Dictionary, lists: Sequence[Ids], zone: int) -> list[Ids]:
    """Where the postings of each list stand in a zone: row and position in one number, ascending."""
    postings = lists[0] if len(lists) == 1 else np.concatenate(lists)
    begun, own = _begun(held, postings, zone), held.counts[zone][postings].astype(np.int64)  # type: ignore[index]
    ends = own.cumsum()
    inside = np.arange(ends[-1] if len(ends) else 0) + (begun - ends + own).repeat(own)
    found: Ids = ((held.rows[postings].astype(np.int64) << _ROW) + _ZERO).repeat(own) + held.positions[inside]
    if len(lists) == 1:
        return [found]
    parted = ends[len(lists[0]) - 1] if len(lists[0]) else 0
    return [found[:parted], found[parted:]]


def _begun(held: Dictionary, postings: Ids, zone: int) -> Ids:
    """The first position of postings in a zone: of their blocks, and what stands between."""
    block, within = postings >> BLOCK_BITS, postings & (BLOCK - 1)
    found: Ids = held.blocks[block]
    ends = within.cumsum()
    # The counts of each block, end to end.
    before = np.arange(ends[-1] if len(ends) else 0) + (postings - ends).repeat(within)
    told = np.zeros(len(before) + 1, dtype=np.int64)
    for at, counts in enumerate(held.counts):
        if counts is not None:
            counts[before].cumsum(out=told[1:])
            found = found + told[ends] - told[ends - within]
            if at < zone:
                found += counts[postings]
    return found


def _each_once(rows: Ids) -> Ids:
    return rows if len(rows) < 2 else rows[np.concatenate(([True], rows[1:] != rows[:-1]))]


def _among(values: Array, ascending: Ids) -> NDArray[np.bool_]:
    """Which values are among others."""
    if not len(ascending):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return np.asarray(ascending[at] == values)
