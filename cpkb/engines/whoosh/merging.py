"""Segments become fewer: which are merged, and how their arrays become those of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cpkb.engines.whoosh.batch import ROW_COLUMNS, facet_arrays, lengths_of, quantity_arrays
from cpkb.engines.whoosh.columns import Array, Strings, strings
from cpkb.engines.whoosh.inverted import MOST_ROWS, TERM, invert, keys_of
from cpkb.engines.whoosh.schema import FIELDS, PLACED
from cpkb.engines.whoosh.segment import Segment

MOST_SEGMENTS = 8  # each costs every question a look into its dictionary
TIER = 4  # segments less than so many times as large as the smallest are merged with it: a row is rewritten seldom
MOST_DELETED = 0.3  # of a segment's rows: beyond this it is written anew, to give back the room


def to_merge(segments: Sequence[Segment], most_rows: int = MOST_ROWS - 1) -> list[Segment]:
    """The segments that should become one now; none while there are few and they are whole."""
    worn = [s for s in segments if len(s.deleted) > MOST_DELETED * s.size]
    if worn:
        return worn[:1]
    if len(segments) <= MOST_SEGMENTS:
        return []
    by_size = sorted(segments, key=lambda segment: segment.size)
    chosen, rows = by_size[:1], by_size[0].size
    for segment in by_size[1:]:
        if rows + segment.size > most_rows or (len(chosen) > 1 and segment.size > TIER * rows):
            break
        chosen.append(segment)
        rows += segment.size
    # In the order they have: rows of a record never part, and order among segments means nothing to anyone.
    return [s for s in segments if s in chosen] if len(chosen) > 1 else []


def merged(segments: Sequence[Segment]) -> dict[str, Array]:
    """The arrays of one segment with the live rows of several."""
    parts = [_Moved(segment) for segment in segments]
    bases = np.cumsum([0, *(m.rows for m in parts)]).tolist()
    record_bases = np.cumsum([0, *(len(m.records) for m in parts)]).tolist()
    made: dict[str, Array] = {}
    for kind, fields in FIELDS.items():
        made |= {f"{kind}.{n}": a for n, a in _inverted(parts, bases, kind, len(fields)).items()}
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


def _inverted(parts: Sequence[_Moved], bases: Sequence[int], kind: str, zones: int) -> dict[str, Array]:
    terms = [list(m.segment.dictionaries[kind].terms) for m in parts]
    ordered = sorted(set().union(*terms))
    keys, used = [], np.zeros(len(ordered), dtype=bool)
    rank_of = {term: rank for rank, term in enumerate(ordered)}
    for m, own, base in zip(parts, terms, bases, strict=False):
        ranks = np.array([rank_of[term] for term in own], dtype=np.uint32)
        for zone, (numbers, rows, positions) in enumerate(m.segment.dictionaries[kind].occurrences()):
            live = m.segment.live[rows]
            found = ranks[numbers[live]]
            used[found] = True
            keys.append(keys_of(found, m.new_row[rows[live]] + base, zone, positions[live]))
    # Terms that only deleted rows held are gone.
    kept = np.cumsum(used) - 1
    joined = np.concatenate(keys)
    if not used.all():
        joined = _renumbered(joined, kept)
    return invert([t for t, u in zip(ordered, used.tolist(), strict=True) if u], joined, zones, placed=kind == PLACED)


def _renumbered(keys: Array, kept: Array) -> Array:
    low = keys & np.uint64((1 << TERM) - 1)
    return low | (kept[(keys >> np.uint64(TERM)).astype(np.int64)].astype(np.uint64) << np.uint64(TERM))
