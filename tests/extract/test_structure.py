"""Blocks to passages: articles, clauses, sections and plain paragraphs, each citable."""

from __future__ import annotations

import pytest

from cpkb.extract.extractor import Block
from cpkb.extract.structure import passages, scheme, without_title
from cpkb.model.passage import SHOWN_LENGTH

SENTENCE = "示例文字编写供测试使用，不是真实的要求。"


def blocks(*texts: str) -> list[Block]:
    return [Block(text) for text in texts]


def located(*texts: str) -> list[tuple[str, str]]:
    return [(passage.locator, passage.text) for passage in passages(blocks(*texts))]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("第一条 示例。", "第二条 示例。"), "articles"),
        (("1 总则", "1.1 示例。", "1.2 示例。", "2 方法", "2.1 示例。", "2.2 示例。"), "clauses"),
        (("一、示例", "二、示例"), "outline"),
        (("示例。", "又示例。"), "paragraphs"),
    ],
)
def test_the_scheme_is_seen_from_the_marks(texts: tuple[str, ...], name: str) -> None:
    assert scheme(blocks(*texts)) == name


def test_articles_keep_their_paragraphs_and_stand_under_their_chapters() -> None:
    found = passages(blocks("第二编 示例", "第一章 总则", "第一条 甲。", "乙。", "第二条 丙。"))
    assert [(p.locator, p.text, p.kind) for p in found] == [
        ("第一条", "第一条 甲。\n乙。", "article"),
        ("第二条", "第二条 丙。", "article"),
    ]
    assert found[0].headings == ("第二编　示例", "第一章　总则")


def test_a_chapter_whose_title_is_on_the_next_line_is_joined() -> None:
    found = passages(blocks("第一章", "总则", "第一条 甲。", "第二条 乙。"))
    assert found[0].headings == ("第一章　总则",)


def test_a_long_article_is_cut_at_sentence_ends_with_locators_of_their_own() -> None:
    found = passages(blocks("第一条 " + SENTENCE * 60, "第二条 示例。"))
    assert [p.locator for p in found] == ["第一条", "第一条（续1）", "第一条（续2）", "第二条"]
    assert all(len(p.text) <= SHOWN_LENGTH for p in found)
    assert all(p.text.endswith("。") for p in found)
    assert "".join(p.text for p in found[:3]) == "第一条 " + SENTENCE * 60


def test_clauses_stand_under_the_titles_of_their_parents() -> None:
    found = passages(blocks("1 总则", "1.1 范围", "甲。", "1.2 乙。", "2 方法", "2.1 清洗", "2.1.1 逆流", "丙。"))
    assert [(p.locator, p.text, p.headings) for p in found] == [
        ("1.1", "1.1 范围\n甲。", ("1 总则",)),
        ("1.2", "1.2 乙。", ("1 总则",)),
        ("2.1.1", "2.1.1 逆流\n丙。", ("2 方法", "2.1 清洗")),
    ]


def test_numbers_that_do_not_follow_are_text() -> None:
    found = located(
        "1 总则", "1.1 浓度为", "5.2 倍时，示例。", "1.2 甲。", "1.3 乙。", "1.5 米以下，示例。", "2 方法", "2.1 丙。"
    )
    assert [locator for locator, _ in found] == ["1.1", "1.2", "1.3", "2.1"]
    assert "1.5 米以下" in found[2][1]


def test_a_defined_term_is_joined_to_its_number() -> None:
    found = located(
        "3 术语", "3.1", "示例 example", "为测试编写的文字。", "3.2", "甲 a", "乙。", "3.3 丙。", "3.4 丁。"
    )
    assert found[0] == ("3.1", "3.1 示例 example\n为测试编写的文字。")


def test_an_appendix_has_its_own_numbers() -> None:
    texts = ("1 总则", "1.1 甲。", "1.2 乙。", "附 录 A", "（资料性附录）", "示例方法", "A.1 原理", "丙。", "A.2 丁。")
    found = passages(blocks(*texts))
    assert [(p.locator, p.headings) for p in found[2:]] == [("A.1", ("附录A 示例方法",)), ("A.2", ("附录A 示例方法",))]


def test_a_list_in_a_foreword_is_no_chapter() -> None:
    found = located(
        "前 言",
        "由两部分组成：",
        "1. 示例通则",
        "2. 示例方法",
        "1 范围",
        "甲。",
        "2 要求",
        "2.1 乙。",
        "2.2 丙。",
        "2.3 丁。",
        "2.4 戊。",
    )
    assert [locator for locator, _ in found] == ["前言", "1", "2.1", "2.2", "2.3", "2.4"]


def test_a_section_whose_number_is_lost_is_named_by_its_first_clause() -> None:
    found = passages(
        blocks("5 要求", "范围", "甲。", "储存要求", "5.2.1 乙。", "5.2.2 丙。", "转移要求", "5.3.1 丁。", "5.3.2 戊。")
    )
    assert [(p.locator, p.headings) for p in found[1:]] == [
        ("5.2.1", ("5 要求", "5.2 储存要求")),
        ("5.2.2", ("5 要求", "5.2 储存要求")),
        ("5.3.1", ("5 要求", "5.3 转移要求")),
        ("5.3.2", ("5 要求", "5.3 转移要求")),
    ]
    assert found[2].text == "5.2.2 丙。"


def test_terms_without_their_numbers_are_numbered_by_their_order() -> None:
    terms = ("3 术语和定义", "示例 example", "为测试编写。", "示例物料 example material", "含示例的物料。")
    found = located(*terms, "4 要求", "4.1 甲。", "4.2 乙。", "4.3 丙。", "4.4 丁。")
    assert found[:2] == [
        ("3.1", "3.1 示例 example\n为测试编写。"),
        ("3.2", "3.2 示例物料 example material\n含示例的物料。"),
    ]


def test_a_foreword_is_a_preface() -> None:
    found = passages(blocks("前 言", "甲。", "1 总则", "1.1 乙。", "1.2 丙。", "2 方法", "2.1 丁。", "2.2 戊。"))
    assert (found[0].locator, found[0].kind, found[0].text) == ("前言", "preface", "甲。")


def test_a_table_follows_its_clause_under_the_clause_that_speaks_of_it() -> None:
    table = [Block("表 1 示例", kind="caption"), Block("名｜值", kind="header"), Block("甲｜1", kind="row")]
    text = blocks("1 总则", "1.1 甲", "见表 1。", "1.2 乙", "丙。")
    found = passages([*text, *table, *blocks("丁。", "1.3 戊。", "1.4 己。")])
    assert [(p.locator, p.text) for p in found] == [
        ("1.1", "1.1 甲\n见表 1。"),
        ("1.2", "1.2 乙\n丙。\n丁。"),
        ("表1", "表 1 示例\n名｜值\n甲｜1"),
        ("1.3", "1.3 戊。"),
        ("1.4", "1.4 己。"),
    ]
    assert found[2].headings == ("1 总则", "1.1 甲")


def test_a_long_table_repeats_caption_and_header() -> None:
    rows = [Block(f"{at}｜{SENTENCE}", kind="row") for at in range(60)]
    found = passages([Block("表 1 示例", kind="caption"), Block("号｜文", kind="header"), *rows])
    assert [p.locator for p in found[:2]] == ["表1", "表1（续1）"]
    assert all(p.text.startswith("表 1 示例\n号｜文\n") and len(p.text) <= SHOWN_LENGTH for p in found)
    assert sum(p.text.count("示例文字") for p in found) == 60


@pytest.mark.parametrize(
    ("columns", "row", "heads"),
    [
        (45, "甲" * 20, "｜".join(["示例的排放限值"] * 45)),  # each over its column, as long as rows fit below
        (45, "甲" * 500, "示例的排放限值"),
        (200, "甲" * 20, "示例的排放限值"),
    ],
)
def test_a_name_over_many_columns_leaves_room_for_rows(columns: int, row: str, heads: str) -> None:
    header = Block("｜".join(["项目", *["示例的排放限值"] * columns]), kind="header")
    found = passages(
        [Block("表 1 示例", kind="caption"), header, *[Block(f"{at}｜{row}", kind="row") for at in range(30)]]
    )
    assert len(found) > 1
    assert all(p.text.startswith(f"表 1 示例\n项目｜{heads}\n") and len(p.text) <= SHOWN_LENGTH for p in found)


def test_sections_of_a_notice_are_cited_by_their_marks() -> None:
    long = SENTENCE * 4
    found = located(
        "各单位：", "一、目标", "示例。", "二、措施", f"（一）组织。{long}", f"（二）检查。{long}", "1.甲；", "2.乙。"
    )
    assert [locator for locator, _ in found] == ["引言", "一、", "二（一）", "二（二）"]
    assert found[3][1].endswith("1.甲；\n2.乙。")


def test_items_numbered_through_the_text_are_cited_alone() -> None:
    long = SENTENCE * 4
    found = located("一、甲", f"（一）{long}", f"（二）{long}", "二、乙", f"（三）{long}", f"（四）{long}")
    assert [locator for locator, _ in found] == ["（一）", "（二）", "（三）", "（四）"]


def test_items_numbered_through_the_text_are_cited_alone_however_short() -> None:
    found = located("一、甲", "（一）示例。", "（二）示例。", "二、乙", "（三）示例。", "（四）示例。")
    assert [locator for locator, _ in found] == ["（一）", "（二）", "（三）", "（四）"]


def test_items_below_a_section_are_units_when_they_are_sentences() -> None:
    found = located("一、甲", "（一）原则。", f"1.{SENTENCE * 4}", f"2.{SENTENCE * 4}", "（二）目标。", "二、乙")
    assert [locator for locator, _ in found] == ["一（一）1", "一（一）2", "一（二）", "二、"]


def test_what_is_printed_after_the_signature_is_apart() -> None:
    found = located("一、甲。", "二、乙。", "示例部", "2020年1月2日", "主题词：示例", "抄送：示例局。")
    assert found[-2:] == [("二、", "二、乙。"), ("落款", "示例部\n2020年1月2日\n主题词：示例\n抄送：示例局。")]


def test_short_items_of_one_sentence_stay_together() -> None:
    found = located("一、职责如下：", "1、甲；", "2、乙；", "3、丙。", "二、示例。")
    assert [locator for locator, _ in found] == ["一、", "二、"]


def test_the_signature_is_apart() -> None:
    found = located("一、甲。", "二、乙。", "示例部", "2020年1月2日")
    assert found[-1] == ("落款", "示例部\n2020年1月2日")


def test_attachments_are_segments_of_their_own() -> None:
    found = passages(blocks("一、甲。", "二、乙。", "附件1", "示例办法", "第一条 丙。", "第二条 丁。"))
    assert [p.locator for p in found] == ["一、", "二、", "附件1 第一条", "附件1 第二条"]
    assert found[2].headings == ("附件1　示例办法",)


def test_paragraphs_are_packed_but_never_across_a_heading() -> None:
    texts = [
        Block("甲", level=2, kind="heading"),
        *blocks("一。", "二。"),
        Block("乙", level=2, kind="heading"),
        Block("三。"),
    ]
    assert [(p.locator, p.text, p.headings) for p in passages(texts)] == [
        ("第1段", "一。\n二。", ("甲",)),
        ("第3段", "三。", ("乙",)),
    ]


def test_a_locator_used_again_is_made_unique() -> None:
    found = located("第一条 甲。", "第二条 乙。", "第一条 丙。", "第二条 丁。")
    assert [locator for locator, _ in found] == ["第一条", "第二条", "第一条〔2〕", "第二条〔2〕"]


def test_the_title_is_not_repeated_as_text() -> None:
    assert [
        block.text
        for block in without_title(blocks("关于示例", "的通知", "正文。", "关于示例的通知"), "关于示例的通知")
    ] == ["正文。"]


def test_no_passage_is_longer_than_what_is_shown() -> None:
    endless = "示例" * 2000
    for texts in ((endless,), ("第一条 " + endless, "第二条 甲。"), ("一、" + endless, "二、甲。")):
        assert all(len(passage.text) <= SHOWN_LENGTH for passage in passages(blocks(*texts)))


def test_a_short_clause_without_a_full_stop_is_kept_when_nothing_is_below_it() -> None:
    found = located("1 总则", "1.1 甲", "1.2 乙", "1.2.1 丙。", "1.3 丁", "2 方法", "2.1 戊。")
    assert [locator for locator, _ in found] == ["1.1", "1.2.1", "1.3", "2.1"]
