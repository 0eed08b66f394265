"""Which rows a compiled query matches, and with what score: rows and their scores, over a whole generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from cpkb.engines.query import Either, EngineQuery, Every, HasCode, HasValue, InARow, Match, Ranked, Scored, Without
from cpkb.engines.whoosh import kernels
from cpkb.engines.whoosh.generation import Mask
from cpkb.engines.whoosh.parts import Matched, RankedParts, Told
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.topk import best
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
    """Evaluates match nodes over a generation."""

    def __init__(self, scorer: Scorer, query: EngineQuery) -> None:
        self._scorer = scorer
        self._generation = scorer.generation
        self._query = query
        self._prior = scorer.prior(query.as_of, query.aside)
        self._tail = scorer.ranking.tail
        self._within = self._all_of(query.scope)
        self._ranked: dict[Ranked, RankedParts] = {}
        self._told: dict[InARow | HasCode, Matched] = {}

    def run(self) -> Matched:
        """The query with its filters; deleted rows never match.

        Rows that score less than a share of the best of their question do not count. The best is of the question
        alone, before any filter, so that a count is what choosing the value gives and OR adds what it should.
        """
        matched = self._filtered()
        if not len(matched.rows):
            # Where filters leave nothing but the tail, the tail is better than nothing.
            self._tail = 0.0
            matched = self._filtered()
        return Matched(matched.rows, matched.scores * self._prior[matched.rows])

    def _filtered(self) -> Matched:
        matched = self._node(self._query.match)
        if self._within is not None:
            matched = matched.only(self._within[matched.rows])
        for name, accepted in self._query.filters:
            matched = matched.only(self._any_value(name, accepted)[matched.rows])
        return matched

    def _node(self, node: Match) -> Matched:
        if isinstance(node, Ranked):
            return self._parts_of(node).final(self._tail)
        if isinstance(node, Scored):
            return self._scored(node)
        if isinstance(node, InARow | HasCode):
            return self._told_by(node)
        if isinstance(node, HasValue):
            return self._where(self._any_value(node.name, (node.value,)))
        if isinstance(node, Without):
            others = np.ones(self._generation.size, dtype=bool)
            others[self._node(node.node).rows] = False
            return self._where(others)
        if not node.nodes:
            return self._where(np.full(self._generation.size, isinstance(node, Every)))
        inner = [self._node(child) for child in node.nodes]
        return self._joined(inner, len(inner) if isinstance(node, Every) else 1)

    def _where(self, mask: Mask) -> Matched:
        rows = np.flatnonzero(mask & self._generation.live)
        return Matched(rows, np.zeros(len(rows)))

    def _joined(self, inner: Sequence[Matched], least: int) -> Matched:
        """Rows that at least so many nodes match, with the sum of what they score."""
        if len(inner) == 1:
            return inner[0]
        times, scores = np.zeros(self._generation.size, dtype=np.int64), np.zeros(self._generation.size)
        for matched in inner:
            times[matched.rows] += 1
            scores[matched.rows] += matched.scores
        rows = np.flatnonzero(times >= least)
        return Matched(rows, scores[rows])

    def _told_by(self, node: InARow | HasCode) -> Matched:
        if node not in self._told:  # every explanation asks again
            self._told[node] = self._phrase(node) if isinstance(node, InARow) else self._has_code(node)
        return self._told[node]

    def _scored(self, node: Scored) -> Matched:
        found = best(self._scorer, node, np.ones(self._generation.size), None, 0, every=True)
        order = np.argsort(found.rows)
        return Matched(found.rows[order], found.scores[order])

    def where(self) -> Mask | None:
        """Rows that the scope and the filters let through; None without any."""
        return self._all_of((*self._query.scope, *self._query.filters))

    def _all_of(self, filters: Iterable[tuple[str, tuple[str, ...]]]) -> Mask | None:
        masks = [self._any_value(name, accepted) for name, accepted in filters]
        return np.asarray(np.logical_and.reduce(masks)) if masks else None

    def _phrase(self, node: InARow) -> Matched:
        """Passages with the row of grams, scored by how much the grams weigh in each."""
        held = [self._generation.in_a_row(zone, node.pairs) for zone in node.zones]
        rows = np.unique(np.concatenate(held)) if len(held) > 1 else held[0]
        scores = np.full(len(rows), PHRASE_SCORE)
        for gram, _ in node.pairs:
            impact = self._scorer.impact("grams", gram)
            scores += impact.at(kernels.places_of(rows, impact.rows))
        return Matched(rows, scores)

    def _has_code(self, node: HasCode) -> Matched:
        scores = np.zeros(self._generation.size)
        for key in node.keys:
            impact = self._scorer.impact("codes", key)
            worth = self._scorer.ranking.code_weight * impact.values
            scores[impact.rows] = np.maximum(scores[impact.rows], worth)
        rows = np.flatnonzero(scores)
        return Matched(rows, scores[rows])

    def _any_value(self, name: str, accepted: tuple[str, ...]) -> Mask:
        """Rows with any of the values."""
        mask = np.zeros(self._generation.size, dtype=bool)
        for value in accepted:
            mask |= self._generation.having(name, value, self._query.as_of)
        return mask

    def _parts_of(self, node: Ranked) -> RankedParts:
        if node not in self._ranked:
            self._ranked[node] = RankedParts(self._scorer, node, self._within)
        return self._ranked[node]

    # of the last run

    def best_of(self, node: Ranked, many: int) -> Told:
        """What a ranked node's best rows hold, whatever the scope and the filters."""
        parts = self._parts_of(node) if self._within is None else RankedParts(self._scorer, node)
        return parts.told(self._tail, self._prior, many)

    def parts(self, row: int) -> tuple[ScorePart, ...]:
        """The parts of a row's score, largest first; they add up to it."""
        found = sorted((r for r in self._told_parts(self._query.match, row) if r.score), key=lambda r: -r.score)
        lost = (float(self._prior[row]) - 1) * sum(reason.score for reason in found)
        return (*found, *([ScorePart(self._why_lower(row), "", (), lost)] if lost else []))

    def _why_lower(self, row: int) -> str:
        if self._generation.is_draft[row]:
            return "draft"
        return "ended" if self._generation.ends[row] <= self._query.as_of.toordinal() else "aside"

    def _told_parts(self, node: Match, row: int) -> Iterator[ScorePart]:
        if isinstance(node, Ranked):
            yield from self._parts_of(node).parts(row, self._tail)
        elif isinstance(node, InARow | HasCode):
            kind, matched = "number" if isinstance(node, HasCode) else "phrase", self._told_by(node)
            place = matched.at(row)
            yield ScorePart(kind, "", (), 0.0 if place is None else float(matched.scores[place]))
        elif isinstance(node, Either | Every):
            for child in node.nodes:
                yield from self._told_parts(child, row)
