"""One committed segment: its doc values as arrays, and its postings decoded on demand."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.engine import IndexedPassage
from cpkb.engines.whoosh.schema import FIELDS, SCORED

Ids = NDArray[np.int64]
Numbers = NDArray[np.float64]
END_STATES = ("", "repealed", "superseded")
NEVER = 10**7  # a day number beyond any date: year 27,379


def stored_values(passage: IndexedPassage) -> tuple[Any, ...]:
    """What is stored with a passage: plain tuples and strings only."""
    span = passage.interval
    zones = passage.zones
    lengths = tuple(len(getattr(zones[name.split("_")[0]], name.split("_")[1])) for name in SCORED)
    interval = span and (
        span.is_draft, _day(span.starts), _day(span.ends), span.end_state, span.is_dated, _day(span.amended),
    )  # fmt: skip
    values = tuple((name, tuple(found)) for name, found in passage.values.items())
    issued = _day(passage.issued)
    texts = passage.title, passage.twin
    told = tuple((span.dimension, span.low, span.high) for span in passage.quantities)
    return passage.record_id, passage.ordinal, lengths, values, interval, issued, *texts, passage.meaning, told


def _day(date: dt.date | None) -> int:
    return date.toordinal() if date else 0


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows that hold a term, ascending, and how often each zone of it does: None for a zone that never does."""

    rows: Ids
    counts: tuple[NDArray[np.uint16] | None, ...]
    """For words and grams of the title, heading and text; for codes of the passage's text and of the record's own."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The records that have each value, ascending; all passages of a record have its values."""

    records: Mapping[str, NDArray[np.int32]]


class Segment:
    """Arrays over the passages of a segment, row = Whoosh document number."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self.size: int = reader.doc_count_all()
        self.live = np.array([not reader.is_deleted(row) for row in range(self.size)], dtype=bool)
        rows = [reader.stored_fields(row)["values"] if self.live[row] else _EMPTY for row in range(self.size)]
        self.records, self.record_of = _numbered([row[0] for row in rows])
        self.ordinals = np.array([row[1] for row in rows], dtype=np.int64)
        self.lengths = {
            name: np.array([row[2][at] for row in rows], dtype=np.float64) for at, name in enumerate(SCORED)
        }
        spans = [row[4] or _NO_INTERVAL for row in rows]
        self.has_validity = np.array([row[4] is not None for row in rows], dtype=bool)
        self.is_draft = np.array([span[0] for span in spans], dtype=bool)
        self.starts = np.array([span[1] for span in spans], dtype=np.int64)
        self.ends = np.array([span[2] or NEVER for span in spans], dtype=np.int64)
        self.end_states = np.array([END_STATES.index(span[3]) for span in spans], dtype=np.int8)
        self.is_dated = np.array([span[4] for span in spans], dtype=bool)
        self.amended = np.array([span[5] or NEVER for span in spans], dtype=np.int64)
        self.issued = np.array([row[5] for row in rows], dtype=np.int64)
        self.twins = np.array([row[7] for row in rows], dtype=np.uint64)
        self.meanings = np.array([row[8] for row in rows], dtype=np.uint64)
        self.quantities = _quantities_of(rows)
        self.titles: dict[str, list[int]] = {}
        self.facets: dict[str, Facet] = _facets_of(rows, self.record_of)
        for at, row in enumerate(rows):
            self.titles.setdefault(row[6], []).append(at)

    def postings(self, kind: str, term: str) -> Postings:
        """Rows that hold the term in any zone of the kind, ascending; deleted rows are left out."""
        held = [self._field_postings(field, term) for field in FIELDS[kind]]
        rows = np.unique(np.concatenate([rows for rows, _ in held]))
        rows = rows[self.live[rows]]
        counts: list[NDArray[np.uint16] | None] = []
        for at, found in held:
            if not len(at):
                counts.append(None)
                continue
            dense = np.zeros(self.size, dtype=np.uint16)
            dense[at] = found
            counts.append(dense[rows])
        return Postings(rows, tuple(counts))

    def _field_postings(self, field: str, term: str) -> tuple[Ids, Numbers]:
        rows, counts = [], []
        with self._lock:
            for matcher in self._matchers(field, term):
                while matcher.is_active():
                    rows.append(matcher.id())
                    counts.append(matcher.weight())
                    matcher.next()
        return np.array(rows, dtype=np.int64), np.array(counts, dtype=np.float64)

    def in_a_row(self, zone: str, pairs: tuple[tuple[str, int], ...]) -> Ids:
        """Rows whose zone holds grams at these offsets from one another, ascending."""
        if not pairs:
            return np.zeros(0, dtype=np.int64)
        field = f"{zone}_grams"
        held = [self._field_postings(field, gram)[0] for gram in dict.fromkeys(gram for gram, _ in pairs)]
        rows = reduce(np.intersect1d, sorted(held, key=len))
        places = {gram: self._positions(field, gram, rows) for gram, _ in pairs}
        found = [
            int(row)
            for row in rows
            if set.intersection(*({place - offset for place in places[gram][int(row)]} for gram, offset in pairs))
        ]
        return np.array([row for row in found if self.live[row]], dtype=np.int64)

    def _positions(self, field: str, term: str, rows: Ids) -> Mapping[int, list[int]]:
        """Positions of the term in the field, for some of the rows that hold it."""
        found = {}
        with self._lock:
            for matcher in self._matchers(field, term):
                for row in rows:
                    matcher.skip_to(int(row))
                    found[int(row)] = matcher.value_as("positions")
        return found

    def _matchers(self, field: str, term: str) -> list[Any]:
        encoded = term.encode()
        return [self._reader.postings(field, encoded)] if (field, encoded) in self._reader else []

    def rows_of(self, records: NDArray[np.int32]) -> Ids:
        """The rows of some records."""
        chosen = np.zeros(len(self.records), dtype=bool)
        chosen[records] = True
        return np.flatnonzero(chosen[self.record_of])

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


def _numbered(records: list[str]) -> tuple[list[str], NDArray[np.int32]]:
    """The distinct records in row order, and the number of each row's."""
    numbers: dict[str, int] = {}
    of = np.array([numbers.setdefault(record, len(numbers)) for record in records], dtype=np.int32)
    return list(numbers), of


def _facets_of(rows: list[Any], record_of: NDArray[np.int32]) -> dict[str, Facet]:
    gathered: dict[str, dict[str, dict[int, None]]] = {}
    for row, record in zip(rows, record_of.tolist(), strict=True):
        for name, values in row[3]:
            for value in values:
                gathered.setdefault(name, {}).setdefault(value, {})[record] = None
    return {
        name: Facet({value: np.array(list(held), dtype=np.int32) for value, held in table.items()})
        for name, table in gathered.items()
    }


def _quantities_of(rows: list[Any]) -> dict[str, tuple[Ids, Numbers, Numbers]]:
    """By dimension: the row, low end and high end of every value told."""
    gathered: dict[str, list[tuple[int, float, float]]] = {}
    for at, row in enumerate(rows):
        for dimension, low, high in row[9]:
            gathered.setdefault(dimension, []).append((at, low, high))
    return {
        dimension: (np.array([row for row, _, _ in told], dtype=np.int64), *np.array([t[1:] for t in told]).T)
        for dimension, told in gathered.items()
    }


_NO_INTERVAL = (False, 0, 0, "", False, 0)
_EMPTY = ("", 0, (0,) * len(SCORED), (), None, 0, "", 0, 0, ())
NO_RECORDS = np.zeros(0, dtype=np.int32)
