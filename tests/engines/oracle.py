"""BM25F once more, from the passages themselves in plain Python: what an exact engine must agree with.

Written from the formulas in `cpkb.engines.whoosh.scoring` and the words of index/ranking.toml, with none of the code.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cpkb.engines.engine import Either, Every, InARow, IndexedPassage, Match, Ranked, Without
from cpkb.engines.ranking import ZONES, Ranking
from cpkb.engines.whoosh.matching import PHRASE_SCORE


class Oracle:
    """Scores every passage for every question, one after the other."""

    def __init__(self, passages: Sequence[IndexedPassage], ranking: Ranking) -> None:
        self.passages = passages
        self.ranking = ranking
        self.holding: dict[tuple[str, str], int] = {}
        self.average = {
            (zone, kind): max(sum(len(cut(p, zone, kind)) for p in passages) / len(passages), 1.0)
            for zone in ZONES
            for kind in ("words", "grams")
        }

    def top(self, node: Match, limit: int) -> list[tuple[str, int, float]]:
        """(record id, ordinal, score) of the best, ties in the order of ids."""
        scored = [(p, self.score(p, node)) for p in self.passages]
        matching = [(p, score) for p, score in scored if score is not None]
        matching.sort(key=lambda item: (-round(item[1], 9), item[0].record_id, item[0].ordinal))
        return [(p.record_id, p.ordinal, score) for p, score in matching[:limit]]

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
        share = self.ranking.word_share
        scored = share * sum(self.bm25f(p, "words", term) for term in node.words)
        scored += (1 - share) * sum(self.bm25f(p, "grams", term) for term in node.grams)
        asked = sum(self.idf("grams", term) for term in node.grams)
        held = sum(self.idf("grams", term) for term in node.grams if self.tf(p, "grams", term))
        is_match = bool(node.grams) and scored > 0 and held >= self.ranking.need(len(node.grams)) * asked - 1e-9
        for keys in node.codes:
            best = max(self.code(p, key) / 2**step for step, key in enumerate(keys))
            scored += self.ranking.code_weight * best
            is_match = is_match or best > 0
        if node.whole and p.title == node.whole:
            scored += self.ranking.exact_title
            is_match = True
        return scored if is_match else None

    def in_a_row(self, p: IndexedPassage, node: InARow) -> float | None:
        for zone in node.zones:
            grams = set(p.zones[zone].grams)
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


def cut(p: IndexedPassage, zone: str, kind: str) -> list[str]:
    """The terms of a zone, without their places."""
    terms = p.zones[zone]
    return list(terms.words) if kind == "words" else [gram for gram, _ in terms.grams]
