"""One generation of the built index, open for asking: from a query to a page of hits and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cpkb.engines.engine import EngineHit, EngineQuery, EngineResults, Every, Ranked, Signs
from cpkb.engines.ranking import Ranking
from cpkb.engines.vectors import VectorFile
from cpkb.engines.whoosh.matching import Matcher, ranked_nodes
from cpkb.engines.whoosh.parts import Matched
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Segment
from cpkb.model.results import ScorePart
from cpkb.model.validity import STATES

LEAST_PASSAGES = 1000  # of a handful of texts frequencies say nothing, and what matches is shown
WHOLE = 0.99  # of the information asked for: a passage with every word of the question is what was asked for
SIGNS_READ = 5  # hits a person looks at before deciding that the question is not answered
BEST_READ, NEIGHBOURS = 400, 3  # passages that can speak for their document, and how many of them do
OTHERS_SHOWN = 5  # further clauses of a document that a results page folds under the best one


@dataclass(frozen=True, slots=True)
class _Found:
    """A matching passage on its way to the page."""

    record_id: str
    ordinal: int
    score: float
    at: int
    """The segment, and the row in it."""
    row: int
    twin: int
    has_ended: bool
    date: int | None
    """What it is sorted by, newest first; None by relevance."""

    @property
    def key(self) -> tuple[Any, ...]:
        """Rounding keeps sums of the same numbers in another order from deciding between equals: of those the one in
        force comes first, then the id decides.
        """
        dated = () if self.date is None else (-self.date,)
        return (*dated, -round(self.score, 9), self.has_ended, self.record_id, self.ordinal)


class Searcher:
    """Answers queries over fixed segments; safe to share between threads."""

    def __init__(self, segments: Sequence[Segment], ranking: Ranking, vectors: VectorFile) -> None:
        self.segments = list(segments)
        self._scorer = Scorer(self.segments, ranking, vectors)

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
        return self._scorer.impact("grams", gram).size > 0

    def search(self, query: EngineQuery) -> EngineResults:
        """See `engines.engine.Engine.search`."""
        matchers = [Matcher(self._scorer, at, query) for at in range(len(self.segments))]
        matched = self._matched(matchers, query)
        found, twins = self._without_twins(self._ordered(matched, query), matched)
        passages = sum(int(m.mask.sum()) for m in matched)
        grouped = _grouped(found) if query.grouped else [(f, ()) for f in found]
        page = grouped[query.offset : query.offset + query.limit]
        facets = {name: self._count(name, matched, query) for name in query.facets}
        hits = tuple(
            EngineHit(
                f.record_id,
                f.ordinal,
                f.score,
                others=tuple(others),
                twins=tuple(twins.get(f.twin, ())),
                parts=_parts(matchers[f.at], f) if query.explained else (),
            )
            for f, others in page
        )
        signs = self._signs(matchers, query)
        return EngineResults(hits, len(grouped), passages, facets, signs, self._is_by_meaning(query))

    def _is_by_meaning(self, query: EngineQuery) -> bool:
        return any(self._scorer.nearness(node.meaning) is not None for node in ranked_nodes(query.match))

    def _signs(self, matchers: Sequence[Matcher], query: EngineQuery) -> Signs | None:
        """Signs of a question of plain words; none where a passage surely is what was asked for."""
        node = query.match.nodes[0] if isinstance(query.match, Every) and len(query.match.nodes) == 1 else None
        if not isinstance(node, Ranked) or node.relaxed or not node.grams or self.passages < LEAST_PASSAGES:
            return None
        told = [matcher.best_of(node, SIGNS_READ) for matcher in matchers]
        if any(found.is_certain for found in told):
            return None
        best = sorted((pair for found in told for pair in found.best), reverse=True)[:SIGNS_READ]
        rarity = sum(self._scorer.rarity(gram) for gram in node.grams) / len(node.grams)
        share = max((share for _, share in best), default=0.0)
        if share > WHOLE and not node.codes:
            return None
        return Signs(share, node.characters, rarity, self._scorer.nearest(node.meaning), bool(node.codes))

    def _ordered(self, matched: Sequence[Matched], query: EngineQuery) -> list[_Found]:
        found = sorted((f for at, rows in enumerate(matched) for f in self._collect(at, rows, query)), key=_key)
        return sorted(self._with_documents(found), key=_key)

    def _with_documents(self, found: Sequence[_Found]) -> Iterator[_Found]:
        """A passage counts a little more where others of its document match too: best passage and document together."""
        scores: dict[str, list[float]] = {}
        for item in found[:BEST_READ]:
            scores.setdefault(item.record_id, []).append(item.score)
        for rank, item in enumerate(found):
            others = list(scores.get(item.record_id, ())[: NEIGHBOURS + 1]) if rank < BEST_READ else []
            if item.score in others:
                others.remove(item.score)
            evidence = sum(others[:NEIGHBOURS]) / NEIGHBOURS
            yield replace(item, score=item.score + self._scorer.ranking.document * evidence) if evidence else item

    def _collect(self, at: int, matched: Matched, query: EngineQuery) -> Iterator[_Found]:
        segment = self.segments[at]
        rows = np.flatnonzero(matched.mask)
        dates = {"newest": segment.issued, "effective": segment.starts}.get(query.sort)
        ended = segment.ends <= query.as_of.toordinal()
        for row in rows:
            record = segment.records[segment.record_of[row]]
            ordinal, score = int(segment.ordinals[row]), float(matched.scores[row])
            date = None if dates is None else int(dates[row])
            yield _Found(record, ordinal, score, at, int(row), int(segment.twins[row]), bool(ended[row]), date)

    def _without_twins(
        self, found: Sequence[_Found], matched: Sequence[Matched]
    ) -> tuple[list[_Found], dict[int, list[tuple[str, int]]]]:
        """One hit for each wording: the copies of a clause in other texts are told with it, and not counted."""
        kept: list[_Found] = []
        twins: dict[int, list[tuple[str, int]]] = {}
        for item in found:
            if item.twin in twins:
                twins[item.twin].append((item.record_id, item.ordinal))
                matched[item.at].mask[item.row] = False
                continue
            if item.twin:
                twins[item.twin] = []
            kept.append(item)
        return kept, twins

    def _matched(self, matchers: Sequence[Matcher], query: EngineQuery) -> list[Matched]:
        """What matches in each segment, without what scores less than a share of the best of its question."""
        asked = set(ranked_nodes(query.match))
        best = {node: max((m.ranked(node).by_words.best for m in matchers), default=0.0) for node in asked}
        matched = [matcher.run(best, self._scorer.ranking.tail) for matcher in matchers]
        # Where filters leave nothing but the tail, the tail is better than nothing.
        return matched if any(m.mask.any() for m in matched) else [matcher.run(best, 0.0) for matcher in matchers]

    def _count(self, name: str, matched: Sequence[Matched], query: EngineQuery) -> dict[str, int]:
        counted: dict[str, set[str]] = {}
        for segment, rows in zip(self.segments, matched, strict=True):
            for value, ids in _values_of(segment, name, query):
                held = ids[rows.mask[ids]]
                if len(held):
                    counted.setdefault(value, set()).update(_keys(segment, held, query))
        return {value: len(keys) for value, keys in counted.items()}


def _keys(segment: Segment, rows: Any, query: EngineQuery) -> list[str]:
    """What is counted: records when grouped, else passages."""
    if query.grouped:
        return [segment.records[segment.record_of[row]] for row in rows]
    return [f"{segment.records[segment.record_of[row]]}#{segment.ordinals[row]}" for row in rows]


def _values_of(segment: Segment, name: str, query: EngineQuery) -> list[tuple[str, Any]]:
    if name != "validity":
        facet = segment.facets.get(name)
        return [(v, segment.rows_of(held)) for v, held in facet.records.items()] if facet else []
    return [(state, np.flatnonzero(segment.state_rows(state, query.as_of))) for state in STATES]


def _parts(matcher: Matcher, found: _Found) -> tuple[ScorePart, ...]:
    """The parts of a hit's score, what its document adds included."""
    parts = matcher.parts(found.row)
    added = found.score - sum(part.score for part in parts)
    return (*parts, ScorePart("document", "", (), added)) if added > 1e-9 else parts


def _key(found: _Found) -> tuple[Any, ...]:
    return found.key


def _grouped(found: Sequence[_Found]) -> list[tuple[_Found, list[int]]]:
    """The best passage of each record in order, with the ordinals of its next best."""
    groups: dict[str, tuple[_Found, list[int]]] = {}
    for item in found:
        if item.record_id not in groups:
            groups[item.record_id] = (item, [])
        elif len(groups[item.record_id][1]) < OTHERS_SHOWN:
            groups[item.record_id][1].append(item.ordinal)
    return list(groups.values())
