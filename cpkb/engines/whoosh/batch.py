"""Passages gathered as numbers until they are a segment."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from operator import itemgetter

import numpy as np

from cpkb.engines.passage import IndexedPassage
from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh.columns import Array, strings
from cpkb.engines.whoosh.inverted import CHUNK, Keys, end_to_end, invert, keys_of
from cpkb.engines.whoosh.runs import Runs, grams_of
from cpkb.engines.whoosh.schema import FIELDS, PLACED

END_STATES = ("", "repealed", "superseded")
NEVER = 10**7  # a day number beyond any date: year 27,379
BYTES_PER_TERM = 20  # of memory while a segment is made: a number, a key, a posting; measured 18.4
BYTES_BESIDE = 110 << 20  # what making a segment of any size takes; measured 105 MB


class _Occurrences:
    """Terms of one field in row order: their numbers, how many each row has, and their places."""

    def __init__(self) -> None:
        self.terms, self.sizes, self.places = array("I"), array("I"), array("I")

    def keys(self, ranks: Array, zone: int) -> Iterator[Keys]:
        """The key of each, some CHUNK at a time; ``ranks`` has the rank of every term by its number."""
        sizes, terms, places = (np.frombuffer(held, np.uint32) for held in (self.sizes, self.terms, self.places))
        rows = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        places = places if len(places) else np.broadcast_to(np.uint32(0), rows.shape)
        for at in (slice(begun, begun + CHUNK) for begun in range(0, len(terms), CHUNK)):
            yield keys_of(ranks[terms[at]], rows[at], zone, places[at])


class Batch:
    """New passages on their way to a segment."""

    def __init__(self) -> None:
        self.rows = 0
        self.terms = 0
        self._numbers = {kind: defaultdict[str, int](count().__next__) for kind in FIELDS}
        self._found = {field: _Occurrences() for fields in FIELDS.values() for field in fields}
        self._runs = {field: Runs() for field in FIELDS[PLACED]}
        self._records: dict[str, int] = {}
        self._titles: list[str] = []
        self._values: list[tuple[int, str, str]] = []
        self._told: list[tuple[int, str, float, float]] = []
        self._columns = {name: array(code) for name, (code, _) in ROW_COLUMNS.items()}

    @property
    def bytes(self) -> int:
        """About how much memory making the segment takes."""
        return self.terms * BYTES_PER_TERM + BYTES_BESIDE

    def holds(self, record_id: str) -> bool:
        """Whether passages of a record are gathered here."""
        return record_id in self._records

    def add(self, passage: IndexedPassage) -> None:
        """Gather one passage; those of a record come one after the other."""
        for zone in ZONES:
            cut = passage.zones[zone]
            self._put("words", f"{zone}_words", cut.words)
            self._put("grams", f"{zone}_grams", cut.grams)
            self._found[f"{zone}_grams"].places.extend(cut.places)
            self.terms += self._runs[f"{zone}_grams"].add(cut.runs)
        self._put("codes", "codes", passage.codes)
        self._put("codes", "own_codes", passage.own_codes)
        self._put("records", "record", (passage.record_id,))
        self._tell(passage)
        self.rows += 1

    def _put(self, kind: str, field: str, terms: Sequence[str]) -> None:
        found = self._found[field]
        if len(terms) > 1:
            found.terms.extend(itemgetter(*terms)(self._numbers[kind]))  # quicker than one by one
        else:
            found.terms.extend(self._numbers[kind][term] for term in terms)
        found.sizes.append(len(terms))
        self.terms += len(terms)

    def _tell(self, passage: IndexedPassage) -> None:
        number = self._records.setdefault(passage.record_id, len(self._records))
        if number == len(self._titles):
            self._titles.append(passage.title)
            self._values += [(number, name, value) for name, held in passage.values.items() for value in held]
        self._told += [(self.rows, span.dimension, span.low, span.high) for span in passage.quantities]
        span = passage.interval
        for name, value in (
            ("record_of", number),
            ("ordinals", passage.ordinal),
            ("has_validity", span is not None),
            ("is_draft", span is not None and span.is_draft),
            ("starts", _day(span.starts) if span else 0),
            ("first", _day(span.first or span.starts) if span else 0),
            ("ends", _day(span.ends) or NEVER if span else NEVER),
            ("end_states", END_STATES.index(span.end_state) if span else 0),
            ("is_dated", span is not None and span.is_dated),
            ("amended", _day(span.amended) or NEVER if span else NEVER),
            ("issued", _day(passage.issued)),
            ("twins", passage.twin),
            ("meanings", passage.meaning),
        ):
            self._columns[name].append(value)

    def _keys(self, kind: str) -> tuple[list[str], Keys]:
        """The sorted terms of a kind, and the key of each occurrence; what was gathered is spent."""
        numbers, found = self._numbers.pop(kind), [self._found.pop(field) for field in FIELDS[kind]]
        runs = [self._runs.pop(field) for field in FIELDS[kind] if kind == PLACED]
        grams, held = grams_of(runs) if runs else ([], [])
        terms = sorted({*numbers, *grams})
        rank_of = {term: rank for rank, term in enumerate(terms)}
        ranks = np.array([rank_of[term] for term in (*numbers, *grams)], dtype=np.uint32)
        told = [own.keys(ranks, zone) for zone, own in enumerate(found)]
        ranks = ranks[len(numbers) :]
        told += [own.keys(at, ranks, zone) for zone, (own, at) in enumerate(zip(runs, held, strict=True))]
        size = sum(len(own.terms) for own in found) + sum(map(len, runs))
        return terms, end_to_end(chain.from_iterable(told), size)

    def arrays(self) -> dict[str, Array]:
        """The arrays of the segment (`segment.Segment` reads them); the batch is spent."""
        made: dict[str, Array] = {}
        for kind, fields in FIELDS.items():
            terms, keys = self._keys(kind)
            inverted = invert(terms, keys, len(fields), placed=kind == PLACED)
            made |= {f"{kind}.{name}": found for name, found in inverted.items()}
        for name, (_, dtype) in ROW_COLUMNS.items():
            made[f"row.{name}"] = np.array(self._columns[name], dtype=dtype)
        for name, texts in (("record", list(self._records)), ("title", self._titles)):
            made[f"{name}.text"], made[f"{name}.ends"] = strings(texts)
        return made | lengths_of(made, self.rows) | facet_arrays(self._values) | quantity_arrays(self._told)


ROW_COLUMNS = {
    "record_of": ("i", np.int32),
    "ordinals": ("i", np.int32),
    "has_validity": ("B", np.bool_),
    "is_draft": ("B", np.bool_),
    "starts": ("i", np.int32),
    "first": ("i", np.int32),
    "ends": ("i", np.int32),
    "end_states": ("b", np.int8),
    "is_dated": ("B", np.bool_),
    "amended": ("i", np.int32),
    "issued": ("i", np.int32),
    "twins": ("Q", np.uint64),
    "meanings": ("Q", np.uint64),
}
"""What is kept of every row: gathered as, kept as."""


def lengths_of(arrays: dict[str, Array], rows: int) -> dict[str, Array]:
    """The number of terms of each row in each field that is scored."""
    found = {}
    for kind in ("words", "grams"):
        held = arrays[f"{kind}.rows"]
        for zone, field in enumerate(FIELDS[kind]):
            counts, lengths = arrays[f"{kind}.counts{zone}"], np.zeros(rows)
            for at in range(0, len(counts), CHUNK):
                lengths += np.bincount(held[at : at + CHUNK], counts[at : at + CHUNK], rows)
            found[f"length.{field}"] = lengths.astype(np.uint32)
    return found


def facet_arrays(values: Iterable[tuple[int, str, str]]) -> dict[str, Array]:
    """(record, facet, value) as, for each facet, its values and the records that have each."""
    gathered: dict[str, dict[str, list[int]]] = {}
    for record, name, value in values:
        gathered.setdefault(name, {}).setdefault(value, []).append(record)
    made = {}
    for name, table in gathered.items():
        made[f"facet.{name}.text"], made[f"facet.{name}.ends"] = strings(list(table))
        records = [np.unique(np.array(held, dtype=np.int32)) for held in table.values()]
        made[f"facet.{name}.starts"] = np.cumsum([0, *map(len, records)])
        made[f"facet.{name}.records"] = np.concatenate(records)
    return made


def quantity_arrays(told: Iterable[tuple[int, str, float, float]]) -> dict[str, Array]:
    """(row, dimension, low, high) as, for each dimension, the rows and the ends of what they tell."""
    gathered: dict[str, list[tuple[int, float, float]]] = {}
    for row, dimension, low, high in told:
        gathered.setdefault(dimension, []).append((row, low, high))
    made = {}
    for dimension, found in gathered.items():
        made[f"quantity.{dimension}.rows"] = np.array([row for row, _, _ in found], dtype=np.int32)
        made[f"quantity.{dimension}.low"] = np.array([low for _, low, _ in found])
        made[f"quantity.{dimension}.high"] = np.array([high for _, _, high in found])
    return made


def _day(date: dt.date | None) -> int:
    return date.toordinal() if date else 0
