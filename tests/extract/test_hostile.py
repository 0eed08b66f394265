"""Files made to be slow: each is read or refused in a time that grows with its length only."""

from __future__ import annotations

import time

import pytest

from tests.extract.contract import message_of
from tests.extract.pdf_writer import Sheet, pdf

SECONDS = 10  # generous for a busy machine: each takes under two
LENGTH = 300_000  # characters: a quadratic reader would take minutes


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "示例" + " " * LENGTH + "例"),
        ("a.txt", "示例。\n" * (LENGTH // 4)),
        ("a.txt", "一、" * LENGTH),
        ("a.txt", "《" * LENGTH + "废止"),
        ("a.txt", "1.1 示例\n" * (LENGTH // 8)),
        ("a.md", "<!--" * LENGTH),
        ("a.md", "[" * LENGTH + "]("),
        ("a.md", "{=" * LENGTH),
        ("a.md", "<Badge text=" * (LENGTH // 12)),
        ("a.md", "| 甲 " * LENGTH),
        ("a.md", "<table>\n" * (LENGTH // 8)),
        ("a.html", "<p>示例</p>" * (LENGTH // 9)),
        ("a.html", "<b>" * LENGTH + "示例"),
        ("a.html", "<table><tr><td>" * (LENGTH // 30) + "示例"),
        ("a.jsonl", '{"title": "示例", "text": "第一条 甲"}\n' * (LENGTH // 40)),
    ],
    ids=lambda value: value[:12],
)
def test_a_long_monotonous_file_takes_no_longer_than_its_length(name: str, text: str) -> None:
    start = time.process_time()
    assert name in message_of(text.encode(), name)
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
