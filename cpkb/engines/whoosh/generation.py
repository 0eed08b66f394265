"""The segments of one generation as one space of rows and one of records: columns are joined once, when it is opened.

A row's number is its number in the segment plus the sizes of the segments before it; a record's likewise.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.passage import Span
from cpkb.engines.whoosh.columns import NO_ROWS, Ids
from cpkb.engines.whoosh.schema import FIELDS
from cpkb.engines.whoosh.segment import Numbers, Postings, Segment
from cpkb.model.validity import STATES

Mask = NDArray[np.bool_]
KEPT_DAYS = 4  # dates asked for at a time: nearly every question asks for today
KEPT_FILTERS = 64  # masks of a byte a row: the values of the first facets a page shows
KEPT_IDS = 1 << 16  # about 8 MB; most hits are of the same few records
KEPT_FACETS = 32  # more than are declared
ORDINAL_BITS, ENDED_BIT = 24, 62  # of the key that parts equals: 16 million passages of a record, 2^38 records


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The records that have each value of a facet, one value's after the other's."""

    values: tuple[str, ...]
    starts: Ids
    """Where the records of each value begin."""
    records: Ids

    def counts(self, each: Ids) -> Mapping[str, int]:
        """For each value the sum over its records of what each of all records counts; values of none are left out."""
        if not self.values:
            return {}
        summed = np.add.reduceat(each[self.records], self.starts)
        return {value: many for value, many in zip(self.values, summed.tolist(), strict=True) if many}


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """The values of each record in a facet, one record's after the other's."""

    names: tuple[str, ...]
    starts: Ids
    """Where the values of each record begin."""
    values: Ids
    """Places in ``names``."""
    of_rows: Ids | None
    """The value of each row (as many as there are names for none), where no record has two."""


class Generation:
    """Arrays over all rows of some segments; safe to share between threads."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = tuple(segments)
        sizes, records = [s.size for s in segments], [len(s.records) for s in segments]
        self._bases = [0, *accumulate(sizes)]
        self._begins = [0, *accumulate(records)]
        self._record_bases = np.array(self._begins, dtype=np.int64)
        self.size, self.records = sum(sizes), sum(records)
        self.live: Mask = _joined((s.live for s in segments), np.bool_)
        self.record_of: Ids = _joined(
            (s.record_of + base for s, base in zip(segments, self._record_bases[:-1], strict=True)), np.int64
        )
        self.ordinals: Ids = _joined((s.ordinals for s in segments), np.int64)
        self.is_draft: Mask = _joined((s.is_draft for s in segments), np.bool_)
        self.starts: Ids = _joined((s.starts for s in segments), np.int64)
        self.ends: Ids = _joined((s.ends for s in segments), np.int64)
        self.issued: Ids = _joined((s.issued for s in segments), np.int64)
        self.twins: NDArray[np.uint64] = _joined((s.twins for s in segments), np.uint64)
        self.meanings: NDArray[np.uint64] = _joined((s.meanings for s in segments), np.uint64)
        self._id = lru_cache(KEPT_IDS)(self._record_id)
        self.ties = lru_cache(KEPT_DAYS)(self._ties)
        """What parts equals on a date: of two rows the smaller one comes first (in force, record id, ordinal)."""
        self.having = lru_cache(KEPT_FILTERS)(self._having)
        """Which rows have a value of a facet (on a date, for validity); do not write into it."""
        self.state_of = lru_cache(KEPT_DAYS)(self._state_of)
        """The place of each row's state on a date in STATES, -1 where validity does not apply."""
        self._tally_of_states = lru_cache(KEPT_DAYS)(self._states_tallied)
        self._tally_of_values = lru_cache(KEPT_FACETS)(self._values_tallied)

    def lengths(self, field: str) -> Numbers:
        """The length of a field in each row."""
        return _joined((s.lengths[field] for s in self._segments), np.float64)

    def places(self, rows: Ids) -> list[tuple[str, int]]:
        """The record id and ordinal of rows."""
        return list(zip(map(self._id, self.record_of[rows].tolist()), self.ordinals[rows].tolist(), strict=True))

    def _record_id(self, record: int) -> str:
        at = bisect_right(self._begins, record) - 1
        return str(self._segments[at].records[record - self._begins[at]])

    # terms

    def postings(self, kind: str, term: str) -> Postings:
        """Rows that hold the term in any zone of the kind, as `Segment.postings` gives them."""
        found = [segment.postings(kind, term) for segment in self._segments]
        if len(found) == 1:
            return found[0]
        zones = [[postings.counts[zone] for postings in found] for zone in range(len(FIELDS[kind]))]
        rows = (own.rows + np.uint32(base) for own, base in zip(found, self._bases, strict=False))
        return Postings(_joined(rows, np.uint32), tuple(_counts(z, found) for z in zones))

    def in_a_row(self, zone: str, pairs: tuple[tuple[str, int], ...]) -> Ids:
        """Rows whose zone holds grams at these offsets from one another, ascending."""
        return self._placed(segment.in_a_row(zone, pairs) for segment in self._segments)

    def telling(self, asked: Span) -> Ids:
        """Rows that tell a value of the dimension whose interval touches the one asked.

        Ends count as inside: law tells 10蒸吨以下 from 10蒸吨及以下, but who searches either wants what
        is told of 10蒸吨.
        """
        found = (_telling(segment, asked) for segment in self._segments)
        return self._alive(self._placed(found))

    def titled(self, title: str) -> Ids:
        """Rows of the texts with a title, ascending."""
        rows = (np.sort(np.array(s.titles.get(title, ()), dtype=np.int64)) for s in self._segments)
        return self._alive(self._placed(rows))

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles there are."""
        return frozenset().union(*(segment.titles for segment in self._segments))

    @cached_property
    def title_lengths(self) -> list[int]:
        """How long titles are, longest first."""
        return sorted({len(title) for title in self.titles}, reverse=True)

    def _placed(self, found: Iterable[Ids]) -> Ids:
        """Rows of each segment as rows of the generation."""
        if len(self._segments) == 1:
            return next(iter(found))
        return _joined((rows + base for rows, base in zip(found, self._bases, strict=False)), np.int64)

    def _alive(self, rows: Ids) -> Ids:
        return rows[self.live[rows]]

    # values

    def _state_of(self, as_of: dt.date) -> NDArray[np.int8]:
        found = np.full(self.size, -1, dtype=np.int8)
        for segment, base in zip(self._segments, self._bases, strict=False):
            for at, state in enumerate(STATES):
                found[base : base + segment.size][segment.state_rows(state, as_of)] = at
        return found

    def _having(self, name: str, value: str, as_of: dt.date) -> Mask:
        if name == "validity":
            return np.asarray(self.state_of(as_of) == list(STATES).index(value))
        chosen = np.zeros(self.records, dtype=bool)
        chosen[self._records_with(name, value)] = True
        return chosen[self.record_of]

    def _records_with(self, name: str, value: str) -> Ids:
        found = (s.facets[name].records.get(value, NO_ROWS) if name in s.facets else NO_ROWS for s in self._segments)
        return _joined((held + base for held, base in zip(found, self._record_bases, strict=False)), np.int64)

    def tally(self, name: str, as_of: dt.date) -> Tally:
        """The records by value of a facet (on a date, for validity)."""
        return self._tally_of_states(as_of) if name == "validity" else self._tally_of_values(name)

    @lru_cache(KEPT_FACETS)  # noqa: B019 — a generation lives as long as its searcher
    def forward(self, name: str, as_of: dt.date) -> Forward:
        """The values of each record in a facet."""
        tally = self.tally(name, as_of)
        numbers = np.repeat(np.arange(len(tally.values)), np.diff(tally.starts, append=len(tally.records)))
        order = np.argsort(tally.records, kind="stable")
        starts = np.searchsorted(tally.records[order], np.arange(self.records + 1))
        alone = None
        if (np.diff(starts) <= 1).all():
            alone = np.full(self.records, len(tally.values), dtype=np.min_scalar_type(len(tally.values)))
            alone[tally.records] = numbers
            alone = alone[self.record_of]
        return Forward(tally.values, starts, numbers[order], alone)

    def _states_tallied(self, as_of: dt.date) -> Tally:
        states = np.full(self.records, -1, dtype=np.int8)
        states[self.record_of] = self.state_of(as_of)  # all passages of a record hold on the same days
        return _tally({state: np.flatnonzero(states == at) for at, state in enumerate(STATES)})

    def _values_tallied(self, name: str) -> Tally:
        values = dict.fromkeys(v for s in self._segments if name in s.facets for v in s.facets[name].records)
        return _tally({value: self._records_with(name, value) for value in values})

    # order

    @cached_property
    def bounds(self) -> tuple[Ids, Ids]:
        """The first row of each record, and the one after its last: all rows of a record stand together."""
        changes = np.flatnonzero(np.diff(self.record_of, prepend=-1))
        first, end = np.zeros(self.records, dtype=np.int64), np.zeros(self.records, dtype=np.int64)
        first[self.record_of[changes]] = changes
        end[self.record_of[changes]] = np.append(changes[1:], self.size)
        return first, end

    @cached_property
    def repeated(self) -> NDArray[np.uint64]:
        """The wordings that stand more than once."""
        ordered = np.sort(self.twins[self.live & (self.twins > 0)])
        return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])

    @cached_property
    def copies(self) -> NDArray[np.int32]:
        """Of each row the number of its wording among those that stand more than once; -1 for the others."""
        repeated = self.repeated
        if not len(repeated):
            return np.full(self.size, -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(repeated, self.twins), len(repeated) - 1)
        return np.where(repeated[at] == self.twins, at, -1).astype(np.int32)

    @cached_property
    def _ranks(self) -> Ids:
        """The place of each record in the order of ids."""
        ids = [id_ for segment in self._segments for id_ in segment.records]
        ranks = np.empty(len(ids), dtype=np.int64)
        ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return ranks

    def _ties(self, as_of: dt.date) -> Ids:
        ended = (self.ends <= as_of.toordinal()).astype(np.int64) << ENDED_BIT
        return np.asarray(ended | (self._ranks[self.record_of] << ORDINAL_BITS) | self.ordinals)


def _tally(held: Mapping[str, Ids]) -> Tally:
    held = {value: records for value, records in held.items() if len(records)}
    starts = np.array([0, *accumulate(len(records) for records in held.values())], dtype=np.int64)[:-1]
    return Tally(tuple(held), starts, _joined(held.values(), np.int64))


def _telling(segment: Segment, asked: Span) -> Ids:
    if asked.dimension not in segment.quantities:
        return NO_ROWS
    rows, low, high = segment.quantities[asked.dimension]
    return np.unique(rows[(low <= asked.high) & (high >= asked.low)])


def _counts(counts: Sequence[NDArray[np.uint16] | None], found: Sequence[Postings]) -> NDArray[np.uint16] | None:
    """What a zone counts in each segment, joined; None where it never holds the term."""
    if all(held is None for held in counts):
        return None
    held = (
        np.zeros(len(postings.rows), dtype=np.uint16) if own is None else own
        for own, postings in zip(counts, found, strict=True)
    )
    return _joined(held, np.uint16)


def _joined(arrays: Iterable[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    """One array of some, which may be none."""
    return np.concatenate((np.zeros(0, dtype=kind), *arrays), dtype=kind, casting="same_kind")
