"""Inverting: from the terms of rows, as numbers in any order, to a dictionary with its postings.

Every occurrence of a term is one 64-bit key, so that sorting numbers is all there is to it:

    rank of the term among the sorted terms   24 bits
    row                                       22
    zone (title, heading, text)                2
    position in the zone                      16

"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.whoosh.columns import Array, Strings, strings

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]
ROW_BITS, ZONE_BITS, POSITION_BITS = 22, 2, 16
POSTING = ZONE_BITS + POSITION_BITS
TERM = POSTING + ROW_BITS
MOST_TERMS = 1 << (64 - TERM)
MOST_ROWS = 1 << ROW_BITS
LAST_POSITION = (1 << POSITION_BITS) - 1
_FNV_BEGIN, _FNV_PRIME, _FNV_MASK = 0xCBF29CE484222325, 0x100000001B3, (1 << 64) - 1
BLOCK_BITS = 3  # postings: to find where the positions of one begin at most 7 counts are added; a byte a posting
BLOCK = 1 << BLOCK_BITS
CHUNK = 1 << 20  # keys turned into postings at a time: 8 MB, and 30 for what is beside them


def hash_of(term: bytes) -> int:
    """FNV-1a in 64 bits (Fowler, Noll & Vo)."""
    found = _FNV_BEGIN
    for byte in term:
        found = ((found ^ byte) * _FNV_PRIME) & _FNV_MASK
    return found


def hashes(data: Array, ends: Array) -> Keys:
    """`hash_of` each of some strings, a byte of all of them at a time."""
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64) if len(ends) else np.zeros(0, np.int64)
    lengths = ends.astype(np.int64) - starts
    order = np.argsort(-lengths, kind="stable")
    begun, left = starts[order], np.searchsorted(-lengths[order], -np.arange(int(lengths.max(initial=0))))
    found = np.full(len(ends), _FNV_BEGIN, dtype=np.uint64)
    for at, many in enumerate(left.tolist()):
        found[:many] = (found[:many] ^ data[begun[:many] + at]) * np.uint64(_FNV_PRIME)
    back = np.empty_like(found)
    back[order] = found
    return back


def keys_of(ranks: Array, rows: Array, zone: int, positions: Array | int = 0) -> Keys:
    """The keys of some occurrences in one zone."""
    made = ranks.astype(np.uint64) << np.uint64(TERM)
    made |= rows.astype(np.uint64) << np.uint64(POSTING)
    made |= np.minimum(positions, LAST_POSITION).astype(np.uint64)
    made |= np.uint64(zone << POSITION_BITS)
    return made


def end_to_end(pieces: Iterable[Keys], size: int) -> Keys:
    """Pieces of so many items in all as one array, each let go before the next is made."""
    found, filled = np.empty(size, dtype=np.uint64), 0
    for piece in pieces:
        found[filled : filled + len(piece)] = piece
        filled += len(piece)
    return found


def invert(terms: Sequence[str], keys: Keys, zones: int, *, placed: bool) -> dict[str, Array]:
    """The arrays of a dictionary: ``terms`` are sorted, ``keys`` (sorted in place) tell where each occurs.

    ``terms``/``term_ends``: the strings; ``hashes``/``hashed``: sorted hashes and the term of each; ``starts``: of each
    term its first posting; ``rows``; ``counts0``… : how often each zone holds the term, in as few bytes as all need;
    with ``placed`` also ``positions``: of every occurrence, by posting, then zone, and ``blocks``: where those of each
    BLOCK postings begin.
    """
    if len(terms) >= MOST_TERMS:
        raise ValueError(f"{len(terms)} terms; a segment holds {MOST_TERMS}")
    keys.sort()
    sizes, rows, counts = np.zeros(len(terms), np.int64), [], []
    for a, b in _chunks(keys):
        ranks, own, held = _postings(keys[a:b], zones)
        sizes += np.bincount(ranks, minlength=len(terms))
        rows.append(own)
        counts.append(held)
    positions = keys.astype(np.uint16) if placed else None  # the lowest bits
    kind = np.result_type(np.uint8, *(own for held in counts for own in held))
    whole = [_together([held[zone] for held in counts], kind) for zone in range(zones)]
    return dictionary_arrays(terms, sizes, np.concatenate(rows) if rows else np.zeros(0, np.uint32), whole, positions)


def dictionary_arrays(
    terms: Sequence[str], sizes: Ints, rows: Array, counts: Sequence[Array], positions: Array | None
) -> dict[str, Array]:
    """The arrays that `invert` gives, of sorted terms, how many postings each has, and all postings in their order.

    ``counts`` are by zone, of one kind, without any where all are 0; ``positions`` are None where none are kept.
    """
    data, ends = strings(terms)
    found = hashes(data, ends)
    order = np.argsort(found, kind="stable")
    arrays = {
        "terms": data,
        "term_ends": ends,
        "hashes": found[order],
        "hashed": order.astype(np.uint32),
        "starts": np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        "rows": rows,
    }
    arrays |= {f"counts{zone}": held for zone, held in enumerate(counts)}
    if positions is not None:
        arrays["blocks"] = _blocks(counts, len(rows))
        arrays["positions"] = positions
    return arrays


def _chunks(keys: Keys) -> list[tuple[int, int]]:
    """Stretches of sorted keys that never part a posting."""
    cuts, at = [0], CHUNK
    while at < len(keys):
        posting = keys[at] >> np.uint64(POSTING)
        at = int(np.searchsorted(keys, posting << np.uint64(POSTING)))
        if at > cuts[-1]:
            cuts.append(at)
        at += CHUNK
    return list(zip(cuts, [*cuts[1:], len(keys)], strict=True)) if len(keys) else []


def _postings(keys: Keys, zones: int) -> tuple[Array, Array, list[Array]]:
    """Of sorted keys each posting's term and row, and its counts by zone, in as few bytes as these need."""
    whole = keys >> np.uint64(POSTING)
    first = np.flatnonzero(np.concatenate(([True], whole[1:] != whole[:-1])))
    ranks = (whole[first] >> np.uint64(ROW_BITS)).astype(np.uint32)
    rows = (whole[first] & np.uint64(MOST_ROWS - 1)).astype(np.uint32)
    sizes = np.diff(first, append=len(keys))
    if zones == 1:
        return ranks, rows, [small(sizes)]
    zone_of = ((keys >> np.uint64(POSITION_BITS)) & np.uint64(3)).astype(np.uint8)
    counts = [small(np.add.reduceat((zone_of == zone).astype(np.int32), first)) for zone in range(zones)]
    return ranks, rows, counts


def small(numbers: Array) -> Array:
    """Numbers from 0 in as few bytes as they need."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _blocks(counts: Sequence[Array], postings: int) -> Ints:
    """The first position of every BLOCK postings: those of one posting follow those of the one before."""
    sizes = np.zeros(-(-postings // BLOCK), np.int64)
    for held in counts:
        whole = len(held) >> BLOCK_BITS
        sizes[:whole] += held[: whole << BLOCK_BITS].reshape(-1, BLOCK).sum(axis=1, dtype=np.int64)
        sizes[whole:] += held[whole << BLOCK_BITS :].sum(dtype=np.int64)  # what is left over makes one block or none
    return np.asarray(np.cumsum(sizes) - sizes)


def _together(counts: Sequence[Array], kind: np.dtype[Any]) -> Array:
    """One array of a zone's counts; none at all where every one is 0."""
    if not any(own.any() for own in counts):
        return np.zeros(0, kind)
    return np.concatenate(counts).astype(kind)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A mapped dictionary of one kind of term, with its postings."""

    terms: Strings
    hashes: Keys
    hashed: Array
    starts: Ints
    rows: Array
    counts: tuple[Array | None, ...]
    """By zone; None where no row holds a term of this kind there."""
    blocks: Ints
    """Of every BLOCK postings the first position."""
    positions: Array

    def find(self, term: str) -> int:
        """The term's number, -1 where there is none."""
        hashed = np.uint64(hash_of(term.encode()))
        at = int(np.searchsorted(self.hashes, hashed))
        while at < len(self.hashes) and self.hashes[at] == hashed:
            number = int(self.hashed[at])
            if self.terms[number] == term:
                return number
            at += 1  # two terms of one hash stand next to one another
        return -1

    def extent(self, number: int) -> slice:
        """Where the postings of a term stand."""
        return slice(self.starts.item(number), self.starts.item(number + 1))

    def begin(self, posting: int) -> int:
        """Where the positions of a posting begin; of the one behind the last, where all end."""
        if posting == len(self.rows):
            return len(self.positions)
        block = posting >> BLOCK_BITS
        before = (held[block << BLOCK_BITS : posting] for held in self.counts if held is not None)
        return self.blocks.item(block) + sum(int(held.sum(dtype=np.int64)) for held in before)


def dictionary(arrays: dict[str, Array], kind: str, zones: int) -> Dictionary:
    """The dictionary kept under ``kind`` in a segment's arrays."""

    def of(name: str) -> Array:
        return arrays.get(f"{kind}.{name}", np.zeros(0, np.uint16))

    counts = tuple(of(f"counts{zone}") for zone in range(zones))
    return Dictionary(
        terms=Strings(of("terms"), of("term_ends")),
        hashes=of("hashes"),
        hashed=of("hashed"),
        starts=of("starts"),
        rows=of("rows"),
        counts=tuple(c if len(c) else None for c in counts),
        blocks=of("blocks"),
        positions=of("positions"),
    )
