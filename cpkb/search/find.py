"""Find: a query in, a page of results out, with texts, marks, validity and counts."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.embedding import Embedder
from cpkb.engines.engine import Engine
from cpkb.engines.query import MAX_DEPTH
from cpkb.engines.results import EngineHit, EngineResults
from cpkb.model.passage import Passage
from cpkb.model.query import AllOf, InField, Query, Words
from cpkb.model.record import Record, addressed, passages_of
from cpkb.model.results import FacetCount, FacetResult, Hit, Results, Snippet
from cpkb.model.validity import HOLDING, PART_OF, Validity, validity
from cpkb.search.compile import compile_query, without_samples
from cpkb.search.confidence import Confidence
from cpkb.search.facets import label_of, value_label
from cpkb.search.questions import Questions
from cpkb.search.snippets import marked_terms, snippet
from cpkb.store.store import Store

TWINS_SHOWN = 5  # copies of one clause; a law rarely stands in more
NEARLY_SHOWN = 3  # enough to see whether the question went astray
PAGES_KEPT = 256  # of results, about 50 kB each: what many people ask on one day
HEADS_KEPT = 4096  # records without their texts, of 3 kB: what the questions of a city's works lead to
VALUES_SHOWN = 40  # of a facet; the page folds after the first eight
State = tuple[int, Hashable]


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the hits of a page are shown from."""

    records: Mapping[str, tuple[Record, Snippet, Validity]]
    """Each record once, with its marked title and its state, however many of its passages are shown."""
    bodies: Mapping[tuple[str, int], Passage]
    terms: tuple[str, ...]


class Finder:
    """Searches one knowledge base."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        analyzer: Analyzer,
        confidence: Confidence,
        embedder: Embedder | None = None,
        *,
        keeps_pages: bool = True,
    ) -> None:
        self._store = store
        self._engine = engine
        self._analyzer = analyzer
        self._confidence = confidence
        self._questions = Questions(analyzer, engine, embedder)
        self._page = lru_cache(PAGES_KEPT if keeps_pages else 0)(self._page_now)
        self._samples = lru_cache(1)(lambda _revision: store.samples_beside_real())
        self._head = lru_cache(HEADS_KEPT)(self._head_now)
        self.turn = threading.Lock()
        """Held while results are found and drawn: two threads that do so at once hand Python's own lock back and forth
        at every read, which takes both together longer than one after the other."""

    def find(self, query: Query, state: State | None = None) -> Results:
        """The page of results a query asks for; kept until the index, the store or the thesaurus changes."""
        begun = time.perf_counter()
        return replace(self._page(query, *(state or self.state())), seconds=time.perf_counter() - begun)

    def state(self) -> State:
        """What results depend on beside the query: the revision of the store; the index's and the thesaurus' state."""
        return self._store.revision(), (self._engine.state(), self._analyzer.thesaurus)

    def _page_now(self, query: Query, revision: int, _state: Hashable) -> Results:
        asked = without_samples(compile_query(query, self._questions), self._samples(revision))
        found = self._engine.search(asked)
        confidence = self._confidence.level(found.signs) if found.total else "none"
        if confidence == "none":
            return self._nothing(query, found, revision)
        hits = self._hits(found, query, revision)
        facets = tuple(self._facet(name, found.facets.get(name, {}), query) for name in query.facets)
        return Results(
            hits=hits,
            total=found.total,
            passages=found.passages,
            facets=tuple(f for f in facets if f.counts),
            also_searched=self._questions.also_searched(query.text),
            confidence=confidence,
            by_meaning=found.by_meaning,
        )

    def _nothing(self, query: Query, found: EngineResults, revision: int) -> Results:
        """Nothing matches, or nothing that does answers: what comes nearest is shown as that."""
        only_words = all(isinstance(node, Words) for node in query.text.nodes)
        asks = only_words and not query.is_empty and not query.offset
        nearest = replace(found, hits=found.hits[:NEARLY_SHOWN])
        return Results(
            hits=(),
            total=0,
            passages=0,
            also_searched=self._questions.also_searched(query.text),
            nearly=(self._hits(nearest, query, revision) if found.hits else self._nearly(query, revision))
            if asks
            else (),
            confidence="none",
            by_meaning=found.by_meaning,
        )

    def validity_of(self, record: Record, query: Query) -> Validity:
        """The state of a record on the query's date."""
        return self._state(self._store.dated(record), query.as_of)

    def _state(self, dated: Record, as_of: dt.date) -> Validity:
        if dated.collection not in HOLDING:
            return Validity("", as_of)
        return validity(dated, self._store.claims_about(dated), as_of)

    def terms_to_mark(self, query: Query) -> tuple[str, ...]:
        """The folded strings that a page showing whole texts marks (`snippets.snippet` takes them)."""
        return marked_terms(query.text, self._questions)

    def inside(self, record: Record, query: Query) -> tuple[int, ...]:
        """The ordinals of a document's passages that answer a query, in reading order."""
        titled = AllOf((*query.text.nodes, InField("title", record.title)))
        narrowed = replace(query, text=titled, filters=(), facets=(), grouped=False, offset=0, limit=MAX_DEPTH)
        found = self._engine.search(compile_query(narrowed, self._questions))
        # A clause whose wording another text has too may be told as that one's twin: it is here all the same.
        places = {place for hit in found.hits for place in ((hit.record_id, hit.ordinal), *hit.twins)}
        return tuple(sorted(ordinal for record_id, ordinal in places if record_id == record.id))

    def _nearly(self, query: Query, revision: int) -> tuple[Hit, ...]:
        """When nothing matches: the few passages that share most with the question, to be shown as such."""
        narrowed = replace(query, facets=(), limit=NEARLY_SHOWN)
        return self._hits(self._engine.search(compile_query(narrowed, self._questions, relaxed=True)), query, revision)

    def _hits(self, found: EngineResults, query: Query, revision: int) -> tuple[Hit, ...]:
        twins = [twin for hit in found.hits for twin in hit.twins[:TWINS_SHOWN]]
        ids = [*(hit.record_id for hit in found.hits), *(twin for twin, _ in twins)]
        heads = {id_: head for id_ in dict.fromkeys(ids) if (head := self._head(id_, revision, query.as_of))}
        wanted = [(h.record_id, ordinal) for h in found.hits for ordinal in (h.ordinal, *h.others)] + twins
        bodies = self._store.passages(wanted)
        terms = marked_terms(query.text, self._questions)
        texts = _Texts({id_: self._headed(head, terms) for id_, head in heads.items()}, bodies, terms)
        # The index may be a moment behind the store: what is gone meanwhile is left out.
        return tuple(self._hit(hit, texts) for hit in found.hits if hit.record_id in heads)

    def _hit(self, hit: EngineHit, texts: _Texts) -> Hit:
        """The best passage of a record, with its next best and with the same wording elsewhere."""
        more = [self._shown(hit.record_id, ordinal, texts) for ordinal in hit.others]
        twins = [self._shown(record, at, texts) for record, at in hit.twins[:TWINS_SHOWN] if record in texts.records]
        best = self._shown(hit.record_id, hit.ordinal, texts)
        return replace(best, score=hit.score, more=tuple(more), twins=tuple(twins), parts=hit.parts)

    def _headed(self, head: tuple[Record, Validity], terms: tuple[str, ...]) -> tuple[Record, Snippet, Validity]:
        record, state = head
        return record, snippet(record.title, terms, self._analyzer, length=len(record.title)), state

    def _head_now(self, record_id: str, _revision: int, as_of: dt.date) -> tuple[Record, Validity] | None:
        """A record without its text and its state on a date; None where it is gone meanwhile."""
        found = self._store.without_bodies([record_id])
        if not found:
            return None
        record = addressed(found[record_id])
        dated = self._store.dated(record)
        # What was read from a text is shown with its own days alone, as it was indexed.
        return record if record.collection in PART_OF else dated, self._state(dated, as_of)

    def _shown(self, record_id: str, ordinal: int, texts: _Texts) -> Hit:
        record, title, state = texts.records[record_id]
        own = {p.ordinal: p for p in (passages_of(record) if not record.is_document else ())}
        passage = texts.bodies.get((record_id, ordinal)) or own.get(ordinal) or Passage(ordinal, "")
        return Hit(
            record=record,
            passage=passage,
            score=0.0,
            snippet=snippet(_body(record, passage), texts.terms, self._analyzer),
            title=title,
            validity=state,
        )

    def _facet(self, name: str, counts: Mapping[str, int], query: Query) -> FacetResult:
        chosen = dict(query.filters).get(name, ())
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VALUES_SHOWN]
        shown = tuple(FacetCount(v, value_label(name, v), n, chosen=v in chosen) for v, n in ordered)
        return FacetResult(name, label_of(name, dict(query.filters).get("collection", ())), shown)


def _body(record: Record, passage: Passage) -> str:
    """The text to show: a record's title is shown by the hit already, and its fields read on in one paragraph."""
    if record.is_document:
        return passage.told
    return passage.text.removeprefix(record.title + "\n").replace("\n", "　")
