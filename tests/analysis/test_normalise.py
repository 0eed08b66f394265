"""Folding: what is the same when matching, what stays different, and where each character came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.normalise import Folded
from tests.analysis.shipped import shipped_analyzer

SAME = [
    ("ＶＯＣｓ", "vocs"),
    ("VOCs", "vocs"),
    ("ＨＪ　１３０６", "hj 1306"),
    ("電鍍廢水含六價鉻怎麼處理", "电镀废水含六价铬怎么处理"),
    ("清潔生產促進法", "清洁生产促进法"),
    ("二噁英", "二恶英"),
    ("二恶英", "二恶英"),
    ("二噁英類", "二恶英类"),
    ("台帐", "台账"),
    ("帐簿", "账簿"),
    ("黏胶", "粘胶"),
    ("黏土", "粘土"),
    ("釆用", "采用"),
    ("废碴", "废渣"),
    ("10³", "10^3"),
    ("10⁻³", "10^-3"),
    ("m³", "m3"),
    ("m3", "m3"),
    ("mg/m³", "mg/m3"),
    ("SO₂", "so2"),
    ("㎡", "m2"),
    ("℃", "°c"),
    ("1306—2023", "1306-2023"),
    ("1306–2023", "1306-2023"),
    ("1306－2023", "1306-2023"),
    ("1306−2023", "1306-2023"),
    ("1306―2023", "1306-2023"),
    ("900－041－49", "900-041-49"),
    ("2024⁃10⁃12", "2024-10-12"),
    ("1306─2023", "1306-2023"),
    ("1306﹣2023", "1306-2023"),
    ("1306‑2023", "1306-2023"),
    ("00 h\uf02d¹", "00 h-1"),
    ("二〇〇三", "二零零三"),
    ("二○○三", "二零零三"),
    ("二零零三", "二零零三"),
    ("一九九○", "一九九零"),
    ("Ⅰ类", "i类"),
    ("Ⅲ类", "iii类"),
    ("DZL2-1.0-AⅡ", "dzl2-1.0-aii"),
    ("ⅳ类", "iv类"),
    ("ｉ类", "i类"),
    ("①", "1"),
    ("㈠", "(一)"),
    ("（试行）", "(试行)"),
    ("≤10", "≤10"),
    ("1⁄3~2⁄5", "1/3~2/5"),
    ("½", "1/2"),
    ("1½BA6", "1 1/2ba6"),
    ("清洁\u200b生产", "清洁生产"),
    ("\ufeff清洁\u00ad生产", "清洁生产"),
    ("", ""),
]
DIFFERENT = [
    ("10³", "103"),
    ("10⁻³", "10-3"),
    ("六价铬", "三价铬"),
    ("Y180M-4", "Y180M-2"),
    ("一", "-"),  # the numeral is no dash
    ("二", "="),
    ("O", "0"),  # only model codes confuse them
    ("1½", "11/2"),
    # Characters that look like variants and are not: the words they make differ.
    ("碳", "炭"),
    ("熔剂", "溶剂"),
    ("氨", "铵"),
    ("氨", "胺"),
    ("型", "形"),
    ("沙", "砂"),
    ("磺", "黄"),
    ("储", "贮"),
    ("份", "分"),
]


@pytest.mark.parametrize(("text", "folded"), SAME)
def test_folded(analyzer: Analyzer, text: str, folded: str) -> None:
    assert analyzer.fold(text).text == folded


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_must_stay_different(analyzer: Analyzer, one: str, other: str) -> None:
    assert analyzer.fold(one).text != analyzer.fold(other).text


def test_origins_lead_back_to_the_original_characters(analyzer: Analyzer) -> None:
    text = "含 10³ ㎡ 的二噁英"
    folded = analyzer.fold(text)
    assert folded.text == "含 10^3 m2 的二恶英"
    at = folded.text.index("恶")
    assert text[folded.origins[at]] == "噁"
    squared = folded.text.index("2")
    assert text[folded.origins[squared]] == text[folded.origins[squared - 1]] == "㎡"


def origins_hold(text: str, folded: Folded) -> bool:
    return (
        len(folded.origins) == len(folded.text)
        and all(0 <= origin < max(len(text), 1) for origin in folded.origins)
        and list(folded.origins) == sorted(folded.origins)
    )


@given(st.text())
def test_origins_always_point_into_the_original_and_never_backwards(text: str) -> None:
    assert origins_hold(text, shipped_analyzer().fold(text))


@given(st.text(alphabet="電鍍廢水ＶＯＣ噁³⁻10㎡℃①㈠ⅠＡ〇○— \n。,"))
def test_origins_hold_for_every_kind_of_folded_character(text: str) -> None:
    assert origins_hold(text, shipped_analyzer().fold(text))


@given(st.text(alphabet="電鍍廢水ＶＯＣ噁10㎡①ⅠＡ〇○— \n。,清洁生产abc"))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = shipped_analyzer().fold(text).text
    assert shipped_analyzer().fold(once).text == once


@given(st.text(), st.text(alphabet="清洁生产，abc \n"))
def test_folding_works_character_by_character(before: str, after: str) -> None:
    fold = shipped_analyzer().fold
    assert fold(before + after).text == fold(before).text + fold(after).text


@given(st.text(alphabet="清潔噁10³²½⁻—〇Ⅱ℃\u200bＡ 水"))
def test_the_text_alone_is_folded_alike(text: str) -> None:
    assert shipped_analyzer().folded(text) == shipped_analyzer().fold(text).text
