"""Identifiers: spellings of one number share a key, different numbers do not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.identifiers import find_identifiers

ELIMINATION = Path(__file__).parents[2] / "corpus" / "records" / "elimination"
OLI = str.maketrans("oli一", "011-")  # taken for one another before S and 5 were
SAME = {
    "hj1306-2023": [
        "HJ 1306—2023",
        "HJ1306-2023",
        "HJ 1306-2023",
        "HJ 1306 — 2023",
        "HJ/T 1306—2023",
        "HJ-1306-2023",
        "hj 1306–2023",
        "ＨＪ　１３０６－２０２３",
        "见HJ 1306—2023的规定",
    ],
    "gb18484-2020": ["GB 18484—2020", "GB18484-2020", "GB/T 18484-2020", "gb 18484－2020"],
    "gb14553-93": ["GB 14553—93", "GB14553-93"],
    "gb5085.7-2019": ["GB 5085.7—2019", "GB5085.7-2019"],
    "db441597-2015": ["DB44/1597-2015", "DB44 1597—2015", "DB 44/1597-2015"],
    "环发2003-60": [
        f"环发{opening}2003{closing}60{space}号"
        for opening, closing in ("[]", "〔〕", "()", "（）", "【】", "［］", "〈〉")
        for space in ("", " ")
    ]
    + ["环发〔２００３〕６０号", "环发 〔2003〕 60 号", "環發〔2003〕60號", "环发〔2003〕第60号"],
    "沪府办发2003-41": ["沪府办发〔2003〕41号", "沪府办发[2003]41号"],
    "900-041-49": ["900-041-49", "900－041－49", "900—041—49", "HW49 900-041-49", "废物代码：900-041-49。"],
    "336-054-17": ["336-054-17", "HW17 336-054-17"],
    "j02-51-4": ["JO2-51-4", "J02-51-4", "Jo2-51-4", "ＪＯ2-51-4"],
    "y180m-4": ["Y180M-4", "y180m-4", "Y180M—4", "Ｙ180Ｍ－4", "Y180M-4型电动机"],
    "3w-0.9/7": ["3W-0.9/7", "3W—0.9/7", "3w-0.9/7", "3W一0.9／7型空压机"],
    "kzg4-13": ["KZG4-13", "KZG4一13", "KZG4—13"],
    "j02-wf": ["JO2-WF", "JO2一WF系列", "J02一WF"],
    "pm2.5": ["PM2.5", "PM2.5一级", "执行PM2.5一小时浓度"],
    "1-10/8": ["L-10/8", "l-10/8"],
    "gg-17": ["GG-17", "gg－17"],
    "j515": ["JS15", "JSl5", "js15", "J515"],
    "5cb8-30": ["SCB8-30", "5CB8-30", "SCB8—30"],
    "y905-2": ["Y90S-2", "y90s-2", "Y905-2", "Ｙ90Ｓ－2"],
    "s7-30/10": ["S7-30/10", "s7－30/10"],
    "令2012-14": ["工信部公告2012年第14号", "公告 2012年 第 14 号", "公告（2012年）第14号"],
}
DIFFERENT = [
    ("Y180M-4", "Y180M-2"),
    ("Y180M-4", "Y180L-4"),
    ("HJ 1306—2023", "HJ 1307—2023"),
    ("HJ 1306—2023", "GB 1306—2023"),
    ("环发〔2003〕60号", "环发〔2003〕61号"),
    ("环发〔2003〕60号", "环发〔2004〕60号"),
    ("环发〔2003〕60号", "沪府办发〔2003〕60号"),
    ("900-041-49", "900-042-49"),
    ("JO2-51-4", "JO2-51-6"),
    ("Y90S-2", "Y90L-2"),
    ("Y132S1-2", "Y132S2-2"),
    ("S7-30/10", "SL7-30/10"),
    ("S7-30/10", "S9-30/10"),
    ("JS15", "JR15"),
    ("S1", "5L"),  # with no other letter S is the family itself, and 5L a quantity
]
SERIES = {
    "S系列": "S-100/10",
    "S7系列": "S7-315/10",
    "SL7系列": "SL7-30/10",
    "SJ系列": "SJ-320/10",
    "SCB8系列": "SCB8-30/10",
    "JS系列": "JS115-4",
    "NSA系列": "NSA-300",
    "SG系列": "SG-3",
}
OTHER_SERIES = [("S系列", "57-315/10A"), ("S7系列", "S9-315/10"), ("JS系列", "JR115-4"), ("S7系列", "SL7-30/10")]
NONE = [
    "清洁生产",
    "10",
    "8一18",
    "57",
    "57-315/10",
    "2023年",
    "COD",
    "环发文件60号",
    "第60号",
    "六价铬0.5",
    "，。",
    "",
]


def keys(analyzer: Analyzer, text: str) -> list[tuple[str, ...]]:
    return [found.keys for found in find_identifiers(analyzer.fold(text).text)]


@pytest.mark.parametrize(
    ("key", "text"), [(key, text) for key, texts in SAME.items() for text in texts], ids=lambda part: str(part)
)
def test_every_spelling_of_a_number_shares_its_key(analyzer: Analyzer, key: str, text: str) -> None:
    assert key in {k for found in keys(analyzer, text) for k in found}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_numbers_share_no_exact_key(analyzer: Analyzer, one: str, other: str) -> None:
    (found,), (others,) = keys(analyzer, one), keys(analyzer, other)
    assert found[0] != others[0]


def belongs(analyzer: Analyzer, model: str, series: str) -> bool:
    (found,) = find_identifiers(analyzer.fold(model).text)
    return not set(found.families).isdisjoint(*keys(analyzer, series))


@pytest.mark.parametrize(("series", "model"), SERIES.items())
def test_a_model_belongs_to_its_series(analyzer: Analyzer, series: str, model: str) -> None:
    assert belongs(analyzer, model, series)


@pytest.mark.parametrize(("series", "model"), OTHER_SERIES)
def test_a_model_belongs_to_no_other_series(analyzer: Analyzer, series: str, model: str) -> None:
    assert not belongs(analyzer, model, series)


def test_taking_s_for_5_makes_no_two_models_of_the_lists_equal(analyzer: Analyzer) -> None:
    texts = (analyzer.fold(file.read_text(encoding="utf-8")).text for file in ELIMINATION.glob("*.tsv"))
    spellings: dict[str, set[str]] = {}
    for text in texts:
        for found in find_identifiers(text):
            if found.families:  # a model, not a standard or a document
                spelling = text[found.start : found.end].translate(OLI)
                spellings.setdefault(found.keys[0], set()).add(spelling)
    assert sum("s" in spelling for spelled in spellings.values() for spelling in spelled) > 200
    assert [spelled for spelled in spellings.values() if len(spelled) > 1] == []


@pytest.mark.parametrize("text", NONE)
def test_plain_words_and_bare_figures_are_no_numbers(analyzer: Analyzer, text: str) -> None:
    assert keys(analyzer, text) == []


def test_a_standard_is_known_with_and_without_its_year_most_exact_first(analyzer: Analyzer) -> None:
    assert keys(analyzer, "HJ 1306—2023") == [("hj1306-2023", "hj1306")]
    assert keys(analyzer, "HJ 1306") == [("hj1306",)]


def test_a_document_number_is_known_from_every_start_of_its_name(analyzer: Analyzer) -> None:
    assert keys(analyzer, "根据环发〔2003〕60号") == [("根据环发2003-60", "据环发2003-60", "环发2003-60")]


def test_several_numbers_come_in_the_order_of_the_text_and_do_not_overlap(analyzer: Analyzer) -> None:
    text = "HW17 336-054-17 按 GB 18484—2020，淘汰 Y180M-4"
    found = find_identifiers(analyzer.fold(text).text)
    assert [number.keys[0] for number in found] == ["hw17", "336-054-17", "gb18484-2020", "y180m-4"]
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_a_run_of_thousands_of_parts_belongs_to_few_series(analyzer: Analyzer) -> None:
    (found,) = find_identifiers(analyzer.fold("10t/h-" * 5_000 + "1").text)
    assert len(found.families) <= 10
    (model,) = find_identifiers(analyzer.fold("SL7-1600/10").text)
    assert model.families == ("系列s17-1600/10", "系列s17-1600", "系列s17", "系列s1")
