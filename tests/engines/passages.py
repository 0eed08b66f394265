"""Passages for engines, cut by a rule so plain that a test can be read without an analyzer.

Words are separated by spaces; a ``/`` between them is punctuation and leaves a gap of one position. Every word is a
gram too, and every two neighbours are a pair: ``a b / c`` has the grams a, b, c and ab.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cpkb.engines.passage import IndexedPassage, Span, ZoneTerms
from cpkb.engines.query import InARow, Ranked
from cpkb.model.validity import Interval

GAP = "/"


def terms(text: str) -> ZoneTerms:
    at = {place: word for place, word in enumerate(text.split()) if word != GAP}
    pairs = [(word + at[place + 1], place) for place, word in at.items() if place + 1 in at]
    placed = [*((word, place) for place, word in at.items()), *pairs]
    return ZoneTerms(tuple(at.values()), tuple(gram for gram, _ in placed), tuple(place for _, place in placed))


def passage(
    record_id: str,
    text: str = "",
    ordinal: int = 0,
    *,
    title: str = "",
    heading: str = "",
    codes: tuple[str, ...] = (),
    own_codes: tuple[str, ...] = (),
    values: Mapping[str, tuple[str, ...]] | None = None,
    interval: Interval | None = None,
    issued: dt.date | None = None,
    quantities: tuple[Span, ...] = (),
    meaning: int = 0,
) -> IndexedPassage:
    return IndexedPassage(
        record_id=record_id,
        ordinal=ordinal,
        zones={"title": terms(title), "heading": terms(heading), "text": terms(text)},
        codes=codes,
        own_codes=own_codes,
        title=title.replace(" ", "") if ordinal == 0 else "",
        values=values or {},
        interval=interval,
        issued=issued,
        quantities=quantities,
        meaning=meaning,
    )


def words(text: str, *codes: str) -> Ranked:
    """A plain question: its words, as words and as grams."""
    asked = tuple(text.split())
    return Ranked(asked, asked, tuple((code,) for code in codes))


def row(text: str) -> InARow:
    """A phrase: its words at their places."""
    return InARow(tuple((word, place) for place, word in enumerate(text.split()) if word != GAP))
