"""Plain corpora: texts, questions and relevance from files, the usual measures out, and an index that is kept."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cpkb.analysis.embedding import Embedder
from cpkb.cli import main
from cpkb.errors import QueryError
from cpkb.pipeline.corpora import Judgement, evaluate_corpus, measure
from cpkb.pipeline.corpus_texts import Text, read_corpus, read_questions, read_relevance
from cpkb.settings import Settings
from tests.analysis.shipped import shipped_analyzer
from tests.pipeline.test_embed import Numbered

TEXTS = (
    {"id": 1, "title": "押金", "text": "出租人应当在租期届满后返还押金。"},
    {"id": "2", "title": "", "text": "劳动者可以解除劳动合同，并要求支付经济补偿。"},
    {"id": "3", "title": "继承", "text": "遗产按照法定顺序继承。"},
    {"id": "4", "title": "租赁", "text": "承租人应当按照约定支付租金。"},
)
QUESTIONS = (
    {"id": "a", "text": "押金不返还怎么办"},
    {"id": "b", "text": "解除劳动合同的补偿"},
    {"id": "c", "text": "没有判过的问题"},
)
QRELS = "a\t1\t1\na\t3\t0\nb\t2\t1\nb\t4\t1\n"


@dataclass
class Bench:
    """A folder with the three files and a home."""

    folder: Path
    said: list[tuple[str, int]] = field(default_factory=list)

    def write(self, name: str, lines: Sequence[object]) -> Path:
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines
        )
        file = self.folder / name
        file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return file

    def judgement(self, corpus: str = "corpus.jsonl") -> Judgement:
        (self.folder / "qrels.tsv").write_text(QRELS, encoding="utf-8")
        return Judgement(self.write(corpus, TEXTS), self.write("questions.jsonl", QUESTIONS), self.folder / "qrels.tsv")

    def evaluate(
        self, judgement: Judgement, embedder: Embedder | None = None, *, plain: bool = False
    ) -> dict[str, float]:
        self.said.clear()
        settings = Settings(home=self.folder / "home")
        return evaluate_corpus(
            settings, judgement, shipped_analyzer(), embedder, lambda *said: self.said.append(said), plain=plain
        )

    def cli(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(self.folder / "home"), "evaluate", *words])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
def test_a_corpus_is_indexed_asked_and_measured(bench: Bench, name: str) -> None:
    assert bench.evaluate(bench.judgement(name)) == {"n": 2, "R@10": 0.75, "R@100": 0.75, "MRR@10": 1.0}
    assert [done for step, done in bench.said if step == "建索引"] == [1, 2, 3, 4]


def test_the_index_of_a_corpus_is_kept_and_another_corpus_has_its_own(bench: Bench) -> None:
    first = bench.evaluate(bench.judgement())
    assert bench.evaluate(bench.judgement()) == first
    assert {step for step, _ in bench.said} == {"提问"}
    judgement = bench.judgement()
    bench.write("corpus.jsonl", TEXTS[1:])
    assert bench.evaluate(judgement)["R@10"] == 0.25
    assert len(list((bench.folder / "home" / "cache").glob("corpus-*"))) == 2


def test_an_index_that_was_not_finished_is_made_again(bench: Bench) -> None:
    first = bench.evaluate(bench.judgement())
    (current,) = bench.folder.glob("home/cache/corpus-*/CURRENT")
    folder, generation, _, fingerprint = current.read_text(encoding="utf-8").split()
    current.write_text(f"{folder} {generation} 1 {fingerprint}\n", encoding="utf-8")
    assert bench.evaluate(bench.judgement()) == first
    assert [done for step, done in bench.said if step == "建索引"] == [1, 2, 3, 4]


def test_vectors_of_a_corpus_are_made_once(bench: Bench) -> None:
    embedder = Numbered()
    bench.evaluate(bench.judgement(), embedder)
    assert sorted(embedder.texts) == sorted(f"{text['title']}\n{text['text']}" for text in TEXTS)
    again = Numbered()
    bench.evaluate(bench.judgement(), again)
    assert again.batches == []


def test_plainly_asked_no_meaning_counts(bench: Bench) -> None:
    assert bench.evaluate(bench.judgement(), Numbered(), plain=True) == bench.evaluate(bench.judgement(), plain=True)


@pytest.mark.parametrize(
    ("found", "relevant", "measures"),
    [
        ({"a": ["1"]}, {"a": {"1"}}, {"n": 1, "R@10": 1, "R@100": 1, "MRR@10": 1}),
        ({"a": ["x", "1"]}, {"a": {"1", "2"}}, {"R@10": 0.5, "R@100": 0.5, "MRR@10": 0.5}),
        ({"a": ["x"] * 10 + ["1"]}, {"a": {"1"}}, {"R@10": 0, "R@100": 1, "MRR@10": 0}),
        ({"a": ["x"] * 100 + ["1"]}, {"a": {"1"}}, {"R@10": 0, "R@100": 0, "MRR@10": 0}),
        ({"a": []}, {"a": {"1"}}, {"n": 1, "R@10": 0, "MRR@10": 0}),
        ({"a": ["1"], "b": ["y", "y", "2"]}, {"a": {"1"}, "b": {"2"}}, {"n": 2, "R@10": 1, "MRR@10": 2 / 3}),
    ],
)
def test_measures_by_hand(
    found: Mapping[str, Sequence[str]], relevant: Mapping[str, set[str]], measures: Mapping[str, float]
) -> None:
    measured = measure(found, relevant)
    assert {name: measured[name] for name in measures} == pytest.approx(dict(measures))
    assert not any(math.isnan(value) for value in measured.values())


def test_questions_without_a_relevant_text_are_no_measure(bench: Bench) -> None:
    with pytest.raises(QueryError, match="--qrels"):
        measure({}, {"a": {"1"}})
    judgement = bench.judgement()
    judgement.relevance.write_text("other\t1\t1\n", encoding="utf-8")
    with pytest.raises(QueryError, match="--qrels"):
        bench.evaluate(judgement)


def test_files_are_read_with_ids_as_text(bench: Bench) -> None:
    judgement = bench.judgement()
    assert next(read_corpus(judgement.corpus)) == Text("1", "押金", "出租人应当在租期届满后返还押金。")
    assert read_questions(judgement.questions)["a"] == "押金不返还怎么办"
    assert read_relevance(judgement.relevance) == {"a": {"1"}, "b": {"2", "4"}}


@pytest.mark.parametrize(
    "line",
    ["not json", '{"id": "1"}', '{"text": "水"}', "[1]", '"水"', "3", "null", "", '{"id": "1", "text"'],
)
def test_a_line_that_is_no_text_is_refused_by_its_number(bench: Bench, line: str) -> None:
    for name in ("c.jsonl", "c.jsonl.gz"):
        file = bench.write(name, [TEXTS[0], line])
        with pytest.raises(QueryError, match=rf"{name}:2: .*id"):
            list(read_corpus(file))


@pytest.mark.parametrize("line", ["a\t1", "a\t1\t1\t1", "a 1 1", "a\t1\tyes", "a\t1\t-1", ""])
def test_a_row_of_relevance_that_is_none_is_refused_by_its_number(bench: Bench, line: str) -> None:
    with pytest.raises(QueryError, match=r"q\.tsv:2: .*三列"):
        read_relevance(bench.write("q.tsv", ["a\t1\t1", line]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.jsonl", '{"id": "1", "text": "水"}\n'.encode("utf-16")),
        ("c.jsonl.gz", b"no gzip at all"),
        ("c.jsonl.gz", gzip.compress(b'{"id": "1", "text": "x"}\n' * 100)[:-20]),
    ],
    ids=["another encoding", "no gzip", "a cut gzip"],
)
def test_a_file_of_another_kind_is_refused_by_its_name(bench: Bench, name: str, content: bytes) -> None:
    (bench.folder / name).write_bytes(content)
    with pytest.raises(QueryError, match=name.replace(".", r"\.")):
        list(read_corpus(bench.folder / name))
    with pytest.raises(QueryError, match=name.replace(".", r"\.")):
        read_relevance(bench.folder / name)


class TestCommand:
    """`cpkb evaluate QUESTIONS --corpus C --qrels R`."""

    @staticmethod
    def files(bench: Bench) -> dict[str, str]:
        judged = bench.judgement()
        return {"q": str(judged.questions), "corpus": str(judged.corpus), "qrels": str(judged.relevance)}

    def test_it_prints_the_measures(self, bench: Bench) -> None:
        files = self.files(bench)
        words = (files["q"], "--corpus", files["corpus"], "--qrels", files["qrels"], "--plain")
        result = bench.cli(*words, "--json")
        assert result.exit_code == 0, result.output
        measured: dict[str, Any] = json.loads(result.stdout)
        assert measured == {"n": 2, "R@10": 0.75, "R@100": 0.75, "MRR@10": 1.0}
        assert "MRR@10 1" in bench.cli(*words).stdout

    @pytest.mark.parametrize("given", ["corpus", "qrels"])
    def test_one_without_the_other_is_refused(self, bench: Bench, given: str) -> None:
        files = self.files(bench)
        result = bench.cli(files["q"], f"--{given}", files[given])
        assert result.exit_code == 2
        assert "--corpus 和 --qrels 要一起给" in result.stderr
        assert "Traceback" not in result.output
