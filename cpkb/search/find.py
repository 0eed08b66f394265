"""Find: a query in, a page of results out, with texts, marks, validity and counts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.engine import MAX_DEPTH, Engine, EngineHit, EngineResults
from cpkb.model.passage import Passage
from cpkb.model.query import AllOf, InField, Query
from cpkb.model.record import Record, passages_of
from cpkb.model.results import FacetCount, FacetResult, Hit, Results, Snippet
from cpkb.model.validity import DATED, Validity, validity
from cpkb.search.compile import compile_query
from cpkb.search.facets import label_of, value_label
from cpkb.search.questions import Questions
from cpkb.search.snippets import marked_terms, snippet
from cpkb.store.store import Store

NEARLY_SHOWN = 3  # enough to see whether the question went astray
VALUES_SHOWN = 40  # of a facet; the page folds after the first eight


class Finder:
    """Searches one knowledge base."""

    def __init__(self, store: Store, engine: Engine, analyzer: Analyzer) -> None:
        self._store = store
        self._engine = engine
        self._analyzer = analyzer
        self._questions = Questions(analyzer, engine)

    def find(self, query: Query) -> Results:
        """The page of results a query asks for."""
        begun = time.perf_counter()
        found = self._engine.search(compile_query(query, self._questions))
        hits = self._hits(found, query)
        nearly = () if hits or query.is_empty or query.offset else self._nearly(query)
        facets = tuple(self._facet(name, found.facets[name], query) for name in query.facets)
        return Results(
            hits=hits,
            total=found.total,
            passages=found.passages,
            facets=tuple(f for f in facets if f.counts),
            seconds=time.perf_counter() - begun,
            also_searched=self._questions.also_searched(query.text),
            nearly=nearly,
        )

    def validity_of(self, record: Record, query: Query) -> Validity:
        """The state of a record on the query's date."""
        if record.collection not in DATED:
            return Validity("", query.as_of)
        return validity(self._store.dated(record), self._store.claims_about(record), query.as_of)

    def terms_to_mark(self, query: Query) -> tuple[str, ...]:
        """The folded strings that a page showing whole texts marks (`snippets.snippet` takes them)."""
        return marked_terms(query.text, self._questions)

    def inside(self, record: Record, query: Query) -> tuple[int, ...]:
        """The ordinals of a document's passages that answer a query, in reading order."""
        titled = AllOf((*query.text.nodes, InField("title", record.title)))
        narrowed = replace(query, text=titled, filters=(), facets=(), grouped=False, offset=0, limit=MAX_DEPTH)
        found = self._engine.search(compile_query(narrowed, self._questions))
        return tuple(sorted(hit.ordinal for hit in found.hits if hit.record_id == record.id))

    def _nearly(self, query: Query) -> tuple[Hit, ...]:
        """When nothing matches: the few passages that share most with the question, to be shown as such."""
        narrowed = replace(query, facets=(), limit=NEARLY_SHOWN)
        return self._hits(self._engine.search(compile_query(narrowed, self._questions, relaxed=True)), query)

    def _hits(self, found: EngineResults, query: Query) -> tuple[Hit, ...]:
        heads = self._store.without_bodies([hit.record_id for hit in found.hits])
        wanted = [(h.record_id, ordinal) for h in found.hits for ordinal in (h.ordinal, *h.others)]
        bodies = self._store.passages(wanted)
        terms = marked_terms(query.text, self._questions)
        # The index may be a moment behind the store: what is gone meanwhile is left out.
        return tuple(
            self._hit(hit, heads[hit.record_id], bodies, terms, query) for hit in found.hits if hit.record_id in heads
        )

    def _hit(
        self,
        hit: EngineHit,
        head: tuple[Record, bool],
        bodies: Mapping[tuple[str, int], Passage],
        terms: tuple[str, ...],
        query: Query,
    ) -> Hit:
        record = self._store.dated(_with_stub(head))
        state = self.validity_of(record, query)
        title = snippet(record.title, terms, self._analyzer, length=len(record.title))
        own = {p.ordinal: p for p in (passages_of(record) if not record.is_document else ())}

        def made(ordinal: int, score: float) -> Hit | None:
            passage = bodies.get((record.id, ordinal)) or own.get(ordinal)
            if passage is None:
                return None
            return Hit(record, passage, score, snippet(_body(record, passage), terms, self._analyzer), title, state)

        best = made(hit.ordinal, hit.score) or Hit(record, Passage(0, ""), hit.score, Snippet(()), title, state)
        others = tuple(other for ordinal in hit.others if (other := made(ordinal, 0.0)))
        return replace(best, more=others)

    def _facet(self, name: str, counts: Mapping[str, int], query: Query) -> FacetResult:
        chosen = dict(query.filters).get(name, ())
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VALUES_SHOWN]
        shown = tuple(FacetCount(v, value_label(name, v), n, chosen=v in chosen) for v, n in ordered)
        return FacetResult(name, label_of(name, dict(query.filters).get("collection", ())), shown)


def _with_stub(head: tuple[Record, bool]) -> Record:
    """A record without its text that still knows whether it is a document (and so its address)."""
    record, has_body = head
    return replace(record, body=(Passage(0, ""),)) if has_body else record


def _body(record: Record, passage: Passage) -> str:
    """The text to show: a record's title is shown by the hit already, and its fields read on in one paragraph."""
    if record.is_document:
        return passage.text
    return passage.text.removeprefix(record.title + "\n").replace("\n", "　")
