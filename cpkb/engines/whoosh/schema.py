"""The Whoosh fields, and the kinds of terms that stand in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import fields, formats

from cpkb.engines.ranking import ZONES

FIELDS = {
    "words": tuple(f"{zone}_words" for zone in ZONES),
    "grams": tuple(f"{zone}_grams" for zone in ZONES),
    "codes": ("codes", "own_codes"),
    "records": ("record",),
}
"""The Whoosh fields of each kind of term, by zone."""
SCORED = (*FIELDS["words"], *FIELDS["grams"])
"""Fields whose lengths count."""
PLACED = "grams"
"""The kind whose terms are kept with their positions (in the columns only)."""


class CutField(fields.FieldType):  # type: ignore[misc]
    """Terms that are cut already; the posting's weight is the term's frequency."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.scorable = True
        self.stored = False
        self.unique = False
        self.multitoken_query = "default"
        self.spelling = False
        self.vector = None
        self.column_type = None
        self.analyzer = None

    def index(self, value: Iterable[Any], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """(term, frequency, weight, value) of each distinct term, as Whoosh asks for."""
        for term, count in Counter(value).items():
            yield term.encode(), count, float(count), b""


def schema() -> fields.Schema:
    """One field for each zone and kind of term; the record's id and the passage's ordinal are stored."""
    named = {field: CutField() for kind in FIELDS.values() for field in kind if field != "record"}
    return fields.Schema(record=fields.ID(stored=True), ordinal=fields.STORED(), **named)
