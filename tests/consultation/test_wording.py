"""Wording: what says the same gives the same signs, and what differs in anything that matters does not."""

from __future__ import annotations

import pytest

from cpkb.analysis.synonyms import read_thesaurus
from cpkb.consultation.statements import statements_of
from cpkb.consultation.wording import Wording
from cpkb.model.passage import Passage
from tests.analysis.shipped import LEXICON, shipped_analyzer
from tests.consultation import evidence


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(shipped_analyzer().fold, read_thesaurus(LEXICON / "thesaurus.tsv"))


def keys(wording: Wording, text: str) -> list[str]:
    return [sign.key for sign in wording.signs(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5mg/L", "０.５ mg/L"),
        ("0.5 mg/L", "500 μg/L"),
        ("总量十万吨", "总量100000吨"),
        ("共 100,000 件", "共10万件"),
        ("65%以上", "≥65％"),
        ("不超过 30 天", "≤30天"),
        ("10～20 mg/m³", "10-20mg/m3"),
        ("2026-08-15 起", "2026年8月15日起"),
        ("二〇二六年八月十五日", "2026年08月15日"),
        ("第二十七条", "第27条"),
        ("HJ 1306—2023", "HJ1306-2023"),
        ("应当回用", "应回用"),
        ("严禁外排", "不得外排"),
        ("可以豁免", "可豁免"),
        ("铜和镍", "铜、镍"),
        ("化学需氧量", "COD"),
        ("（含铬）废水", "含铬的废水"),
        ("廢水應當回用", "废水应当回用"),
    ],
)
def test_two_writings_of_one_thing_have_the_same_signs(wording: Wording, one: str, other: str) -> None:
    assert keys(wording, one) == keys(wording, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.5 mg/L", "0.5 mg/m3"),
        ("0.5 mg/L", "5 mg/L"),
        ("5 MW", "5 mW"),
        ("10 万元", "10 元"),
        ("65%以上", "65%"),
        ("65%以上", "65%以下"),
        ("65%以上", "超过65%"),
        ("不低于65%", "不得低于65%"),
        ("约65%", "65%"),
        ("100余吨", "100吨"),
        ("98%", "98‰"),
        ("年产5万吨", "5万吨"),
        ("2026-08-15", "2026-08-16"),
        ("2026年8月", "2026年"),
        ("第5.1条", "第5.10条"),
        ("应当回用", "可以回用"),
        ("应当回用", "宜回用"),
        ("必须回用", "应当回用"),
        ("不得不外排", "不得外排"),
        ("铜和镍", "铜或镍"),
        ("可能超标", "可以超标"),
        ("超标", "不超标"),
        ("已废止", "将废止"),
        ("反应", "应"),
        ("甲报告乙", "乙报告甲"),
    ],
)
def test_what_differs_has_other_signs(wording: Wording, one: str, other: str) -> None:
    assert keys(wording, one) != keys(wording, other)


def test_a_sign_tells_where_it_stands(wording: Wording) -> None:
    text = "《办法》：废水应当 0.5 mg/L 以下"
    assert [text[sign.start : sign.end] for sign in wording.signs(text)] == [
        "办",
        "法",
        "废",
        "水",
        "应当",
        "0.5 mg/L 以下",
    ]


CLAUSE, ARTICLE = "clause", "article"


@pytest.mark.parametrize(
    ("kind", "passage", "sentence", "is_told"),
    [
        (ARTICLE, "企业应当甲，不得乙。", "企业应当甲", True),
        (ARTICLE, "企业应当在期间甲，不得乙。", "企业不得乙", False),
        (ARTICLE, "企业应当甲，可以乙。", "企业应当甲", False),
        (ARTICLE, "企业可以甲，应当乙。", "企业可以甲", False),
        (ARTICLE, "企业应当甲，部门应当乙，不得丙。", "企业不得丙", False),
        (ARTICLE, "企业应当甲，不得乙，但丙除外。", "企业应当甲", False),
        (ARTICLE, "为了甲，企业应当乙。", "企业应当乙", False),
        (ARTICLE, "企业应当甲，并于2027年完成。", "企业应当甲", False),
        (ARTICLE, "超标的，应当乙。", "应当乙", False),
        (ARTICLE, "企业应当甲。\n丙除外。", "企业应当甲", False),
        (ARTICLE, "企业应当甲。\n丙除外。", "企业应当甲，丙除外", True),
        (ARTICLE, "企业应当甲。违反前款规定的，责令改正。", "企业应当甲", True),
        (ARTICLE, "企业应当甲。前款规定不适用于丙。", "企业应当甲", False),
        (ARTICLE, "企业不需要\n审核。", "审核", False),
        (ARTICLE, "企业不需要\n审核。", "企业不需要审核", True),
        (ARTICLE, "应当做：\n（一）甲；\n（二）乙。", "应当做：乙", True),
        (ARTICLE, "同时做到：\n（一）甲；\n（二）乙。", "同时做到：乙", False),
        (ARTICLE, "应当做：\n（一）甲；\n（二）乙，但丙除外。", "应当做：甲", False),
        (CLAUSE, "做到：甲达标；乙低于 5 mg/L。", "做到：甲达标", False),
        (CLAUSE, "甲技术\n该技术可节水。", "该技术可节水", True),
        (CLAUSE, "甲技术\n甲可节水。乙可节电。该技术可节药。", "该技术可节药", False),
        (CLAUSE, "去除率 80%，进水低于 5 mg/L。", "去除率 80%", False),
        ("table", "表1\n甲｜5 mg/L，月均\n乙｜6 mg/L", "乙 6 mg/L", True),
        ("table", "表1\n甲｜5 mg/L，月均\n乙｜6 mg/L", "甲 5 mg/L", False),
        ("record", "题目\n要点：可节水。\n适用：甲、乙", "可节水", True),
        ("record", "题目\n要点：可节水。\n适用：甲、乙", "适用：甲和乙", True),
        ("record", "题目\n停止使用期限：2026年8月15日", "2026年8月15日", False),
    ],
)
def test_what_of_a_passage_may_be_told_alone(
    wording: Wording, kind: str, passage: str, sentence: str, *, is_told: bool
) -> None:
    item = next(evidence.answer(evidence.records()).items())
    statements = statements_of(item, Passage(0, passage, kind=kind), wording)
    told = {tuple(sign.key for sign in telling) for statement in statements for telling in statement.tellings()}
    assert (tuple(keys(wording, sentence)) in told) == is_told
