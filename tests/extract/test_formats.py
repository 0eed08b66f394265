"""The way in: which reader takes a file, and that every reader keeps the contract."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.formats import EXTRACTORS, extract, extractor_for
from tests.extract.contract import ExtractorContract
from tests.extract.documents import LAW, NOTICE, PAGE, ROWS, guide, rows, word


class TestMarkdown(ExtractorContract):
    name = "示例.md"
    good = LAW.encode()


class TestPlain(ExtractorContract):
    name = "示例.txt"
    good = NOTICE.encode()


class TestHtml(ExtractorContract):
    name = "示例.html"
    good = PAGE.encode()


class TestJsonLines(ExtractorContract):
    name = "示例.jsonl"
    good = rows(*ROWS)


class TestDocx(ExtractorContract):
    name = "示例.docx"
    good = word()
    own_start = b"PK\x03\x04"


class TestPdf(ExtractorContract):
    name = "示例.pdf"
    good = guide()
    own_start = b"%PDF-"


def test_every_suffix_is_read_by_one_format() -> None:
    suffixes = [suffix for extractor in EXTRACTORS for suffix in extractor.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


def test_an_unknown_suffix_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ExtractError, match=r"示例\.exe.*\.pdf"):
        extractor_for("示例.exe")


@pytest.mark.parametrize(("name", "advice"), [("旧.doc", ".docx"), ("表.xls", ".csv"), ("表.xlsx", ".csv")])
def test_an_old_office_file_is_refused_with_what_to_save_it_as(name: str, advice: str) -> None:
    with pytest.raises(ExtractError, match=advice):
        extractor_for(name)


def test_a_pdf_named_txt_is_told_apart() -> None:
    with pytest.raises(ExtractError, match=r"扩展名是 \.txt，内容却是PDF 文件；请改名为 \.pdf"):
        extract(guide(), "示例.txt")


def test_a_docx_named_pdf_is_told_apart() -> None:
    with pytest.raises(ExtractError, match=r"扩展名是 \.pdf，内容却是ZIP"):
        extract(word(), "示例.pdf")
