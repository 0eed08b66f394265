"""Runs of characters gathered, and the grams they hold: found for all runs at once instead of text by text.

A gram is a number made of the places of its characters in the alphabet of the batch, so that numbers order as grams
do; a character alone comes before its pairs.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from cpkb.engines.whoosh.columns import Array
from cpkb.engines.whoosh.inverted import CHUNK, Keys, end_to_end, keys_of

_NUMBER_BITS = 30  # which occurrence a gram is; a gram needs no more than the other 34: Unicode has 17 bits of letters
_MOST = 1 << _NUMBER_BITS


class Runs:
    """Runs of characters of one field, in row order."""

    def __init__(self) -> None:
        self._text, self._sizes, self._begins, self._many = array("I"), array("I"), array("I"), array("I")

    def add(self, runs: Sequence[tuple[str, int]]) -> int:
        """Those of the next row, with the place of the first character of each; gives how many grams they hold."""
        text = "".join([run for run, _ in runs])
        self._text.frombytes(text.encode("utf-32-le"))
        self._sizes.extend([len(run) for run, _ in runs])
        self._begins.extend([place for _, place in runs])
        self._many.append(len(runs))
        return 2 * len(text) - len(runs)

    def __len__(self) -> int:
        """Of all grams."""
        return 2 * len(self._text) - len(self._sizes)

    @property
    def text(self) -> Array:
        """All characters."""
        return np.frombuffer(self._text, np.uint32)

    def pieces(self) -> Iterator[_Piece]:
        """All of it, some CHUNK characters at a time: no run is parted."""
        sizes, begins = np.frombuffer(self._sizes, np.uint32), np.frombuffer(self._begins, np.uint32)
        ends = np.cumsum(sizes, dtype=np.int64)
        row_of = np.repeat(np.arange(len(self._many), dtype=np.uint32), np.frombuffer(self._many, np.uint32))
        first = 0
        while first < len(sizes):
            begun = ends.item(first) - sizes.item(first)
            last = max(int(np.searchsorted(ends, begun + CHUNK, side="right")), first + 1)
            own, done = sizes[first:last], ends[first:last] - begun
            is_last = np.zeros(done.item(-1), dtype=bool)
            is_last[done - 1] = True
            places = np.repeat(begins[first:last] - (done - own), own) + np.arange(len(is_last))
            text = self.text[begun : begun + len(is_last)]
            yield _Piece(text, np.repeat(row_of[first:last], own), places, np.flatnonzero(~is_last))
            first = last

    def keys(self, numbers: Array, ranks: Array, zone: int) -> Iterator[Keys]:
        """The key of every gram; ``numbers`` is what `grams_of` gives, ``ranks`` the rank of the term of each."""
        done = 0
        for piece in self.pieces():
            ends = done + len(piece.text), done + len(piece.text) + len(piece.pairs)
            yield keys_of(ranks[numbers[done : ends[0]]], piece.rows, zone, piece.places)
            yield keys_of(ranks[numbers[ends[0] : ends[1]]], piece.rows[piece.pairs], zone, piece.places[piece.pairs])
            done = ends[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Some characters, with their rows and places, and those that have another behind them in their run."""

    text: Array
    rows: Array
    places: Array
    pairs: Array


def grams_of(fields: Sequence[Runs]) -> tuple[list[str], list[Array]]:
    """The distinct grams of some fields, ascending, and of each field the number of every gram in the order of pieces.

    Raises ValueError beyond 2^30 occurrences, which take 20 GB.
    """
    alphabet = np.flatnonzero(np.bincount(np.concatenate([np.unique(field.text) for field in fields])))
    place_of = np.zeros(int(alphabet.max(initial=0)) + 1, dtype=np.uint64)
    place_of[alphabet] = np.arange(1, len(alphabet) + 1)
    sizes = [len(field) for field in fields]
    if sum(sizes) >= _MOST:
        raise ValueError(f"{sum(sizes)} grams; a segment is made of {_MOST}")
    coded = chain.from_iterable(_coded(field, place_of, len(alphabet) + 1) for field in fields)
    codes = end_to_end(coded, sum(sizes))
    distinct, numbers = _numbered(codes)
    first, second = np.divmod(distinct, np.uint64(len(alphabet) + 1))
    letters = ["", *map(chr, alphabet.tolist())]
    grams = [letters[one] + letters[two] for one, two in zip(first.tolist(), second.tolist(), strict=True)]
    return grams, np.split(numbers, np.cumsum(sizes)[:-1])


def _coded(field: Runs, place_of: Array, base: int) -> Iterator[Keys]:
    """The number of every gram, piece by piece: of all characters and then of all pairs."""
    for piece in field.pieces():
        letters = place_of[piece.text]
        yield letters * np.uint64(base)
        yield letters[piece.pairs] * np.uint64(base) + letters[piece.pairs + 1]


def _numbered(codes: Keys) -> tuple[Keys, Array]:
    """The distinct ones, ascending, and the place of each of ``codes`` (which are spent) among them."""
    # Sorting the numbers with their places in the low bits takes a fifth of the time of an indirect sort.
    is_new = np.ones(len(codes), dtype=bool)
    for at in range(0, len(codes), CHUNK):
        codes[at : at + CHUNK] <<= np.uint64(_NUMBER_BITS)
        codes[at : at + CHUNK] |= np.arange(at, min(at + CHUNK, len(codes)), dtype=np.uint64)
    codes.sort()
    for at in range(1, len(codes), CHUNK):
        differs = codes[at : at + CHUNK] ^ codes[at - 1 : at - 1 + CHUNK][: len(codes) - at]
        np.greater_equal(differs, _MOST, out=is_new[at : at + CHUNK])
    distinct = codes[is_new] >> np.uint64(_NUMBER_BITS)
    codes &= np.uint64(_MOST - 1)
    numbers = np.empty(len(codes), dtype=np.uint32)
    numbers[codes.view(np.int64)] = np.cumsum(is_new, dtype=np.uint32)
    numbers -= np.uint32(1)
    return distinct, numbers
