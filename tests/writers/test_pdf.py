"""The memo as PDF, read back: text to copy, fonts inside, bookmarks; text stays text, no character becomes a box."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from cpkb.settings import Settings
from cpkb.writers.lines import CLOSING
from cpkb.writers.memo import memo
from cpkb.writers.pdf import as_pdf
from tests.writers.answers import ANSWERS, OCCASION, RARE, full, quoted

FONTS = Settings().fonts
FURNITURE = re.compile(
    r"清洁生产知识库　咨询备忘录 效力按 2026-11-22"
    r"|只摘录本库已有的文字，不是法律意见；未列入清单不等于合规。 第 \d+ 页，共\s*\d+ 页"
)
"""What stands above and below every page."""


@cache
def written(name: str) -> bytes:
    return as_pdf(memo(ANSWERS[name](), OCCASION), FONTS)


def pages(name: str) -> list[str]:
    with pypdfium2.PdfDocument(io.BytesIO(written(name))) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def letters(text: str) -> str:
    """Without spaces and breaks, which a reader of PDF guesses at."""
    return "".join(c for c in text if not c.isspace() and c != "\ufffe")


def text_of(name: str) -> str:
    return letters("".join(FURNITURE.sub("", page) for page in pages(name)))


def fonts(name: str) -> Iterator[tuple[str, bool]]:
    """(name, whether it is inside the file) of the font of every piece of text."""
    with pypdfium2.PdfDocument(io.BytesIO(written(name))) as document:
        for page in document:
            for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
                font = pdfium.FPDFTextObj_GetFont(piece)
                buffer = ctypes.create_string_buffer(200)
                pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
                yield buffer.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))


def test_every_citation_can_be_copied_word_for_word() -> None:
    text = text_of("full")
    for citation in quoted(full()):
        assert letters(citation.quoted.replace(RARE, "〔U+20BB7〕")) in text


def test_a_character_the_fonts_lack_is_written_as_its_code_and_explained() -> None:
    assert "〔U+20BB7〕镀铬漂洗水可以不回用" in text_of("full")
    assert "〔U+…〕是本文件的字体里没有的字" in text_of("full")
    assert "〔U+…〕" not in text_of("nothing")


@pytest.mark.parametrize("name", ANSWERS)
def test_all_fonts_are_inside(name: str) -> None:
    assert set(fonts(name)) == {("NotoSansSC-Regular", True), ("NotoSansSC-Bold", True)}
    assert b"Helvetica" not in written(name)


def test_tables_and_headings_are_there() -> None:
    text = text_of("full")
    for told in (
        "数据一览条目出自指标数值条件1示例逆流漂洗节水率65%以上连续三级",
        "没有找到的方面",
        "资料来源序号文件",
    ):
        assert told in text


def test_headings_are_bookmarks() -> None:
    with pypdfium2.PdfDocument(io.BytesIO(written("full"))) as document:
        titles = [mark.get_title() for mark in document.get_toc()]
    assert titles[:3] == ["咨询备忘录", "要点", "可用技术"]
    assert "1. 示例逆流漂洗" in titles


def test_addresses_are_links() -> None:
    assert b"/URI (http://127.0.0.1:8000/documents/sample-law#%E7%AC%AC%E4%BA%8C%E6%9D%A1)" in written("full")


def test_every_page_is_a4_with_product_day_reminder_and_number() -> None:
    with pypdfium2.PdfDocument(io.BytesIO(written("hostile"))) as document:
        count = len(document)
        assert count > 3
        assert {tuple(round(side) for side in page.get_size()) for page in document} == {(595, 842)}
    for number, page in enumerate(pages("hostile"), 1):
        told = letters("".join(FURNITURE.findall(page)))
        assert "清洁生产知识库咨询备忘录效力按2026-11-22" in told
        assert f"未列入清单不等于合规。第{number}页，共{count}页" in told


def test_no_line_begins_with_a_closing_mark() -> None:
    lines = [line for page in pages("full") for line in page.splitlines() if line.strip()]
    assert len(lines) > 40
    assert not [line for line in lines if line[0] in CLOSING]


def test_its_properties_tell_question_day_and_language() -> None:
    with pypdfium2.PdfDocument(io.BytesIO(written("full"))) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "咨询备忘录：镀铬漂洗水太多，怎么少排点"
    assert told["CreationDate"] == told["ModDate"] == "D:20261122000000Z"
    assert b"/Lang (zh-CN)" in written("full")


@pytest.mark.parametrize("name", ANSWERS)
def test_the_same_paper_is_the_same_bytes(name: str) -> None:
    assert as_pdf(memo(ANSWERS[name](), OCCASION), FONTS) == written(name)


def test_several_at_a_time_do_not_disturb_one_another() -> None:
    def again(name: str) -> bytes:
        return as_pdf(memo(ANSWERS[name](), OCCASION), FONTS)

    names = [*ANSWERS] * 3
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(again, names)) == [written(name) for name in names]


def test_an_attack_stays_text() -> None:
    text = text_of("hostile")
    assert '<b>&amp;</b>]]><w:p/><fontcolor="red">' in text
    for action in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"javascript:"):
        assert action not in written("hostile")


def test_it_stays_small() -> None:
    assert len(written("full")) < 200_000
    assert len(written("hostile")) < 1_000_000
    assert any("长" * 50 in letters(page) for page in pages("hostile"))
