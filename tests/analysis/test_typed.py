"""How names are typed: what two spellings share, where words begin, how each character sounds."""

from __future__ import annotations

import pytest

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.pinyin import readings


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("HJ 1306—2023", "hj13062023"),
        ("hj1306-2023", "hj13062023"),
        ("环发〔2003〕60号", "环发200360号"),
        ("环发[2003] 60 号", "环发200360号"),
        ("ＶＯＣｓ 收集", "vocs收集"),
        ("含鉻廢水", "含铬废水"),
        ("，。 ", ""),
    ],
)
def test_spellings_of_one_name_are_typed_alike(analyzer: Analyzer, text: str, key: str) -> None:
    assert analyzer.typed_key(text) == key
    assert analyzer.typed(text).key == key


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [
        ("清洁生产审核", ["清洁生产审核", "生产审核", "审核"]),
        ("HJ 1306—2023", ["hj13062023", "13062023", "2023"]),
        ("336-054-17", ["33605417", "05417", "17"]),
        ("《电镀》指南", ["电镀指南", "指南"]),
        ("", []),
    ],
)
def test_words_begin_inside_longer_words_too(analyzer: Analyzer, text: str, beginnings: list[str]) -> None:
    typed = analyzer.typed(text)
    assert [typed.key[start:] for start in typed.starts] == beginnings
    assert len(typed.sounds) == len(typed.key)


def test_a_character_sounds_as_it_does_in_its_word_and_as_plants_say_it() -> None:
    assert readings("重金属")[0] == ("zhong",)
    assert readings("重复")[0] == ("chong",)
    assert readings("铬") == (("ge", "luo"),)
    assert readings("cod3") == (("c",), ("o",), ("d",), ())


def test_numbers_are_told_as_they_are_written(analyzer: Analyzer) -> None:
    found = analyzer.numbers("按ＨＪ 1306—2023第5条和336-054-17")
    assert [written for written, _ in found] == ["ＨＪ 1306—2023", "336-054-17"]


def test_a_value_with_its_unit_is_no_number_of_anything(analyzer: Analyzer) -> None:
    assert [written for written, _ in analyzer.numbers("75kW 的 JO2 电机，COD 80mg/L")] == ["JO2"]


def test_a_lay_word_of_the_vocabulary_leads_to_formal_terms_and_they_lead_nowhere(analyzer: Analyzer) -> None:
    words = analyzer.vocabulary()
    assert "含铬废水" in words["镀铬水"]
    assert words["含铬废水"] == ()
