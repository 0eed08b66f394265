"""Old Word files: antiword's cells are kept, and what it cannot do is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cpkb.errors import ExtractError
from cpkb.extract import doc
from cpkb.extract.doc import DocExtractor, doc_blocks
from tests.extract.office_writer import compound, old_word

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources" / "cee" / "files"
TABLE = """<?xml version="1.0"?><!DOCTYPE book SYSTEM "http://example.com/x.dtd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<book><bookinfo><title>不读</title></bookinfo><chapter><title>总则</title><sect1><title>一、范围</title><para>第一行
第二行&e;</para><para><informaltable><tgroup cols='2'><tbody><row><entry>名称</entry><entry>数值
（mg/L）</entry></row><row><entry>甲</entry><entry></entry></row></tbody></tgroup></informaltable></para>
</sect1></chapter></book>"""


def test_paragraphs_are_read() -> None:
    (draft,) = DocExtractor().read(old_word("示例规定", "第一条　示例应当真实。"), "a.doc")
    assert [block.text for block in draft.blocks] == ["示例规定", "第一条 示例应当真实。"]


def test_cells_headings_and_paragraphs_of_the_output_are_told_apart_and_no_entity_is_read() -> None:
    found = [(block.kind, block.level, block.text) for block in doc_blocks(TABLE.encode(), "a.doc")]
    assert found == [
        ("paragraph", 0, "总则"),
        ("heading", 1, "一、范围"),
        ("paragraph", 0, "第一行"),
        ("paragraph", 0, "第二行"),
        ("header", 0, "名称｜数值 （mg/L）"),
        ("row", 0, "甲｜"),
    ]


def test_without_a_program_that_runs_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    foreign = tmp_path / "antiword"
    foreign.write_bytes(b"\x7fELF of another machine")
    foreign.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExtractError, match="apt-get install antiword"):
        DocExtractor().read(old_word("示例"), "a.doc")


@pytest.mark.parametrize(
    ("script", "limit", "message"),
    [
        ("sleep 60", ("SECONDS", 1), "还没读完"),
        ("yes 示例", ("OUTPUT_LIMIT", 4096), "中途停止"),
        ("exit 3", None, "读不了"),
    ],
)
def test_a_run_that_goes_beyond_its_bounds_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, limit: tuple[str, int] | None, message: str
) -> None:
    program = tmp_path / "antiword"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    if limit:
        monkeypatch.setattr(doc, *limit)
    with pytest.raises(ExtractError, match=message):
        DocExtractor().read(old_word("示例"), "a.doc")


def test_an_old_office_file_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(ExtractError, match="不是旧版 Word"):
        DocExtractor().read(compound({"PowerPoint Document": b"1"}), "a.doc")


@pytest.mark.sources
@pytest.mark.skipif(not SOURCES.is_dir(), reason="real documents are not in the repository")
def test_the_cells_of_a_real_form_are_kept() -> None:
    (file,) = SOURCES.glob("doc__P4__附件1*.doc")
    (draft,) = DocExtractor().read(file.read_bytes(), file.name)
    rows = [block.cells for block in draft.blocks if block.cells]
    assert ("法 定 代表人或负责人", "", "有效证件及号码", "", "联系电话", "") in rows
