"""The text of a guide: what it may hold, how it is cut, and what is refused."""

from __future__ import annotations

import pytest

from cpkb.errors import FieldError
from cpkb.model.markup import Inline, linked_records, passages, sections
from cpkb.model.passage import SHOWN_LENGTH

TEXT = """
开头一段，
分成两行。

## 省水

改成 [[counterflow]]，再配 [[ion-exchange|离子交换]]。

- 先装**水表**
- 再改逆流

### 花多少钱

| 做法 | 节水 |
|---|---|
| [[counterflow|逆流]] | 65% |

## 收水

1. 分质收集
2. 沉淀

> 提示：不要混排。
见 [生态环境部](https://www.mee.gov.cn/) 或 [搜索](/search?q=铬)。
""".replace("混排。\n见", "混排。\n\n见")


def test_sections_have_locators_and_the_headings_above_them() -> None:
    assert [(s.locator, s.level, s.headings) for s in sections(TEXT)] == [
        ("导读", 2, ()),
        ("省水", 2, ()),
        ("花多少钱", 3, ("省水",)),
        ("收水", 2, ()),
    ]


def test_blocks_are_told_apart() -> None:
    kinds = [[block.kind for block in section.blocks] for section in sections(TEXT)]
    assert kinds == [["paragraph"], ["paragraph", "list"], ["table"], ["steps", "note", "paragraph"]]


def test_links_and_strong_words_are_runs_of_their_own() -> None:
    water, _, collect = sections(TEXT)[1:]
    assert water.blocks[0].rows[0][0][1:4:2] == (
        Inline("", record="counterflow"),
        Inline("离子交换", record="ion-exchange"),
    )
    assert water.blocks[1].rows[0][0] == (Inline("先装"), Inline("水表", is_strong=True))
    assert [run.address for run in collect.blocks[2].rows[0][0] if run.address] == [
        "https://www.mee.gov.cn/",
        "/search?q=铬",
    ]
    assert linked_records(TEXT) == ("counterflow", "ion-exchange")


def test_a_search_finds_the_summary_and_every_section() -> None:
    found = passages("一句话。", TEXT)
    assert [passage.locator for passage in found] == ["要点", "导读", "省水", "花多少钱", "收水"]
    assert found[3].text == "花多少钱\n做法｜节水\n逆流｜65%"
    assert found[3].headings == ("省水",)
    assert [passage.ordinal for passage in found] == [0, 1, 2, 3, 4]
    assert len({passage.anchor for passage in found}) == 5


def test_a_long_section_is_cut_between_its_blocks() -> None:
    text = "## 长\n\n" + "\n\n".join("字" * 250 for _ in range(5))
    found = sections(text)
    assert [section.locator for section in found] == ["长", "长（续1）", "长（续2）"]
    assert found[1].headings == ("长",)
    assert all(len(section.plain) <= SHOWN_LENGTH for section in found)


def test_a_heading_that_comes_again_has_a_locator_of_its_own() -> None:
    assert [s.locator for s in sections("## 甲\n\n一\n\n## 甲\n\n二")] == ["甲", "甲〔2〕"]


REFUSED = {
    "# 大标题": "## 或 ###",
    "#### 小": "## 或 ###",
    "- 列表\n一段": "空一行",
    "有 <b>粗</b>": "HTML",
    "![图](/a.png)": "图片",
    "```": "代码块",
    "- 一\n  - 二": "一层",
    "见 [[Wrong Id]]": "条目编号",
    "见 [[没有关上": "没有成对",
    "**没有关上": "没有成对",
    "**[[rinsing|逆流]]**": "强调里不能有链接",
    "[点我](javascript:alert)": "https://",
    "[点我](//host/x)": "https://",
    "| 一 | 二 |\n|---|---|\n| 三 |": "表头有 2 格",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_it_does_not_know_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FieldError, match=r"第\d行") as refused:
        sections(text)
    assert REFUSED[text] in str(refused.value)
