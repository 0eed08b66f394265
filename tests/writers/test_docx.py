"""The memo as DOCX, read back: headings, tables, quotations, fonts; text stays text, the same paper the same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from cpkb.writers.docx import as_docx
from cpkb.writers.memo import memo
from tests.writers.answers import ANSWERS, OCCASION, RARE, full, hostile, quoted


def read(answer: Any) -> Any:
    return Document(io.BytesIO(as_docx(memo(answer, OCCASION))))


def all_text(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def styled(document: Any, style: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_its_headings_are_real() -> None:
    document = read(full())
    assert styled(document, "Title") == ["咨询备忘录"]
    assert styled(document, "Heading 1")[:3] == ["要点", "可用技术", "必须履行的义务与期限"]
    assert "1. 示例逆流漂洗" in styled(document, "Heading 2")


def test_its_tables_are_real_and_repeat_their_heads() -> None:
    tables = read(full()).tables
    assert [table.rows[0].cells[0].text for table in tables] == ["问题", "条目", "一处说", "方面", "序号"]
    heads = [bool(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")) for table in tables]
    assert heads == [False, True, True, True, True]


def test_every_citation_is_quoted_word_for_word() -> None:
    text = all_text(read(full()))
    assert RARE in text
    assert all(citation.quoted in text for citation in quoted(full()))


def test_decisive_words_are_bold() -> None:
    quotes = [p for p in read(full()).paragraphs if p.style.name == "Quote"]
    assert [run.text for run in quotes[3].runs if run.bold] == ["漂洗水", "回用", "回用"]


def test_chinese_has_its_own_font_everywhere_and_no_theme_decides() -> None:
    document = read(full())
    for name, font in {"Normal": "宋体", "Quote": "宋体", "Heading 1": "黑体", "Title": "黑体", "出处": "宋体"}.items():
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert not [key for key in fonts.attrib if "Theme" in key]
    runs = document.element.body.xpath(".//w:r[w:t]")
    assert runs
    assert all(run.rPr.rFonts.get(qn("w:hint")) == "eastAsia" for run in runs)


def test_the_page_is_a4_with_product_day_reminder_and_page_numbers() -> None:
    section = read(full()).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert "清洁生产知识库" in section.header.paragraphs[0].text
    assert "2026-11-22" in section.header.paragraphs[0].text
    assert "不是法律意见；未列入清单不等于合规" in section.footer.paragraphs[0].text
    fields = section.footer._element.xpath(".//w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]


def test_addresses_are_links() -> None:
    document = read(full())
    targets = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert "http://127.0.0.1:8000/documents/sample-law#%E7%AC%AC%E4%BA%8C%E6%9D%A1" in targets
    assert "地址：http://127.0.0.1:8000/documents/sample-law#第二条" in all_text(document)


def test_its_properties_tell_question_and_day() -> None:
    properties = read(full()).core_properties
    assert properties.title == "咨询备忘录：镀铬漂洗水太多，怎么少排点"
    assert properties.author == "清洁生产知识库"
    assert properties.created.isoformat()[:10] == "2026-11-22"


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
def test_the_same_paper_is_the_same_bytes(make: Any) -> None:
    paper = memo(make(), OCCASION)
    assert as_docx(paper) == as_docx(paper)


def test_an_attack_stays_text() -> None:
    written = as_docx(memo(hostile(), OCCASION))
    document = Document(io.BytesIO(written))
    assert "<b>&amp;</b>]]><w:p/>" in all_text(document)
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        names = {tag for name in parts.namelist() if name.endswith((".xml", ".rels")) for tag in tags(parts.read(name))}
        linked = parts.read("word/_rels/document.xml.rels").decode()
    assert not names & {"b", "font", "script"}
    assert "javascript:" not in linked


def tags(xml: bytes) -> set[str]:
    """Names of elements without a namespace of Office: there must be none that a text brought in."""
    return {str(element.tag) for element in etree.fromstring(xml).iter() if "}" not in str(element.tag)}
