"""Which passages any engine must find: by words, numbers, values, meaning, phrases."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cpkb.engines.engine import Engine
from cpkb.engines.passage import Span
from cpkb.engines.query import Alternative, Either, Every, HasCode, Ranked, Without
from tests.engines.opened import Opened, fill, found, ids
from tests.engines.passages import passage, row, words

INF = math.inf
MEANT = {"water": "废 水", "battery": "蓄电池 贮存", "gas": "烟 气"}


class MatchingContract(Opened):
    """What is found."""

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

    def test_what_lies_outside_the_scope_is_not_the_nearest(self, engine: Engine) -> None:
        kinds = {"water": ("a",), "battery": ("b",), "gas": ("b",)}
        made = [passage(n, t, meaning=key, values={"kind": kinds[n]}) for key, (n, t) in enumerate(MEANT.items(), 1)]
        fill(engine, made)
        near = np.zeros((3, 384), dtype=np.float32)
        near[0, 0], near[1, :2], near[2, :2] = 1.0, (0.8, 0.6), (0.78, 0.6258)
        engine.add_vectors([1, 2, 3], near)
        asked = replace(words("废"), meaning=np.eye(1, 384, 0, dtype=np.float32).tobytes())
        assert found(engine, asked) == {"water"}
        assert found(engine, asked, scope=(("kind", ("b",)),)) == {"battery", "gas"}

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
