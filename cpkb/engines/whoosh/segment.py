"""One committed segment: its passages as rows of mapped columns, its terms as postings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh import phrases
from cpkb.engines.whoosh.batch import END_STATES, ROW_COLUMNS
from cpkb.engines.whoosh.columns import Array, Ids, Strings
from cpkb.engines.whoosh.inverted import dictionary
from cpkb.engines.whoosh.schema import FIELDS, PLACED, SCORED

KEPT_NUMBERS = 1 << 14  # terms of a few thousand questions: about 2 MB
Numbers = NDArray[np.float64]
Records = NDArray[np.int32]


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
            self.record_of, self.ordinals, self.has_validity, self.is_draft, self.starts, self.first, self.ends,
            self.end_states, self.is_dated, self.amended, self.issued, self.twins, self.meanings,
        ) = (arrays[f"row.{name}"] for name in ROW_COLUMNS)  # fmt: skip
        self.lengths = {field: arrays[f"length.{field}"] for field in SCORED}
        self._number = lru_cache(KEPT_NUMBERS)(lambda kind, term: self.dictionaries[kind].find(term))
        self.dictionaries = {kind: dictionary(arrays, kind, len(fields)) for kind, fields in FIELDS.items()}

    @property
    def bytes(self) -> int:
        """Of all its arrays."""
        return sum(array.nbytes for array in self.arrays.values())

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
        number = self._number(kind, term)
        if number < 0:
            return Postings(held.rows[:0], (None,) * len(held.counts))
        at = held.extent(number)
        rows = held.rows[at]
        if not self.deleted:
            return Postings(rows, tuple(None if counts is None else counts[at] for counts in held.counts))
        kept = self.live[rows]
        return Postings(rows[kept], tuple(None if counts is None else counts[at][kept] for counts in held.counts))

    def in_a_row(self, zone: str, pairs: tuple[tuple[str, int], ...]) -> Ids:
        """Rows whose zone holds grams at these offsets from one another, ascending."""
        found = [(self._number(PLACED, gram), offset) for gram, offset in pairs]
        rows = phrases.in_a_row(self.dictionaries[PLACED], ZONES.index(zone), found)
        return rows[self.live[rows]] if self.deleted else rows

    def state_rows(self, state: str, as_of: dt.date) -> NDArray[np.bool_]:
        """Which rows have the state on the date (the array form of `model.validity.state_on`)."""
        day = as_of.toordinal()
        started, ended = self.starts <= day, self.ends <= day
        if state == "draft":
            return self.is_draft
        if state == "not_yet":
            return np.asarray(~self.is_draft & ~(self.first <= day))
        if state in ("repealed", "superseded"):
            becomes = self.end_states == END_STATES.index(state)
            return np.asarray(~self.is_draft & started & ended & becomes)
        holds: NDArray[np.bool_] = self.has_validity & ~self.is_draft & started & ~ended
        if state == "unknown":
            return np.asarray((holds & ~self.is_dated) | (~self.is_draft & ~started & (self.first <= day)))
        changed = self.amended <= day
        return np.asarray(holds & self.is_dated & (changed if state == "amended" else ~changed))


def _facets(arrays: Mapping[str, Array]) -> Iterator[tuple[str, Facet]]:
    for name in _named(arrays, "facet."):
        values = Strings(arrays[f"facet.{name}.text"], arrays[f"facet.{name}.ends"])
        starts, records = arrays[f"facet.{name}.starts"].tolist(), arrays[f"facet.{name}.records"]
        yield name, Facet({v: records[a:b] for v, a, b in zip(values, starts, starts[1:], strict=False)})


def _named(arrays: Mapping[str, Array], prefix: str) -> list[str]:
    names = (name.removeprefix(prefix).rsplit(".", 1)[0] for name in arrays if name.startswith(prefix))
    return list(dict.fromkeys(names))
