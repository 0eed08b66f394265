"""Pages are what a plain computation gives: order, groups, copies of a wording and counts, on any date."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import EngineQuery, Every, Match
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.engines.whoosh.searcher import BEST_READ
from cpkb.model.validity import Interval, state_on
from tests.engines.opened import fill
from tests.engines.oracle import Oracle
from tests.engines.passages import passage, words
from tests.engines.test_whoosh import RANKING

TODAY, BEFORE = dt.date(2026, 1, 1), dt.date(2012, 1, 1)
DAYS = (None, dt.date(2010, 1, 1), dt.date(2015, 6, 1), dt.date(2020, 1, 1))
QUERIES = [
    EngineQuery(match, (), ("kind", "place", "validity"), day, sort, offset, limit, grouped)
    for match in (words("铬"), words("铬 渣 水"), Every())
    for day in (TODAY, BEFORE)
    for sort in ("relevance", "newest", "effective")
    for grouped in (True, False)
    for offset, limit in ((0, 10), (35, 20), (0, 1000))
]


def library() -> list[IndexedPassage]:
    source = random.Random(11)  # noqa: S311 — no secret
    made = []
    for number in range(120):
        starts, ends = source.choice(DAYS), source.choice((None, None, dt.date(2021, 1, 1)))
        span = Interval(number % 17 == 0, starts, ends, "repealed" if ends else "", starts is not None)
        values = {"kind": tuple(source.sample("abc", source.randint(0, 2))), "place": (source.choice("xyz"),)}
        many = source.choice((1, 2, 3, 4, 25)) if number else BEST_READ + 50  # more than are read at first
        for ordinal in range(many):
            text = " ".join(source.choices(("铬", "渣", "水", "气", "汞"), k=source.randint(1, 3)))
            own = passage(f"r{number:03}", text, ordinal, values=values, interval=span, issued=starts)
            made.append(replace(own, twin=source.choice((0, 0, source.randint(1, 200)))))
    source.shuffle(made)
    return sorted(made, key=lambda own: int(own.record_id[1:]) * 7 % 120)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    """Three segments, with records that were written twice and others that are gone."""
    engine = WhooshEngine(tmp_path_factory.mktemp("pages"), RANKING, "one")
    made = library()
    gone = [passage(f"gone-{number}", "铬 渣", values={"kind": ("a",)}) for number in range(9)]
    for revision, part in enumerate((made[::3], [*made[1::3], *gone], made[2::3]), 1):
        records = {own.record_id for own in part}
        fill(engine, [own for own in [*made, *gone] if own.record_id in records], revision)
    with engine.writing(4) as writer:
        for own in gone:
            writer.drop(own.record_id)
    yield engine
    engine.close()


@dataclass
class Row:
    passage: IndexedPassage
    score: float

    def key(self, query: EngineQuery) -> tuple[object, ...]:
        span = self.passage.interval
        assert span
        has_ended = span.ends is not None and span.ends <= query.as_of
        date = {"newest": self.passage.issued, "effective": span.starts, "relevance": None}[query.sort]
        day = date.toordinal() if date else 0
        return -day, -round(self.score, 9), has_ended, self.passage.record_id, self.passage.ordinal


@cache
def scores(oracle: Oracle, match: Match) -> list[tuple[IndexedPassage, float | None]]:
    return [(own, oracle.score(own, match)) for own in oracle.passages]


class Plain:
    """A page made of every passage, one after the other."""

    def __init__(self, oracle: Oracle, query: EngineQuery) -> None:
        self.query = query
        rows = list(self.raised(self.ordered(self.matching(oracle))))
        self.copies: dict[int, list[IndexedPassage]] = {}
        self.rows = list(self.once(self.ordered(rows)))

    def matching(self, oracle: Oracle) -> list[Row]:
        scored = scores(oracle, self.query.match)
        return [Row(own, score * self.prior(own)) for own, score in scored if score is not None]

    def prior(self, own: IndexedPassage) -> float:
        span = own.interval
        assert span
        if span.is_draft:
            return RANKING.draft
        return RANKING.ended if span.ends and span.ends <= self.query.as_of else 1.0

    def ordered(self, rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: row.key(self.query))

    def raised(self, rows: list[Row]) -> Iterator[Row]:
        best = rows[:BEST_READ]
        for row in best:
            others = [o.score for o in best if o.passage.record_id == row.passage.record_id and o is not row][:5]
            yield Row(row.passage, row.score + RANKING.document * sum(others) / 5)
        yield from rows[BEST_READ:]

    def once(self, rows: list[Row]) -> Iterator[Row]:
        for row in rows:
            twin = row.passage.twin
            if twin in self.copies:
                self.copies[twin].append(row.passage)
                continue
            if twin:
                self.copies[twin] = []
            yield row

    def groups(self) -> list[list[Row]]:
        groups: dict[object, list[Row]] = {}
        for row in self.rows:
            own = row.passage
            groups.setdefault(own.record_id if self.query.grouped else (own.record_id, own.ordinal), []).append(row)
        return list(groups.values())

    def counts(self) -> dict[str, dict[str, int]]:
        held: dict[str, set[tuple[object, ...]]] = {"kind": set(), "place": set(), "validity": set()}
        for own in (row.passage for row in self.rows):
            assert own.interval
            key = (own.record_id,) if self.query.grouped else (own.record_id, own.ordinal)
            for name, values in {**own.values, "validity": (state_on(own.interval, self.query.as_of),)}.items():
                held[name].update((value, *key) for value in values)
        return {name: dict(Counter(str(key[0]) for key in keys)) for name, keys in held.items()}


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(library(), RANKING)


def _asked(query: EngineQuery) -> str:
    terms: dict[Match, str] = {words("铬"): "铬", words("铬 渣 水"): "铬渣水", Every(): "all"}
    how = f"{query.as_of.year}-{query.sort}-{'grouped' if query.grouped else 'single'}"
    return f"{terms[query.match]}-{how}-{query.offset}+{query.limit}"


@pytest.mark.parametrize("query", QUERIES, ids=_asked)
def test_a_page_is_that_of_a_plain_computation(engine: WhooshEngine, oracle: Oracle, query: EngineQuery) -> None:
    plain, results = Plain(oracle, query), engine.search(query)
    page = plain.groups()[query.offset : query.offset + query.limit]
    assert [(hit.record_id, hit.ordinal) for hit in results.hits] == [
        (group[0].passage.record_id, group[0].passage.ordinal) for group in page
    ]
    assert [hit.score for hit in results.hits] == pytest.approx([group[0].score for group in page], abs=1e-9, rel=0)
    assert [hit.others for hit in results.hits] == [tuple(row.passage.ordinal for row in g[1:6]) for g in page]
    twins = [plain.copies.get(group[0].passage.twin, []) for group in page]
    assert [hit.twins for hit in results.hits] == [tuple((p.record_id, p.ordinal) for p in own) for own in twins]
    assert (results.total, results.passages) == (len(plain.groups()), len(plain.rows))
    assert results.facets == plain.counts()


def test_the_library_has_what_pages_are_about(oracle: Oracle) -> None:
    plain = Plain(oracle, EngineQuery(words("铬")))
    assert any(plain.copies.values())
    assert max(map(len, plain.groups())) > 6
    assert len(Plain(oracle, EngineQuery(Every())).rows) > 2 * BEST_READ
