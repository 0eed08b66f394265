"""Which rows a compiled query matches, and with what score: dense arrays over one segment at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.engine import (
    Alternative,
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
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Numbers, Segment

Mask = NDArray[np.bool_]
SHORTEST_NAME = 5  # characters: 环境保护法; shorter titles (水法) stand inside other words
PHRASE_SCORE = 3.0  # a phrase adds about as much as a rare word, so that quoting never ranks below not quoting


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows that match (mask) and their scores (0 where they do not)."""

    mask: Mask
    scores: Numbers

    @property
    def best(self) -> float:
        """The highest score of a row that matches."""
        return float(self.scores[self.mask].max(initial=0.0))

    def above(self, least: float) -> Matched:
        """Only the rows that score at least so much."""
        return Matched(self.mask & (self.scores >= least), self.scores)


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
        self._least: Mapping[Ranked, float] = {}
        self._whole: dict[Ranked, Matched] = {}

    def run(self, least: Mapping[Ranked, float]) -> Matched:
        """The query with its filters; deleted rows never match.

        ``least`` is what a row must score to count for each ranked node. It is of the question alone, over all
        segments and before any filter, so that a count is what choosing the value gives and OR adds what it should.
        """
        self._least = least
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
            return self._titled(node, self.ranked(node).above(self._least.get(node, 0.0)))
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

    def ranked(self, node: Ranked) -> Matched:
        """The live rows that a ranked node matches by its terms, the tail included."""
        if node not in self._whole:
            found = self._ranked(node)
            self._whole[node] = Matched(found.mask & self._segment.live, found.scores)
        return self._whole[node]

    def _titled(self, node: Ranked, matched: Matched) -> Matched:
        """A question that is a title finds that text first; one that names a title prefers its passages.

        The tail is not measured against them. Of several titles in a question the longest is meant.
        """
        mask, scores = matched.mask.copy(), matched.scores.copy()
        bonus = self._scorer.ranking.exact_title
        for row in self._segment.titles.get(node.whole, ()) if node.whole else ():
            if self._segment.ordinals[row] == 0:
                scores[row] += bonus
                mask[row] = True
        named = [title for title in self._segment.titles if len(title) >= SHORTEST_NAME and title in node.whole]
        if named and node.whole not in named:
            rows = self._segment.titles[max(named, key=len)]
            scores[rows] += bonus / 2
        return Matched(mask, np.where(mask, scores, 0.0))

    def _ranked(self, node: Ranked) -> Matched:
        """Words and grams each give a score; grams tell the share of the information asked for that a row holds."""
        scores = self._sum(node.words, node.grams)
        held, asked = self._held(self._telling(node))
        for alternatives in node.synonyms:
            best = np.zeros(self._segment.size)
            for alternative in alternatives:
                best = np.maximum(best, self._sum(alternative.words, alternative.grams))
                held += self._made_up(alternative)
            scores += self._weight(alternatives) * best
        need = 0.0 if node.relaxed else self._scorer.ranking.need(len(node.grams)) * asked - 1e-9
        mask = (held >= need) & (scores > 0)
        return self._with_codes(node, mask, scores)

    def _telling(self, node: Ranked) -> tuple[str, ...]:
        """Grams a row is expected to hold: all but pairs no passage holds that only join one word to the next."""
        replaced = {gram for alternatives in node.synonyms for a in alternatives for gram in a.stands_for}
        return tuple(
            gram
            for gram in node.grams
            if gram in replaced or any(gram in word for word in node.words) or self._is_known(gram)
        )

    def _weight(self, alternatives: tuple[Alternative, ...]) -> float:
        """A term beside a word of the question counts less than it, unless no passage holds that word."""
        is_known = any(self._is_known(gram) for a in alternatives for gram in a.stands_for)
        return self._scorer.ranking.synonym_weight if is_known else 1.0

    def _is_known(self, gram: str) -> bool:
        return self._scorer.impact("grams", gram).size > 0

    def _sum(self, words: tuple[str, ...], grams: tuple[str, ...]) -> Numbers:
        """Scores of words and grams, each at its share."""
        share = self._scorer.ranking.word_share
        scores = np.zeros(self._segment.size)
        for kind, terms, part in (("words", words, share), ("grams", grams, 1 - share)):
            for term in terms:
                ids, values = self._scorer.impact(kind, term).by_segment[self._at]
                scores[ids] += part * values
        return scores

    def _held(self, grams: tuple[str, ...]) -> tuple[Numbers, float]:
        """The information (idf) of the grams that each row holds, and that of all of them."""
        held, asked = np.zeros(self._segment.size), 0.0
        for gram in grams:
            impact = self._scorer.impact("grams", gram)
            held[impact.by_segment[self._at][0]] += impact.idf
            asked += impact.idf
        return held, asked

    def _made_up(self, alternative: Alternative) -> Numbers:
        """A row that holds all of an alternative holds what the alternative stands for."""
        held, asked = self._held(alternative.grams)
        own, worth = self._held(alternative.stands_for)
        return np.where(held >= asked - 1e-9, worth - own, 0.0)

    def _with_codes(self, node: Ranked, mask: Mask, scores: Numbers) -> Matched:
        """A passage that holds an asked number counts whatever its words; one without it only when words were asked."""
        ranking = self._scorer.ranking
        found = np.zeros(self._segment.size, dtype=bool)
        for keys, families in zip_longest(node.codes, node.families, fillvalue=()):
            best = np.zeros(self._segment.size)
            for step, key in enumerate(self._steps(keys, families)):
                ids, values = self._scorer.impact("codes", key).by_segment[self._at]
                # A less exact key (without its year) counts half of the one before it.
                best[ids] = np.maximum(best[ids], ranking.code_weight * values / 2**step)
            scores = scores + best
            found |= best > 0
        return Matched((mask | found) if node.grams else found, scores)

    def _steps(self, keys: tuple[str, ...], families: tuple[str, ...]) -> tuple[str, ...]:
        """The code as a series of its own, then the code; its nearest series where no passage holds the code."""
        known = [key for key in (*families[:1], *keys) if self._scorer.impact("codes", key).size]
        nearest = [family for family in families[1:] if self._scorer.impact("codes", family).size][:1]
        return tuple(known or nearest)

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
            for row in self._rows_in_a_row(f"{zone}_grams", node.pairs):
                mask[row] = True
        return mask

    def _rows_in_a_row(self, field: str, pairs: tuple[tuple[str, int], ...]) -> list[int]:
        """Rows that hold all pairs, then of those the ones that hold them at their places."""
        if not pairs:
            return []
        held = [self._scorer.rows(self._at, field, gram) for gram in dict.fromkeys(gram for gram, _ in pairs)]
        rows = reduce(np.intersect1d, sorted(held, key=len))
        if len(pairs) == 1 or not len(rows):
            return [int(row) for row in rows]
        places = {gram: self._segment.positions(field, gram, rows) for gram, _ in pairs}
        return [
            int(row)
            for row in rows
            if set.intersection(*({place - offset for place in places[gram][int(row)]} for gram, offset in pairs))
        ]

    def _any_value(self, name: str, accepted: tuple[str, ...]) -> Mask:
        mask = np.zeros(self._segment.size, dtype=bool)
        for value in accepted:
            if name == "validity":
                mask |= self._segment.state_rows(value, self._query.as_of)
            else:
                mask[self._segment.values.get(name, {}).get(value, [])] = True
        return mask
