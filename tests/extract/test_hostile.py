"""Files made to be slow: each is read or refused in a time that grows with its length only."""

from __future__ import annotations

import io
import time

import pytest
from docx import Document

from tests.extract.contract import message_of
from tests.extract.office_writer import old_word, workbook
from tests.extract.pdf_writer import Sheet, pdf

SECONDS = 40  # of the processor: each takes under three, on a slow one perhaps ten
LENGTH = 300_000  # characters: a quadratic reader would take minutes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "示例" + " " * LENGTH + "例"),
        ("a.txt", "示例。\n" * (LENGTH // 4)),
        ("a.txt", "一、" * LENGTH),
        ("a.txt", "《" * LENGTH + "废止"),
        ("a.txt", "1.1 示例\n" * (LENGTH // 8)),
        ("a.txt", "示例办法\n" + f"{'局' * 70}x\n" * (LENGTH // 72) + "2026年1月1日"),
        ("a.txt", "示例办法\n" + "示例发〔2015〕3号、" * (LENGTH // 12) + "x同时废止。"),
        ("a.md", "<!--" * LENGTH),
        ("a.md", "[" * LENGTH + "]("),
        ("a.md", "{=" * LENGTH),
        ("a.md", "<Badge text=" * (LENGTH // 12)),
        ("a.md", "| 甲 " * LENGTH),
        ("a.md", "<table>\n" * (LENGTH // 8)),
        ("a.html", "<p>示例</p>" * (LENGTH // 9)),
        ("a.html", "<b>" * (LENGTH // 3) + "示例"),
        ("a.html", "<table><tr><td>" * (LENGTH // 30) + "示例"),
        ("a.jsonl", '{"title": "示例", "text": "第一条 甲"}\n' * (LENGTH // 40)),
    ],
    ids=lambda value: value[:12],
)
def test_a_long_monotonous_file_takes_no_longer_than_its_length(name: str, text: str) -> None:
    start = time.process_time()
    assert name in message_of(text.encode(), name)
    assert time.process_time() - start < SECONDS


def _sheet(rows: int) -> bytes:
    lines: list[list[str | float]] = [["示例", float(at)] for at in range(rows)]
    return workbook({"表": [["甲", "乙"], *lines]})


def _merged(ranges: int) -> bytes:
    return workbook({"表": [["甲", "乙"], ["1", "2"]] * 50}, ["A1:Z100"] * ranges)


def _spanning_cells() -> bytes:
    document = Document()
    table = document.add_table(rows=200, cols=2)
    for row in table._tbl.tr_lst:
        for tc in row.tc_lst:
            tc.grid_span = 1_000_000_000
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", _sheet(20_000)),
        ("a.xlsx", _merged(20_000)),
        ("a.docx", _spanning_cells()),
        ("a.eml", b"From: a\nSubject: b\n" + b"X: " + b"=?utf-8?q?=" * (LENGTH // 12) + b"\n\n" + b"1"),
        (
            "a.eml",
            b"From: a\nSubject: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"--x\n" * 60_000,
        ),
        ("a.eml", b"From: a\n" * (LENGTH // 8)),
        ("a.eml", b"From: a\nSubject: b\n" + b"\n \n".join([b"X: y"] * 20_000)),
        ("a.doc", old_word(*("示例" * 10_000,))),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"W\0o\0r\0k\0b\0o\0o\0k\0" * 20_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_large_or_crooked_office_file_takes_no_longer_than_its_length(name: str, data: bytes) -> None:
    start = time.process_time()
    assert name in message_of(data, name)
    assert time.process_time() - start < SECONDS


def test_a_page_of_dots_and_rules_takes_no_longer_than_its_length() -> None:
    sheet = Sheet()
    for at in range(60):
        sheet.text(1, 790 - 10 * at, "." * 2000 + "甲", size=2)
    sheet.operations += [f"{x} {y} m {x + 12} {y + 12} l S" for x in range(0, 600, 6) for y in range(0, 800, 6)]
    sheet.grid([4.0 * at for at in range(140)], [5.0 * at for at in range(150)])
    start = time.process_time()
    assert "a.pdf" in message_of(pdf(sheet), "a.pdf")
    assert time.process_time() - start < SECONDS
