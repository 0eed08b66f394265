"""How the numbers of index/ranking.toml are chosen: each is moved on its own, and judged on questions it did not see.

    python benchmarks/tune.py HOME QUESTIONS.jsonl… [--corpus C.jsonl --questions Q.jsonl --qrels R.tsv]

From the declared numbers on, every parameter takes its other values with all else as declared. A value is worth the
mean, over questions, of nDCG@10 and hit2@5, half by words alone and half with meaning. Five times four fifths of the
questions choose a value and the last fifth judges it: that is the cross-validated gain. With a corpus, its R@10,
R@100 and MRR@10 by words over every tenth question stand beside, and a value must not lose there. A number is changed
in the declaration where the gain is positive; then the whole is run again. Nothing is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cpkb.analysis.embedding import Embedder
from cpkb.engines.ranking import Ranking, load_ranking
from cpkb.engines.registry import ENGINES
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.corpora import Judgement, evaluate_corpus
from cpkb.search.confidence import load_confidence
from cpkb.search.evaluate import Judged, load_judged, run, score
from cpkb.search.find import Finder
from cpkb.settings import Settings

FOLDS = 5
SAMPLE = 10  # of a corpus every tenth question: minutes instead of an hour
Scores = NDArray[np.float64]


def moves(declared: Ranking) -> Iterator[tuple[str, float, Ranking]]:
    """(parameter, value, ranking) of every move from the declaration."""
    for name, values in {
        "k1": (0.6, 0.9, 1.2),
        "word_share": (0.3, 0.5, 0.7),
        "coverage": (0.0, 1.0, 1.5, 2.0),
        "document": (0.0, 0.1, 0.2),
        "quantity_weight": (0.0, 0.5, 1.0),
        "synonym_weight": (0.25, 0.4, 0.6, 0.8),
    }.items():
        for value in values:
            yield name, value, replace(declared, **{name: value})  # type: ignore[arg-type]  # all of these are floats
    for value in (0.75, 1.0, 1.5, 2.0, 3.0):
        yield "meaning.weight", value, replace(declared, meaning=replace(declared.meaning, weight=value))
    for value in (0.04, 0.05, 0.06, 0.08):
        yield "meaning.span", value, replace(declared, meaning=replace(declared.meaning, span=value))
    for zone in declared.zones:
        for value in (0.5, 0.8, 1.0, 1.2):
            yield f"{zone}.weight", value, _zoned(declared, zone, weight=value)
    for value in (0.4, 0.6, 0.8):
        yield "text.b", value, _zoned(declared, "text", b=value)


def _zoned(declared: Ranking, zone: str, **change: float) -> Ranking:
    return replace(declared, zones={**declared.zones, zone: replace(declared.zones[zone], **change)})


def worth_of(finder: Finder, judged: list[Judged]) -> Scores:
    """What each question is worth with the finder's ranking."""
    summed = np.zeros(len(judged))
    for plain in (True, False):
        lines = run(finder, judged, "imported", plain=plain)
        for at, (question, line) in enumerate(zip(judged, lines, strict=True)):
            found = score(question, line)
            summed[at] += (found["nDCG@10"] + found["hit2@5"]) / 4
    return summed


def choose(table: dict[float, Scores], declared: float) -> tuple[float, float]:
    """The value that all questions choose, and the gain over the declared one on questions that did not choose."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(table[declared]))
    gains = np.zeros(len(fold))
    for at in range(FOLDS):
        best = max(table, key=lambda value: (table[value][fold != at].mean(), value == declared))
        gains[fold == at] = (table[best] - table[declared])[fold == at]
    return max(table, key=lambda value: (table[value].mean(), value == declared)), float(gains.mean())


class Remembering(Embedder):
    """An embedder that embeds a question once, however many rankings it is asked with."""

    def __init__(self) -> None:
        super().__init__()
        self.question = cache(super().question)  # type: ignore[method-assign]  # the same, remembered


def finder_with(kb: KnowledgeBase, ranking: Ranking, embedder: Embedder) -> Finder:
    """A finder over the same built index that ranks otherwise."""
    fingerprint = kb.engine.fingerprint.split("-", 2)[2]
    engine = ENGINES[kb.settings.engine](kb.settings.index, ranking, fingerprint, kb.settings.index_memory)
    confidence = load_confidence(kb.settings.lexicon / "confidence.toml")
    return Finder(kb.store, engine, kb.analyzer, confidence, embedder)


def of_corpus(kb: KnowledgeBase, judgement: Judgement | None, ranking: Ranking) -> str:
    """The measures of a corpus by words, as they are printed."""
    if judgement is None:
        return ""
    found = evaluate_corpus(
        kb.settings, judgement, kb.analyzer, None, lambda _step, _done: None, ranking=ranking, every=SAMPLE
    )
    return " ".join(f"{name} {found[name]:.4f}" for name in ("R@10", "R@100", "MRR@10"))


def declared_value(declared: Ranking, name: str) -> float:
    """What the declaration says of a parameter of `moves`."""
    owner, _, key = name.rpartition(".")
    holder = {"": declared, "meaning": declared.meaning, **declared.zones}[owner]
    return float(getattr(holder, key))


def main() -> None:
    """Print the worth of every move, and of every parameter the value chosen with its cross-validated gain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("judged", nargs="+", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--qrels", type=Path)
    asked = parser.parse_args()
    judgement = Judgement(asked.corpus, asked.questions, asked.qrels) if asked.corpus else None
    with opened(Settings(home=asked.home, result_cache=False)) as kb:
        declared = load_ranking(kb.settings.lexicon / "ranking.toml")
        judged = [question for file in asked.judged for question in load_judged(file) if question.gold]
        embedder = Remembering()
        tables: dict[str, dict[float, Scores]] = {}
        for name, value, ranking in moves(declared):
            worth = worth_of(finder_with(kb, ranking, embedder), judged)
            tables.setdefault(name, {})[value] = worth
            print(f"{name:16} {value:5} {worth.mean():.4f}  {of_corpus(kb, judgement, ranking)}", flush=True)
        print(f"\n{'parameter':16} declared  chosen  cross-validated gain")
        for name, table in tables.items():
            before = declared_value(declared, name)
            value, gain = choose(table, before)
            print(f"{name:16} {before:8} {value:7} {gain:+.4f}")


if __name__ == "__main__":
    main()
