"""BM25F once more, from the passages themselves in plain Python: what an exact engine must agree with.

Written from the formulas in `cpkb.engines.whoosh.scoring`, the docstrings of `parts` and the words of
index/ranking.toml, with none of the code.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from cpkb.engines.passage import IndexedPassage, Span
from cpkb.engines.query import Alternative, Either, Every, InARow, Match, Ranked, Without
from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.whoosh.matching import PHRASE_SCORE
from cpkb.engines.whoosh.parts import LEAST_BEST
from tests.engines.passages import placed_grams


class Oracle:
    """Scores every passage for every question, one after the other."""

    def __init__(
        self,
        passages: Sequence[IndexedPassage],
        ranking: Ranking,
        vectors: Mapping[int, Sequence[float]] = MappingProxyType({}),
    ) -> None:
        self.passages = passages
        self.ranking = ranking
        self.vectors = vectors
        self.bests: dict[Ranked, float] = {}
        self.cosines: dict[tuple[int, bytes], float] = {}
        self.holding: dict[tuple[str, str], int] = {}
        self.average = {
            (zone, kind): max(sum(len(cut(p, zone, kind)) for p in passages) / len(passages), 1.0)
            for zone in ZONES
            for kind in ("words", "grams")
        }

    def top(self, node: Match, limit: int) -> list[tuple[str, int, float]]:
        """(record id, ordinal, score) of the best, ties in the order of ids."""
        scored = [(p, self.score(p, node)) for p in self.passages]
        matching = [(p.record_id, p.ordinal, score) for p, score in scored if score is not None]
        ranking = self.ranking
        share = ranking.meaning.document if self.by_meaning(node) else ranking.document
        if isinstance(node, InARow):
            share = 0.0  # a phrase asked for by itself is scored by itself
        return sorted(self.with_documents(sorted(matching, key=_place), share), key=_place)[:limit]

    def by_meaning(self, node: Match) -> bool:
        """Whether a question in the query is compared by meaning."""
        if isinstance(node, Either | Every):
            return any(self.by_meaning(child) for child in node.nodes)
        return isinstance(node, Ranked) and any(self.nearness(p, node.meaning) for p in self.passages)

    def with_documents(self, found: list[tuple[str, int, float]], share: float) -> list[tuple[str, int, float]]:
        """Of the best 400 each gains a share of the mean of the five best others of its record."""
        raised = []
        for rank, (name, ordinal, score) in enumerate(found):
            others = [s for other, place, s in found[:400] if other == name and place != ordinal]
            evidence = sum(sorted(others, reverse=True)[:5]) / 5 if rank < 400 else 0.0
            raised.append((name, ordinal, score + share * evidence))
        return raised

    def score(self, p: IndexedPassage, node: Match) -> float | None:
        """None when the passage does not match."""
        if isinstance(node, Ranked):
            return self.ranked(p, node)
        if isinstance(node, InARow):
            return self.in_a_row(p, node)
        if isinstance(node, Without):
            return 0.0 if self.score(p, node.node) is None else None
        assert isinstance(node, Either | Every)
        parts = [self.score(p, child) for child in node.nodes]
        held = [part for part in parts if part is not None]
        is_match = len(held) == len(parts) if isinstance(node, Every) else bool(held)
        return sum(held) if is_match else None

    def ranked(self, p: IndexedPassage, node: Ranked) -> float | None:
        scored = self.by_words(p, node)
        if near := self.nearness(p, node.meaning):
            scored = (scored or 0.0) + self.ranking.meaning.weight * max(self.best(node), LEAST_BEST) * near
        if node.whole and p.title == node.whole and p.ordinal == 0:
            return (scored or 0.0) + self.ranking.exact_title
        is_named = p.title and p.title == self.named(node.whole) != node.whole
        return scored + self.ranking.exact_title / 2 if scored is not None and is_named else scored

    def best(self, node: Ranked) -> float:
        if node not in self.bests:
            self.bests[node] = max(self.by_words(p, node) or 0.0 for p in self.passages)
        return self.bests[node]

    def named(self, whole: str) -> str:
        """Of the titles that a question is or names the longest."""
        titles = {p.title for p in self.passages if p.title == whole or (len(p.title) >= 5 and p.title in whole)}
        return max(titles, key=lambda title: (len(title), title), default="")

    def by_words(self, p: IndexedPassage, node: Ranked) -> float | None:
        scored = self.terms(p, node.words, node.grams)
        scored += sum(self.best_synonym(p, alternatives) for alternatives in node.synonyms)
        share = self.share(p, node)
        needed = 0.0 if node.relaxed else self.ranking.need(len(node.grams))
        is_match = bool(node.grams) and scored > 0 and share >= needed - 1e-9
        scored *= 1 + self.ranking.coverage * share
        for keys, families in zip_longest(node.codes, node.families, fillvalue=()):
            best = max((self.code(p, key) / 2**step for step, key in enumerate(self.steps(keys, families))), default=0)
            scored += self.ranking.code_weight * best
            is_match = is_match or best > 0
        for asked in node.quantities:
            if self.tells(p, asked):
                telling = sum(self.tells(other, asked) for other in self.passages)
                scored += self.ranking.quantity_weight * self.information(telling)
                is_match = True
        return scored if is_match else None

    def terms(self, p: IndexedPassage, words: Sequence[str], grams: Sequence[str]) -> float:
        share = self.ranking.word_share
        by_words = sum(self.bm25f(p, "words", term) for term in words)
        return share * by_words + (1 - share) * sum(self.bm25f(p, "grams", term) for term in grams)

    def best_synonym(self, p: IndexedPassage, alternatives: Sequence[Alternative]) -> float:
        is_known = any(self.is_known(gram) for a in alternatives for gram in a.stands_for)
        weight = self.ranking.synonym_weight if is_known else 1.0
        return weight * max(self.terms(p, a.words, a.grams) for a in alternatives)

    def share(self, p: IndexedPassage, node: Ranked) -> float:
        """Of the question's information; what is said in another way counts as what it stands for."""
        replaced = {gram for alternatives in node.synonyms for a in alternatives for gram in a.stands_for}
        asked = [
            gram
            for gram in node.grams
            if gram in replaced or any(gram in word for word in node.words) or self.is_known(gram)
        ]
        held = sum(self.idf("grams", gram) for gram in asked if self.tf(p, "grams", gram))
        for alternatives in node.synonyms:
            said = [a for a in alternatives if all(self.tf(p, "grams", gram) for gram in a.grams)]
            held += self.lacking(p, said[0].stands_for) if said else 0.0
        held += sum(self.lacking(p, value.stands_for) for value in node.quantities if self.tells(p, value))
        worth = sum(self.idf("grams", gram) for gram in asked)
        return min(held / worth, 1.0) if worth else 1.0

    def lacking(self, p: IndexedPassage, grams: Sequence[str]) -> float:
        return sum(self.idf("grams", gram) for gram in grams if not self.tf(p, "grams", gram))

    def is_known(self, gram: str) -> bool:
        return self.idf("grams", gram) < self.information(0)

    def tells(self, p: IndexedPassage, asked: Span) -> bool:
        told = (span for span in p.quantities if span.dimension == asked.dimension)
        return any(span.low <= asked.high and span.high >= asked.low for span in told)

    def steps(self, keys: Sequence[str], families: Sequence[str]) -> list[str]:
        """The code as a series, then its keys; where no passage holds one of them, the nearest series there is."""
        held = {key for p in self.passages for key in (*p.codes, *p.own_codes)}
        return [key for key in (*families[:1], *keys) if key in held] or [f for f in families[1:] if f in held][:1]

    def nearness(self, p: IndexedPassage, meaning: bytes) -> float:
        """1 for the passage nearest in meaning, 0 for those whose cosine is less than its by the span and more."""
        held = sum(other.meaning in self.vectors for other in self.passages)
        if not meaning or held < 0.95 * len(self.passages):
            return 0.0
        nearest = sorted((self.cosine(other, meaning) for other in self.passages), reverse=True)[:200]
        top, span, own = nearest[0], self.ranking.meaning.span, self.cosine(p, meaning)
        return max((own - (top - span)) / span, 0.0) if own >= max(nearest[-1], 0.0) else 0.0

    def cosine(self, p: IndexedPassage, meaning: bytes) -> float:
        if (p.meaning, meaning) not in self.cosines:
            question = array("f", meaning)
            # A vector is kept as whole numbers, its largest component as 127.
            vector = self.vectors.get(p.meaning, ())
            largest = max(map(abs, vector), default=1.0)
            kept = [round(value * 127 / largest) for value in vector]
            length = math.sqrt(sum(value * value for value in kept)) or 1.0
            product = sum(a * b for a, b in zip(kept, question, strict=False)) / length
            self.cosines[p.meaning, meaning] = product if kept else -1.0
        return self.cosines[p.meaning, meaning]

    def in_a_row(self, p: IndexedPassage, node: InARow) -> float | None:
        for zone in node.zones:
            grams = set(placed_grams(p.zones[zone]))
            if node.pairs and any(all((g, at + offset) in grams for g, offset in node.pairs) for _, at in grams):
                return PHRASE_SCORE + sum(self.bm25f(p, "grams", gram) for gram, _ in node.pairs)
        return None

    def bm25f(self, p: IndexedPassage, kind: str, term: str) -> float:
        tf, k1 = self.tf(p, kind, term), self.ranking.k1
        return self.idf(kind, term) * tf * (k1 + 1) / (k1 + tf)

    def tf(self, p: IndexedPassage, kind: str, term: str) -> float:
        total = 0.0
        for zone in ZONES:
            held, declared = cut(p, zone, kind), self.ranking.zones[zone]
            length = len(held) / self.average[zone, kind]
            total += declared.weight * held.count(term) / (1 - declared.b + declared.b * length)
        return total

    def idf(self, kind: str, term: str) -> float:
        if (kind, term) not in self.holding:
            self.holding[kind, term] = sum(any(term in cut(p, zone, kind) for zone in ZONES) for p in self.passages)
        return self.information(self.holding[kind, term])

    def code(self, p: IndexedPassage, key: str) -> float:
        if ("codes", key) not in self.holding:
            self.holding["codes", key] = sum(key in (*other.codes, *other.own_codes) for other in self.passages)
        return ((key in p.codes) + 2 * (key in p.own_codes)) * self.information(self.holding["codes", key])

    def information(self, holding: int) -> float:
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))


def _place(found: tuple[str, int, float]) -> tuple[float, str, int]:
    name, ordinal, score = found
    return -round(score, 9), name, ordinal


def cut(p: IndexedPassage, zone: str, kind: str) -> list[str]:
    """The terms of a zone, without their places."""
    terms = p.zones[zone]
    return list(terms.words) if kind == "words" else [gram for gram, _ in placed_grams(terms)]
