"""Confidence: what is said of the results, from signs made up by hand and over a home large enough to say none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpkb.engines.results import Signs
from cpkb.engines.whoosh.searcher import LEAST_PASSAGES
from cpkb.errors import DeclarationError
from cpkb.model.record import Record
from cpkb.search.confidence import LEVELS, Confidence, load_confidence
from tests.analysis.shipped import LEXICON
from tests.search.library import Library, build, technique, text

DECLARED = """
[by_words]
share = 10.0
characters = 0.0
rarity = 0.0
constant = -5.0     # even odds where half of the question is held
none = 0.25
perhaps = 0.75

[by_meaning]
share = 0.0
characters = 0.1
rarity = 1.0
nearest = 100.0
constant = -90.0
none = 0.4
perhaps = 0.6
"""


@pytest.fixture
def confidence(tmp_path: Path) -> Confidence:
    (tmp_path / "confidence.toml").write_text(DECLARED, encoding="utf-8")
    return load_confidence(tmp_path / "confidence.toml")


@pytest.mark.parametrize(
    ("signs", "level"),
    [
        (None, "sure"),
        (Signs(share=0.0, characters=5, rarity=0.5), "none"),
        (Signs(share=0.39, characters=5, rarity=0.5), "none"),
        (Signs(share=0.40, characters=5, rarity=0.5), "perhaps"),
        (Signs(share=0.60, characters=5, rarity=0.5), "perhaps"),
        (Signs(share=0.62, characters=5, rarity=0.5), "sure"),
        (Signs(share=0.62, characters=5, rarity=0.5, lacks_number=True), "perhaps"),
        (Signs(share=1.00, characters=5, rarity=0.5, lacks_number=True), "perhaps"),
        (Signs(share=0.10, characters=5, rarity=0.5, lacks_number=True), "none"),
        (Signs(share=0.1, characters=5, rarity=0.5, nearest=0.88), "none"),
        (Signs(share=0.1, characters=5, rarity=0.5, nearest=0.89), "perhaps"),
        (Signs(share=0.1, characters=5, rarity=0.5, nearest=0.90), "sure"),
        (Signs(share=0.1, characters=25, rarity=0.5, nearest=0.88), "sure"),
        (Signs(share=0.79, characters=5, rarity=0.5, nearest=0.80), "none"),
        (Signs(share=0.80, characters=5, rarity=0.5, nearest=0.80), "perhaps"),
        (Signs(share=0.1, characters=10**6, rarity=0.5, nearest=0.88), "sure"),
        (Signs(share=0.1, characters=5, rarity=0.5, nearest=-1.0), "none"),
    ],
)
def test_levels_follow_the_signs(confidence: Confidence, signs: Signs | None, level: str) -> None:
    assert confidence.level(signs) == level
    assert level in LEVELS


def test_the_probability_is_the_logistic_of_the_weighted_signs(confidence: Confidence) -> None:
    assert confidence.probability(Signs(0.5, 5, 0.5)) == pytest.approx(0.5)
    assert confidence.probability(Signs(0.6, 5, 0.5)) == pytest.approx(1 / (1 + math.exp(-1)))
    assert confidence.probability(Signs(0.6, 5, 0.5, nearest=0.89)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (DECLARED.replace("[by_meaning]", "[by_feeling]"), "by_meaning"),
        (DECLARED.replace("constant = -90.0", ""), "constant"),
        (DECLARED.replace("none = 0.25", ""), "none"),
        (DECLARED.replace("perhaps = 0.6", ""), "perhaps"),
        ("", "by_words"),
        (DECLARED.replace("share = 10.0", "luck = 10.0"), "luck"),
        (DECLARED.replace("nearest = 100.0", ""), "nearest"),
        (DECLARED.replace("share = 10.0", 'share = "much"'), "share"),
        ("by_words = 1\n[by_meaning]\n", "by_words"),
        ("[by_words\n", "TOML"),
    ],
)
def test_a_broken_declaration_is_refused_by_file_and_name(tmp_path: Path, declared: str, said: str) -> None:
    file = tmp_path / "confidence.toml"
    file.write_text(declared, encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"confidence\.toml: .*{said}"):
        load_confidence(file)


def test_the_shipped_numbers_load_and_tell_answers_from_none() -> None:
    shipped = load_confidence(LEXICON / "confidence.toml")
    for model in (shipped.by_words, shipped.by_meaning):
        assert 0 < model.none < model.perhaps < 1
    assert shipped.level(Signs(0.95, 10, 0.9)) == "sure"
    assert shipped.level(Signs(0.05, 6, 0.2)) == "none"
    assert shipped.level(Signs(0.6, 10, 0.8, nearest=0.92)) == "sure"
    assert shipped.level(Signs(0.2, 6, 0.4, nearest=0.80)) == "none"


# in a search


def notices(many: int) -> tuple[Record, ...]:
    """Texts about nothing that is asked, so that the home is large enough for frequencies to mean something."""
    said = ("企业应当建立台账", "主管部门应当公开信息", "项目应当通过验收", "单位应当培训人员")
    return tuple(text(f"notice-{at}", f"第{at}号通知", f"{said[at % 4]}，编号{at}。") for at in range(many))


OWN = (
    technique("chrome", "镀铬废液回收", "离子交换回收铬酸", industry=("33",)),
    technique("dyeing", "印染废水回用", "膜处理后回用于漂洗", industry=("17",)),
    text("rule", "自行监测规定", "印染企业应当每月监测废水中的苯胺类。", number="HJ 879—2017"),
)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("large"), (*OWN, *notices(LEAST_PASSAGES)))
    yield library
    library.engine.close()
    library.store.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = build(tmp_path_factory.mktemp("small"), (*OWN, *notices(20)))
    yield library
    library.engine.close()
    library.store.close()


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("印染废水回用", "sure"),  # a title
        ("印染废水", "sure"),  # every word of it in one passage
        ('"苯胺类"', "sure"),
        ("类别:技术", "sure"),
        ("HJ 879—2017", "sure"),
        ("HJ 879—2017 火星探测器", "sure"),  # a number that is there is what was asked for
        ("印染废水 HJ 9999—2031", "perhaps"),  # one that is not is no answer
        ("火星上人员刷油漆", "none"),
        ("火星", "none"),
    ],
)
def test_a_question_is_answered_doubted_or_not(large: Library, question: str, level: str) -> None:
    results = large.ask(question)
    assert results.confidence == level
    assert bool(results.hits) == (level != "none")


def test_where_nothing_answers_the_nearest_few_are_shown_apart(large: Library) -> None:
    results = large.ask("火星上人员刷油漆")
    assert (results.hits, results.total, results.passages, results.facets) == ((), 0, 0, ())
    assert 0 < len(results.nearly) <= 3
    assert large.ask("火星").nearly == ()


def test_nothing_is_shown_apart_of_a_later_page_or_a_question_with_conditions(large: Library) -> None:
    question = "火星上人员刷油漆"
    assert large.ask(question, page="2", limit="3").nearly == ()
    assert large.ask(f"{question} 类别:技术").nearly == ()


def test_filters_change_no_confidence(large: Library) -> None:
    doubted = "印染废水 HJ 9999—2031"
    assert large.ask(doubted, collection="technology").confidence == large.ask(doubted).confidence == "perhaps"


@pytest.mark.parametrize("question", ["火星上人员刷油漆", "印染废水 HJ 9999—2031", "印染废水回用"])
def test_in_a_small_home_whatever_matches_is_shown(small: Library, question: str) -> None:
    results = small.ask(question)
    assert results.hits
    assert results.confidence == "sure"
