"""Word files: order of the body, collections of texts, and archives that are not what they seem."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from cpkb.errors import ExtractError
from cpkb.extract import docx
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
    monkeypatch.setattr(docx, limit, value)
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
