"""Slips of typing and pinyin with the shipped words: what was mistyped is read, what was meant is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cpkb.analysis.analyzer import Analyzer

TEXTS = (
    "电镀废水经逆流清洗后回用，含铬污泥送有资质的单位处置。",
    "水性涂料替代溶剂型涂料，喷漆废气用活性炭吸附。",
    "饲料厂应当密闭；食堂油烟须净化；处理设施应当正常运行。",
    "以氨水为还原剂脱硝，定期清洗催化剂。",
)
KNOWN = {left + right for text in TEXTS for left, right in pairwise(text)}


def read(analyzer: Analyzer, question: str) -> dict[str, str]:
    """What was read as another word; synonyms of what was typed are none of it."""
    asked = analyzer.ask(question, KNOWN.__contains__)
    reviewed = {synonym.found for synonym in analyzer.thesaurus.expand(analyzer.fold(question).text)}
    return {s.found: s.terms[0][0] for s in asked.synonyms if s.found not in reviewed}


@pytest.mark.parametrize(
    "question",
    [
        "能省多少药",
        "又费碱又费水",
        "没法处理",
        "带铬的皮屑",
        "削下来带铬的皮屑能做成什么东西",
        "洗一次",
        "饲料厂制粒",
        "饲料厂制粒粉尘怎么收",
        "固定床活性炭",
        "电镀废水",
        "水",
        "",
    ],
)
def test_plain_speech_and_words_that_no_text_holds_are_left_alone(analyzer: Analyzer, question: str) -> None:
    assert read(analyzer, question) == {}
    assert analyzer.ask(question, KNOWN.__contains__).meant == question


@pytest.mark.parametrize(
    ("question", "slips", "meant"),
    [
        ("店镀", {"店镀": "电镀"}, "电镀"),
        ("店镀废水怎么处理", {"店镀废水": "电镀废水"}, "电镀废水怎么处理"),
        ("逆留清洗", {"逆留清洗": "逆流清洗"}, "逆流清洗"),
        ("水性图料", {"水性图料": "水性涂料"}, "水性涂料"),
        ("水性图料 店镀", {"水性图料": "水性涂料", "店镀": "电镀"}, "水性涂料 电镀"),
        ("油咽", {"油咽": "油烟"}, "油烟"),
        ("食堂油咽", {"油咽": "油烟"}, "食堂油烟"),
    ],
)
def test_a_slip_is_read_as_the_word_it_sounds_or_looks_like(
    analyzer: Analyzer, question: str, slips: dict[str, str], meant: str
) -> None:
    assert read(analyzer, question) == slips
    assert analyzer.ask(question, KNOWN.__contains__).meant == meant


def test_a_slip_that_the_texts_make_too_is_a_word(analyzer: Analyzer) -> None:
    assert analyzer.ask("油咽", {*KNOWN, "油咽"}.__contains__).synonyms == ()


def test_of_words_that_sound_alike_the_one_in_the_texts_is_read(analyzer: Analyzer) -> None:
    assert read(analyzer, "anshui 脱硝") == {"anshui": "氨水"}
    assert analyzer.ask("anshui 脱硝", KNOWN.__contains__).meant == "氨水 脱硝"
    other = analyzer.ask("anshui", lambda gram: gram == "安睡")
    assert [synonym.terms[0][0] for synonym in other.synonyms] == ["安睡"]
