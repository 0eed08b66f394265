"""Which rows a compiled query matches, and with what score: dense arrays over one segment at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cpkb.engines.engine import (
    Either,
    EngineQuery,
    Every,
    HasCode,
    HasValue,
    InARow,
    Match,
    Ranked,
    Without,
)
from cpkb.engines.whoosh.parts import Mask, Matched, RankedParts, Told
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import NO_RECORDS, Numbers, Segment
from cpkb.model.results import ScorePart

PHRASE_SCORE = 3.0  # a phrase adds about as much as a rare word, so that quoting never ranks below not quoting


def ranked_nodes(node: Match) -> Iterator[Ranked]:
    """The ranked questions in a query."""
    if isinstance(node, Ranked):
        yield node
    elif isinstance(node, Either | Every):
        for child in node.nodes:
            yield from ranked_nodes(child)


class Matcher:
    """Evaluates match nodes over one segment."""

    def __init__(self, scorer: Scorer, at: int, query: EngineQuery) -> None:
        self._scorer = scorer
        self._at = at
        self._segment: Segment = scorer.segments[at]
        self._query = query
        self._best: Mapping[Ranked, float] = {}
        self._tail = 0.0
        self._ranked: dict[Ranked, RankedParts] = {}

    def run(self, best: Mapping[Ranked, float], tail: float) -> Matched:
        """The query with its filters; deleted rows never match.

        ``best`` is what the best row scores for each ranked node by its words, ``tail`` the share of it that a row
        must score to count. Both are of the question alone, over all segments and before any filter, so that a count
        is what choosing the value gives and OR adds what it should.
        """
        self._best, self._tail = best, tail
        matched = self._node(self._query.match)
        mask = matched.mask & self._segment.live
        for name, accepted in self._query.filters:
            mask &= self._any_value(name, accepted)
        return Matched(mask, np.where(mask, matched.scores * self._prior(), 0.0))

    def _prior(self) -> Numbers:
        """What validity on the date makes of a score: texts in force before ended ones before drafts."""
        segment, ranking = self._segment, self._scorer.ranking
        factor = np.where(segment.ends <= self._query.as_of.toordinal(), ranking.ended, 1.0)
        return np.where(segment.is_draft, ranking.draft, factor)

    def _node(self, node: Match) -> Matched:
        if isinstance(node, Ranked):
            return self.ranked(node).final(self._best.get(node, 0.0), self._tail)
        if isinstance(node, InARow):
            return self._phrase(node)
        if isinstance(node, HasCode):
            return self._has_code(node)
        if isinstance(node, HasValue):
            return self._plain(self._any_value(node.name, (node.value,)))
        if isinstance(node, Without):
            return self._plain(~self._node(node.node).mask)
        inner = [self._node(child) for child in node.nodes]
        if not inner:
            return self._plain(np.full(self._segment.size, isinstance(node, Every)))
        join = np.logical_or if isinstance(node, Either) else np.logical_and
        mask = np.asarray(join.reduce([m.mask for m in inner]), dtype=bool)
        return Matched(mask, np.where(mask, np.sum([m.scores for m in inner], axis=0), 0.0))

    def _plain(self, mask: Mask) -> Matched:
        return Matched(mask, np.zeros(self._segment.size))

    def _phrase(self, node: InARow) -> Matched:
        """Passages with the row of grams, scored by how much the grams weigh in each."""
        mask = self._in_a_row(node)
        scores = np.full(self._segment.size, PHRASE_SCORE)
        for gram, _ in node.pairs:
            ids, values = self._scorer.impact("grams", gram).by_segment[self._at]
            scores[ids] += values
        return Matched(mask, np.where(mask, scores, 0.0))

    def ranked(self, node: Ranked) -> RankedParts:
        """A ranked node over this segment."""
        if node not in self._ranked:
            self._ranked[node] = RankedParts(self._scorer, self._at, node)
        return self._ranked[node]

    def best_of(self, node: Ranked, many: int) -> Told:
        """What a ranked node's best rows of the last run hold, whatever the filters."""
        return self.ranked(node).told(self._best[node], self._tail, self._prior(), many)

    def parts(self, row: int) -> tuple[ScorePart, ...]:
        """The parts of a row's score in the last run, largest first; they add up to it."""
        found = sorted((r for r in self._told_parts(self._query.match, row) if r.score), key=lambda r: -r.score)
        lost = (float(self._prior()[row]) - 1) * sum(reason.score for reason in found)
        state = "draft" if self._segment.is_draft[row] else "ended"
        return (*found, *([ScorePart(state, "", (), lost)] if lost else []))

    def _told_parts(self, node: Match, row: int) -> Iterator[ScorePart]:
        if isinstance(node, Ranked):
            yield from self.ranked(node).parts(row, self._best[node], self._tail)
        elif isinstance(node, InARow | HasCode):
            kind = "number" if isinstance(node, HasCode) else "phrase"
            yield ScorePart(kind, "", (), float(self._node(node).scores[row]))
        elif isinstance(node, Either | Every):
            for child in node.nodes:
                yield from self._told_parts(child, row)

    def _has_code(self, node: HasCode) -> Matched:
        mask = np.zeros(self._segment.size, dtype=bool)
        scores = np.zeros(self._segment.size)
        for key in node.keys:
            ids, values = self._scorer.impact("codes", key).by_segment[self._at]
            mask[ids] = True
            scores[ids] = np.maximum(scores[ids], self._scorer.ranking.code_weight * values)
        return Matched(mask, scores)

    def _in_a_row(self, node: InARow) -> Mask:
        mask = np.zeros(self._segment.size, dtype=bool)
        for zone in node.zones:
            mask[self._segment.in_a_row(zone, node.pairs)] = True
        return mask

    def _any_value(self, name: str, accepted: tuple[str, ...]) -> Mask:
        mask = np.zeros(self._segment.size, dtype=bool)
        for value in accepted:
            if name == "validity":
                mask |= self._segment.state_rows(value, self._query.as_of)
            else:
                facet = self._segment.facets.get(name)
                mask[self._segment.rows_of(facet.records.get(value, NO_RECORDS)) if facet else []] = True
        return mask
