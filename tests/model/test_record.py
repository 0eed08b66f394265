"""Records: addresses, what is searched of them, works, and one record from several sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.model.passage import SHOWN_LENGTH, Passage, cut
from cpkb.model.record import Record, Relation, merge, passages_of, work_key
from cpkb.model.source import Citation, Source

SHIPPED = Source("本库摘编", origin="shipped", file="corpus/records/technology/a.toml")
IMPORTED = Source("电镀指南", origin="imported", file="guides/电镀.pdf")
EDITED = Source("编辑", origin="edited")
RINSING = Record(
    "rinsing",
    "technology",
    "逆流漂洗",
    {"summary": "多级逆流漂洗节水", "industry": ("33",), "kind": "prevention"},
    (SHIPPED,),
)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("清洁生产促进法", "清洁生产促进法"),
        ("中华人民共和国清洁生产促进法", "清洁生产促进法"),
        ("《中华人民共和国清洁生产促进法》", "清洁生产促进法"),
        ("中华人民共和国清洁生产促进法（2012修正）", "清洁生产促进法"),
        ("中华人民共和国清洁生产促进法(2012年修正)", "清洁生产促进法"),
        ("中华人民共和国清洁生产 促进法（2012年修订本）", "清洁生产促进法"),
        ("产业结构调整指导目录（2024年本）", "产业结构调整指导目录"),
        ("环境保护综合名录（2021年版）", "环境保护综合名录"),
        ("“十四五”清洁生产推行方案", "十四五清洁生产推行方案"),
        ("HJ 1306—2023", "hj1306—2023"),
        ("ＨＪ 1306—2023", "hj1306—2023"),
        ("清洁生产审核办法（试行）", "清洁生产审核办法(试行)"),
        ("废盐利用处置污染控制技术规范（农药行业）", "废盐利用处置污染控制技术规范(农药行业)"),
    ],
)
def test_editions_of_one_work_share_a_key_and_other_works_do_not(title: str, key: str) -> None:
    assert work_key(title) == key


@given(st.text())
def test_a_key_is_its_own_key_in_book_marks(title: str) -> None:
    assert work_key(f"《{title}》") == work_key(title)


def test_a_document_and_a_record_have_different_addresses() -> None:
    assert RINSING.address == "/records/technology/rinsing"
    assert replace(RINSING, body=(Passage(0, "正文"),)).address == "/documents/rinsing"


def test_a_record_is_searched_through_its_title_and_fields_as_people_read_them() -> None:
    (passage,) = passages_of(RINSING)
    assert passage.text == "逆流漂洗\n要点：多级逆流漂洗节水\n行业：金属制品业\n技术类别：污染预防"
    assert (passage.kind, passage.locator) == ("record", "")


def test_ids_of_other_records_are_links_and_no_text() -> None:
    fields = {**RINSING.fields, "combines_with": ("spray-rinsing", "reverse-osmosis")}
    assert passages_of(replace(RINSING, fields=fields)) == passages_of(RINSING)


def test_a_row_of_a_list_keeps_its_place() -> None:
    (passage,) = passages_of(replace(RINSING, locator="1-1"))
    assert (passage.kind, passage.locator, passage.anchor) == ("row", "1-1", "1-1")


def test_a_document_is_searched_through_its_body_alone() -> None:
    body = (Passage(0, "第一条", "第一条"), Passage(1, "第二条", "第二条"))
    assert passages_of(replace(RINSING, body=body)) == body


@pytest.mark.parametrize(
    ("locator", "anchor"), [("第二十七条", "第二十七条"), ("6.1.3.2", "6.1.3.2"), ("附录 A", "附录A"), ("", "p7")]
)
def test_an_anchor_is_the_locator_without_white_space_or_else_the_place(locator: str, anchor: str) -> None:
    assert Passage(7, "文", locator).anchor == anchor


class TestMerge:
    def test_one_contribution_stays_as_it_is(self) -> None:
        assert merge([RINSING]) == RINSING

    @pytest.mark.parametrize("turned", [False, True], ids=["weak first", "strong first"])
    def test_the_stronger_origin_wins_field_by_field_in_any_order(self, turned: bool) -> None:  # noqa: FBT001 — a case of the table
        imported = replace(RINSING, title="多级逆流漂洗", fields={"summary": "指南说"}, sources=(IMPORTED,))
        merged = merge([imported, RINSING] if turned else [RINSING, imported])
        assert merged.title == "多级逆流漂洗"
        assert merged.fields == {"summary": "指南说", "industry": ("33",), "kind": "prevention"}
        assert merged.sources == (SHIPPED, IMPORTED)
        assert merged.source.origin == "imported"

    def test_an_editor_stands_above_all(self) -> None:
        said = [
            replace(RINSING, fields={"summary": word}, sources=(source,))
            for word, source in (("编辑说", EDITED), ("摘编说", SHIPPED), ("指南说", IMPORTED))
        ]
        assert merge(said).value("summary") == "编辑说"

    def test_fields_keep_the_declared_order(self) -> None:
        imported = replace(RINSING, fields={"aliases": ("漂洗",), "summary": "指南说"}, sources=(IMPORTED,))
        assert list(merge([RINSING, imported]).fields) == ["summary", "industry", "kind", "aliases"]

    def test_citations_and_relations_of_all_are_kept_once(self) -> None:
        first, second = Citation("电镀指南", "6.1"), Citation("电镀指南", "6.2")
        repeal = Relation("repeals", "旧办法", "2026-08-15")
        shipped = replace(RINSING, citations=(first,), relations=(repeal,))
        imported = replace(RINSING, citations=(second, first), relations=(repeal,), sources=(IMPORTED,))
        merged = merge([imported, shipped])
        assert merged.citations == (first, second)
        assert merged.relations == (repeal,)

    def test_a_body_and_a_place_survive_a_stronger_source_without_them(self) -> None:
        body = (Passage(0, "正文"),)
        imported = replace(RINSING, body=body, locator="1-1", sources=(IMPORTED,))
        merged = merge([imported, replace(RINSING, sources=(EDITED,))])
        assert (merged.body, merged.locator) == (body, "1-1")


class TestCut:
    def test_a_short_text_is_left_alone(self) -> None:
        assert cut("短。") == "短。"

    def test_a_long_text_ends_at_a_sentence_end(self) -> None:
        assert cut("一二三四。五六七八。九", limit=10) == "一二三四。五六七八。"
        assert cut("一二三四五。六七八九十", limit=10) == "一二三四五。"

    def test_without_a_sentence_end_in_the_second_half_it_is_cut_at_the_limit(self) -> None:
        assert cut("一。二三四五六七八九十", limit=10) == "一。二三四五六七八九"

    @given(st.text(alphabet="清洁生产。；！？\n", max_size=2 * SHOWN_LENGTH), st.integers(2, SHOWN_LENGTH))
    def test_it_is_always_a_beginning_within_the_limit_and_at_least_half_of_it(self, text: str, limit: int) -> None:
        shown = cut(text, limit)
        assert text.startswith(shown)
        assert len(shown) <= limit
        assert len(shown) > limit // 2 or shown == text


@pytest.mark.parametrize(
    ("citation", "words"),
    [
        (Citation("电镀指南", "5.2.1", "HJ 1306—2023", 9), "《电镀指南》HJ 1306—2023 5.2.1（第9页）"),
        (Citation("清洁生产促进法", "第二十七条"), "《清洁生产促进法》 第二十七条"),
        (Citation("清洁生产促进法"), "《清洁生产促进法》"),
    ],
)
def test_a_citation_in_words(citation: Citation, words: str) -> None:
    assert citation.in_words() == words


def test_a_name_over_several_columns_of_a_table_is_told_once_and_a_value_in_each() -> None:
    text = "表 1 限值\n项目｜排放限值｜排放限值\n项目｜直接｜间接\n铜｜0.5｜0.5\n说明｜｜"
    told = "表 1 限值\n项目｜排放限值\n项目｜直接｜间接\n铜｜0.5｜0.5\n说明｜｜"
    assert Passage(0, text, kind="table").told == told
    assert Passage(0, text).told == text
