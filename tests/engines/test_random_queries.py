"""Every kind of query, at random, against the same answer computed from the passages in plain Python."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import EngineQuery, Every, InARow, Match, Scored
from cpkb.engines.ranking import Ranking
from cpkb.engines.results import EngineResults
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.model.validity import Interval
from tests.engines.opened import fill
from tests.engines.oracle import Oracle
from tests.engines.passages import row
from tests.engines.test_exactness import WEIGHTS, WORDS, Random
from tests.engines.test_whoosh import RANKING as SHIPPED

TODAY = dt.date(2026, 11, 22)
CATEGORIES, KINDS = ("law", "rule", "guide", "list"), ("air", "water", "waste")
RECORDS, SHORT, LONG = 160, 200, 2000
RANKING = replace(SHIPPED, document=0.0)
"""Without what a document adds to its passages: plain terms are scored by themselves (test_exactness has it)."""


# random passages and queries


@dataclass
class Asking(Random):
    """Passages with values, dates and validity, and queries over them."""

    source: random.Random = field(default_factory=lambda: random.Random(20261122))  # noqa: S311 — no secret

    def record(self, name: str) -> list[IndexedPassage]:
        values = {
            "cat": (self.source.choice(CATEGORIES),),
            "subject": tuple(self.source.sample(KINDS, self.source.choice((0, 1, 2)))),
        }
        issued, holds = self.day(), self.source.choice((None, self.interval()))
        return [replace(p, values=values, issued=issued, interval=holds) for p in super().record(name)]

    def day(self) -> dt.date | None:
        """One of a few, so that many passages have the same."""
        return self.source.choice((None, *(dt.date(2020 + year, 1, 1) for year in range(12))))

    def interval(self) -> Interval:
        return Interval(self.source.random() < 0.2, self.day(), self.day(), "repealed", is_dated=True)

    def scored(self) -> Scored:
        words = tuple(dict.fromkeys(self.source.choices([*WORDS, "无"], [*WEIGHTS, 0.1], k=self.source.randint(1, 6))))
        pairs = (*words, *(one + other for one, other in pairwise(words)))
        kinds = {
            "words": tuple(("words", word) for word in words),
            "grams": tuple(("grams", word) for word in words),
            "both": (*(("words", word) for word in words), *(("grams", gram) for gram in pairs)),
        }
        terms = kinds[self.source.choice(tuple(kinds))]
        return Scored(terms, self.source.choice((1, 1, min(2, len(terms)), len(terms))))

    def phrase(self) -> InARow:
        zones = self.source.choice((("text",), ("title", "text"), ("title", "heading", "text")))
        return replace(row(" ".join(self.source.choices(WORDS[:12], k=self.source.choice((2, 2, 3))))), zones=zones)

    def match(self) -> Match:
        single = self.source.choice((self.scored, self.scored, self.scored, self.phrase))()
        return self.source.choice((single, single, Every((single,)), Every((single, self.scored()))))

    def query(self) -> EngineQuery:
        filters = {"cat": CATEGORIES, "subject": KINDS}
        chosen = self.source.sample(tuple(filters), self.source.choice((0, 0, 1, 2)))
        return EngineQuery(
            self.match(),
            tuple((name, tuple(self.source.sample(filters[name], self.source.choice((1, 1, 2))))) for name in chosen),
            facets=self.source.choice(((), ("cat",), ("cat", "subject"))),
            as_of=self.source.choice((TODAY, dt.date(2023, 6, 1))),
            sort=self.source.choice(("relevance", "relevance", "newest")),
            offset=self.source.choice((0, 0, 10, 60, 150)),
            limit=self.source.choice((10, 10, 3, 50)),
            grouped=self.source.random() < 0.5,
            counted=self.source.random() < 0.5,
            aside=self.source.choice(((), (("cat", CATEGORIES[0]),))),
        )


@dataclass(frozen=True)
class Library:
    """How the index came about, and what it holds at the end."""

    batches: Sequence[Sequence[IndexedPassage]]
    dropped: Sequence[str]
    live: Sequence[IndexedPassage]


def library() -> Library:
    """A third of the records written again later, some of those twice; a sixth dropped at the end."""
    made = Asking()
    names = [f"r{number:03}" for number in range(RECORDS)]
    made.source.shuffle(names)
    rounds = [names[: RECORDS // 2], names[RECORDS // 2 :], names[::3], names[::9]]
    batches = [{name: made.record(name) for name in some} for some in rounds]
    last = {name: own for batch in batches for name, own in batch.items()}
    dropped = names[::6]
    live = [p for name, own in last.items() if name not in dropped for p in own]
    return Library([[p for own in batch.values() for p in own] for batch in batches], dropped, live)


def built(folder: Path, made: Library) -> WhooshEngine:
    engine = WhooshEngine(folder, RANKING, "one")
    for revision, batch in enumerate(made.batches, 1):
        fill(engine, list(batch), revision)
    with engine.writing(len(made.batches) + 1) as writer:
        for name in made.dropped:
            writer.drop(name)
    return engine


# the plain computation

Row = tuple[IndexedPassage, float]


class Plain(Oracle):
    """Answers whole queries by looking at every passage."""

    def __init__(self, passages: Sequence[IndexedPassage], ranking: Ranking) -> None:
        super().__init__(passages, ranking)
        self.told: dict[tuple[int, str, str], float] = {}

    def tf(self, p: IndexedPassage, kind: str, term: str) -> float:
        key = (id(p), kind, term)
        if key not in self.told:
            self.told[key] = super().tf(p, kind, term)
        return self.told[key]

    def score(self, p: IndexedPassage, node: Match) -> float | None:
        if not isinstance(node, Scored):
            return super().score(p, node)
        held = [self.bm25f(p, kind, term) for kind, term in node.terms if self.tf(p, kind, term)]
        return sum(held) if len(held) >= node.least else None

    def rows(self, query: EngineQuery) -> list[Row]:
        """All that match, in order, with their scores."""
        passing = (p for p in self.passages if all(set(p.values[name]) & set(some) for name, some in query.filters))
        scored = [
            (p, score * self.prior(p, query)) for p in passing if (score := self.score(p, query.match)) is not None
        ]
        return sorted(scored, key=lambda found: self.place(found, query))

    def prior(self, p: IndexedPassage, query: EngineQuery) -> float:
        aside = self.ranking.aside ** sum(value in p.values[name] for name, value in query.aside)
        if p.interval and p.interval.is_draft:
            return aside * self.ranking.draft
        return aside * (self.ranking.ended if self.has_ended(p, query) else 1.0)

    def has_ended(self, p: IndexedPassage, query: EngineQuery) -> bool:
        return bool(p.interval and p.interval.ends and p.interval.ends <= query.as_of)

    def place(self, found: Row, query: EngineQuery) -> tuple[object, ...]:
        p, score = found
        date = p.issued.toordinal() if p.issued and query.sort == "newest" else 0
        return -date, -round(score, 9), self.has_ended(p, query), p.record_id, p.ordinal

    def counts(self, rows: Sequence[Row], name: str, query: EngineQuery) -> dict[str, int]:
        """Of each value the passages that match, or with grouping their records."""
        counted = {(p.record_id, 0 if query.grouped else p.ordinal): p.values[name] for p, _ in rows}
        return dict(Counter(value for values in counted.values() for value in values))


def check(found: EngineResults, plain: Plain, query: EngineQuery) -> int:
    """Everything of an answer; returns how many passages match."""
    rows = plain.rows(query)
    firsts: dict[object, Row] = {}
    for p, score in rows:
        firsts.setdefault(p.record_id if query.grouped else (p.record_id, p.ordinal), (p, score))
    page = list(firsts.values())[query.offset : query.offset + query.limit]
    assert [(hit.record_id, hit.ordinal) for hit in found.hits] == [(p.record_id, p.ordinal) for p, _ in page]
    assert [hit.score for hit in found.hits] == pytest.approx([score for _, score in page], abs=1e-9, rel=0)
    if query.counted:
        assert (found.total, found.passages) == (len(firsts), len(rows))
    assert found.facets == {name: plain.counts(rows, name, query) for name in query.facets}
    for hit in found.hits if query.grouped else ():
        others = [p.ordinal for p, _ in rows if p.record_id == hit.record_id and p.ordinal != hit.ordinal]
        assert list(hit.others) == others[:5]
    return len(rows)


# tests


@pytest.fixture(scope="module")
def made() -> Library:
    return library()


@pytest.fixture(scope="module")
def plain(made: Library) -> Plain:
    return Plain(made.live, RANKING)


@pytest.fixture(scope="module")
def engine(made: Library, tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return built(tmp_path_factory.mktemp("random"), made)


def test_there_are_several_segments_with_deletions(engine: WhooshEngine, made: Library) -> None:
    searcher = engine._open()
    assert searcher is not None
    assert len(searcher.segments) > 2
    assert sum(segment.size for segment in searcher.segments) > searcher.passages == len(made.live)


def ask(engine: WhooshEngine, plain: Plain, many: int, seed: int) -> None:
    asking, matched = Asking(random.Random(seed)), []  # noqa: S311 — no secret
    for number in range(many):
        query = asking.query()
        try:
            matched.append(check(engine.search(query), plain, query))
        except AssertionError as error:
            error.add_note(f"query {number} of seed {seed}: {query}")
            raise
    assert sum(map(bool, matched)) > many / 2, "most queries should find something"


def test_random_queries_answer_as_a_plain_computation(engine: WhooshEngine, plain: Plain) -> None:
    ask(engine, plain, SHORT, seed=1)


@pytest.mark.long
def test_many_random_queries_answer_as_a_plain_computation(engine: WhooshEngine, plain: Plain) -> None:
    ask(engine, plain, LONG, seed=2)


def test_random_queries_answer_the_same_after_a_merge(made: Library, plain: Plain, tmp_path: Path) -> None:
    engine = built(tmp_path, made)
    while engine.merge():
        pass
    ask(engine, plain, SHORT, seed=3)
