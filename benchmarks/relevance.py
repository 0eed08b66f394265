"""What each part of the search adds: the ablation table of docs/relevance.md, written in place.

    python benchmarks/relevance.py HOME --judged QUESTIONS.jsonl… [--corpus NAME=FOLDER…]

HOME holds the judged documents. A FOLDER holds corpus.jsonl (or .gz), queries*.jsonl and qrels*.tsv; traditional
texts are asked by questions turned simplified. Every row adds one part to the row before it; indexes without folding
are built in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import opencc

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.normalise import Folded
from cpkb.engines.engine import Engine
from cpkb.engines.ranking import Ranking, load_ranking
from cpkb.engines.registry import ENGINES
from cpkb.engines.results import Signs
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.corpora import Judgement, evaluate_corpus
from cpkb.pipeline.reindex import catch_up
from cpkb.search.confidence import Confidence, load_confidence
from cpkb.search.evaluate import Judged, load_judged, run, table
from cpkb.search.find import Finder
from cpkb.settings import Settings

REPO = Path(__file__).resolve().parents[1]
SAMPLE = 10  # of a corpus every tenth question
BEGIN, END = "<!-- begin: benchmarks/relevance.py -->", "<!-- end -->"
KINDS = ("problem", "law", "adversarial", "exact", "keyword", "ALL answerable")


class Unfolded(Analyzer):
    """An analyzer that takes every character as it is, but for case."""

    def fold(self, text: str) -> Folded:
        """The text itself in lower case where that keeps its length."""
        lowered = text.lower() if len(text.lower()) == len(text) else text
        return Folded(lowered, tuple(range(len(text))))

    @property
    def fingerprint(self) -> str:
        """Not that of an index of folded texts."""
        return f"unfolded-{super().fingerprint}"


class Sure(Confidence):
    """Shows whatever matches."""

    def __init__(self) -> None:
        """There is nothing to know."""

    def level(self, signs: Signs | None) -> str:  # noqa: ARG002 — whatever the signs
        """Always sure."""
        return "sure"


@dataclass(frozen=True, slots=True)
class Row:
    """A state of the search: what ranks, and what is asked beside the words."""

    name: str
    ranking: Ranking
    is_folded: bool = True
    is_plain: bool = True
    """Whether neither synonyms nor meaning are asked."""
    has_confidence: bool = False
    has_meaning: bool = False


def rows(declared: Ranking) -> Iterator[Row]:
    """From bare words to everything."""
    bare = replace(declared, coverage=0.0, document=0.0, ended=1.0, draft=1.0, quantity_weight=0.0)
    yield Row("words", replace(bare, word_share=1.0), is_folded=False)
    yield Row("grams", replace(bare, word_share=0.0), is_folded=False)
    yield Row("words and grams", bare, is_folded=False)
    yield Row("+ folding", bare)
    yield Row("+ synonyms, pinyin, slips", bare, is_plain=False)
    yield Row("+ coverage, document, quantities, validity", declared, is_plain=False)
    yield Row("+ saying when nothing answers", declared, is_plain=False, has_confidence=True)
    yield Row("+ meaning", declared, is_plain=False, has_confidence=True, has_meaning=True)


def judged_cells(kb: KnowledgeBase, engine: Engine, analyzer: Analyzer, row: Row, judged: list[Judged]) -> list[str]:
    """hit2@5 / nDCG@10 by type."""
    confidence = load_confidence(kb.settings.lexicon / "confidence.toml") if row.has_confidence else Sure()
    finder = Finder(kb.store, engine, analyzer, confidence, kb.embedder if row.has_meaning else None)
    measured = table(judged, run(finder, judged, "imported", plain=row.is_plain))
    nothing = measured.get("nothing", {}).get("says none", 0.0)
    cells = [f"{measured[kind]['hit2@5']:.3f} / {measured[kind]['nDCG@10']:.3f}" for kind in KINDS]
    return [*cells, f"{nothing:.2f} ({measured['ALL answerable']['false_none']:.3f})"]


def corpus_cells(kb: KnowledgeBase, analyzer: Analyzer, row: Row, judgements: Mapping[str, Judgement]) -> list[str]:
    """R@10 / R@100 / MRR@10 of every corpus, by words: embedding one takes an hour."""
    cells = []
    for judgement in judgements.values():
        found = evaluate_corpus(
            kb.settings, judgement, analyzer, None, lambda _step, _done: None,
            plain=row.is_plain, ranking=row.ranking, every=SAMPLE,
        )  # fmt: skip
        cells.append(" / ".join(f"{found[name]:.3f}" for name in ("R@10", "R@100", "MRR@10")))
    return cells


def judgement_of(folder: Path, scratch: Path) -> Judgement:
    """The files of a corpus, its questions simplified."""
    simplified = opencc.OpenCC("t2s")
    questions = scratch / f"{folder.name}.jsonl"
    lines = next(folder.glob("queries*.jsonl")).read_text(encoding="utf-8").splitlines()
    asked = ({**line, "text": simplified.convert(line["text"])} for line in map(json.loads, lines))
    questions.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in asked), encoding="utf-8")
    return Judgement(next(folder.glob("corpus.jsonl*")), questions, next(folder.glob("qrels*.tsv")))


def main() -> None:
    """Measure every row and put the table into docs/relevance.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--judged", nargs="+", type=Path, required=True)
    parser.add_argument("--corpus", nargs="*", default=[])
    asked = parser.parse_args()
    judged = {file.stem: load_judged(file) for file in asked.judged}
    told = []
    with opened(Settings(home=asked.home, result_cache=False)) as kb, tempfile.TemporaryDirectory() as scratch:
        judgements = {
            name: judgement_of(Path(folder), Path(scratch))
            for name, _, folder in (pair.partition("=") for pair in asked.corpus)
        }
        unfolded = Unfolded(kb.settings.lexicon, kb.settings.home / "cache")
        declared = load_ranking(kb.settings.lexicon / "ranking.toml")
        engines, memory = ENGINES[kb.settings.engine], kb.settings.index_memory
        bare = Path(scratch) / "unfolded"
        catch_up(kb.store, engines(bare, declared, "unfolded", memory), unfolded)
        for row in rows(declared):
            analyzer = kb.analyzer if row.is_folded else unfolded
            fingerprint = kb.engine.fingerprint.split("-", 2)[2] if row.is_folded else "unfolded"
            engine = engines(kb.settings.index if row.is_folded else bare, row.ranking, fingerprint, memory)
            for name, questions in judged.items():
                told.append([name, row.name, *judged_cells(kb, engine, analyzer, row, questions)])
                print("|", " | ".join(told[-1]), "|", flush=True)
            if judgements and not row.has_confidence:
                told.append(["corpora", row.name, *corpus_cells(kb, analyzer, row, judgements)])
                print("|", " | ".join(told[-1]), "|", flush=True)
    _write(told, list(judged), list(judgements))


def _write(told: list[list[str]], judged: list[str], corpora: list[str]) -> None:
    parts = []
    for name in judged:
        parts.append(f"### `{name}.jsonl`: hit2@5 / nDCG@10; of unanswerable ones said to be none (of answerable)\n")
        parts.append(_table(("search", *KINDS, "nothing"), [row[1:] for row in told if row[0] == name]))
    if corpora:
        parts.append("### Plain corpora, every tenth question: R@10 / R@100 / MRR@10\n")
        parts.append(_table(("search", *corpora), [row[1:] for row in told if row[0] == "corpora"]))
    file = REPO / "docs" / "relevance.md"
    text = file.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    file.write_text(before + BEGIN + "\n" + "\n".join(parts) + END + after, encoding="utf-8")


def _table(head: tuple[str, ...], lines: list[list[str]]) -> str:
    marked = ["|" + "|".join(cells) + "|" for cells in (head, ("---",) * len(head), *lines)]
    return "\n".join(marked) + "\n"


if __name__ == "__main__":
    main()
