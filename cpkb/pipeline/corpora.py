"""Plain corpora (检索评测集): any texts with questions and relevance, searched as the knowledge base is searched.

How general Chinese retrieval is measured (STARD, DRCD): no records, no validity, the same analysis and ranking. The
index of a corpus is kept under the home's cache, so that the next run only asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.embedding import Embedder, meaning_key, meaning_text
from cpkb.engines.engine import Engine, Piece
from cpkb.engines.ranking import Ranking, load_ranking
from cpkb.engines.registry import ENGINES
from cpkb.engines.results import EngineHit
from cpkb.errors import QueryError
from cpkb.model.query import AllOf, Query, Words
from cpkb.pipeline.corpus_texts import Text, cut, documents_of, read_corpus, read_questions, read_relevance
from cpkb.pipeline.cutting import Cutting
from cpkb.pipeline.embed import embed_missing
from cpkb.search.compile import compile_query
from cpkb.search.questions import Questions
from cpkb.settings import Settings

DEPTHS = (10, 100)
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Three files: texts (id, title, text), questions (id, text), and which texts answer which question."""

    corpus: Path
    questions: Path
    relevance: Path


def evaluate_corpus(
    settings: Settings, judgement: Judgement, analyzer: Analyzer, embedder: Embedder | None, progress: Progress,
    *, plain: bool = False, ranking: Ranking | None = None, every: int = 1,
) -> dict[str, float]:  # fmt: skip
    """R@10 and R@100 (share of the relevant texts found) and MRR@10, means over the questions with relevant texts.

    ``ranking`` is tried in place of the declared one, on ``every`` so many questions.
    """
    relevant = read_relevance(judgement.relevance)
    # The order is measured, as deep as it goes: what is too far from the best to be shown counts too.
    ranking = replace(ranking or load_ranking(settings.lexicon / "ranking.toml"), tail=0.0)
    documents = documents_of(read_corpus(judgement.corpus))
    engine = _built(settings, judgement.corpus, documents, analyzer, ranking, embedder, progress)
    questions = Questions(analyzer, engine, embedder)
    found = {}
    asked = [(id_, text) for id_, text in read_questions(judgement.questions).items() if id_ in relevant]
    for id_, text in asked[::every]:
        hits = _ask(engine, questions, Words(text, synonyms=not plain, meaning=not plain))
        found[id_] = [documents[hit.record_id][hit.ordinal].id for hit in hits]
        progress("提问", len(found))
    engine.close()
    return measure(found, relevant)


def measure(found: Mapping[str, Sequence[str]], relevant: Mapping[str, set[str]]) -> dict[str, float]:
    """The measures of what was found for each question."""
    if not found:
        raise QueryError("没有一个问题有相关的文本；看看 --qrels 的第一列是不是问题的 id")
    rows = [_measures(ids, relevant[question]) for question, ids in found.items()]
    return {"n": len(rows)} | {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def _measures(ids: Sequence[str], wanted: set[str]) -> dict[str, float]:
    first = next((rank for rank, id_ in enumerate(ids[:10], 1) if id_ in wanted), 0)
    recalls = {f"R@{depth}": len(wanted.intersection(ids[:depth])) / len(wanted) for depth in DEPTHS}
    return recalls | {"MRR@10": 1 / first if first else 0.0}


def _ask(engine: Engine, questions: Questions, words: Words) -> tuple[EngineHit, ...]:
    query = Query(text=AllOf((words,)), limit=max(DEPTHS), grouped=False)
    return engine.search(compile_query(query, questions)).hits


# building


def _built(
    settings: Settings,
    corpus: Path,
    documents: Mapping[str, list[Text]],
    analyzer: Analyzer,
    ranking: Ranking,
    embedder: Embedder | None,
    progress: Progress,
) -> Engine:
    """The corpus as an index of its own, postings and (with an embedder) vectors; what is there already is kept."""
    folder = settings.home / "cache" / f"corpus-{hashlib.sha256(corpus.read_bytes()).hexdigest()[:16]}"
    engine = ENGINES[settings.engine](folder, ranking, f"{analyzer.fingerprint}-documents", settings.index_memory)
    if engine.revision() != _DONE:
        index_texts(engine, documents, analyzer, progress)
    if embedder:
        texts = (meaning_text(text.title, text.body) for own in documents.values() for text in own)
        wanted = {meaning_key(text): text for text in texts}
        for left in embed_missing(wanted, engine, embedder):
            progress("语义向量，还有", left)
    return engine


_DONE = 10**9  # the revision of an index that holds the whole corpus


def index_texts(engine: Engine, documents: Mapping[str, list[Text]], analyzer: Analyzer, progress: Progress) -> None:
    """Make the texts of a corpus what the engine holds."""
    done = 0
    with engine.writing(_DONE, rebuild=True) as writer:
        pieces = (Piece(name, (name, texts), len(texts)) for name, texts in sorted(documents.items()))
        for piece in writer.put_all(pieces, Cutting.by(analyzer, cut)):
            done += piece.passages
            progress("建索引", done)
