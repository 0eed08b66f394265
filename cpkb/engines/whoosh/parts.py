"""One ranked question over one segment: the parts that make up every row's score, and which rows it matches.

A score is a sum of parts, each of a term (or of nearness, or of a title), so that what a row scores can be told from
the very numbers that were added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.engine import Alternative, Ranked
from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Ids, Numbers
from cpkb.model.results import ScorePart

Mask = NDArray[np.bool_]
LEAST_BEST = 1.0  # where no passage has a word of the question, nearness alone orders


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows that match (mask) and their scores (0 where they do not)."""

    mask: Mask
    scores: Numbers

    @property
    def best(self) -> float:
        """The highest score of a row that matches."""
        return float(self.scores[self.mask].max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Part:
    """What one term adds: values of some rows, ascending; the rest get nothing."""

    kind: str
    term: str
    rows: Ids
    values: Numbers
    factor: float = 1.0

    def add_to(self, scores: Numbers) -> None:
        """Add it to dense scores."""
        scores[self.rows] += self.factor * self.values

    def of(self, row: int) -> float:
        """What it adds to one row."""
        at = int(np.searchsorted(self.rows, row))
        held = at < len(self.rows) and self.rows[at] == row
        return self.factor * float(self.values[at]) if held else 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """Of a segment's best rows for a question: (score, share of its information held), best first."""

    best: tuple[tuple[float, float], ...]
    is_certain: bool
    """Whether a row holds a number that was asked for, or stands under the title."""


class RankedParts:
    """A ranked node over segment ``at``."""

    def __init__(self, scorer: Scorer, at: int, node: Ranked) -> None:
        self._scorer, self._at, self._node = scorer, at, node
        self._segment = scorer.segments[at]
        self._ranking = scorer.ranking
        self._parts = [*self._terms("words", node.words), *self._terms("grams", node.grams)]
        self._parts += [part for alternatives in node.synonyms for part in self._best_of(alternatives)]
        self._share = self._share_held()
        self._codes = list(self._code_parts())
        self.by_words = self._matched()
        self._finals: dict[tuple[float, float], Matched] = {}

    def final(self, best: float, tail: float) -> Matched:
        """With nearness and titles: ``best`` is the best score by words over all segments, ``tail`` the least share."""
        # Asked for by matching, by the signs and by every explanation; kept as long as the question is at work.
        if (best, tail) not in self._finals:
            self._finals[best, tail] = self._final(best, tail)
        return self._finals[best, tail]

    def _final(self, best: float, tail: float) -> Matched:
        mask = self.by_words.mask & (self.by_words.scores >= tail * best)
        scores = np.where(mask, self.by_words.scores, 0.0)
        for part in self._beside(best):
            part.add_to(scores)
            mask[part.rows] = True
        for part in self._named():
            scores[part.rows] += np.where(mask[part.rows], part.values, 0.0)
        return Matched(mask & self._segment.live, scores)

    def parts(self, row: int, best: float, tail: float) -> Iterator[ScorePart]:
        """The parts of a row's score."""
        scored = self.by_words.scores[row]
        if self.by_words.mask[row] and scored >= tail * best:
            summed = 0.0
            for part in self._parts:
                summed += part.of(row)
                yield ScorePart(part.kind, part.term, self._zones(part, row), part.of(row))
            yield ScorePart("coverage", f"{self._share[row]:.0%}", (), self._gain(row) * summed)
            for part in self._codes:
                yield ScorePart(part.kind, part.term, self._zones(part, row), part.of(row))
        named = self._named() if self.final(best, tail).mask[row] else ()
        for part in (*self._beside(best), *named):
            yield ScorePart(part.kind, part.term, (), part.of(row))

    def told(self, best: float, tail: float, prior: Numbers, many: int) -> Told:
        """What its best rows hold."""
        final = self.final(best, tail)
        scores = np.where(final.mask, final.scores * prior, 0.0)
        rows = np.argsort(-scores, kind="stable")[:many]
        certain = any(part.kind == "number" and len(part.rows) for part in self._codes) or bool(self._titled())
        return Told(tuple((float(scores[row]), float(self._share[row])) for row in rows if scores[row]), certain)

    # by words

    def _matched(self) -> Matched:
        scores = np.zeros(self._segment.size)
        for part in self._parts:
            part.add_to(scores)
        need = 0.0 if self._node.relaxed else self._ranking.need(len(self._node.grams)) - 1e-9
        mask = (self._share >= need) & (scores > 0)
        scores *= 1 + self._ranking.coverage * self._share
        found = np.zeros(self._segment.size, dtype=bool)
        for part in self._codes:
            part.add_to(scores)
            found[part.rows] = True
        # A passage that holds an asked number counts whatever its words; one without it only when words were asked.
        return Matched(((mask | found) if self._node.grams else found) & self._segment.live, scores)

    def _gain(self, row: int) -> float:
        return float(self._ranking.coverage * self._share[row])

    def _terms(self, kind: str, terms: tuple[str, ...], weight: float = 1.0) -> Iterator[Part]:
        share = self._ranking.word_share if kind == "words" else 1 - self._ranking.word_share
        for term in terms:
            yield Part(kind, term, *self._scorer.impact(kind, term).by_segment[self._at], weight * share)

    def _best_of(self, alternatives: tuple[Alternative, ...]) -> Iterator[Part]:
        """Of a word's alternatives the one that says most in each row; one part for each that does somewhere."""
        summed = []
        for alternative in alternatives:
            scores = np.zeros(self._segment.size)
            for part in (*self._terms("words", alternative.words), *self._terms("grams", alternative.grams)):
                part.add_to(scores)
            summed.append(scores)
        highest = np.maximum.reduce(summed)
        for alternative, scores in zip(alternatives, summed, strict=True):
            rows = np.flatnonzero((scores > 0) & (scores == highest))
            highest[rows] = -1.0  # of equals the first counts
            yield Part("synonyms", alternative.shown, rows, scores[rows], self._weight(alternatives))

    def _weight(self, alternatives: tuple[Alternative, ...]) -> float:
        """A term beside a word of the question counts less than it, unless no passage holds that word."""
        is_known = any(self._is_known(gram) for a in alternatives for gram in a.stands_for)
        return self._ranking.synonym_weight if is_known else 1.0

    def _is_known(self, gram: str) -> bool:
        return self._scorer.impact("grams", gram).size > 0

    # coverage

    def _share_held(self) -> Numbers:
        """The share of the question's information (idf of its grams) that each row holds, or holds a synonym of."""
        held, asked = self._held(self._telling())
        for alternatives in self._node.synonyms:
            # Whoever holds several of a word's alternatives holds the word once.
            held += np.maximum.reduce([self._made_up(alternative) for alternative in alternatives])
        for asked_value in self._node.quantities:
            rows = self._scorer.quantity(asked_value).by_segment[self._at][0]
            own, worth = self._held(asked_value.stands_for)
            held[rows] += worth - own[rows]
        return np.minimum(held / asked, 1.0) if asked else np.ones(self._segment.size)

    def _telling(self) -> tuple[str, ...]:
        """Grams a row is expected to hold: all but pairs no passage holds that only join one word to the next."""
        node = self._node
        replaced = {gram for alternatives in node.synonyms for a in alternatives for gram in a.stands_for}
        return tuple(
            gram
            for gram in node.grams
            if gram in replaced or any(gram in word for word in node.words) or self._is_known(gram)
        )

    def _held(self, grams: tuple[str, ...]) -> tuple[Numbers, float]:
        """The information of the grams that each row holds, and that of all of them."""
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

    # numbers

    def _code_parts(self) -> Iterator[Part]:
        for keys, families in zip_longest(self._node.codes, self._node.families, fillvalue=()):
            best = np.zeros(self._segment.size)
            for step, key in enumerate(self._steps(keys, families)):
                ids, values = self._scorer.impact("codes", key).by_segment[self._at]
                # A less exact key (without its year) counts half of the one before it.
                best[ids] = np.maximum(best[ids], self._ranking.code_weight * values / 2**step)
            rows = np.flatnonzero(best)
            yield Part("number", (*keys, *families)[0], rows, best[rows])
        for asked in self._node.quantities:
            impact = self._scorer.quantity(asked)
            yield Part("quantity", asked.shown, *impact.by_segment[self._at], self._ranking.quantity_weight)

    def _steps(self, keys: tuple[str, ...], families: tuple[str, ...]) -> tuple[str, ...]:
        """The code as a series of its own, then the code; its nearest series where no passage holds the code."""
        known = [key for key in (*families[:1], *keys) if self._scorer.impact("codes", key).size]
        nearest = [family for family in families[1:] if self._scorer.impact("codes", family).size][:1]
        return tuple(known or nearest)

    # beside the words

    def _beside(self, best: float) -> Iterator[Part]:
        """Nearness of meaning, and the text whose title the whole question is: these match whatever their words."""
        if nearness := self._scorer.nearness(self._node.meaning):
            near = nearness[self._at]
            rows = np.flatnonzero(near)
            yield Part("meaning", "", rows, near[rows], self._ranking.meaning.weight * max(best, LEAST_BEST))
        first = [row for row in self._titled() if self._segment.ordinals[row] == 0]
        yield self._bonus(first, self._ranking.exact_title)

    def _named(self) -> Iterator[Part]:
        """Passages of a text that the question names, if they match; of several titles in it the longest is meant."""
        title = self._scorer.named(self._node.whole)
        if title and title != self._node.whole:
            yield self._bonus(self._segment.titles.get(title, []), self._ranking.exact_title / 2)

    def _titled(self) -> list[int]:
        return self._segment.titles.get(self._node.whole, []) if self._node.whole else []

    def _bonus(self, rows: list[int], bonus: float) -> Part:
        return Part("title", "", np.array(sorted(rows), dtype=np.int64), np.full(len(rows), bonus))

    def _zones(self, part: Part, row: int) -> tuple[str, ...]:
        if part.kind not in ("words", "grams"):
            return ()
        fields = [(zone, self._scorer.rows(self._at, part.kind, z, part.term)) for z, zone in enumerate(ZONES)]
        return tuple(zone for zone, rows in fields if row in rows)
