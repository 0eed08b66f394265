"""Web pages: the text and the publisher's data, never scripts or frames around them."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.formats import extract
from cpkb.extract.html import HtmlExtractor
from tests.extract.contract import message_of
from tests.extract.documents import PAGE


def test_the_data_table_gives_the_facts() -> None:
    (document,), _ = extract(PAGE.encode(), "a.html")
    assert document.title == "关于示例的通知"
    assert document.fields == {
        "issuer": "示例部",
        "issued": "2020-01-02",
        "number": "示发〔2020〕5号",
        "kind": "normative_document",
    }


def test_the_text_is_kept_and_what_surrounds_it_dropped() -> None:
    (document,), _ = extract(PAGE.encode(), "a.html")
    text = "\n".join(passage.text for passage in document.passages)
    assert "一、第一项示例内容。" in text
    assert not any(word in text for word in ("脚本", "导航栏", "索引号", "hidden"))


def test_the_title_broken_in_lines_is_not_repeated_in_the_text() -> None:
    (document,), _ = extract(PAGE.encode(), "a.html")
    assert document.passages[0].text == "示例市："


def test_a_cell_that_spans_rows_is_repeated() -> None:
    (document,), _ = extract(PAGE.encode(), "a.html")
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    assert table.text == "名称｜数值\n甲｜1\n甲｜2"


def test_a_head_that_spans_columns_stands_over_each_and_columns_of_layout_are_dropped() -> None:
    rows = (
        "<tr><th colspan=2>税目</th><th>税额</th><th colspan=2>备注</th></tr>",
        "<tr><td>固体废物</td><td>尾矿</td><td>15元</td><td colspan=2>每吨</td></tr>",
        f"<tr><td colspan=2>{'说明' * 20}</td><td>5元</td><td colspan=2></td></tr>",
    )
    (draft,) = HtmlExtractor().read(f"<html><body><table>{''.join(rows)}</table></body></html>".encode(), "a.html")
    assert [block.text for block in draft.blocks if block.cells] == [
        "税目｜税目｜税额｜备注",
        "固体废物｜尾矿｜15元｜每吨",
        f"{'说明' * 20}｜｜5元｜",
    ]


def test_a_page_that_declares_a_wrong_charset_is_read() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>镕与10³，示例。</p></body></html>'
    assert HtmlExtractor().read(page.encode(), "a.html")[0].blocks[0].text == "镕与10³，示例。"


def test_paragraphs_and_headings_are_blocks() -> None:
    (draft,) = HtmlExtractor().read("<body><h2>标题</h2><p>一<br>二</p>三</body>".encode(), "a.html")
    assert [(block.level, block.text) for block in draft.blocks] == [(2, "标题"), (0, "一"), (0, "二"), (0, "三")]


@pytest.mark.parametrize(("page", "says"), [("纯文本示例", "不是网页"), ("<script>1</script>", "没有正文")])
def test_what_is_no_page_is_refused(page: str, says: str) -> None:
    with pytest.raises(ExtractError, match=says):
        HtmlExtractor().read(page.encode(), "a.html")


def test_a_page_nested_without_end_is_refused_or_read_without_exhausting_the_stack() -> None:
    page = "<div>" * 20_000 + "示例" + "</div>" * 20_000
    assert "a.html" in message_of(page.encode(), "a.html")


def test_a_cell_cannot_span_more_than_a_table_could_hold() -> None:
    first = '<tr><td rowspan="99999999" colspan="99999999">甲</td><td>乙</td></tr>'
    page = f"<table>{first}<tr><td>丙</td><td>丁</td></tr></table>"
    assert HtmlExtractor().read(page.encode(), "a.html")[0].blocks


def test_raised_figures_of_a_page_stay_raised() -> None:
    page = "<p>流量不得高于10<sup>3</sup>m<sup>3</sup>/d，Cr<sup>6+</sup>见注<sup>[1]</sup>。</p>"
    (draft,) = HtmlExtractor().read(page.encode(), "a.html")
    assert draft.blocks[0].text == "流量不得高于10³m³/d，Cr⁶⁺见注[1]。"
