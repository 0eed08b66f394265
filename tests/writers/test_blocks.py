"""What a paper is made of: text that can break no file, cut only where it says so."""

from __future__ import annotations

import pytest

from cpkb.writers.blocks import paragraph, plain, run, shortened


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("镀铬 0.5 mg/L", "镀铬 0.5 mg/L"),
        ("一\r\n二\t三", "一\n二 三"),
        ("一\u2028二", "一\n二"),
        ("红\x1b[31m色\x00", "红[31m色"),
        ("正\u202e反\u200b\ufeff", "正反"),
        ("半\ud800个\ufffe\U0001ffff", "半个"),
        ("稀𠮷\ue000", "稀𠮷\ue000"),
    ],
)
def test_nothing_that_steers_a_reader_or_breaks_a_file_is_left(text: str, kept: str) -> None:
    assert plain(text) == kept


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("六个字的问题", 6, "六个字的问题"), ("七个字的问题吗", 3, "七个字……（共 7 字，这里是前 3 字）")],
)
def test_a_cut_is_seen(text: str, limit: int, shown: str) -> None:
    assert shortened(text, limit) == shown


def test_empty_runs_are_left_out() -> None:
    assert paragraph("text", "", run("\x00", 9), "字").text == "字"
    assert len(paragraph("text", "", run("\x00", 9), "字").runs) == 1
