"""BM25F over zones, exhaustively: every posting of every asked term.

For a term t in a passage d, with zones z of weight w_z and length normalisation b_z:

    tf~ = Σ_z w_z · tf_z / (1 - b_z + b_z · len_z / avglen_z)
    score = idf(t) · tf~ · (k1 + 1) / (k1 + tf~),   idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5))

(Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.6; idf in its never-negative form.)
"""

from __future__ import annotations

import datetime as dt
import math
import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cpkb.engines.engine import Alternative, Span
from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.vectors import Rows, VectorFile, VectorTable
from cpkb.engines.whoosh.generation import KEPT_DAYS, Generation, Mask
from cpkb.engines.whoosh.kept import Kept
from cpkb.engines.whoosh.schema import FIELDS, SCORED
from cpkb.engines.whoosh.segment import Ids, Numbers

NEAREST = 200  # passages that count by their meaning; each costs as much as a match by words, and nobody reads more
ENOUGH = 0.95  # of the rows must have a vector before meaning counts; a few new clauses do not stop it
NO_VECTOR = -1.0  # below every cosine of two texts of one language
KEPT_SIMILARITIES = 8  # questions: a page asks for one several times (matching, tail, facets)
SHORTEST_NAME = 5  # characters: 环境保护法; shorter titles (水法) stand inside other words
OCCURRENCE = {"codes": 1.0, "own_codes": 2.0}  # being the record's own number is more than a citation; each counts once
CACHED_POSTINGS = 6_000_000  # about 100 MB of ids and impacts; the terms of a few thousand questions
CACHED_EXPANSIONS = 1_000_000  # rows, about 16 MB; the words that have synonyms are some hundreds


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """What a term is worth: its idf, the rows that hold it, ascending, and what it scores in each."""

    idf: float
    rows: Ids
    values: Numbers
    bound: float = math.inf
    """The most that it scores anywhere."""

    @property
    def size(self) -> int:
        """Rows that hold it."""
        return len(self.rows)


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
        return len(self.rows) + sum(impact.size for impact in self.best)


class Scorer:
    """Scores terms over one generation of the index; safe to share between threads."""

    def __init__(self, generation: Generation, ranking: Ranking, vectors: VectorFile) -> None:
        self.generation = generation
        self.ranking = ranking
        self.passages = int(generation.live.sum())
        self._worth = {field: self._worth_in(field) for field in SCORED}
        self._lock = threading.Lock()
        self._vectors = vectors
        self._places: Rows = np.zeros(0, dtype=np.int64)
        self._held = 0
        self._table: VectorTable | None = None
        self.impact = Kept(self._impact, CACHED_POSTINGS)
        """The scores of a term of a kind: words, grams or codes."""
        self.expansion = Kept(self._expansion, CACHED_EXPANSIONS)
        """What the alternatives of a word are worth."""
        self.standing = Kept(self._standing, CACHED_EXPANSIONS)
        """Rows that hold a term of a kind in one zone."""
        self.prior = lru_cache(KEPT_DAYS)(self._prior)
        """What validity on a date makes of scores."""
        self.named = lru_cache(KEPT_SIMILARITIES)(self._named)
        """The title that a question is or names: of several the longest; '' for none."""
        self._similar = lru_cache(KEPT_SIMILARITIES)(self._similarities)
        self._near = lru_cache(KEPT_SIMILARITIES)(self._nearness)

    # terms

    def _worth_in(self, field: str) -> Numbers:
        """What one occurrence in a field adds to tf~, in each row."""
        declared = next(self.ranking.zones[zone] for zone in ZONES if field.startswith(zone))
        lengths = self.generation.lengths(field)
        average = max(float(lengths[self.generation.live].sum()) / max(self.passages, 1), 1.0)
        return np.asarray(declared.weight / (1 - declared.b + declared.b * (lengths / average)))

    def _impact(self, kind: str, term: str) -> Impact:
        held = self.generation.postings(kind, term)
        idf, times = self._idf(len(held.rows)), np.zeros(len(held.rows))
        for field, counts in zip(FIELDS[kind], held.counts, strict=True):
            if counts is None or not counts.any():
                continue
            times += OCCURRENCE[field] * (counts > 0) if kind == "codes" else counts * self._worth[field][held.rows]
        if kind != "codes":
            times = times * (self.ranking.k1 + 1) / (self.ranking.k1 + times)
        values = idf * times
        return Impact(idf, np.asarray(held.rows, dtype=np.int64), values, float(values.max(initial=0.0)))

    def quantity(self, asked: Span) -> Impact:
        """A value scores like a rare word where it is told: its idf, once, whatever the writing."""
        rows = self.generation.telling(asked)
        return Impact(self._idf(len(rows)), rows, np.full(len(rows), self._idf(len(rows))))

    def rarity(self, gram: str) -> float:
        """The information of a gram as a share of that of one which a single passage holds."""
        return self.impact("grams", gram).idf / self._idf(1)

    def lacking(self, rows: Ids, grams: tuple[str, ...]) -> Numbers:
        """The information of those grams that each row does not hold."""
        found = np.zeros(len(rows))
        for gram in grams:
            impact = self.impact("grams", gram)
            found += impact.idf * ~_are_in(rows, impact.rows)
        return found

    def _idf(self, holding: int) -> float:
        return math.log(1 + (self.passages - holding + 0.5) / (holding + 0.5))

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
        return tuple(Impact(0.0, touched[at], own[at]) for at, own in zip(won, scores, strict=True))

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

    def _prior(self, as_of: dt.date) -> Numbers:
        """Texts in force before ended ones before drafts."""
        ended = self.generation.ends <= as_of.toordinal()
        return np.where(self.generation.is_draft, self.ranking.draft, np.where(ended, self.ranking.ended, 1.0))

    # meaning

    def nearness(self, meaning: bytes) -> tuple[Ids, Numbers] | None:
        """The rows near to a question's vector, and how near each is: 1 the nearest, more than 0 all.

        None while too many rows wait for their vectors: those that have one already would crowd out the others.
        """
        return self._near(self._current_table(), meaning) if meaning and self.has_enough() else None

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

    def _nearness(self, table: VectorTable, meaning: bytes) -> tuple[Ids, Numbers]:
        found = self._similar(table, meaning)
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
