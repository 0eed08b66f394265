"""One generation of the built index, open for asking: from a query to a page of hits and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cpkb.engines.query import EngineQuery, Every, InARow, Ranked, Scored
from cpkb.engines.ranking import Ranking
from cpkb.engines.results import EngineHit, EngineResults, Signs
from cpkb.engines.vectors import VectorFile
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.columns import Ids
from cpkb.engines.whoosh.generation import Generation, Mask
from cpkb.engines.whoosh.matching import Matcher, ranked_nodes
from cpkb.engines.whoosh.ordering import evidence, first, rounded
from cpkb.engines.whoosh.parts import Matched
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Numbers, Segment
from cpkb.engines.whoosh.topk import best, best_of
from cpkb.model.results import ScorePart

LEAST_PASSAGES = 1000  # of a handful of texts frequencies say nothing, and what matches is shown
WHOLE = 0.99  # of the information asked for: a passage with every word of the question is what was asked for
SIGNS_READ = 5  # hits a person looks at before deciding that the question is not answered
BEST_READ = 400  # passages that can speak for their document
OTHERS_SHOWN = 5  # further clauses of a document that a results page folds under the best one


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Rows that match, ascending, with their final scores and what they are ordered by."""

    rows: Ids
    scores: Numbers
    keys: tuple[Ids, ...]
    """The most important first; rows differ in the last."""

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: Mask | Ids) -> _Found:
        """Some of them."""
        return _Found(self.rows[kept], self.scores[kept], tuple(key[kept] for key in self.keys))

    def first(self, many: int) -> Ids:
        """The places of the best, in order."""
        return first(self.keys, many)


class Searcher:
    """Answers queries over fixed segments; safe to share between threads."""

    def __init__(self, segments: Sequence[Segment], ranking: Ranking, vectors: VectorFile) -> None:
        self.segments = list(segments)
        self._rows = Generation(self.segments)
        self._scorer = Scorer(self._rows, ranking, vectors)

    @property
    def passages(self) -> int:
        """Live passages."""
        return self._scorer.passages

    @property
    def terms(self) -> int:
        """Distinct (field, term) pairs."""
        return sum(segment.terms for segment in self.segments)

    @property
    def vectors(self) -> int:
        """Live passages that have a vector."""
        return self._scorer.with_vector()

    @property
    def has_meaning(self) -> bool:
        """Whether enough passages have a vector for meaning to count."""
        return self._scorer.has_enough()

    def knows(self, gram: str) -> bool:
        """Whether any passage holds the gram."""
        return len(self._scorer.impact("grams", gram)) > 0

    def search(self, query: EngineQuery) -> EngineResults:
        """See `engines.engine.Engine.search`."""
        matcher = Matcher(self._scorer, query)
        is_plain = isinstance(query.match, Scored | InARow)
        if is_plain and not query.grouped and not query.explained and query.sort == "relevance":
            found_at_once = self._best_terms(query, matcher)
            if found_at_once:
                return found_at_once
        by_meaning = any(self._scorer.nearness(node.meaning) is not None for node in ranked_nodes(query.match))
        ordered = self._with_documents(self._ordered(matcher.run(), query), by_meaning=by_meaning, is_plain=is_plain)
        found, copies = self._without_copies(ordered)
        page = self._page(found, query)
        return EngineResults(
            hits=self._hits(page, found, copies, matcher, query),
            total=self._records(found) if query.grouped else len(found),
            passages=len(found),
            facets=self._counts(found, query),
            signs=self._signs(matcher, query),
            by_meaning=by_meaning,
        )

    def _best_terms(self, query: EngineQuery, matcher: Matcher) -> EngineResults | None:
        """Plain terms or a phrase, ungrouped: only what the page shows is ordered; None where copies are among it."""
        rows, last = self._rows, query.offset + query.limit
        is_counted = query.counted or bool(query.facets)
        if isinstance(query.match, Scored):
            prior = self._scorer.prior(query.as_of, query.aside)
            found = best(self._scorer, query.match, prior, matcher.where(), last, every=is_counted)
        else:
            matched = matcher.run()
            found = best_of(matched.rows, matched.scores, last)
        if len(rows.repeated) and (is_counted or (rows.copies[found.rows] >= 0).any()):
            return None
        page = first((rounded(found.scores), rows.ties(query.as_of)[found.rows]), last)[query.offset :]
        places = zip(rows.places(found.rows[page]), found.scores[page].tolist(), strict=True)
        hits = tuple(EngineHit(*place, score) for place, score in places)
        total = len(found.every) if is_counted else 0
        return EngineResults(hits, total, total, {name: self._told(name, found.every, query) for name in query.facets})

    def _told(self, name: str, rows: Ids, query: EngineQuery) -> dict[str, int]:
        """Passages by value of a facet."""
        held = self._rows.forward(name, query.as_of)
        counts = np.zeros(len(held.names) + 1, dtype=np.int64)
        if held.of_rows is not None:
            kernels.tally_one(rows, held.of_rows, counts)
        else:
            kernels.tally(rows, self._rows.record_of, held.starts, held.values, counts)
        return {value: many for value, many in zip(held.names, counts.tolist(), strict=False) if many}

    # order

    def _ordered(self, matched: Matched, query: EngineQuery) -> _Found:
        """By what it is sorted by; of equals the one in force comes first, then the id decides, then the place."""
        dates = {"newest": self._rows.issued, "effective": self._rows.starts}.get(query.sort)
        dated = () if dates is None else (-dates[matched.rows],)
        ties = self._rows.ties(query.as_of)[matched.rows]
        return _Found(matched.rows, matched.scores, (*dated, rounded(matched.scores), ties))

    def _with_documents(self, found: _Found, *, by_meaning: bool, is_plain: bool) -> _Found:
        """A passage counts a little more where others of its document match too: best passage and document together."""
        if is_plain:
            return found
        best = found.first(BEST_READ)
        raised, scores = evidence(self._rows.record_of[found.rows[best]], found.scores[best]), found.scores.copy()
        ranking = self._scorer.ranking
        scores[best] += (ranking.meaning.document if by_meaning else ranking.document) * raised
        *dated, _, ties = found.keys
        return _Found(found.rows, scores, (*dated, rounded(scores), ties))

    def _without_copies(self, found: _Found) -> tuple[_Found, _Found]:
        """One hit for each wording: the copies of a clause in other texts are told with it, and not counted."""
        wording = self._rows.copies[found.rows]
        places = np.flatnonzero(wording >= 0)
        places = places[np.bincount(wording[places])[wording[places]] > 1]
        ordered = places[found.only(places).first(len(places))]
        _, best = np.unique(wording[ordered], return_index=True)
        copies = np.delete(ordered, best)
        is_kept = np.ones(len(found), dtype=bool)
        is_kept[copies] = False
        return found.only(is_kept), found.only(copies)

    def _page(self, found: _Found, query: EngineQuery) -> Ids:
        """The places of the page's hits, in order; with grouping, of the best of each record."""
        last = query.offset + query.limit
        if not query.grouped:
            return found.first(last)[query.offset :]
        many = max(last, BEST_READ)
        while True:
            best = found.first(many)
            _, of_record = np.unique(self._rows.record_of[found.rows[best]], return_index=True)
            if len(of_record) >= last or many >= len(found):
                return best[np.sort(of_record)][query.offset : last]
            many *= 4

    def _records(self, found: _Found) -> int:
        """How many records the rows are of: those of one stand together."""
        return int(np.count_nonzero(np.diff(self._rows.record_of[found.rows], prepend=-1)))

    # the page

    def _hits(
        self, page: Ids, found: _Found, copies: _Found, matcher: Matcher, query: EngineQuery
    ) -> tuple[EngineHit, ...]:
        others = self._others(page, found) if query.grouped else [()] * len(page)
        wording = self._rows.copies[copies.rows]
        rows, scores = found.rows[page], found.scores[page].tolist()
        hits = []
        for row, place, score, more in zip(rows.tolist(), self._rows.places(rows), scores, others, strict=True):
            own = self._rows.copies[row]
            twins = self._rows.places(copies.rows[wording == own]) if own >= 0 else ()
            parts = _parts(matcher.parts(row), score) if query.explained else ()
            hits.append(EngineHit(*place, score, more, tuple(twins), parts))
        return tuple(hits)

    def _others(self, page: Ids, found: _Found) -> list[tuple[int, ...]]:
        """Of each hit's record the ordinals of the next best."""
        starts, ends = (bound[self._rows.record_of[found.rows[page]]] for bound in self._rows.bounds)
        return [
            self._next_best(found, np.arange(*span)) for span in np.searchsorted(found.rows, (starts, ends)).T.tolist()
        ]

    def _next_best(self, found: _Found, places: Ids) -> tuple[int, ...]:
        if len(places) == 1:
            return ()
        best = places[found.only(places).first(1 + OTHERS_SHOWN)][1:]
        return tuple(self._rows.ordinals[found.rows[best]].tolist())

    def _counts(self, found: _Found, query: EngineQuery) -> Mapping[str, Mapping[str, int]]:
        each = np.bincount(self._rows.record_of[found.rows], minlength=self._rows.records)
        counted = np.minimum(each, 1) if query.grouped else each
        return {name: self._rows.tally(name, query.as_of).counts(counted) for name in query.facets}

    # signs

    def _signs(self, matcher: Matcher, query: EngineQuery) -> Signs | None:
        """Signs of a question of plain words; none where a passage surely is what was asked for."""
        node = query.match.nodes[0] if isinstance(query.match, Every) and len(query.match.nodes) == 1 else None
        if not isinstance(node, Ranked) or node.relaxed or not node.grams or self.passages < LEAST_PASSAGES:
            return None
        told = matcher.best_of(node, SIGNS_READ)
        share = max((share for _, share in told.best), default=0.0)
        if told.is_certain or (share > WHOLE and not node.codes):
            return None
        rarity = sum(self._scorer.rarity(gram) for gram in node.grams) / len(node.grams)
        return Signs(share, node.characters, rarity, self._scorer.nearest(node.meaning), bool(node.codes))


def _parts(parts: tuple[ScorePart, ...], score: float) -> tuple[ScorePart, ...]:
    """The parts of a hit's score, what its document adds included."""
    added = score - sum(part.score for part in parts)
    return (*parts, ScorePart("document", "", (), added)) if added > 1e-9 else parts
