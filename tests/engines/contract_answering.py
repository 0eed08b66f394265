"""How any engine must answer: what a score is made of, filters, counts, dates, order and pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cpkb.engines.engine import Engine
from cpkb.engines.passage import Span
from cpkb.engines.query import (
    MAX_DEPTH,
    Alternative,
    Either,
    EngineQuery,
    Every,
    HasCode,
    HasValue,
    Match,
    Ranked,
    Without,
)
from cpkb.model.validity import STATES, Interval, state_on
from tests.engines.opened import Opened, fill, found, ids
from tests.engines.passages import passage, row, words


class AnsweringContract(Opened):
    """What is said of what is found."""

    # what a score is made of

    def test_the_parts_of_every_score_add_up_to_it(self, engine: Engine) -> None:
        day = dt.date(2020, 1, 1)
        ended = Interval(is_draft=False, starts=None, ends=day, end_state="repealed", is_dated=True)
        draft = Interval(is_draft=True, starts=None, ends=None, end_state="", is_dated=False)
        ten = Span("mass", 10, 10, "十吨", ("十",))
        fill(
            engine,
            [
                passage("words", "铬 渣 水", heading="铬", meaning=1),
                passage("synonym", "汞 渣", meaning=2),
                passage("number", "水", codes=("gb1-2020", "gb1"), own_codes=("gb1",), meaning=3),
                passage("value", "铬 十", quantities=(ten,), meaning=4),
                passage("title", "渣", title="铬 渣 治理 指南", meaning=5),
                passage("titled-apart", "气", title="铬 渣 治理 办法", meaning=6),
                passage("draft", "铬 渣", interval=draft, meaning=7),
                passage("ended", "铬 渣 渣", interval=ended, codes=("gb1-2020",), meaning=8),
            ],
        )
        engine.add_vectors(range(1, 9), np.eye(8, 384, dtype=np.float32) * 0.8 + 0.1)
        mercury = Alternative("汞", ("汞",), ("汞",), ("铬",))
        whole = Ranked(
            ("铬", "渣", "十"),
            ("铬", "渣", "十"),
            (("gb1-2020", "gb1"),),
            whole="铬渣治理指南",
            synonyms=((mercury,),),
            families=(("gb1x",),),
            quantities=(ten,),
            meaning=np.eye(1, 384, 1, dtype=np.float32).tobytes(),
            relaxed=True,
        )
        named = replace(whole, whole="铬渣治理指南怎么用", meaning=b"")
        apart = replace(words("镍"), whole="铬渣治理办法怎么用")
        questions: tuple[tuple[Match, set[str]], ...] = (
            (whole, {"words", "grams", "synonyms", "coverage", "number", "quantity", "meaning", "title"}),
            (named, {"words", "grams", "synonyms", "coverage", "number", "quantity", "title"}),
            (Either((apart, words("气"))), {"words", "grams", "coverage"}),
            (Every((words("铬"), row("铬 渣"))), {"words", "grams", "coverage", "phrase"}),
            (Every((words("渣"), Without(words("铬")))), {"words", "grams", "coverage"}),
            (HasCode(("gb1-2020", "gb1")), {"number"}),
            (Every(), set()),
        )
        states = {"draft", "ended"}
        for match, kinds in questions:
            hits = engine.search(EngineQuery(match, as_of=day, explained=True)).hits
            assert hits
            for hit in hits:
                assert sum(part.score for part in hit.parts) == pytest.approx(hit.score, abs=1e-6), hit
                assert all(part.score for part in hit.parts)
                told = {part.kind for part in hit.parts}
                assert not told & states or told & states == {hit.record_id}
            assert {part.kind for hit in hits for part in hit.parts} - states == kinds
        assert all(hit.parts == () for hit in engine.search(EngineQuery(whole)).hits)

    def test_what_a_document_adds_to_its_passages_is_a_part_too(self, engine: Engine) -> None:
        fill(
            engine,
            [
                *(passage("about-it", "铬 渣", at) for at in range(5)),
                passage("a-once", "铬 渣"),
                passage("a-once", "水 气", 1),
            ],
        )
        hits = engine.search(EngineQuery(words("铬 渣"), explained=True)).hits
        assert [hit.record_id for hit in hits] == ["about-it", "a-once"]
        for hit in hits:
            assert sum(part.score for part in hit.parts) == pytest.approx(hit.score, abs=1e-6)
        assert [[part.kind for part in hit.parts if part.kind == "document"] for hit in hits] == [["document"], []]

    def test_a_part_names_its_term_and_the_zones_it_stands_in(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣", title="铬", heading="渣")])
        (hit,) = engine.search(EngineQuery(words("铬 渣"), explained=True)).hits
        assert {(part.term, part.zones) for part in hit.parts if part.kind == "words"} == {
            ("铬", ("title", "text")),
            ("渣", ("heading", "text")),
        }
        assert [part.term for part in hit.parts if part.kind == "coverage"] == ["100%"]

    # filters, counts, dates

    @pytest.fixture
    def shelf(self, engine: Engine) -> Engine:
        made = [
            passage("a", "铬 渣", values={"industry": ("电镀", "制革"), "year": ("2020",)}),
            passage("a", "铬 酸", 1, values={"industry": ("电镀", "制革"), "year": ("2020",)}),
            passage("b", "铬 粉", values={"industry": ("电镀",), "year": ("2021",)}),
            passage("c", "镍 粉", values={"industry": ("印染",)}),
            passage("d", "铬 粉"),
        ]
        fill(engine, made)
        return engine

    @pytest.mark.parametrize(
        ("filters", "records"),
        [
            ((), {"a", "b", "c", "d"}),
            ((("industry", ("电镀",)),), {"a", "b"}),
            ((("industry", ("电镀", "印染")),), {"a", "b", "c"}),
            ((("industry", ("电镀",)), ("year", ("2021",))), {"b"}),
            ((("industry", ("电镀",)), ("year", ("2022",))), set()),
            ((("industry", ("采矿",)),), set()),
            ((("colour", ("red",)),), set()),
            ((("industry", ()),), set()),
        ],
    )
    def test_values_of_one_filter_are_alternatives_and_filters_must_all_hold(
        self, shelf: Engine, filters: tuple[tuple[str, tuple[str, ...]], ...], records: set[str]
    ) -> None:
        assert found(shelf, Every(), filters=filters) == records

    def test_a_value_can_be_asked_for_inside_a_question(self, shelf: Engine) -> None:
        assert found(shelf, Every((words("铬"), Without(HasValue("industry", "电镀"))))) == {"d"}

    def test_counts_are_of_records_when_grouped_and_of_passages_when_not(self, shelf: Engine) -> None:
        grouped = shelf.search(EngineQuery(words("铬"), facets=("industry", "year", "region")))
        assert grouped.facets == {"industry": {"电镀": 2, "制革": 1}, "year": {"2020": 1, "2021": 1}, "region": {}}
        assert (grouped.total, grouped.passages) == (3, 4)
        single = shelf.search(EngineQuery(words("铬"), facets=("industry", "year"), grouped=False))
        assert single.facets == {"industry": {"电镀": 3, "制革": 2}, "year": {"2020": 2, "2021": 1}}
        assert (single.total, single.passages) == (4, 4)

    def test_counts_are_over_all_matches_and_not_over_the_page(self, shelf: Engine) -> None:
        results = shelf.search(EngineQuery(Every(), facets=("industry",), limit=1))
        assert results.facets == {"industry": {"电镀": 2, "制革": 1, "印染": 1}}

    def test_filters_narrow_the_counts(self, shelf: Engine) -> None:
        results = shelf.search(EngineQuery(Every(), filters=(("year", ("2021",)),), facets=("industry",)))
        assert results.facets == {"industry": {"电镀": 1}}

    def test_grouping_folds_passages_under_the_best_of_their_record(self, engine: Engine) -> None:
        fill(
            engine,
            [passage("a", "水 渣 渣"), passage("a", "铬 铬", 1), passage("a", "铬 渣 酸", 2), passage("b", "铬 粉")],
        )
        hits = engine.search(EngineQuery(words("铬"))).hits
        assert [(hit.record_id, hit.ordinal, hit.others) for hit in hits] == [("a", 1, (2,)), ("b", 0, ())]
        single = engine.search(EngineQuery(words("铬"), grouped=False)).hits
        assert [(hit.record_id, hit.ordinal) for hit in single] == [("a", 1), ("b", 0), ("a", 2)]
        assert all(hit.others == () for hit in single)

    @pytest.mark.parametrize(
        "day",
        [dt.date(2014, 12, 31), dt.date(2015, 1, 1), dt.date(2020, 1, 1), dt.date(2026, 8, 14), dt.date(2026, 8, 15)],
    )
    def test_every_state_on_every_day_is_what_the_model_says(self, engine: Engine, day: dt.date) -> None:
        starts, ends, changes = (None, dt.date(2015, 1, 1)), (None, dt.date(2026, 8, 15)), (None, dt.date(2020, 1, 1))
        spans = {
            f"span-{number}": Interval(is_draft, start, end, state if end else "", is_dated, amended)
            for number, (is_draft, start, end, state, is_dated, amended) in enumerate(
                product((False, True), starts, ends, ("repealed", "superseded"), (False, True), changes)
            )
        }
        day_2013, day_2015 = dt.date(2013, 1, 1), dt.date(2015, 1, 1)
        spans["amended"] = Interval(
            is_draft=False, starts=day_2015, ends=None, end_state="", is_dated=True, first=day_2013
        )
        fill(engine, [passage(name, "水", interval=span) for name, span in spans.items()] + [passage("undated", "水")])
        expected = {state: {n for n, span in spans.items() if state_on(span, day) == state} for state in STATES}
        for state, records in expected.items():
            assert found(engine, Every(), filters=(("validity", (state,)),), as_of=day) == records, state
        counts = engine.search(EngineQuery(Every(), facets=("validity",), as_of=day)).facets["validity"]
        assert counts == {state: len(records) for state, records in expected.items() if records}

    # order and pages

    def test_equal_scores_are_ordered_by_record_id_and_place_however_they_came(self, engine: Engine) -> None:
        fill(engine, [passage("c", "铬"), passage("a", "铬", 1), passage("a", "铬", 0)])
        fill(engine, [passage("b", "铬")], revision=2)
        single = engine.search(EngineQuery(words("铬"), grouped=False)).hits
        assert [(hit.record_id, hit.ordinal) for hit in single] == [("a", 0), ("a", 1), ("b", 0), ("c", 0)]
        assert ids(engine, Every()) == ["a", "b", "c"]

    def test_sorting_by_date_puts_the_newest_first_the_undated_last_and_ends_in_the_id(self, engine: Engine) -> None:
        day = dt.date(2020, 1, 1)
        later = Interval(is_draft=False, starts=dt.date(2024, 1, 1), ends=None, end_state="", is_dated=True)
        fill(
            engine,
            [
                passage("d-undated", "铬 铬"),
                passage("c-same", "铬", issued=day),
                passage("b-same", "铬", issued=day),
                passage("a-old", "铬 铬", issued=dt.date(2003, 1, 1), interval=later),
            ],
        )
        assert ids(engine, words("铬"), sort="newest") == ["b-same", "c-same", "a-old", "d-undated"]
        assert ids(engine, words("铬"), sort="effective")[0] == "a-old"

    def test_pages_follow_one_another_without_gap_or_double(self, engine: Engine) -> None:
        fill(engine, [passage(f"r{number:03}", "铬 " * (number % 7 + 1)) for number in range(230)])
        whole = ids(engine, words("铬"), limit=MAX_DEPTH)
        assert len(whole) == 230
        paged = [name for offset in range(0, 250, 25) for name in ids(engine, words("铬"), offset=offset, limit=25)]
        assert paged == whole
        beyond = engine.search(EngineQuery(words("铬"), offset=500, limit=10))
        assert (beyond.hits, beyond.total) == ((), 230)
