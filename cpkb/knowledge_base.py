"""The one place that puts the parts together. It assembles and closes, nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.embedding import Embedder, missing
from cpkb.analysis.synonyms import read_thesaurus
from cpkb.consultation.answer import Consultant
from cpkb.consultation.rewriting import Rewriter
from cpkb.consultation.understand import Understander
from cpkb.consultation.wording import Wording
from cpkb.engines.engine import Engine
from cpkb.engines.ranking import load_ranking
from cpkb.engines.registry import ENGINES
from cpkb.errors import CpkbError
from cpkb.fetch.language_model import LanguageModel
from cpkb.model.collection import declared_facets
from cpkb.search.completion import Completer
from cpkb.search.confidence import load_confidence
from cpkb.search.find import Finder
from cpkb.search.suggestions import Suggester
from cpkb.settings import Settings
from cpkb.store.store import Store


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """An open home: its store, its engine, and what searches them."""

    settings: Settings
    store: Store
    engine: Engine
    analyzer: Analyzer
    finder: Finder
    embedder: Embedder | None
    """None where passages are searched by their words alone."""
    completer: Completer
    suggester: Suggester
    understander: Understander
    consultant: Consultant
    rewriter: Rewriter | None
    """None where no language model is set up."""

    def close(self) -> None:
        """Let go of files."""
        self.engine.close()
        self.store.close()


def open_knowledge_base(settings: Settings) -> KnowledgeBase:
    """Open (and, the first time, make) the home that the settings name."""
    if settings.engine not in ENGINES:
        raise CpkbError(f"CPKB_ENGINE={settings.engine!r}; there are: {', '.join(ENGINES)}")
    analyzer = Analyzer(settings.lexicon, settings.home / "cache", settings.thesaurus)
    ranking = load_ranking(settings.lexicon / "ranking.toml")
    confidence = load_confidence(settings.lexicon / "confidence.toml")
    store = Store(settings.database)
    made_by = f"{analyzer.fingerprint}-{declared_facets()}"
    engine = ENGINES[settings.engine](settings.index, ranking, made_by, settings.index_memory)
    embedder = Embedder() if settings.semantic and not missing() else None
    finder = Finder(store, engine, analyzer, confidence, embedder, keeps_pages=settings.result_cache)
    completer = Completer(store, engine, analyzer)
    suggester = Suggester(completer, finder, engine, analyzer)
    understander = Understander(settings.lexicon / "understanding.toml", store, analyzer)
    consultant = Consultant(finder, store, analyzer, understander)
    rewriter = _rewriter(settings, store, analyzer)
    return KnowledgeBase(
        settings, store, engine, analyzer, finder, embedder, completer, suggester, understander, consultant, rewriter
    )


def _rewriter(settings: Settings, store: Store, analyzer: Analyzer) -> Rewriter | None:
    """The optional language model of the consultation."""
    if not settings.llm_url:
        return None
    model = LanguageModel(settings.llm_url, settings.llm_model, settings.llm_key.get_secret_value())
    return Rewriter(model, store, Wording(analyzer.fold, read_thesaurus(settings.lexicon / "thesaurus.tsv")))


@contextmanager
def opened(settings: Settings) -> Iterator[KnowledgeBase]:
    """An open knowledge base that is closed at the end."""
    kb = open_knowledge_base(settings)
    try:
        yield kb
    finally:
        kb.close()
