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
    ("黏胶", "粘胶"),
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
    ("二〇〇三", "二零零三"),
    ("二○○三", "二零零三"),
    ("Ⅰ类", "i类"),
    ("ｉ类", "i类"),
    ("①", "1"),
    ("㈠", "(一)"),
    ("（试行）", "(试行)"),
    ("≤10", "≤10"),
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
