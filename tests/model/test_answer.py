"""An answer: what is marked in a whole quotation, how its items are numbered, which texts stand behind it."""

from __future__ import annotations

import pytest

from tests.writers.answers import bare, citation, full, item, nothing


@pytest.mark.parametrize(
    ("quoted", "marked", "parts"),
    [
        ("漂洗水回用", ("回用",), (("漂洗水", False), ("回用", True))),
        ("漂洗水，漂洗", ("漂洗", "漂洗水"), (("漂洗水", True), ("，", False), ("漂洗", True))),
        ("a.c abc", ("a.c",), (("a.c", True), (" abc", False))),
        ("没有标出的", (), (("没有标出的", False),)),
    ],
)
def test_a_whole_quotation_has_marked_what_its_excerpt_has(
    quoted: str, marked: tuple[str, ...], parts: tuple[tuple[str, bool], ...]
) -> None:
    assert item(citation("sample-law", quoted), "示例", *marked).whole.parts == parts


def test_items_are_numbered_through_all_sections_and_the_nearest_where_there_are_none() -> None:
    assert [(number, one.title) for number, one in full().told()][:3] == [
        (1, "示例逆流漂洗"),
        (2, "5.1 示例一般要求"),
        (3, "示例清洁生产条例 第二条"),
    ]
    assert [number for number, _ in nothing().told()] == [1]
    assert bare().told() == []


def test_a_source_is_told_once_with_the_items_that_rest_on_it() -> None:
    told = {(used.document, used.items, used.citation is not None) for used in full().sources()}
    assert told == {
        ("示例逆流漂洗", (1,), True),
        ("示例可行技术指南", (1, 2, 3), True),
        ("没有导入的文件", (1,), False),
        ("示例清洁生产条例", (3, 4), True),
        ("示例旧条例", (3, 4), True),
    }


def test_a_citation_in_words_leaves_out_what_is_not_known() -> None:
    assert citation("sample-law", "字").in_words() == "《示例清洁生产条例》示例令第1号 第二条"
    assert citation("sample-law", "字", number="", locator="").in_words() == "《示例清洁生产条例》"
