"""Segments become fewer: which are merged, and how their arrays become those of one."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np

from cpkb.engines.whoosh.batch import ROW_COLUMNS, facet_arrays, lengths_of, quantity_arrays
from cpkb.engines.whoosh.columns import Array, Strings, strings
from cpkb.engines.whoosh.inverted import CHUNK, MOST_ROWS, dictionary_arrays
from cpkb.engines.whoosh.schema import FIELDS, PLACED
from cpkb.engines.whoosh.segment import Segment

MOST_SEGMENTS = 8  # each costs every question a look into its dictionary
TIER = 4  # segments less than so many times as large as the smallest are merged with it: a row is rewritten seldom
MEMORY, MEMORY_BESIDE = 0.35, 130 << 20  # bytes for each byte of arrays that are merged, and more; measured .32, 115 MB
MEMORY_OF_FEW = 2.3  # bytes for each byte of arrays that are copied in one stretch; measured 2.2
MOST_DELETED = 0.3  # of a segment's rows: beyond this it is written anew, to give back the room


def to_merge(segments: Sequence[Segment], megabytes: int, most_rows: int = MOST_ROWS - 1) -> list[Segment]:
    """The segments that should become one now, within so much memory; none while there are few and they are whole."""
    worn = [s for s in segments if len(s.deleted) > MOST_DELETED * s.size]
    if worn:
        return worn[:1]
    if len(segments) <= MOST_SEGMENTS:
        return []
    by_size = sorted(segments, key=lambda segment: segment.size)
    chosen, rows, size = by_size[:1], by_size[0].size, by_size[0].bytes
    for segment in by_size[1:]:
        size += segment.bytes
        if (
            memory(size) > megabytes << 20
            or rows + segment.size > most_rows
            or (len(chosen) > 1 and segment.size > TIER * rows)
        ):
            break
        chosen.append(segment)
        rows += segment.size
    # In the order they have: rows of a record never part, and order among segments means nothing to anyone.
    return [s for s in segments if s in chosen] if len(chosen) > 1 else []


def memory(size: int) -> float:
    """About how many bytes merging arrays of so many takes."""
    return min(MEMORY_OF_FEW * size, MEMORY * size + MEMORY_BESIDE)


def merged(segments: Sequence[Segment], folder: Path) -> dict[str, Array]:
    """The arrays of one segment with the live rows of several; the largest are files without a name in ``folder``."""
    parts = [_Moved(segment) for segment in segments]
    bases = np.cumsum([0, *(m.rows for m in parts)]).tolist()
    record_bases = np.cumsum([0, *(len(m.records) for m in parts)]).tolist()
    made: dict[str, Array] = {}
    for kind in FIELDS:
        made |= {f"{kind}.{n}": a for n, a in _inverted(parts, bases, kind, folder).items()}
    for name in ROW_COLUMNS:
        columns = [getattr(m.segment, name)[m.segment.live] for m in parts]
        if name == "record_of":
            columns = [m.new_record[own] + base for m, own, base in zip(parts, columns, record_bases, strict=False)]
        made[f"row.{name}"] = np.concatenate(columns).astype(ROW_COLUMNS[name][1])
    for name in ("record", "title"):
        made[f"{name}.text"], made[f"{name}.ends"] = strings([text for m in parts for text in m.texts(name)])
    values = (row for m, base in zip(parts, record_bases, strict=False) for row in m.values(base))
    told = (row for m, base in zip(parts, bases, strict=False) for row in m.told(base))
    return made | lengths_of(made, bases[-1]) | facet_arrays(values) | quantity_arrays(told)


def moved(segments: Sequence[Segment]) -> list[Array]:
    """For each segment the row that each of its live rows has in the merged one."""
    rows = [_Moved(segment) for segment in segments]
    bases = np.cumsum([0, *(m.rows for m in rows)]).tolist()
    return [m.new_row + base for m, base in zip(rows, bases, strict=False)]


class _Moved:
    """What a segment gives to the merged one: its live rows and records, and their new numbers in it."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.rows = int(segment.live.sum())
        self.new_row = np.cumsum(segment.live) - 1
        self.records = np.unique(segment.record_of[segment.live])
        self.new_record = np.full(len(segment.records), -1, dtype=np.int32)
        self.new_record[self.records] = np.arange(len(self.records), dtype=np.int32)

    def texts(self, name: str) -> Iterator[str]:
        found = list(Strings(self.segment.arrays[f"{name}.text"], self.segment.arrays[f"{name}.ends"]))
        return (found[record] for record in self.records.tolist())

    def values(self, base: int) -> Iterator[tuple[int, str, str]]:
        for name, facet in self.segment.facets.items():
            for value, held in facet.records.items():
                for record in self.new_record[held].tolist():
                    if record >= 0:
                        yield record + base, name, value

    def told(self, base: int) -> Iterator[tuple[int, str, float, float]]:
        for dimension, (rows, low, high) in self.segment.quantities.items():
            kept = self.segment.live[rows]
            moved = (self.new_row[rows[kept]] + base).tolist()
            for row, a, b in zip(moved, low[kept].tolist(), high[kept].tolist(), strict=True):
                yield row, dimension, a, b


def _inverted(parts: Sequence[_Moved], bases: Sequence[int], kind: str, folder: Path) -> dict[str, Array]:
    """The postings of a term stand in the order of the segments: they are copied, a stretch of terms at a time."""
    held = [m.segment.dictionaries[kind] for m in parts]
    terms = sorted(set().union(*(own.terms for own in held)))
    rank_of = {term: rank for rank, term in enumerate(terms)}
    postings = [_Postings(m, base, kind, rank_of) for m, base in zip(parts, bases, strict=False)]
    counted = np.result_type(np.uint8, *(counts for own in held for counts in own.counts if counts is not None))
    kinds: list[np.dtype[Any]] = [np.dtype(np.uint32), np.dtype(np.uint16), *(counted for _ in FIELDS[kind])]
    sizes = np.zeros(len(terms), np.int64)
    with ExitStack() as files:
        spilled = [_Spilled(files.enter_context(TemporaryFile(dir=folder)), own) for own in kinds]
        for first, last in _stretches(postings, len(terms)):
            ranks, *pieces = _stretch([p.between(first, last) for p in postings])
            sizes += np.bincount(ranks, minlength=len(terms))
            for own, piece in zip(spilled, pieces, strict=True):
                own.add(piece)
        rows, positions, *counts = (own.whole() for own in spilled)
    # Terms that only deleted rows held are gone.
    live = [term for term, size in zip(terms, sizes.tolist(), strict=True) if size]
    counts = [own if own.any() else own[:0] for own in counts]
    return dictionary_arrays(live, sizes[sizes > 0], rows, counts, positions if kind == PLACED else None)


class _Spilled:
    """An array that is written to a file piece by piece, and mapped then: it takes no memory."""

    def __init__(self, file: IO[bytes], kind: np.dtype[Any]) -> None:
        self._file, self._kind = file, kind

    def add(self, piece: Array) -> None:
        self._file.write(np.ascontiguousarray(piece, self._kind).data)

    def whole(self) -> Array:
        self._file.flush()
        if not self._file.tell():
            return np.zeros(0, self._kind)
        return np.frombuffer(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ), self._kind)


_Stretch = tuple[Array, ...]
"""Of some postings the rank of the term, the row, of all of them the positions, and the counts by zone."""


class _Postings:
    """The postings of a segment in the ranks and rows of the merged one."""

    def __init__(self, moved: _Moved, base: int, kind: str, rank_of: Mapping[str, int]) -> None:
        self._held = moved.segment.dictionaries[kind]
        self.sizes = np.diff(self._held.starts)
        self.ranks = np.array([rank_of[term] for term in self._held.terms], dtype=np.int64)
        self._live, self._new_row = moved.segment.live, moved.new_row + base

    def between(self, first: int, last: int) -> _Stretch:
        """Those of the terms from one rank to before another, of live rows."""
        held = self._held
        a, b = np.searchsorted(self.ranks, (first, last)).tolist()
        at = slice(held.starts.item(a), held.starts.item(b)) if len(self.ranks) else slice(0, 0)
        rows, ranks = held.rows[at], np.repeat(self.ranks[a:b], self.sizes[a:b])
        counts = [np.zeros(len(rows), np.uint8) if c is None else c[at] for c in held.counts]
        positions = held.positions[held.begin(at.start) : held.begin(at.stop)] if len(held.positions) else NO_POSITIONS
        live = self._live[rows]
        if not live.all():
            positions = positions[np.repeat(live, _totals(counts))] if len(positions) else positions
            ranks, rows, counts = ranks[live], rows[live], [own[live] for own in counts]
        return ranks, self._new_row[rows].astype(np.uint32), positions, *counts


NO_POSITIONS = np.zeros(0, np.uint16)


def _stretches(postings: Sequence[_Postings], terms: int) -> Iterator[tuple[int, int]]:
    """Ranks from which and before which the terms have some CHUNK postings together, at least one term each."""
    sizes = np.zeros(terms, np.int64)
    for own in postings:
        sizes[own.ranks] += own.sizes
    ends, first = np.cumsum(sizes), 0
    while first < terms:
        done = ends.item(first - 1) if first else 0
        last = max(int(np.searchsorted(ends, done + CHUNK, side="right")), first + 1)
        yield first, last
        first = last


def _stretch(pieces: Sequence[_Stretch]) -> _Stretch:
    """Stretches of the same terms from several segments as one, by term and then by row."""
    ranks, rows, positions, *counts = (np.concatenate(own) for own in zip(*pieces, strict=True))
    order = np.argsort(ranks, kind="stable")  # rows of a later segment are larger: within a term they are in order
    if len(positions):
        totals = _totals(counts)
        begun, moved = (np.cumsum(totals) - totals)[order], totals[order]
        positions = positions[np.repeat(begun - (np.cumsum(moved) - moved), moved) + np.arange(len(positions))]
    return ranks[order], rows[order], positions, *(own[order] for own in counts)


def _totals(counts: Sequence[Array]) -> Array:
    """How often each posting occurs in all zones."""
    return np.asarray(np.sum(counts, axis=0, dtype=np.int64))
