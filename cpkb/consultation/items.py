"""Items: a matching passage as an answer says it, with citation, figures and the clauses it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer
from cpkb.consultation import figures
from cpkb.consultation.citations import cite, sentences
from cpkb.consultation.kinds import kind_of, technique_kind
from cpkb.consultation.places import Places
from cpkb.consultation.vocabulary import many
from cpkb.model.answer import Item
from cpkb.model.record import Record, work_key
from cpkb.model.results import Hit
from cpkb.search.snippets import snippet
from cpkb.store.store import Store

ELSEWHERE = 0.6  # a record of another industry or province than the one asked about counts this much
GUIDE_ELSEWHERE = 0.8  # boilers and dust stand in guides of their own: a clause of another trade's guide may still help
LOCAL = 0.8  # who names no province is asked to obey the whole country's rules first
AT_HOME = 1.1  # and who names one, those of the province too
TEXT = 180  # characters of an item shown before it is opened: about five lines on a phone
MOST_RESTS = 4  # clauses of a summary that are shown; few rest on more
_TELLS = ("summary", "definition", "description", "effect", "answer", "reason", "conditions")
"""The field that tells what a record is about, the first that is filled."""
_LIFTED = ("technique", "limit", "money")
"""Sections whose clauses have their figures lifted out."""


class ItemMaker:
    """Makes items of hits."""

    def __init__(self, store: Store, analyzer: Analyzer) -> None:
        self._store = store
        self._analyzer = analyzer
        self._places = Places(store)
        self._registered = lru_cache(2)(self._registered_now)

    def records(self, hits: Iterable[Hit]) -> dict[str, Record]:
        """The records of hits as they are kept, without bodies."""
        found = self._store.without_bodies([*{hit.record.id for hit in hits}, *_twin_ids(hits)])
        return {record_id: record for record_id, (record, _) in found.items()}

    def item(self, hit: Hit, terms: Sequence[str], kept: Mapping[str, Record]) -> Item:
        """One item; ``terms`` are marked in it."""
        stored = kept[hit.record.id]
        citation = cite(hit, stored, terms)
        shown = citation.quoted if hit.record.is_document else _telling(hit.record, citation.quoted)
        lifted = kind_of(hit) in _LIFTED and hit.record.is_document
        return Item(
            title=_title(hit),
            text=snippet(shown, terms, self._analyzer, length=TEXT),
            citation=citation,
            figures=figures.of_text(citation.quoted, self._analyzer) if lifted else figures.of_record(hit.record),
            twins=tuple(cite(twin, kept[twin.record.id], terms) for twin in hit.twins if twin.record.id in kept),
            rests=() if hit.record.is_document else tuple(map(self._places.of, hit.record.citations[:MOST_RESTS])),
            collection=hit.record.collection,
            kind=technique_kind(hit.record, hit.passage.headings),
            listed=hit.record.value("class"),
            score=hit.score,
        )

    def sentence(self, item: Item, terms: Sequence[str], lengths: tuple[int, int]) -> Item | None:
        """The item with its most telling sentence alone, word for word; None where none can stand alone."""
        told = [one for one in sentences(_told(item)) if lengths[0] <= len(one) <= lengths[1] and one[-1] in "。；！"]
        shares = {one: sum(len(t) for t in terms if t in self._analyzer.folded(one)) for one in told}
        best = max(told, key=lambda one: shares[one], default="")
        if not best or not (shares[best] or item.rests):
            return None
        shown = snippet(best, terms, self._analyzer, length=lengths[1])
        return replace(item, text=shown, citation=replace(item.citation, quoted=best), figures=(), twins=(), against=())

    def reweighed(self, item: Item, record: Record, industry: str, region: str) -> Item:
        """An item by how far it concerns who asks: their province, their industry, the country, or somebody else."""
        industries, place = self._industries_of(record), record.value("region")
        weight = 1.0
        if industry and industries and industry not in industries:
            weight *= GUIDE_ELSEWHERE if record.collection == "guideline" else ELSEWHERE
        if place and record.collection in ("policy", "duty", "limit"):
            weight *= LOCAL if not region else (AT_HOME if place == region else ELSEWHERE)
        return replace(item, score=item.score * weight, is_elsewhere=weight <= ELSEWHERE)

    def _industries_of(self, record: Record) -> tuple[str, ...]:
        """The industries of a record; of an imported text, those that are registered of its work."""
        own = many(record, "industry")
        return own or self._registered(self._store.revision()).get(work_key(record.title), ())

    def _registered_now(self, _revision: int) -> dict[str, tuple[str, ...]]:
        guides = (record for record in self._store.named() if record.collection == "guideline")
        return {work_key(guide.title): many(guide, "industry") for guide in guides if many(guide, "industry")}


def _twin_ids(hits: Iterable[Hit]) -> set[str]:
    return {twin.record.id for hit in hits for twin in hit.twins}


def _title(hit: Hit) -> str:
    """A record's title; of an article its law and number, of a clause of a guide what it stands under."""
    if not hit.record.is_document:
        return hit.record.title
    if hit.record.collection == "policy":
        return f"{hit.record.title} {hit.passage.locator}".strip()
    return hit.passage.headings[-1] if hit.passage.headings else hit.record.title


def _telling(record: Record, quoted: str) -> str:
    """The field that tells what a record is about; without one, its fields in one paragraph."""
    told = next((record.value(name) for name in _TELLS if record.value(name)), "")
    return told or quoted.removeprefix(record.title).strip().replace("\n", "　")


def _told(item: Item) -> str:
    """Of a clause its words, of a record the line that tells what it is about."""
    text = item.citation.quoted
    return text if not item.rests else next((line.partition("：")[2] for line in text.splitlines()[1:]), "")
