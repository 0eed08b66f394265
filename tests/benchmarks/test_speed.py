"""The benchmark measures engines that give the same answers."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.passages import Asked, Passage, grams, questions, read, real_passages
from benchmarks.peers import PEERS, Peer, missing
from cpkb.engines.ranking import load_ranking

REPO = Path(__file__).resolve().parents[2]
NAMES = [name for name in PEERS if not missing(name)]
REAL, SIZE = 200, 300
WORDS = [
    "清洁", "生产", "审核", "企业", "废水", "废气", "处理", "技术", "设备", "淘汰", "排放",
    "标准", "电镀", "印染", "锅炉", "改造", "节能", "回收", "利用", "管理", "监测", "污染",
]  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred passages fewer than are wanted, so that some are put together."""
    chosen, file = random.Random(7), tmp_path_factory.mktemp("source") / "passages.jsonl"  # noqa: S311 — no secret
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    texts = ["".join(chosen.choices([*WORDS, "，", "。"], [*weights, 0.3, 0.3], k=40)) for _ in range(REAL)]
    rows = [{"title": text[:6], "cat": chosen.choice("甲乙丙"), "text": text} for text in texts]
    file.write_text("".join(json.dumps(line) + "\n" for line in rows), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def passages(source: Path) -> list[Passage]:
    return list(read(real_passages(source, source.parent), SIZE))


@pytest.fixture(scope="module")
def asked(source: Path) -> list[Asked]:
    return questions(real_passages(source, source.parent), SIZE, 40)


@pytest.fixture(scope="module")
def peers(passages: list[Passage], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], Peer]:
    """Every engine with its two indexes, by name and whether it has four fields."""
    made = {(name, fields): PEERS[name](tmp_path_factory.mktemp(name)) for name in NAMES for fields in (False, True)}
    for (_, fields), peer in made.items():
        peer.build(passages, fields=fields)
    return made


def ids(peer: Peer, kind: str, asked: Asked) -> set[int]:
    return {number for number, _ in peer.ask(kind, asked, SIZE)}


def holds(p: Passage, kind: str, asked: Asked) -> bool:
    """Whether a passage is an answer."""
    terms, width = set(p.terms), len(asked.phrase)
    if kind == "phrase":
        return any(tuple(p.terms[at : at + width]) == asked.phrase for at in range(len(p.terms)))
    if kind == "and":
        return terms >= set(asked.terms)
    if kind == "fields":
        pairs = {*grams(p.text), *grams(p.title_text)}
        return bool({*p.terms, *p.title} & set(asked.terms) or pairs & set(asked.grams))
    return bool(terms & set(asked.terms)) and (kind != "filter" or p.category == asked.category)


@pytest.mark.parametrize("kind", ["or", "and", "filter", "phrase", "fields"])
@pytest.mark.parametrize("name", NAMES)
def test_every_engine_finds_what_holds_the_terms(
    name: str, kind: str, peers: Mapping[tuple[str, bool], Peer], passages: list[Passage], asked: list[Asked]
) -> None:
    for one in asked:
        wanted = {number for number, p in enumerate(passages) if holds(p, kind, one)}
        assert ids(peers[name, kind == "fields"], kind, one) == wanted, one


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_counts_alike(
    name: str, peers: Mapping[tuple[str, bool], Peer], passages: list[Passage], asked: list[Asked]
) -> None:
    for one in asked:
        peers[name, False].ask("facet", one)
        assert peers[name, False].counts() == Counter(p.category for p in passages if holds(p, "or", one)), one


def bm25(passages: Sequence[Passage], terms: Sequence[str]) -> list[tuple[int, float]]:
    """Every passage that holds a term, best first: BM25 as index/ranking.toml declares it for a text alone."""
    ranking = load_ranking(REPO / "index" / "ranking.toml")
    zone, average = ranking.zones["text"], sum(len(p.terms) for p in passages) / len(passages)
    scores: Counter[int] = Counter()
    for term in terms:
        held = {number: times for number, p in enumerate(passages) if (times := list(p.terms).count(term))}
        idf = math.log(1 + (len(passages) - len(held) + 0.5) / (len(held) + 0.5))
        for number, times in held.items():
            tf = zone.weight * times / (1 - zone.b + zone.b * len(passages[number].terms) / average)
            scores[number] += idf * tf * (ranking.k1 + 1) / (ranking.k1 + tf)  # type: ignore[assignment]
    return sorted(scores.items(), key=lambda found: (-round(found[1], 9), found[0]))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("cpkb")])
def test_the_top_ten_are_those_of_a_plain_computation(
    name: str, peers: Mapping[tuple[str, bool], Peer], passages: list[Passage], asked: list[Asked]
) -> None:
    for one in asked:
        found, wanted = peers[name, False].ask("or", one), bm25(passages, one.terms)[:10]
        assert [number for number, _ in found] == [number for number, _ in wanted], one
        assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=1e-9)


def test_the_page_has_a_table_for_every_size_and_a_picture_for_every_kind(source: Path, tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- begin: benchmarks/speed.py -->\nas it was\n<!-- end -->\nafter\n", encoding="utf-8")
    options = ["--sizes", "250", "300", "--only", "cpkb", "fts5", "--kinds", "or", "and", "--repeat", "1"]
    command = [sys.executable, "-m", "benchmarks.speed", "--passages", str(source), *options]
    subprocess.run([*command, "--folder", str(tmp_path / "work"), "--page", str(page)], cwd=REPO, check=True)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "as it was" not in text
    assert text.count("|cpkb|") == 4, "two tables for each of two sizes"
    assert text.count("|fts5|") == 2, "a slow engine is measured at the smallest size only"
    assert all(f"(images/{file.name})" in text for file in (tmp_path / "images").iterdir())
    assert len(list((tmp_path / "images").iterdir())) == 2
