"""The best ten are the best ten: the engine against a plain computation over every passage."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cpkb.engines.passage import IndexedPassage, Span
from cpkb.engines.query import Alternative, Either, EngineQuery, Every, Match, Ranked, Without
from cpkb.engines.vectors import DIMENSION
from cpkb.engines.whoosh.engine import WhooshEngine
from tests.engines.opened import fill
from tests.engines.oracle import Oracle
from tests.engines.passages import passage, row
from tests.engines.test_whoosh import RANKING

WORDS = [chr(ord("一") + number) if number % 2 else f"词{number}" for number in range(60)]
"""By turns characters, which come in runs, and words that come one by one."""
WEIGHTS = [1 / (rank + 1) for rank in range(len(WORDS))]  # as in real text: a few words are everywhere
CODES = [f"hj{number}" for number in range(8)]
QUESTIONS = 120


@dataclass
class Random:
    """Passages and questions from one seed."""

    source: random.Random = field(default_factory=lambda: random.Random(20261101))  # noqa: S311 — no secret

    def text(self, most: int) -> str:
        return " ".join(self.source.choices(WORDS, WEIGHTS, k=self.source.randint(0, most)))

    def codes(self) -> tuple[str, ...]:
        return tuple(self.source.sample(CODES, self.source.choice((0, 0, 0, 1, 2))))

    def record(self, name: str) -> list[IndexedPassage]:
        title, own = self.text(3), self.codes()
        count = self.source.randint(1, 5)
        return [
            passage(
                name,
                self.text(40),
                ordinal,
                title=title,
                heading=self.text(4),
                codes=self.codes(),
                own_codes=own if ordinal == 0 else (),
                quantities=tuple(self.span() for _ in range(self.source.choice((0, 0, 1, 2)))),
                meaning=self.source.getrandbits(64) | 1,
            )
            for ordinal in range(count)
        ]

    def span(self) -> Span:
        low, high = sorted(self.source.choices((-math.inf, 1.0, 2.0, 5.0, 10.0, 35.0, math.inf), k=2))
        return Span(self.source.choice(("mass", "power", "time")), low, high)

    def asked_span(self, asked: tuple[str, ...]) -> Span:
        return replace(self.span(), shown="值", stands_for=asked[: self.source.randint(0, 1)])

    def synonyms(self, asked: tuple[str, ...]) -> tuple[tuple[Alternative, ...], ...]:
        """For one or none of the words up to three alternatives of one or two words, some of which no text holds."""
        chosen = asked[: self.source.choice((0, 0, 1))]
        terms = [tuple(self.source.sample([*WORDS, "无"], self.source.randint(1, 2))) for _ in range(3)]
        return tuple(tuple(Alternative("", held, held, (word,)) for held in terms) for word in chosen)

    def question(self) -> Match:
        asked = tuple(dict.fromkeys(self.text(12).split())) + self.source.choice(((), (), ("无",)))
        codes = tuple((key, key.replace("hj", "h")) for key in self.codes())
        families = tuple((f"{keys[0]}x", self.source.choice(CODES)) for keys in codes)
        ranked = Ranked(
            asked,
            asked,
            tuple((f"{key}-2020", key) if self.source.random() < 0.5 else (key, other) for key, other in codes),
            whole=self.text(3).replace(" ", ""),
            synonyms=self.synonyms(asked),
            families=families,
            quantities=tuple(self.asked_span(asked) for _ in range(self.source.choice((0, 0, 1, 2)))),
            relaxed=self.source.random() < 0.1,
        )
        other = Ranked((WORDS[1], WORDS[5]), (WORDS[1], WORDS[5]), ())
        phrase = row(" ".join(self.source.choices(WORDS, WEIGHTS, k=2)))
        shapes: tuple[Match, ...] = (
            ranked,
            ranked,
            ranked,
            phrase,
            Every((ranked, Without(phrase))),
            Every((ranked, phrase)),
            Either((ranked, other)),
        )
        return self.source.choice(shapes)


@cache
def library() -> tuple[list[IndexedPassage], list[list[IndexedPassage]], list[str], list[Match]]:
    """(live passages at the end, batches as they are written, ids dropped, questions)."""
    made = Random()
    records = {f"r{number:03}": made.record(f"r{number:03}") for number in range(130)}
    replaced = {name: made.record(name) for name in list(records)[10:40]}
    dropped = list(records)[60:85]
    batches = [[p for own in list(records.values())[at::4] for p in own] for at in range(4)]
    batches.append([p for own in replaced.values() for p in own])
    live = {name: own for name, own in (records | replaced).items() if name not in dropped}
    return [p for own in live.values() for p in own], batches, dropped, [made.question() for _ in range(QUESTIONS)]


def built(folder: Path) -> WhooshEngine:
    """Several segments with deletions: batches, replaced records, dropped ones."""
    _, batches, dropped, _ = library()
    engine = WhooshEngine(folder, RANKING, "one")
    for revision, batch in enumerate(batches, 1):
        fill(engine, batch, revision)
    with engine.writing(len(batches) + 1) as writer:
        for name in dropped:
            writer.drop(name)
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return built(tmp_path_factory.mktemp("exact"))


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(library()[0], RANKING)


def test_the_index_has_several_segments_and_deletions(engine: WhooshEngine) -> None:
    searcher = engine._open()
    assert searcher is not None
    assert len(searcher.segments) > 1
    assert sum(segment.size for segment in searcher.segments) > searcher.passages == len(library()[0]) >= 200


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_the_top_ten_are_those_of_a_plain_computation(engine: WhooshEngine, oracle: Oracle, number: int) -> None:
    question = library()[3][number]
    hits = engine.search(EngineQuery(question, grouped=False)).hits
    expected = oracle.top(question, 10)
    assert [(hit.record_id, hit.ordinal) for hit in hits] == [(name, ordinal) for name, ordinal, _ in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for *_, score in expected], abs=1e-9, rel=0)


def test_most_questions_have_answers(oracle: Oracle) -> None:
    answered = [question for question in library()[3] if oracle.top(question, 10)]
    assert len(answered) > QUESTIONS * 2 / 3


def test_grouped_totals_and_bests_agree_too(engine: WhooshEngine, oracle: Oracle) -> None:
    for question in library()[3][::10]:
        expected = oracle.top(question, 10_000)
        results = engine.search(EngineQuery(question))
        bests: dict[str, int] = {}
        for name, ordinal, _ in expected:
            bests.setdefault(name, ordinal)
        assert (results.total, results.passages) == (len(bests), len(expected))
        assert [(hit.record_id, hit.ordinal) for hit in results.hits] == list(bests.items())[:10]


# with made-up vectors


def unit_vectors(many: int) -> NDArray[np.float32]:
    """Around a few subjects."""
    source = np.random.default_rng(7)
    subjects = source.normal(size=(6, DIMENSION))
    near = subjects[source.integers(6, size=many)] + 0.25 * source.normal(size=(many, DIMENSION))
    return np.asarray(near / np.linalg.norm(near, axis=1, keepdims=True), dtype=np.float32)


def meant(questions: list[Ranked]) -> list[Ranked]:
    meanings = unit_vectors(len(questions))
    return [replace(question, meaning=v.tobytes()) for question, v in zip(questions, meanings, strict=True)]


def ranked_questions() -> list[Ranked]:
    plain = [question for question in library()[3] if isinstance(question, Ranked)][:24]
    return meant([*plain, Ranked((), (), ())])


def test_nearness_adds_what_a_plain_computation_adds(tmp_path: Path) -> None:
    engine = built(tmp_path)
    keys = [p.meaning for at, p in enumerate(library()[0]) if at % 30]  # some always wait for their vectors
    vectors = unit_vectors(len(keys))
    engine.add_vectors(keys, vectors)
    oracle = Oracle(library()[0], RANKING, dict(zip(keys, vectors.tolist(), strict=True)))
    for question in ranked_questions():
        hits = engine.search(EngineQuery(question, grouped=False)).hits
        expected = oracle.top(question, 10)
        assert [(hit.record_id, hit.ordinal) for hit in hits] == [(name, ordinal) for name, ordinal, _ in expected]
        # Cosines are of 32 bits, divided by a span of hundredths and weighed by the best score.
        assert [hit.score for hit in hits] == pytest.approx([score for *_, score in expected], abs=1e-3, rel=0)
        assert hits != engine.search(EngineQuery(replace(question, meaning=b""), grouped=False)).hits


def test_where_more_than_a_twentieth_waits_for_vectors_words_alone_decide(tmp_path: Path) -> None:
    engine, most = built(tmp_path), len(library()[0]) * 95 // 100
    few = [p.meaning for p in library()[0]][:most]
    engine.add_vectors(few, unit_vectors(most))
    questions = ranked_questions()[:5]
    alone = [engine.search(EngineQuery(replace(question, meaning=b""))).hits for question in questions]
    assert [engine.search(EngineQuery(question)).hits for question in questions] == alone
    engine.add_vectors([library()[0][most].meaning], unit_vectors(1))
    assert [engine.search(EngineQuery(question)).hits for question in questions] != alone
