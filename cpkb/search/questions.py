"""How a question is read: its terms, what is searched beside them, and its meaning; decided once, used everywhere."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer, Asked
from cpkb.analysis.embedding import Embedder
from cpkb.analysis.normalise import Folded
from cpkb.analysis.synonyms import Thesaurus
from cpkb.engines.engine import Engine
from cpkb.model.query import AllOf, AnyOf, Node, Words

KEPT = 512  # questions whose reading is kept: a page of results reads its question several times


class Questions:
    """Reads questions with an analyzer, against what an engine knows."""

    def __init__(self, analyzer: Analyzer, engine: Engine, embedder: Embedder | None = None) -> None:
        self.analyzer = analyzer
        self._engine = engine
        self._embedder = embedder
        self._embed = lru_cache(KEPT)(self._embed_now)
        self._read = lru_cache(KEPT)(self._read_now)

    def ask(self, node: Words) -> Asked:
        """The terms of plain words; without synonyms where they are switched off."""
        if not node.synonyms:
            return self.analyzer.ask_plainly(node.text)
        return self._read(node.text, self.analyzer.thesaurus, self._engine.state())

    def _read_now(self, text: str, _thesaurus: Thesaurus, _index: Hashable) -> Asked:
        """What is kept is kept for one state of thesaurus and index: after a change every question is read anew."""
        return self.analyzer.ask(text, self._engine.knows)

    def meaning(self, node: Words) -> bytes:
        """The vector of plain words; empty where passages have none to compare, or numbers are all there is."""
        if not (node.meaning and self._embedder and self._engine.can("meaning")):
            return b""
        asked = self.ask(node)
        return self._embed(asked.meant) if asked.grams else b""

    def _embed_now(self, text: str) -> bytes:
        return self._embedder.question(text).tobytes() if self._embedder else b""

    def fold(self, text: str) -> Folded:
        """The folded text with its origins."""
        return self.analyzer.fold(text)

    def also_searched(self, node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(word of the question, terms searched beside it) of everything that was expanded."""
        if isinstance(node, AllOf | AnyOf):
            return tuple(pair for child in node.nodes for pair in self.also_searched(child))
        synonyms = self.ask(node).synonyms if isinstance(node, Words) else ()
        return tuple((synonym.found, tuple(term for term, _, _ in synonym.terms)) for synonym in synonyms)
