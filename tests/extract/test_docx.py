"""Word files: order of the body, collections of texts, and archives that are not what they seem."""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from cpkb.errors import ExtractError
from cpkb.extract import office_archive
from cpkb.extract.docx import DocxExtractor
from cpkb.extract.formats import extract
from tests.extract.documents import archive, word


def test_paragraphs_and_tables_keep_their_order() -> None:
    (draft,) = DocxExtractor().read(word(), "a.docx")
    assert [(block.kind, block.text[:6]) for block in draft.blocks] == [
        ("heading", "示例技术规范"),
        ("paragraph", "一、总则"),
        ("paragraph", "本规范为测试"),
        ("header", "名称｜数值"),
        ("row", "甲｜1"),
        ("paragraph", "二、方法"),
        ("paragraph", "方法见上表，"),
    ]
    assert draft.title == "示例技术规范"


def test_a_file_of_several_texts_gives_a_document_each() -> None:
    document = Document()
    for name in ("甲", "乙", "丙"):
        document.add_heading(f"{name}行业示例技术政策", 2)
        document.add_paragraph("一、总则")
        document.add_paragraph("（一）示例内容。")
    stream = io.BytesIO()
    document.save(stream)
    documents = extract(stream.getvalue(), "a.docx")[0]
    assert [document.title for document in documents] == [f"{name}行业示例技术政策" for name in "甲乙丙"]
    assert [document.key for document in documents] == [document.title for document in documents]
    assert {(document.collection, document.fields["kind"]) for document in documents} == {
        ("guideline", "technical_policy")
    }


def saved(document: DocxDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_cells_merged_across_and_down_stand_in_every_place_they_cover() -> None:
    document = Document()
    table = document.add_table(rows=4, cols=3)
    for row, texts in zip(
        table.rows, (("序号", "限值", ""), ("", "日均", "小时"), ("1", "50", "60"), ("2", "", "80")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for first, last in (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((2, 1), (3, 1))):
        table.cell(*first).merge(table.cell(*last))
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [(block.kind, block.text) for block in draft.blocks] == [
        ("header", "序号｜限值｜限值"),
        ("header", "序号｜日均｜小时"),
        ("row", "1｜50｜60"),
        ("row", "2｜50｜80"),
    ]
    assert draft.blocks[0].cells == ("序号", "限值", "限值")


def test_a_frame_of_one_cell_and_a_table_inside_a_table_are_read() -> None:
    document = Document()
    frame = document.add_table(rows=1, cols=1)
    frame.cell(0, 0).paragraphs[0].text = "框内的话。"
    inner = frame.cell(0, 0).add_table(rows=2, cols=2)
    for cell, text in zip((cell for row in inner.rows for cell in row.cells), "甲乙丙丁", strict=True):
        cell.text = text
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [block.text for block in draft.blocks] == ["框内的话。", "甲｜乙", "丙｜丁"]


def test_a_cell_merged_down_a_thousand_rows_is_read_in_a_time_that_grows_with_them() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(1, 0))
    for _ in range(2_000):
        table._tbl.append(deepcopy(table._tbl.tr_lst[1]))
    table.cell(0, 0).text = "并"
    table._tbl.tr_lst[-1].tc_lst[1].append(deepcopy(table.cell(0, 0).paragraphs[0]._p))
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert draft.blocks[-1].cells == ("并", "并")


@pytest.mark.parametrize(
    ("written", "pattern", "marks"),
    [
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("chineseCounting", "第%1条", ["第一条", "第二条", "第三条"]),
        ("lowerLetter", "（%1）", ["（a）", "（b）", "（c）"]),
        ("upperRoman", "%1", ["I", "II", "III"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("bullet", "●", ["", "", ""]),
    ],
)
def test_the_numbers_that_word_gives_a_list_are_read(written: str, pattern: str, marks: list[str]) -> None:
    document = Document()
    for text in ("甲", "乙", "丙"):
        document.add_paragraph(text, style="List Number")
    number = document.styles["List Number"].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
    numbering = document.part.numbering_part.element
    kind = next(n for n in numbering.findall(qn("w:num")) if n.get(qn("w:numId")) == number)
    abstract = kind.find(qn("w:abstractNumId")).get(qn("w:val"))
    levels = next(a for a in numbering.findall(qn("w:abstractNum")) if a.get(qn("w:abstractNumId")) == abstract)
    level = levels.find(qn("w:lvl"))
    level.find(qn("w:numFmt")).set(qn("w:val"), written)
    level.find(qn("w:lvlText")).set(qn("w:val"), pattern)
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    shown = [f"{mark} {text}".strip() for mark, text in zip(marks, ("甲", "乙", "丙"), strict=True)]
    assert [block.text for block in draft.blocks] == shown


def _wrapped(tag: str, text: str) -> BaseOxmlElement:
    """A run in an element that wraps it (w:ins, w:smartTag …)."""
    wrapper, run, letters = OxmlElement(tag), OxmlElement("w:r"), OxmlElement("w:t")
    letters.text = text
    run.append(letters)
    wrapper.append(run)
    return wrapper


@pytest.mark.parametrize("tag", ["w:ins", "w:smartTag", "w:fldSimple", "w:hyperlink", "w:moveTo"])
def test_text_that_is_wrapped_is_read(tag: str) -> None:
    document = Document()
    document.add_paragraph("前")._p.append(_wrapped(tag, "2026年"))
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [block.text for block in draft.blocks] == ["前2026年"]


def test_text_that_was_deleted_or_is_hidden_is_not_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("前")
    paragraph._p.append(_wrapped("w:del", "删去"))
    paragraph.add_run("隐藏").font.hidden = True
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [block.text for block in draft.blocks] == ["前"]


def test_paragraphs_and_tables_in_content_controls_are_read() -> None:
    document = Document()
    document.add_paragraph("前")
    table = document.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = "甲乙丙丁"[number]
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    table._tbl.addprevious(control)
    content.append(table._tbl)
    control.append(content)
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [block.text for block in draft.blocks] == ["前", "甲｜乙", "丙｜丁"]


def test_the_text_of_a_box_follows_its_paragraph_once() -> None:
    document = Document()
    box = OxmlElement("w:txbxContent")
    inner = OxmlElement("w:p")
    inner.append(_wrapped("w:smartTag", "框里的话"))
    box.append(inner)
    choice = OxmlElement("w:r")
    choice.append(box)
    document.add_paragraph("前")._p.append(choice)
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert [block.text for block in draft.blocks] == ["前", "框里的话"]


def test_raised_figures_stay_raised() -> None:
    document = Document()
    paragraph = document.add_paragraph("10")
    paragraph.add_run("3").font.superscript = True
    paragraph.add_run("，CO")
    paragraph.add_run("2").font.subscript = True
    (draft,) = DocxExtractor().read(saved(document), "a.docx")
    assert draft.blocks[0].text == "10³，CO2"


def test_the_title_a_template_left_in_the_properties_is_not_the_text_s() -> None:
    document = Document()
    document.core_properties.title = "模板文件"
    document.add_paragraph("示例办法")
    document.add_heading("范围", 1)
    document.add_paragraph("示例。")
    (read,), _ = extract(saved(document), "a.docx")
    assert read.title == "示例办法"


def test_an_archive_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(ExtractError, match=r"没有 word/document\.xml"):
        DocxExtractor().read(archive(a=b"1"), "a.docx")


def test_a_word_file_with_broken_xml_is_refused() -> None:
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
    with pytest.raises(ExtractError, match="不是完整的 DOCX"):
        DocxExtractor().read(archive(**{"word/document.xml": b"<a", "[Content_Types].xml": types}), "a.docx")


def test_an_archive_that_unpacks_too_far_is_refused() -> None:
    bomb = archive(**{"word/document.xml": b"0" * (64 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(ExtractError, match="压缩比"):
        DocxExtractor().read(bomb, "a.docx")


@pytest.mark.parametrize(("limit", "value"), [("ENTRY_LIMIT", 2), ("EXPANDED_LIMIT", 100)])
def test_an_archive_beyond_a_limit_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(office_archive, limit, value)
    with pytest.raises(ExtractError, match="展开后过大"):
        DocxExtractor().read(word(), "a.docx")


def test_external_entities_are_not_read() -> None:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    )
    good = io.BytesIO(word())
    members = _members(good) | {"word/document.xml": xml}
    try:
        drafts = DocxExtractor().read(archive(**members), "a.docx")
    except ExtractError:
        return
    assert not any("root" in block.text for draft in drafts for block in draft.blocks)


def _members(stream: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(stream) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
