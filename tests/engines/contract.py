"""What any engine must do. A new engine runs all of it by naming how it is opened (see test_whoosh.py)."""

from __future__ import annotations

import datetime as dt
import math
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from cpkb.engines.engine import FEATURES, Engine
from cpkb.engines.passage import IndexedPassage, Span
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
from cpkb.errors import IndexBusyError
from cpkb.model.validity import STATES, Interval, state_on
from tests.engines.passages import passage, row, words

INF = math.inf
MEANT = {"water": "废 水", "battery": "蓄电池 贮存", "gas": "烟 气"}
Opener = Callable[[Path, str], Engine]
"""(folder, what the terms are made by) → an engine; importable by name, for other processes."""


def fill(engine: Engine, passages: list[IndexedPassage], revision: int = 1, *, rebuild: bool = False) -> None:
    by_record: dict[str, list[IndexedPassage]] = {}
    for made in passages:
        by_record.setdefault(made.record_id, []).append(made)
    with engine.writing(revision, rebuild=rebuild) as writer:
        for record_id, own in by_record.items():
            writer.put(record_id, own)


def ids(engine: Engine, match: Match, **rest: object) -> list[str]:
    """Record ids of what matches, best first."""
    return [hit.record_id for hit in engine.search(EngineQuery(match, **rest)).hits]  # type: ignore[arg-type]


def found(engine: Engine, match: Match, **rest: object) -> set[str]:
    return set(ids(engine, match, limit=MAX_DEPTH, **rest))


def write_and_die(opener: Opener, folder: Path, rebuild: bool) -> None:  # noqa: FBT001 — crosses processes by position
    """Put and drop, then be killed before the end of the block."""
    with opener(folder, "one").writing(99, rebuild=rebuild) as writer:
        for number in range(50):
            writer.put(f"new-{number}", [passage(f"new-{number}", "铬 渣")])
        writer.drop("a")
        os.kill(os.getpid(), signal.SIGKILL)


def write_and_fail(engine: Engine, *, rebuild: bool) -> None:
    with engine.writing(99, rebuild=rebuild) as writer:
        writer.put("b", [passage("b", "铬")])
        writer.drop("a")
        raise ZeroDivisionError


class EngineContract:
    """Inherit, set ``opener``, and every behaviour below is checked."""

    opener: Opener

    def open(self, folder: Path, made_by: str = "one") -> Engine:
        return type(self).opener(folder, made_by)

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        engine = self.open(tmp_path / "index")
        yield engine
        engine.close()

    # what is kept

    def test_an_empty_folder_answers_nothing_and_says_so(self, engine: Engine) -> None:
        results = engine.search(EngineQuery(words("铬"), facets=("industry",)))
        assert (results.hits, results.total, results.passages, dict(results.facets)) == ((), 0, 0, {})
        assert engine.status().revision == -1

    def test_an_index_of_nothing_answers_nothing(self, engine: Engine) -> None:
        fill(engine, [], revision=5)
        assert engine.search(EngineQuery(Every(), facets=("industry",))).total == 0
        assert (engine.status().revision, engine.status().passages) == (5, 0)

    def test_what_is_put_is_found_and_counted(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣"), passage("b", "废 水"), passage("b", "铬 酸", 1)], revision=7)
        assert found(engine, words("铬")) == {"a", "b"}
        assert found(engine, words("渣")) == {"a"}
        status = engine.status()
        assert (status.revision, status.passages) == (7, 3)
        assert status.terms > 0
        assert status.bytes > 0

    def test_every_feature_that_is_named_can_be_asked_for(self, engine: Engine) -> None:
        assert [feature for feature in FEATURES if not engine.can(feature)] == ["meaning"]
        fill(engine, [passage("a", "水", meaning=1), passage("b", "气", meaning=2)])
        engine.add_vectors([1], np.eye(1, 384, dtype=np.float32))
        assert not engine.can("meaning"), "one of two passages still waits for its vector"
        assert engine.status().vectors == 1
        engine.add_vectors([2], np.eye(1, 384, dtype=np.float32))
        assert [feature for feature in FEATURES if not engine.can(feature)] == []
        assert engine.status().vectors == 2
        assert not engine.can("telepathy")

    def test_results_say_whether_vectors_took_part(self, engine: Engine) -> None:
        fill(engine, [passage("a", "水", meaning=1)])
        asked = replace(words("水"), meaning=np.eye(1, 384, dtype=np.float32).tobytes())
        assert not engine.search(EngineQuery(asked)).by_meaning
        engine.add_vectors([1], np.eye(1, 384, dtype=np.float32))
        assert engine.search(EngineQuery(asked)).by_meaning
        assert not engine.search(EngineQuery(words("水"))).by_meaning

    def test_putting_again_replaces_every_passage_of_the_record(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣"), passage("a", "铬 酸", 1), passage("b", "铬 粉")])
        fill(engine, [passage("a", "镍 渣")], revision=2)
        assert found(engine, words("铬")) == {"b"}
        assert found(engine, words("镍")) == {"a"}
        assert (engine.status().revision, engine.status().passages) == (2, 2)

    def test_what_is_dropped_is_gone_from_hits_counts_and_facets(self, engine: Engine) -> None:
        fill(engine, [passage(name, "铬 渣", values={"industry": ("电镀",)}) for name in ("a", "b")])
        with engine.writing(2) as writer:
            writer.drop("a")
            writer.drop("never-there")
        results = engine.search(EngineQuery(words("铬"), facets=("industry",)))
        assert [hit.record_id for hit in results.hits] == ["b"]
        assert (results.total, dict(results.facets["industry"])) == (1, {"电镀": 1})
        assert found(engine, Without(words("镍"))) == {"b"}

    def test_a_change_is_seen_by_engines_that_are_already_open(self, tmp_path: Path) -> None:
        writer, reader = self.open(tmp_path), self.open(tmp_path)
        fill(writer, [passage("a", "铬")])
        assert found(reader, Every()) == {"a"}
        fill(writer, [passage("b", "铬")], revision=2)
        assert found(reader, Every()) == {"a", "b"}
        fill(writer, [passage("c", "铬")], revision=3, rebuild=True)
        assert found(reader, Every()) == {"c"}
        assert reader.status().revision == 3

    def test_an_error_while_writing_changes_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬")])
        for rebuild in (False, True):
            with pytest.raises(ZeroDivisionError):
                write_and_fail(engine, rebuild=rebuild)
        assert found(engine, Every()) == {"a"}
        assert engine.status().revision == 1

    def test_an_index_survives_closing_and_opening(self, tmp_path: Path) -> None:
        first = self.open(tmp_path)
        fill(first, [passage("a", "铬")], revision=3)
        first.close()
        again = self.open(tmp_path)
        assert found(again, Every()) == {"a"}
        assert again.status().revision == 3

    # plain words

    def test_a_short_question_needs_all_of_its_words(self, engine: Engine) -> None:
        fill(engine, [passage("both", "铬 渣"), passage("one", "铬 酸"), passage("other", "废 渣")])
        assert found(engine, words("铬 渣")) == {"both"}

    def test_a_relaxed_question_takes_whatever_shares_a_word(self, engine: Engine) -> None:
        fill(engine, [passage("both", "铬 渣"), passage("one", "铬 酸"), passage("none", "废 水")])
        asked = Ranked(("铬", "渣"), ("铬", "渣"), (), relaxed=True)
        assert ids(engine, asked) == ["both", "one"]

    def test_words_match_in_every_zone(self, engine: Engine) -> None:
        fill(
            engine, [passage("text", "铬"), passage("title", "水", title="铬"), passage("heading", "水", heading="铬")]
        )
        assert found(engine, words("铬")) == {"text", "title", "heading"}

    def test_more_often_and_in_shorter_text_ranks_first(self, engine: Engine) -> None:
        filler = " ".join(f"w{n}" for n in range(40))
        fill(engine, [passage("long", f"铬 {filler}"), passage("short", "铬 渣"), passage("twice", "铬 铬")])
        assert ids(engine, words("铬")) == ["twice", "short", "long"]

    def test_a_question_without_terms_finds_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬")])
        assert found(engine, Ranked((), (), ())) == set()

    def test_words_that_stand_nowhere_find_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬")])
        assert found(engine, words("镍")) == set()

    def test_a_synonym_stands_for_the_word_and_counts_less(self, engine: Engine) -> None:
        fill(
            engine,
            [
                passage("z-word", "水银 电池"),
                passage("a-synonym", "汞 电池"),
                passage("synonym-alone", "汞 灯"),
                passage("neither", "锌 电池"),
            ],
        )
        asked = ("水银", "电池")
        mercury = Alternative("", ("汞",), ("汞",), stands_for=("水银",))
        assert ids(engine, Ranked(asked, asked, (), synonyms=((mercury,),))) == ["z-word", "a-synonym"]
        assert ids(engine, Ranked(asked, asked, ())) == ["z-word"]

    def test_an_engine_knows_which_grams_stand_in_its_texts(self, engine: Engine) -> None:
        assert not engine.knows("铬")
        fill(engine, [passage("a", "铬 渣")])
        assert [gram for gram in ("铬", "铬渣", "渣铬", "镍") if engine.knows(gram)] == ["铬", "铬渣"]

    # numbers

    def test_a_number_is_found_and_its_own_record_comes_first(self, engine: Engine) -> None:
        fill(
            engine,
            [
                passage("a-cites", "铬 渣", codes=("hj1306-2023", "hj1306")),
                passage("z-is", "废 水", codes=(), own_codes=("hj1306-2023", "hj1306")),
                passage("zz-is-and-cites", "废 水", codes=("hj1306-2023",), own_codes=("hj1306-2023", "hj1306")),
            ],
        )
        asked = Ranked((), (), (("hj1306-2023", "hj1306"),))
        assert ids(engine, asked) == ["zz-is-and-cites", "z-is", "a-cites"]

    def test_another_edition_is_found_below_the_one_asked_for(self, engine: Engine) -> None:
        fill(
            engine,
            [passage("a-old", "铬", codes=("gb1-2010", "gb1")), passage("b-new", "铬", codes=("gb1-2020", "gb1"))],
        )
        assert ids(engine, Ranked((), (), (("gb1-2020", "gb1"),))) == ["b-new", "a-old"]

    def test_a_number_counts_whatever_the_words_and_words_count_without_it(self, engine: Engine) -> None:
        fill(
            engine, [passage("number", "废 水", codes=("y180m-4",)), passage("words", "铬 渣"), passage("no", "废 气")]
        )
        assert ids(engine, words("铬 渣", "y180m-4")) == ["number", "words"]

    def test_a_number_alone_finds_only_itself(self, engine: Engine) -> None:
        fill(engine, [passage("4", "机", codes=("y180m-4",)), passage("2", "机", codes=("y180m-2",))])
        assert found(engine, Ranked((), (), (("y180m-4",),))) == {"4"}
        assert found(engine, HasCode(("y180m-4",))) == {"4"}
        assert found(engine, HasCode(("y180m-4", "y180m-2"))) == {"4", "2"}
        assert found(engine, HasCode(())) == set()

    def test_a_whole_title_comes_first(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬 渣 铬 渣", title="铬 渣 治理"), passage("b", "水", title="铬 渣")])
        asked = words("铬 渣")
        assert ids(engine, Ranked(asked.words, asked.grams, (), whole="铬渣"))[0] == "b"

    # values

    @pytest.mark.parametrize(
        ("dimension", "low", "high", "records"),
        [
            ("mass", 10, 10, {"point", "below", "band"}),
            ("mass", 0, 10, {"point", "below", "band"}),
            ("mass", 35, INF, {"above", "band"}),
            ("mass", 35, 35, {"above", "band"}),
            ("mass", 20, 30, {"band"}),
            ("mass", -INF, INF, {"point", "below", "above", "band"}),
            ("power", 0, INF, {"power"}),
            ("time", 0, INF, set()),
        ],
    )
    def test_a_value_is_found_where_its_interval_touches_the_one_asked(
        self, engine: Engine, dimension: str, low: float, high: float, records: set[str]
    ) -> None:
        told = {
            "point": Span("mass", 10, 10),
            "below": Span("mass", -INF, 10),
            "above": Span("mass", 35, INF),
            "band": Span("mass", 10, 35),
            "power": Span("power", 10, 10),
        }
        fill(engine, [passage(name, "锅 炉", quantities=(span,)) for name, span in told.items()])
        assert found(engine, Ranked((), (), (), quantities=(Span(dimension, low, high),))) == records

    def test_a_value_stands_for_the_grams_it_is_written_with(self, engine: Engine) -> None:
        ten = (Span("mass", 10, 10),)
        fill(
            engine,
            [
                passage("a-other", "锅 炉 二十 吨"),
                passage("same-value", "锅 炉 10t", quantities=ten),
                passage("same-writing", "锅 炉 十 吨", quantities=ten),
            ],
        )
        asked = words("锅 炉 十 吨")
        assert ids(engine, asked) == ["same-writing"]
        told = replace(asked, quantities=(replace(ten[0], stands_for=("十", "吨")),))
        assert ids(engine, told)[:2] == ["same-writing", "same-value"]

    # meaning

    def test_passages_near_in_meaning_are_found_without_a_shared_word(self, engine: Engine) -> None:
        fill(engine, [passage(name, text, meaning=key) for key, (name, text) in enumerate(MEANT.items(), 1)])
        engine.add_vectors([1, 2, 3], np.eye(3, 384, dtype=np.float32))
        asked = replace(words("废"), meaning=np.eye(1, 384, 1, dtype=np.float32).tobytes())
        assert found(engine, words("废")) == {"water"}
        assert ids(engine, asked) == ["battery", "water"]
        assert ids(engine, replace(asked, words=(), grams=())) == ["battery"]

    def test_vectors_are_asked_for_once_and_kept_over_a_rebuild(self, engine: Engine) -> None:
        fill(engine, [passage(name, text, meaning=key) for key, (name, text) in enumerate(MEANT.items(), 1)])
        assert sorted(engine.without_vector([3, 1, 2, 3, 0])) == [1, 2, 3], "0 stands for none"
        engine.add_vectors([1, 3], np.eye(2, 384, dtype=np.float32))
        assert engine.without_vector([1, 2, 3]) == [2]
        fill(engine, [passage("other", "水", meaning=3)], revision=2, rebuild=True)
        assert engine.without_vector([1, 2, 3]) == [2], "what comes back keeps its vector"

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

    # phrases and combinations

    @pytest.mark.parametrize(
        ("text", "phrase", "is_found"),
        [
            ("清 洁 生 产", "清 洁 生 产", True),
            ("推 行 清 洁 生 产 审 核", "清 洁 生 产", True),
            ("清 洁 / 生 产", "清 洁 生 产", False),
            ("清 洁 / 生 产", "清 洁 / 生 产", True),
            ("清 洁 生 产", "清 洁 / 生 产", False),
            ("生 产 清 洁", "清 洁 生 产", False),
            ("清 洁 的 生 产", "清 洁 生 产", False),
            ("清 清 洁 洁 生 产 清 洁 生 产", "清 洁 生 产", True),
            ("清 洁 生", "清 洁 生 产", False),
            ("铬", "铬", True),
        ],
    )
    def test_a_phrase_stands_in_a_row(self, engine: Engine, text: str, phrase: str, is_found: bool) -> None:  # noqa: FBT001 — a column of the table
        fill(engine, [passage("a", text), passage("b", "废 水")])
        assert found(engine, row(phrase)) == ({"a"} if is_found else set())

    def test_a_phrase_stands_in_one_zone_and_not_across_two(self, engine: Engine) -> None:
        fill(engine, [passage("split", "生 产", title="清 洁"), passage("title", "水", title="清 洁 生 产")])
        assert found(engine, row("清 洁 生 产")) == {"title"}

    def test_a_phrase_of_nothing_finds_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬")])
        assert found(engine, row("")) == set()

    def test_not_either_every_mean_what_they_say(self, engine: Engine) -> None:
        fill(engine, [passage("12", "一 二"), passage("1", "一 三"), passage("2", "二 三"), passage("0", "三 三")])
        one, two = words("一"), row("二")
        assert found(engine, Every((one, two))) == {"12"}
        assert found(engine, Either((one, two))) == {"12", "1", "2"}
        assert found(engine, Without(one)) == {"2", "0"}
        assert found(engine, Every((one, Without(two)))) == {"1"}
        assert found(engine, Without(Either((one, two)))) == {"0"}
        assert found(engine, Without(Without(one))) == {"12", "1"}
        assert found(engine, Every()) == {"12", "1", "2", "0"}
        assert found(engine, Either(())) == set()
        assert found(engine, Without(Every())) == set()

    def test_what_matches_more_branches_ranks_first(self, engine: Engine) -> None:
        fill(engine, [passage("a", "一 三"), passage("z", "一 二")])
        assert ids(engine, Either((words("一"), words("二")))) == ["z", "a"]

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

    # safety

    def test_a_second_writer_is_refused_and_the_first_goes_on(self, tmp_path: Path) -> None:
        first, second = self.open(tmp_path), self.open(tmp_path)
        with first.writing(1) as writer:
            writer.put("a", [passage("a", "铬")])
            with pytest.raises(IndexBusyError), second.writing(2):
                pytest.fail("two writers at once")
        assert found(second, Every()) == {"a"}
        fill(second, [passage("b", "铬")], revision=2)
        assert found(first, Every()) == {"a", "b"}

    @pytest.mark.parametrize("rebuild", [False, True], ids=["catching up", "rebuilding"])
    def test_a_writer_that_is_killed_leaves_the_last_state_and_no_lock(self, tmp_path: Path, rebuild: bool) -> None:  # noqa: FBT001 — a case of the table
        engine = self.open(tmp_path)
        fill(engine, [passage("a", "铬"), passage("b", "镍")])
        process = get_context("spawn").Process(target=write_and_die, args=(type(self).opener, tmp_path, rebuild))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        again = self.open(tmp_path)
        assert found(again, Every()) == {"a", "b"}
        assert again.status().revision == 1
        fill(again, [passage("c", "铬")], revision=2)
        assert found(again, Every()) == {"a", "b", "c"}
        fill(again, [passage("d", "铬")], revision=3, rebuild=True)
        assert found(engine, Every()) == {"d"}

    def test_a_rebuild_starts_from_nothing(self, engine: Engine) -> None:
        fill(engine, [passage("a", "铬"), passage("b", "镍")])
        fill(engine, [passage("b", "铬")], revision=2, rebuild=True)
        assert found(engine, Every()) == {"b"}
        assert engine.status().revision == 2

    def test_an_index_made_with_other_terms_counts_as_not_built_and_is_made_anew(self, tmp_path: Path) -> None:
        fill(self.open(tmp_path, "one"), [passage("a", "铬")], revision=4)
        other = self.open(tmp_path, "two")
        assert [self.open(tmp_path, name).revision() for name in ("one", "two")] == [4, -1]
        fill(other, [passage("b", "铬")], revision=4)
        assert found(other, Every()) == {"b"}, "nothing cut in the old way is left"
        assert [self.open(tmp_path, name).revision() for name in ("one", "two")] == [-1, 4]
