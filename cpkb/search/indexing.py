"""From a record to what the engine keeps of it: the counterpart of `compile`, with the same analyzer."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Iterator
from operator import itemgetter

from cpkb.analysis.cutter import Cutter, Terms
from cpkb.analysis.embedding import meaning_key, meaning_text
from cpkb.analysis.quantities import Quantity
from cpkb.engines.passage import IndexedPassage, Span, ZoneTerms
from cpkb.model.passage import Passage
from cpkb.model.record import Record, passages_of, work_key
from cpkb.model.validity import HOLDING, Claim, interval
from cpkb.search.facets import values_of

SHORTEST_TWIN = 30  # characters: shorter clauses (“自公布之日起施行”) are the same in texts that have nothing in common
CALLED = ("aliases", "abbreviation", "lay_words")
"""Fields of other names. What an owner would say (plain_title) stands in the text, which weighs more than a title: in
both it took first places from laws (docs/relevance.md)."""


def _wording(text: Terms) -> int:
    """The same for texts with the same characters, whatever their spacing and punctuation; 0 for short ones."""
    if sum(len(run) for run, _ in text.runs) + len(text.latin) < SHORTEST_TWIN:
        return 0
    placed = sorted((*text.runs, *zip(text.latin, text.places, strict=True)), key=itemgetter(1))
    return int.from_bytes(hashlib.sha256("".join(piece for piece, _ in placed).encode()).digest()[:8])


def own_numbers(record: Record) -> list[str]:
    """The numbers and models that are the record's own, not ones it cites."""
    own = []
    for name, value in record.fields.items():
        if record.declared.fields[name].kind.name in ("number", "models") and name != "standards":
            own += [str(item) for item in (value if isinstance(value, tuple) else (value,))]
    return own


def called(record: Record) -> tuple[str, ...]:
    """What a record goes by: its title and its other names, which count as the title does."""
    names = [record.fields.get(name, ()) for name in CALLED]
    return (record.title, *(str(name) for value in names for name in (value if isinstance(value, tuple) else (value,))))


def span_of(quantity: Quantity) -> Span:
    """A quantity as the engine compares it: equal decimals give equal floats."""
    low = -math.inf if quantity.low is None else float(quantity.low)
    return Span(quantity.dimension, low, math.inf if quantity.high is None else float(quantity.high))


def meaning_of(record: Record, passage: Passage) -> str:
    """The text that is embedded of a passage; a record's own passage begins with its title already."""
    return meaning_text("，".join((record.title, *passage.headings[-1:])) if record.is_document else "", passage.told)


def cut_record(changed: tuple[Record, Record, list[Claim]], cutter: Cutter) -> Iterator[IndexedPassage]:
    """As `indexed_passages`; for other processes too, so this loads little."""
    return indexed_passages(*changed, cutter)


def indexed_passages(
    record: Record, dated: Record, claims: Iterable[Claim], cutter: Cutter
) -> Iterator[IndexedPassage]:
    """Every passage of a record, cut into terms.

    ``dated`` is the record with the days of the text it belongs to (`Store.dated`), which are no words of its own.
    """
    title = cutter.terms("，".join(called(record)))
    own = cutter.terms("；".join((record.title, *own_numbers(record))))
    title_key = work_key(cutter.folded(record.title))
    span = interval(dated, claims) if record.collection in HOLDING else None
    values = values_of(dated)
    issued = dated.value("issued") or dated.value("effective")
    headings: dict[tuple[str, ...], ZoneTerms] = {}
    for passage in passages_of(record):
        if passage.headings not in headings:
            cut = cutter.terms("，".join(passage.headings))
            headings[passage.headings] = ZoneTerms(cut.words, cut.latin, cut.places, cut.runs)
        text = cutter.terms(passage.told)
        yield IndexedPassage(
            record_id=record.id,
            ordinal=passage.ordinal,
            zones={
                "title": ZoneTerms(title.words, title.latin, title.places, title.runs),
                "heading": headings[passage.headings],
                "text": ZoneTerms(text.words, text.latin, text.places, text.runs),
            },
            codes=text.codes,
            own_codes=(*(own.codes if passage.ordinal == 0 else ()), *cutter.terms(passage.locator).codes),
            title=title_key,
            values=values,
            interval=span,
            issued=dt.date.fromisoformat(issued) if issued else None,
            twin=_wording(text) if record.is_document else 0,
            quantities=tuple(dict.fromkeys(span_of(quantity) for quantity in text.quantities)),
            meaning=meaning_key(meaning_of(record, passage)),
        )
