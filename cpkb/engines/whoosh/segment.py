"""One committed segment: its passages as rows of mapped columns, its terms as postings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.batch import END_STATES, ROW_COLUMNS
from cpkb.engines.whoosh.columns import Array, Strings
from cpkb.engines.whoosh.inverted import POSITION_BITS, Dictionary, dictionary
from cpkb.engines.whoosh.schema import FIELDS, PLACED, SCORED

Ids = NDArray[np.int64]
Numbers = NDArray[np.float64]
Records = NDArray[np.int32]
NONE = np.zeros(0, dtype=np.int64)
_NO_COUNTS = np.zeros(0, dtype=np.uint8)
_NO_COUNTS.flags.writeable = False  # as mapped ones are: one kind of argument compiles once


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows that hold a term, ascending, and how often each zone of it does: None for a zone that never does."""

    rows: Ids
    counts: tuple[Array | None, ...]
    """For words and grams of the title, heading and text; for codes of the passage's text and of the record's own."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The records that have each value, ascending; all passages of a record have its values."""

    records: Mapping[str, Records]


class Segment:
    """Arrays over the passages of a segment; row = Whoosh document number.

    All rows of a record stand next to one another. Deleted rows keep their columns, and have no postings.
    """

    def __init__(self, name: str, arrays: dict[str, Array], deleted: Collection[int] = ()) -> None:
        self.name = name
        self.arrays = arrays
        self.size = len(arrays["row.ordinals"])
        self.deleted = frozenset(deleted)
        self.live = np.ones(self.size, dtype=bool)
        self.live[list(self.deleted)] = False
        self.records = Strings(arrays["record.text"], arrays["record.ends"])
        (
            self.record_of, self.ordinals, self.has_validity, self.is_draft, self.starts, self.ends, self.end_states,
            self.is_dated, self.amended, self.issued, self.twins, self.meanings,
        ) = (arrays[f"row.{name}"] for name in ROW_COLUMNS)  # fmt: skip
        self.lengths = {field: arrays[f"length.{field}"] for field in SCORED}
        self.dictionaries = {kind: dictionary(arrays, kind, len(fields)) for kind, fields in FIELDS.items()}

    @cached_property
    def quantities(self) -> dict[str, tuple[Array, Array, Array]]:
        """By dimension: the row, low end and high end of every value told."""
        parts = ("rows", "low", "high")
        names = _named(self.arrays, "quantity.")
        return {name: tuple(self.arrays[f"quantity.{name}.{part}"] for part in parts) for name in names}  # type: ignore[misc]

    @cached_property
    def facets(self) -> dict[str, Facet]:
        """By name."""
        return dict(_facets(self.arrays))

    @cached_property
    def titles(self) -> dict[str, list[int]]:
        """The live rows under each title."""
        found: dict[str, list[int]] = {}
        firsts = np.searchsorted(self.record_of, np.arange(len(self.records) + 1)).tolist()
        for record, title in enumerate(Strings(self.arrays["title.text"], self.arrays["title.ends"])):
            rows = range(firsts[record], firsts[record + 1])
            found.setdefault(title, []).extend(row for row in rows if row not in self.deleted)
        return found

    @property
    def terms(self) -> int:
        """Distinct (kind, term) pairs."""
        return sum(len(held.terms) for held in self.dictionaries.values())

    def postings(self, kind: str, term: str) -> Postings:
        """Rows that hold the term in any zone of the kind, ascending; deleted rows are left out."""
        held = self.dictionaries[kind]
        number = held.find(term)
        if number < 0:
            return Postings(NONE, (None,) * len(held.counts))
        at = held.extent(number)
        rows = held.rows[at].astype(np.int64)
        if not self.deleted:
            return Postings(rows, tuple(None if counts is None else counts[at] for counts in held.counts))
        kept = self.live[rows]
        return Postings(rows[kept], tuple(None if counts is None else counts[at][kept] for counts in held.counts))

    def in_a_row(self, zone: str, pairs: tuple[tuple[str, int], ...]) -> Ids:
        """Rows whose zone holds grams at these offsets from one another, ascending."""
        held, at = self.dictionaries[PLACED], ZONES.index(zone)
        found = [(held.find(gram), offset) for gram, offset in pairs]
        if not pairs or any(number < 0 for number, _ in found):
            return NONE
        # The rarest first: every further gram is looked up only in the rows that are left.
        found.sort(key=lambda pair: int(held.starts[pair[0] + 1] - held.starts[pair[0]]))
        if held.counts[at] is None:
            return NONE
        rows = self._compiled_row(at, found) if kernels.IS_COMPILED else self._row(at, found)
        return rows[self.live[rows]] if self.deleted else rows

    def _compiled_row(self, zone: int, found: Sequence[tuple[int, int]]) -> Ids:
        held = self.dictionaries[PLACED]
        numbers = [number for number, _ in found]
        extents = [
            [held.starts.item(number) for number in numbers],
            [held.starts.item(number + 1) for number in numbers],
            [held.places.item(number) for number in numbers],
            [offset for _, offset in found],
        ]
        counts = tuple(_NO_COUNTS if c is None else c for c in held.counts)
        rows: Ids = kernels.in_a_row(held.rows, counts, held.positions, zone, *np.array(extents, dtype=np.int64))
        return rows

    def _row(self, at: int, found: Sequence[tuple[int, int]]) -> Ids:
        held = self.dictionaries[PLACED]
        places: Ids | None = None
        for number, offset in found:
            rows = None if places is None else _rows(places)
            told = _places(held, number, at, rows) - offset
            places = told if places is None else places[_among(places, told)]
        return NONE if places is None else _rows(places)

    def state_rows(self, state: str, as_of: dt.date) -> NDArray[np.bool_]:
        """Which rows have the state on the date (the array form of `model.validity.state_on`)."""
        day = as_of.toordinal()
        started, ended = self.starts <= day, self.ends <= day
        if state == "draft":
            return self.is_draft
        if state == "not_yet":
            return np.asarray(~self.is_draft & ~started)
        if state in ("repealed", "superseded"):
            becomes = self.end_states == END_STATES.index(state)
            return np.asarray(~self.is_draft & started & ended & becomes)
        holds: NDArray[np.bool_] = self.has_validity & ~self.is_draft & started & ~ended
        if state == "unknown":
            return np.asarray(holds & ~self.is_dated)
        changed = self.amended <= day
        return np.asarray(holds & self.is_dated & (changed if state == "amended" else ~changed))


_ROW = POSITION_BITS + 2  # bits: a place less its offset, kept positive, never reaches into the next row
_ZERO = 1 << POSITION_BITS


def _places(held: Dictionary, number: int, zone: int, rows: Ids | None) -> Ids:
    """Where a term stands in a zone of some rows (of all for None): row and position in one number, ascending."""
    at = held.extent(number)
    counts = [np.zeros(at.stop - at.start, np.int64) if c is None else c[at].astype(np.int64) for c in held.counts]
    whole = np.sum(counts, axis=0)
    begun = int(held.places[number]) + np.cumsum(whole) - whole + np.sum(counts[:zone], axis=0, dtype=np.int64)
    stand, own = held.rows[at].astype(np.int64), counts[zone]
    if rows is not None:
        kept = _among(stand, rows)
        stand, own, begun = stand[kept], own[kept], begun[kept]
    within = np.arange(int(own.sum())) - np.repeat(np.cumsum(own) - own, own)
    positions = held.positions[np.repeat(begun, own) + within].astype(np.int64)
    found: Ids = (np.repeat(stand, own) << _ROW) + _ZERO + positions
    return found


def _rows(places: Ids) -> Ids:
    """The rows of some places, ascending, each once."""
    rows = places >> _ROW
    return rows[np.flatnonzero(np.diff(rows, prepend=-1))]


def _among(values: Ids, ascending: Ids) -> NDArray[np.bool_]:
    """Which values are among others."""
    if not len(ascending):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return np.asarray(ascending[at] == values)


def _facets(arrays: Mapping[str, Array]) -> Iterator[tuple[str, Facet]]:
    for name in _named(arrays, "facet."):
        values = Strings(arrays[f"facet.{name}.text"], arrays[f"facet.{name}.ends"])
        starts, records = arrays[f"facet.{name}.starts"].tolist(), arrays[f"facet.{name}.records"]
        yield name, Facet({v: records[a:b] for v, a, b in zip(values, starts, starts[1:], strict=False)})


def _named(arrays: Mapping[str, Array], prefix: str) -> list[str]:
    names = (name.removeprefix(prefix).rsplit(".", 1)[0] for name in arrays if name.startswith(prefix))
    return list(dict.fromkeys(names))
