"""What scores are made of beside plain terms: alternatives of words, values, titles, dates, nearness of meaning."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cpkb.engines.passage import Span
from cpkb.engines.query import Alternative
from cpkb.engines.ranking import Ranking
from cpkb.engines.vectors import Rows, VectorFile, VectorTable
from cpkb.engines.whoosh.columns import Ids
from cpkb.engines.whoosh.generation import KEPT_DAYS, Generation, Mask
from cpkb.engines.whoosh.kept import Kept
from cpkb.engines.whoosh.segment import Numbers
from cpkb.engines.whoosh.worth import Impact, Worth, scoring

NEAREST = 200  # passages that count by their meaning; each costs as much as a match by words, and nobody reads more
ENOUGH = 0.95  # of the rows must have a vector before meaning counts; a few new clauses do not stop it
NO_VECTOR = -1.0  # below every cosine of two texts of one language
KEPT_SIMILARITIES = 8  # questions: a page asks for one several times (matching, tail, facets)
SHORTEST_NAME = 5  # characters: 环境保护法; shorter titles (水法) stand inside other words
CACHED_POSTINGS = 8_000_000  # 64 MB of values; the terms of a few thousand questions
CACHED_EXPANSIONS = 1_000_000  # rows, about 16 MB; the words that have synonyms are some hundreds


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """What the alternatives of a word are worth."""

    best: tuple[Impact, ...]
    """Of each alternative, in the rows where it says most; of equals the first does."""
    rows: Ids
    """Rows that hold all of one of them, so that they hold the word by another name."""
    made_up: Numbers
    """The information of the word that each of these rows lacks of itself."""

    @property
    def size(self) -> int:
        """Rows held."""
        return len(self.rows) + sum(len(impact) for impact in self.best)


class Scorer:
    """Scores terms over one generation of the index; safe to share between threads."""

    def __init__(self, generation: Generation, ranking: Ranking, vectors: VectorFile) -> None:
        self.generation = generation
        self.ranking = ranking
        self._worth = Worth(generation, ranking)
        self.passages = self._worth.passages
        self._lock = threading.Lock()
        self._vectors = vectors
        self._places: Rows = np.zeros(0, dtype=np.int64)
        self._held = 0
        self._table: VectorTable | None = None
        self.impact = Kept(self._worth.impact, CACHED_POSTINGS)
        """The scores of a term of a kind: words, grams or codes."""
        self.expansion = Kept(self._expansion, CACHED_EXPANSIONS)
        """What the alternatives of a word are worth."""
        self.standing = Kept(self._standing, CACHED_EXPANSIONS)
        """Rows that hold a term of a kind in one zone."""
        self.prior = lru_cache(KEPT_DAYS)(self._prior)
        """What validity on a date makes of scores, and what was not asked for."""
        self.named = lru_cache(KEPT_SIMILARITIES)(self._named)
        """The title that a question is or names: of several the longest; '' for none."""
        self._similar = lru_cache(KEPT_SIMILARITIES)(self._similarities)
        self._near = lru_cache(KEPT_SIMILARITIES)(self._nearness)

    # terms

    def quantity(self, asked: Span) -> Impact:
        """A value scores like a rare word where it is told: its idf, once, whatever the writing."""
        rows = self.generation.telling(asked)
        idf = self._worth.idf(len(rows))
        return scoring(idf, rows, np.full(len(rows), idf))

    def rarity(self, gram: str) -> float:
        """The information of a gram as a share of that of one which a single passage holds."""
        return self.impact("grams", gram).idf / self._worth.idf(1)

    def lacking(self, rows: Ids, grams: tuple[str, ...]) -> Numbers:
        """The information of those grams that each row does not hold."""
        found = np.zeros(len(rows))
        for gram in grams:
            impact = self.impact("grams", gram)
            found += impact.idf * ~_are_in(rows, impact.rows)
        return found

    def _standing(self, kind: str, zone: int, term: str) -> Ids:
        held = self.generation.postings(kind, term)
        counts = held.counts[zone]
        return held.rows[:0] if counts is None else held.rows[counts > 0]

    # alternatives

    def _expansion(self, *alternatives: Alternative) -> Expansion:
        made_up = np.zeros(self.generation.size)
        for alternative in alternatives:
            # Whoever holds several of a word's alternatives holds the word once.
            rows = self._complete(alternative.grams)
            made_up[rows] = np.maximum(made_up[rows], self.lacking(rows, alternative.stands_for))
        rows = np.flatnonzero(made_up)
        return Expansion(self._best(alternatives), rows, made_up[rows])

    def _best(self, alternatives: tuple[Alternative, ...]) -> tuple[Impact, ...]:
        said = [self._terms(alternative) for alternative in alternatives]
        place = np.zeros(self.generation.size, dtype=np.int64)
        for _, impact in (pair for terms in said for pair in terms):
            place[impact.rows] = 1
        touched = np.flatnonzero(place)
        place[touched] = np.arange(len(touched))
        scores = np.zeros((len(said), len(touched)))
        for own, terms in zip(scores, said, strict=True):
            for share, impact in terms:
                own[place[impact.rows]] += share * impact.values
        best = scores.argmax(axis=0)
        won = [np.flatnonzero(best == at) for at in range(len(said))]
        return tuple(scoring(0.0, touched[at], own[at]) for at, own in zip(won, scores, strict=True))

    def _terms(self, alternative: Alternative) -> list[tuple[float, Impact]]:
        share = self.ranking.word_share
        words = [(share, self.impact("words", term)) for term in alternative.words]
        return words + [(1 - share, self.impact("grams", term)) for term in alternative.grams]

    def _complete(self, grams: tuple[str, ...]) -> Ids:
        """Rows that hold all of the grams."""
        if not grams:
            return np.flatnonzero(self.generation.live)
        rarest, *others = sorted((self.impact("grams", gram).rows for gram in grams), key=len)
        for rows in others:
            rarest = rarest[_are_in(rarest, rows)]
        return rarest

    # titles and dates

    def _named(self, whole: str) -> str:
        """Every stretch of the question is looked up, the longest first: titles are too many to be looked for."""
        titles = self.generation.titles
        for length in self.generation.title_lengths:
            if length < SHORTEST_NAME and length != len(whole):
                continue
            stretches = {whole[at : at + length] for at in range(len(whole) - length + 1)}
            if named := [title for title in stretches & titles if len(self.generation.titled(title))]:
                return max(named)
        return ""

    def _prior(self, as_of: dt.date, aside: tuple[tuple[str, str], ...] = ()) -> Numbers:
        """Texts in force before ended ones before drafts; what was not asked for lower."""
        ended = self.generation.ends <= as_of.toordinal()
        prior = np.where(self.generation.is_draft, self.ranking.draft, np.where(ended, self.ranking.ended, 1.0))
        for name, value in aside:
            prior[self.generation.having(name, value, as_of)] *= self.ranking.aside
        return prior

    # meaning

    def nearness(self, meaning: bytes, within: Mask | None = None) -> tuple[Ids, Numbers] | None:
        """The rows near to a question's vector, and how near each is: 1 the nearest ``within``, more than 0 all.

        None while too many rows wait for their vectors: those that have one already would crowd out the others.
        """
        if not meaning or not self.has_enough():
            return None
        table = self._current_table()
        return self._near(table, meaning) if within is None else self._nearness(table, meaning, within)

    def with_vector(self) -> int:
        """Live rows that have a vector."""
        self._current_table()
        return self._held

    def has_enough(self) -> bool:
        """Whether enough rows have a vector for meaning to count."""
        return self.with_vector() >= ENOUGH * max(self.passages, 1)

    def nearest(self, meaning: bytes) -> float | None:
        """The cosine of the nearest live row with a question's vector; None where there is no vector to compare."""
        if not meaning or not self.has_enough():
            return None
        top = float(self._similar(self._current_table(), meaning).max(initial=NO_VECTOR))
        return top if top > NO_VECTOR else None

    def _current_table(self) -> VectorTable:
        """What the vector file holds now; the live rows are found in it once."""
        with self._lock:
            table = self._vectors.table()
            if table is not self._table:
                self._places = np.where(self.generation.live, table.rows(self.generation.meanings), -1)
                self._held = int((self._places >= 0).sum())
                self._table = table
            return table

    def _similarities(self, table: VectorTable, meaning: bytes) -> Numbers:
        """The cosine of every row with a question's vector; NO_VECTOR where a row is deleted or has none yet."""
        found = np.append(table.similarities(np.frombuffer(meaning, dtype=np.float32)), NO_VECTOR)
        return found[self._places].astype(np.float64)

    def _nearness(self, table: VectorTable, meaning: bytes, within: Mask | None = None) -> tuple[Ids, Numbers]:
        found = self._similar(table, meaning)
        found = found if within is None else np.where(within, found, NO_VECTOR)
        span = self.ranking.meaning.span
        far = float(found.max(initial=NO_VECTOR)) - span
        # What lies beyond the nearest few is no result for its meaning.
        last = float(np.partition(found, -NEAREST)[-NEAREST]) if len(found) > NEAREST else NO_VECTOR
        rows = np.flatnonzero((found >= max(last, 0.0)) & (found > far))
        return rows, np.minimum((found[rows] - far) / span, 1.0)


def _are_in(rows: Ids, others: Ids) -> Mask:
    """Which rows are among others, which ascend."""
    if not len(others):
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(others[np.minimum(np.searchsorted(others, rows), len(others) - 1)] == rows)
