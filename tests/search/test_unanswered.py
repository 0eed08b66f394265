"""Which questions are counted for editors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpkb.analysis.analyzer import Analyzer
from cpkb.search.request import parse_request
from cpkb.search.unanswered import LONGEST, folded_question, is_private, to_count
from tests.search.library import Library


@pytest.mark.parametrize(
    "question",
    [
        "13800138000 举报电镀厂",
        "电话１３８００１３８０００",
        "138-0013-8000",
        "138 0013 8000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "一三八零零一三八〇〇〇",
        "+86 (138) 0013 8000",
        "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
        "0571-87654321 环保局",
        "电话 8765-4321",
        "我的QQ 12345",
        "微信号 li_huanbao",
        "zhang.san@example.com 怎么联系",
        "张三＠例子.公司",
        "zhang @ example",
        "330106199001011234",
        "33010619900101123X 处罚",
        "330106 19900101 1234",
        "6222 0212 3456 7890 123",
        "护照 E12345678",
        "https://example.com/?token=abc",
        "www.example.com",
        "水\x07银",
        "水" * (LONGEST + 1),
    ],
)
def test_what_may_be_about_a_person_is_not_kept(analyzer: Analyzer, question: str) -> None:
    assert is_private(folded_question(question, analyzer))


@pytest.mark.parametrize(
    "question",
    [
        "缸水怎么换",
        "GB 18918—2002 一级A",
        "HJ/T 123456-2023",
        "HW17 336-054-17",
        "环发〔2003〕60号",
        "2026-08-15 施行的法律",
        "二〇二六年八月十五日起施行",
        "Y180M-4 电动机",
        "SL7-30/10~SL7-1600/10",
        "每年 120000 吨",
        "六价铬 0.05 mg/L",
        "手机壳电镀",
        "第一千二百四十二条",
        "水" * LONGEST,
    ],
)
def test_what_the_field_asks_is_kept(analyzer: Analyzer, question: str) -> None:
    assert not is_private(folded_question(question, analyzer))


def counted(library: Library, q: str, **args: str) -> tuple[str, str] | None:
    wanted = parse_request({"q": [q], **{name: [value] for name, value in args.items()}})
    return to_count(wanted, library.finder.find(wanted.query), library.analyzer)


def test_a_question_is_counted_under_one_spelling_with_what_became_of_it(library: Library) -> None:
    assert counted(library, "锑冶煉  ＸＹ") == ("锑冶炼 xy", "nothing")
    assert counted(library, "锑冶\u200b炼") == ("锑冶炼", "nothing")


def test_what_was_doubted_is_counted_as_poor(library: Library) -> None:
    wanted = parse_request({"q": ["含铬废水"]})
    results = library.finder.find(wanted.query)
    assert to_count(wanted, results, library.analyzer) is None
    doubted = replace(results, confidence="perhaps")
    assert to_count(wanted, doubted, library.analyzer) == ("含铬废水", "poor")


@pytest.mark.parametrize(
    ("q", "args"),
    [
        ("含铬废水", {}),  # answered
        ("", {}),  # browsing
        ("锑冶炼", {"collection": "technology"}),
        ("锑冶炼", {"page": "2"}),
        ("锑冶炼", {"synonyms": "off"}),
        ("锑冶炼 13800138000", {}),
    ],
)
def test_what_no_synonym_would_cure_is_not_counted(library: Library, q: str, args: dict[str, str]) -> None:
    assert counted(library, q, **args) is None
