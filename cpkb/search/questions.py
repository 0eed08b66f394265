"""How a question is read: its terms, and what is searched beside them, decided once and used everywhere."""

from __future__ import annotations

from functools import lru_cache

from cpkb.analysis.analyzer import Analyzer, Asked
from cpkb.analysis.normalise import Folded
from cpkb.analysis.synonyms import Thesaurus
from cpkb.engines.engine import Engine
from cpkb.model.query import AllOf, AnyOf, Node, Words

KEPT = 512  # questions whose reading is kept: a page of results reads its question several times


class Questions:
    """Reads questions with an analyzer, against what an engine knows."""

    def __init__(self, analyzer: Analyzer, engine: Engine) -> None:
        self.analyzer = analyzer
        self._engine = engine
        self._read = lru_cache(KEPT)(self._read_now)

    def ask(self, node: Words) -> Asked:
        """The terms of plain words; without synonyms where they are switched off."""
        if not node.synonyms:
            return self.analyzer.ask_plainly(node.text)
        return self._read(node.text, self.analyzer.thesaurus)

    def _read_now(self, text: str, _thesaurus: Thesaurus) -> Asked:
        """What is kept is kept for one state of the thesaurus: after a change every question is read anew."""
        return self.analyzer.ask(text, self._engine.knows)

    def fold(self, text: str) -> Folded:
        """The folded text with its origins."""
        return self.analyzer.fold(text)

    def also_searched(self, node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(word of the question, terms searched beside it) of everything that was expanded."""
        if isinstance(node, AllOf | AnyOf):
            return tuple(pair for child in node.nodes for pair in self.also_searched(child))
        synonyms = self.ask(node).synonyms if isinstance(node, Words) else ()
        return tuple((synonym.found, tuple(term for term, _, _ in synonym.terms)) for synonym in synonyms)
