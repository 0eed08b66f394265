"""One ranked question: the parts that make up every row's score, and which rows it matches.

A score is a sum of parts, each of a term (or of nearness, or of a title), so that what a row scores can be told from
the very numbers that were added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from cpkb.engines.query import Alternative, Ranked
from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh.columns import NO_ROWS, Ids
from cpkb.engines.whoosh.generation import Mask
from cpkb.engines.whoosh.scoring import Scorer
from cpkb.engines.whoosh.segment import Numbers
from cpkb.model.results import ScorePart

LEAST_BEST = 1.0  # where no passage has a word of the question, nearness alone orders


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Rows that match, ascending, and their scores."""

    rows: Ids
    scores: Numbers

    def only(self, kept: Mask) -> Matched:
        """Some of them."""
        return Matched(self.rows[kept], self.scores[kept])

    def at(self, row: int) -> int | None:
        """The place of a row; None where it does not match."""
        place = int(np.searchsorted(self.rows, row))
        return place if place < len(self.rows) and self.rows[place] == row else None

    def including(self, rows: Ids) -> Matched:
        """With further rows (ascending), which score nothing yet."""
        if not len(rows):
            return self
        all_rows = np.union1d(self.rows, rows)
        scores = np.zeros(len(all_rows))
        scores[np.searchsorted(all_rows, self.rows)] = self.scores
        return Matched(all_rows, scores)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one term adds: values of some rows, ascending; the rest get nothing."""

    kind: str
    term: str
    rows: Ids
    values: Numbers
    factor: float = 1.0

    def add_to(self, matched: Matched) -> None:
        """Add it to the scores of those of its rows that match."""
        if len(self.rows) and len(matched.rows):
            places = np.minimum(np.searchsorted(matched.rows, self.rows), len(matched.rows) - 1)
            held = matched.rows[places] == self.rows
            matched.scores[places[held]] += self.factor * self.values[held]

    def of(self, row: int) -> float:
        """What it adds to one row."""
        place = Matched(self.rows, self.values).at(row)
        return 0.0 if place is None else self.factor * float(self.values[place])


@dataclass(frozen=True, slots=True)
class Told:
    """Of the best rows for a question: (score, share of its information held), best first."""

    best: tuple[tuple[float, float], ...]
    is_certain: bool
    """Whether a row holds a number that was asked for, or stands under the title."""


class RankedParts:
    """A ranked node over a generation, or over the rows ``within`` it that are searched at all."""

    def __init__(self, scorer: Scorer, node: Ranked, within: Mask | None = None) -> None:
        self._scorer, self._node, self._within = scorer, node, within
        self._generation, self._ranking = scorer.generation, scorer.ranking
        self._parts = [*self._terms("words", node.words), *self._terms("grams", node.grams)]
        self._parts += [part for alternatives in node.synonyms for part in self._best_of(alternatives)]
        self._codes = [part for part in self._code_parts() if len(part.rows)]
        self._asked = 0.0
        self._scored, self._share = self._touched()
        self._by_words = self._matched()
        self._best = float(self._by_words.scores.max(initial=0.0))
        self._finals: dict[float, Matched] = {}

    def final(self, tail: float) -> Matched:
        """With nearness and titles, without what scores less than a share of the best by words."""
        # Asked for by matching, by the signs and by every explanation; kept as long as the question is at work.
        if tail not in self._finals:
            self._finals[tail] = self._final(tail)
        return self._finals[tail]

    def _final(self, tail: float) -> Matched:
        found = self._by_words.only(self._by_words.scores >= tail * self._best)
        for part in self._beside():
            found = found.including(part.rows)
            part.add_to(found)
        for part in self._named():
            part.add_to(found)
        return found

    def parts(self, row: int, tail: float) -> Iterator[ScorePart]:
        """The parts of a row's score."""
        place = self._by_words.at(row)
        if place is not None and self._by_words.scores[place] >= tail * self._best:
            summed = 0.0
            for part in self._parts:
                summed += part.of(row)
                yield ScorePart(part.kind, part.term, self._zones(part, row), part.of(row))
            share = self._share_of(row)
            yield ScorePart("coverage", f"{share:.0%}", (), self._ranking.coverage * share * summed)
            for part in self._codes:
                yield ScorePart(part.kind, part.term, self._zones(part, row), part.of(row))
        named = self._named() if self.final(tail).at(row) is not None else ()
        for part in (*self._beside(), *named):
            yield ScorePart(part.kind, part.term, (), part.of(row))

    def told(self, tail: float, prior: Numbers, many: int) -> Told:
        """What its best rows hold."""
        final = self.final(tail)
        scores = final.scores * prior[final.rows]
        least = np.partition(scores, -many)[-many] if len(scores) > many else 0.0
        high = np.flatnonzero((scores >= least) & (scores > 0))
        best = high[np.argsort(-scores[high], kind="stable")][:many]
        certain = any(part.kind == "number" for part in self._codes) or bool(len(self._titled()))
        shares = [self._share_of(int(row)) for row in final.rows[best]]
        return Told(tuple(zip(scores[best].tolist(), shares, strict=True)), certain)

    # by words

    def _touched(self) -> tuple[Matched, Numbers]:
        """Every row that scores by its words or holds a number or value asked for, with the share that it holds."""
        scores, held = np.zeros(self._generation.size), np.zeros(self._generation.size)
        for part in self._parts:
            np.add.at(scores, part.rows, part.factor * part.values)
        for gram in self._telling():
            impact = self._scorer.impact("grams", gram)
            np.add.at(held, impact.rows, impact.idf)
            self._asked += impact.idf
        for alternatives in self._node.synonyms:
            expansion = self._scorer.expansion(*alternatives)
            held[expansion.rows] += expansion.made_up
        for asked_value in self._node.quantities:
            rows = self._scorer.quantity(asked_value).rows
            held[rows] += self._scorer.lacking(rows, asked_value.stands_for)
        is_touched = scores > 0
        for part in self._codes:
            is_touched[part.rows] = True
        rows = np.flatnonzero(is_touched if self._within is None else is_touched & self._within)
        share = np.minimum(held[rows] / self._asked, 1.0) if self._asked else np.ones(len(rows))
        return Matched(rows, scores[rows]), share

    def _matched(self) -> Matched:
        rows, by_words, share = self._scored.rows, self._scored.scores, self._share
        found = Matched(rows, by_words * (1 + self._ranking.coverage * share))
        has_number = np.zeros(len(rows), dtype=bool)
        for part in self._codes:
            part.add_to(found)
            has_number |= np.isin(rows, part.rows, assume_unique=True)
        need = 0.0 if self._node.relaxed else self._ranking.need(len(self._node.grams)) - 1e-9
        # A passage that holds an asked number counts whatever its words; one without it only when words were asked.
        return found.only(((share >= need) & (by_words > 0) | has_number) if self._node.grams else has_number)

    def _share_of(self, row: int) -> float:
        place = self._scored.at(row)
        return float(self._share[place]) if place is not None else float(not self._asked)

    def _terms(self, kind: str, terms: tuple[str, ...]) -> Iterator[Part]:
        share = self._ranking.word_share if kind == "words" else 1 - self._ranking.word_share
        for term in terms:
            impact = self._scorer.impact(kind, term)
            yield Part(kind, term, impact.rows, impact.values, share)

    def _best_of(self, alternatives: tuple[Alternative, ...]) -> Iterator[Part]:
        """Of a word's alternatives the one that says most in each row; one part for each."""
        best = self._scorer.expansion(*alternatives).best
        for alternative, impact in zip(alternatives, best, strict=True):
            yield Part("synonyms", alternative.shown, impact.rows, impact.values, self._weight(alternatives))

    def _weight(self, alternatives: tuple[Alternative, ...]) -> float:
        """A term beside a word of the question counts less than it, unless no passage holds that word."""
        is_known = any(self._is_known(gram) for a in alternatives for gram in a.stands_for)
        return self._ranking.synonym_weight if is_known else 1.0

    def _is_known(self, gram: str) -> bool:
        return len(self._scorer.impact("grams", gram)) > 0

    def _telling(self) -> tuple[str, ...]:
        """Grams a row is expected to hold: all but pairs no passage holds that only join one word to the next."""
        node = self._node
        replaced = {gram for alternatives in node.synonyms for a in alternatives for gram in a.stands_for}
        return tuple(
            gram
            for gram in node.grams
            if gram in replaced or any(gram in word for word in node.words) or self._is_known(gram)
        )

    # numbers

    def _code_parts(self) -> Iterator[Part]:
        for keys, families in zip_longest(self._node.codes, self._node.families, fillvalue=()):
            best = np.zeros(self._generation.size)
            for step, key in enumerate(self._steps(keys, families)):
                impact = self._scorer.impact("codes", key)
                # A less exact key (without its year) counts half of the one before it.
                values = self._ranking.code_weight * impact.values / 2**step
                best[impact.rows] = np.maximum(best[impact.rows], values)
            rows = np.flatnonzero(best)
            yield Part("number", (*keys, *families)[0], rows, best[rows])
        for asked in self._node.quantities:
            impact = self._scorer.quantity(asked)
            yield Part("quantity", asked.shown, impact.rows, impact.values, self._ranking.quantity_weight)

    def _steps(self, keys: tuple[str, ...], families: tuple[str, ...]) -> tuple[str, ...]:
        """The code as a series of its own, then the code; its nearest series where no passage holds the code."""
        known = [key for key in (*families[:1], *keys) if len(self._scorer.impact("codes", key))]
        nearest = [family for family in families[1:] if len(self._scorer.impact("codes", family))][:1]
        return tuple(known or nearest)

    # beside the words

    def _beside(self) -> Iterator[Part]:
        """Nearness of meaning, and the text whose title the whole question is: these match whatever their words."""
        if near := self._scorer.nearness(self._node.meaning, self._within):
            yield Part("meaning", "", *near, self._ranking.meaning.weight * max(self._best, LEAST_BEST))
        titled = self._titled()
        yield _bonus(titled[self._generation.ordinals[titled] == 0], self._ranking.exact_title)

    def _named(self) -> Iterator[Part]:
        """Passages of a text that the question names, if they match; of several titles in it the longest is meant."""
        title = self._scorer.named(self._node.whole)
        if title and title != self._node.whole:
            yield _bonus(self._generation.titled(title), self._ranking.exact_title / 2)

    def _titled(self) -> Ids:
        rows = self._generation.titled(self._node.whole) if self._node.whole else NO_ROWS
        return rows if self._within is None else rows[self._within[rows]]

    def _zones(self, part: Part, row: int) -> tuple[str, ...]:
        if part.kind not in ("words", "grams"):
            return ()
        standing = [(zone, self._scorer.standing(part.kind, at, part.term)) for at, zone in enumerate(ZONES)]
        return tuple(zone for zone, rows in standing if row in rows)


def _bonus(rows: Ids, bonus: float) -> Part:
    return Part("title", "", rows, np.full(len(rows), bonus))
