"""Passages for engines, cut by a rule so plain that a test can be read without an analyzer.

Words are separated by spaces; a ``/`` between them is punctuation and leaves a gap of one position. Every word is a
gram too, and every two neighbours are a pair: ``a b / c`` has the grams a, b, c and ab. Words of one Chinese character
side by side come as a run of characters, which holds the same grams without telling them.
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
    characters = {place for place, word in at.items() if len(word) == 1 and word >= "一"}
    pairs = [(word + at[place + 1], place) for place, word in at.items() if place + 1 in at]
    placed = [(word, place) for place, word in at.items() if place not in characters]
    placed += [pair for pair in pairs if not {pair[1], pair[1] + 1} <= characters]
    runs: list[tuple[str, int]] = []
    for place in sorted(characters):
        if place - 1 in characters:
            runs[-1] = (runs[-1][0] + at[place], runs[-1][1])
        else:
            runs.append((at[place], place))
    grams, places = tuple(gram for gram, _ in placed), tuple(place for _, place in placed)
    return ZoneTerms(tuple(at.values()), grams, places, tuple(runs))


def placed_grams(held: ZoneTerms) -> list[tuple[str, int]]:
    """All grams of a zone with their places, those of its runs too."""
    singles = [(character, place + at) for run, place in held.runs for at, character in enumerate(run)]
    pairs = [(run[at : at + 2], place + at) for run, place in held.runs for at in range(len(run) - 1)]
    return [*zip(held.grams, held.places, strict=True), *singles, *pairs]


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
