"""Markdown: the head, badges, containers and inline HTML of pages met in practice."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Draft
from cpkb.extract.formats import extract
from cpkb.extract.frontmatter import split_head
from cpkb.extract.markdown import MarkdownExtractor, inline


def read(text: str) -> Draft:
    return MarkdownExtractor().read(text.encode(), "a.md")[0]


def texts(text: str) -> list[str]:
    return [block.text for block in read(text).blocks]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("**第一条**　示例", "第一条　示例"),
        ('<p id="t1">&emsp;&emsp;<b>第一条</b>&emsp;示例</p>', "第一条\u2003示例"),
        ("见[原文](/a/b#t1){target=_blank}:mag:", "见原文"),
        ("![图](/a.png)示例", "示例"),
        ("`代码`与*强调*", "代码与强调"),
        ("a < b 且 c > d", "a < b 且 c > d"),
        ("\u200b", ""),
    ],
)
def test_a_line_is_read_as_a_person_sees_it(line: str, shown: str) -> None:
    assert inline(line) == shown


def test_the_head_gives_title_and_facts() -> None:
    page = read(
        "---\ntitle: 广东示例办法\ndate: 2021-05-21\nauthor: 示例厅\ncategory:\n  - 规章\n"
        "tag:\n  - 地方规章\n  - 粤\n---\n示例。"
    )
    assert page.title == "广东示例办法"
    assert page.facts == {"dated": "2021-05-21", "author": "示例厅", "kind": "local_rule", "region": "广东"}


def test_a_page_without_category_is_dated_by_its_publication() -> None:
    assert read("---\ndate: 2021-05-21\n---\n示例。").facts == {"issued": "2021-05-21"}


@pytest.mark.parametrize("text", ["---\ntitle: 未闭合\n", "示例\n---\n", "----\na\n---\n"])
def test_a_text_without_a_closed_head_is_all_body(text: str) -> None:
    assert split_head(text) == ({}, text)


@pytest.mark.parametrize(
    ("badges", "status"),
    [("有效", "in_force"), ("已废止", "repealed"), ("失效", "repealed"), ("尚未生效", None), ("示例", None)],
)
def test_a_badge_tells_the_status(badges: str, status: str | None) -> None:
    page = read(f'<Badge text="{badges}" type="tip" /><Badge text="2021/05/21施行" type="info" />\n\n示例。')
    assert page.facts.get("status") == status
    assert page.facts["effective"] == "2021/05/21"


def test_badges_of_several_texts_tell_nothing_of_the_page() -> None:
    page = read('<Badge text="有效" />\n\n示例。\n\n<Badge text="已废止" />')
    assert "status" not in page.facts


def test_contents_and_viewer_hints_are_left_out() -> None:
    page = (
        "::: details 目录\n\n::: tabs\n\n@tab 章节\n\n[[toc]]\n\n@tab 条例\n\n- 第1~2条：\n\n  [1](#t1)\n\n:::\n\n"
        '::: warning\n\n本文使用PDF预览窗口<Badge text="基于Chromium内核" />\n\n:::\n\n示例。\n'
    )
    assert texts(page) == ["示例。"]


def test_headings_rules_and_tables_are_told_apart() -> None:
    page = read("## 一、示例\n\n---\n\n| 名称 | 数值 |\n| --- | --- |\n| 甲 | 1 |\n")
    assert [(block.kind, block.level, block.text) for block in page.blocks] == [
        ("heading", 2, "一、示例"),
        ("header", 0, "名称｜数值"),
        ("row", 0, "甲｜1"),
    ]


def test_an_html_table_is_read_with_its_merged_cells() -> None:
    rows = '<tr><th>类</th><th>量</th></tr>\n<tr><td rowspan="2">甲</td><td>1</td></tr>\n<tr><td>2</td></tr>'
    page = f"<table>\n{rows}\n</table>\n"
    assert texts(page) == ["类｜量", "甲｜1", "甲｜2"]


def test_a_standard_is_numbered_by_the_one_file_it_shows() -> None:
    assert read("[全文](/static/GB-9901-2031.pdf)\n\n示例。").facts["number"] == "GB 9901—2031"
    assert read("[全文](/static/DB-44-99-2031.pdf)\n\n示例。").facts["number"] == "DB 44/99—2031"
    assert "number" not in read("[甲](/GB-1-2031.pdf)\n\n[乙](/GB-2-2031.pdf)\n\n示例。").facts


def test_a_page_that_only_embeds_a_file_says_which_to_import() -> None:
    with pytest.raises(ExtractError, match="请导入那个文件"):
        extract('---\ntitle: 示例\n---\n<PDF url="/static/a.pdf" />\n'.encode(), "a.md")
