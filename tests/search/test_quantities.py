"""Values in a question: what tells one they meet is found however either is written, from the typing to the results."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cpkb.analysis.analyzer import Analyzer
from tests.search.library import Library, build, text

RECORDS = (
    text("boiler-10", "锅炉通告", "淘汰每小时10蒸吨及以下燃煤锅炉。"),
    text("boiler-35", "锅炉方案", "不再新建每小时35蒸吨以下的燃煤锅炉。"),
    text("boiler-65", "锅炉改造", "65蒸吨/小时及以上燃煤锅炉实施超低排放改造。"),
    text("boiler-none", "锅炉管理", "燃煤锅炉应当定期检验。"),
    text("mill-5", "造纸目录", "年产5万吨以下的草浆生产线应当关闭。"),
    text("mill-10", "造纸准入", "新建化学制浆项目单条生产线起始规模要求达到年产10万吨。"),
    text("water-100", "排放标准", "化学需氧量排放限值为100毫克/升。"),
    text("water-50", "特别限值", "化学需氧量特别排放限值50mg/L。"),
    text("fine-20", "罚则", "责令改正，处二十万元以上一百万元以下的罚款。"),
    text("fine-5", "轻罚", "处五万元以下的罚款。"),
    text("motor-35", "电机能效", "额定功率35千瓦的三相异步电动机。"),
    text("motor-y", "电机目录", "Y180M-4 电动机，应当淘汰。"),
    text("vocs-90", "废气治理", "蓄热燃烧对VOCs的去除效率不低于90%。"),
    text("vocs-50", "吸附治理", "活性炭吸附对VOCs的去除率为50%。"),
    text("grade-1", "一级限值", "排入Ⅲ类水域的污水执行一级标准。"),
    text("grade-2", "二级限值", "排入Ⅳ类水域的污水执行二级标准。"),
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    rules = build(tmp_path_factory.mktemp("rules"), RECORDS)
    yield rules
    rules.engine.close()
    rules.store.close()


@pytest.mark.parametrize(
    ("question", "first", "others"),
    [
        ("10蒸吨以下 锅炉", "boiler-10", {"boiler-35", "boiler-65"}),
        ("10 t/h", "boiler-10", {"boiler-35"}),
        ("10t/h 锅炉", "boiler-10", {"boiler-35"}),
        ("每小时十蒸吨及以下", "boiler-10", {"boiler-35", "boiler-65"}),
        ("≤35蒸吨/h", "boiler-35", {"boiler-10", "boiler-65"}),
        ("65蒸吨以上", "boiler-65", {"boiler-35"}),
        ("5万吨/年", "mill-5", set()),
        ("年产五万吨", "mill-5", {"mill-10", "fine-5"}),  # the last for its 五万, far below
        ("100 mg/L", "water-100", set()),
        ("0.1 g/L", "water-100", set()),
        ("100mg/L 化学需氧量", "water-100", {"water-50"}),
        ("二十万元以上", "fine-20", set()),
        ("二十万元以上 罚款", "fine-20", {"fine-5"}),
        ("500000元", "fine-20", set()),
        ("35kW 电机", "motor-35", set()),
        ("35kW", "motor-35", set()),
        ("0.035兆瓦", "motor-35", set()),
        ("VOCs 去除率 90%以上", "vocs-90", {"vocs-50"}),
        ("百分之九十以上", "vocs-90", set()),
        ("一级标准", "grade-1", set()),
        ("Ⅱ级标准", "grade-2", set()),
    ],
)
def test_a_value_leads_to_what_tells_one_it_meets(rules: Library, question: str, first: str, others: set[str]) -> None:
    found = [hit.record.id for hit in rules.ask(question).hits]
    assert found[:1] == [first]
    assert set(found[1:]) == others


@pytest.mark.parametrize("question", ["8000 mg/L", "3 MW", "900万元", "40万吨/年", "15分钟"])
def test_a_value_that_nothing_meets_finds_nothing(rules: Library, question: str) -> None:
    assert rules.ids(question) == set()


@pytest.mark.parametrize(
    ("text", "codes", "values"),
    [
        ("35kW 电机", (), ["35kw"]),
        ("Y180M-4 电机", ("y180m-4",), []),
        ("80M-2", ("80m-2",), []),
        ("10t/h 锅炉", (), ["10t/h"]),
        ("HJ 1306—2023 规定 50 mg/L", ("hj1306-2023",), ["50 mg/l"]),
        ("3W-0.9/7 空压机 7.5kW", ("3w-0.9/7",), ["7.5kw"]),
        ("2024年3月1日", (), []),
    ],
)
def test_a_value_is_no_model_code_and_a_model_code_no_value(
    analyzer: Analyzer, text: str, codes: tuple[str, ...], values: list[str]
) -> None:
    asked = analyzer.ask(text)
    assert tuple(keys[0] for keys in asked.codes) == codes
    assert [value.shown for value in asked.quantities] == values
    indexed = analyzer.terms(text)
    assert set(codes) <= set(indexed.codes)
    assert bool(indexed.codes) == bool(codes)
    assert len(indexed.quantities) == len(values)


def test_a_model_finds_its_row_and_no_value(rules: Library) -> None:
    assert rules.ids("Y180M-4") == {"motor-y"}


def test_the_hit_says_that_its_value_meets_the_one_asked(rules: Library) -> None:
    parts = rules.first("不超过10t/h 锅炉", explain="on").parts
    assert [part.term for part in parts if part.kind == "quantity"] == ["不超过10t/h"]
