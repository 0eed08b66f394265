"""Whoosh fields for terms that are already cut."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import fields, formats

from cpkb.engines.ranking import ZONES

KINDS = ("words", "grams")
FIELDS = {kind: tuple(f"{zone}_{kind}" for zone in ZONES) for kind in KINDS} | {"codes": ("codes", "own_codes")}
"""The Whoosh fields of each kind of term."""
SCORED = tuple(f"{zone}_{kind}" for zone in ZONES for kind in KINDS)


class CutField(fields.FieldType):  # type: ignore[misc]
    """Terms without positions; the posting's weight is the term's frequency."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.unique = False
        self.multitoken_query = "default"
        self.spelling = False
        self.vector = None
        self.column_type = None
        self.analyzer = None

    def index(self, value: Iterable[Any], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, encoded positions) of each distinct term, as Whoosh asks for."""
        for term, count in Counter(value).items():
            yield term.encode(), count, float(count), b""


class PlacedField(CutField):
    """Terms with positions that count terms."""

    def __init__(self) -> None:
        super().__init__()
        self.format = formats.Positions()

    def index(self, value: Iterable[Any], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, encoded positions) of each distinct term, as Whoosh asks for."""
        places: dict[str, list[int]] = defaultdict(list)
        for term, position in value:
            places[term].append(position)
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


def schema() -> fields.Schema:
    """One field for each zone and kind of term, the codes, and the stored values."""
    declared: dict[str, Any] = {"record": fields.ID(), "values": fields.STORED()}
    for zone in ZONES:
        declared[f"{zone}_words"] = CutField()
        declared[f"{zone}_grams"] = PlacedField()
    declared["codes"] = CutField()
    declared["own_codes"] = CutField()
    return fields.Schema(**declared)
