"""Decoding: the encodings that are read, and what is refused."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract import text
from cpkb.extract.text import decode, what_is

SENTENCE = "示例：清洗水应当循环使用，减少排放，保持10³倍的余量。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_text_is_read_in(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding), "a.txt") == SENTENCE


@pytest.mark.parametrize("encoding", ["gbk", "gb2312"])
def test_older_chinese_encodings_are_read(encoding: str) -> None:
    plain = SENTENCE.replace("³", "3")
    assert decode(plain.encode(encoding), "a.txt") == plain


def test_traditional_chinese_in_big5_is_read() -> None:
    sentence = "範例：清洗水應當循環使用，減少排放。" * 4
    assert decode(sentence.encode("big5"), "a.txt") == sentence


def test_line_ends_become_one_kind() -> None:
    assert decode(b"a\r\nb\rc\n", "a.txt") == "a\nb\nc\n"


def test_a_declared_charset_is_not_believed() -> None:
    page = f'<meta charset="gb2312"><p>{SENTENCE}</p>'
    assert SENTENCE in decode(page.encode(), "a.html")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b" \n\t ", "空白"),
        (b"ab\x00cd", "NUL"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\xd0\xcf\x11\xe0....", "Office"),
        (b"\x01\x02\x03\x04\x05abc", "控制字符"),
        (SENTENCE.encode()[:-1], "字节处断开"),
        (b"\xff\xfe" + SENTENCE.encode("utf-16-le")[:-1], "截断"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ExtractError, match=says):
        decode(data, "a.txt")


def test_utf8_damaged_in_the_middle_is_not_read_as_another_encoding() -> None:
    good = (SENTENCE * 3).encode()
    with pytest.raises(ExtractError, match="UTF-8 文本，但第 86 字节"):
        decode(good[:85] + b"\xff" + good[85:], "a.txt")


def test_a_text_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "TEXT_LIMIT", 10)
    with pytest.raises(ExtractError, match="超过上限"):
        decode(b"a" * 11, "a.txt")


@pytest.mark.parametrize(("data", "suffix"), [(b"\n%PDF-1.7", ".pdf"), (b"GIF?", ""), (b"\x1f\x8b\x08", ".gz")])
def test_a_format_is_known_by_its_start(data: bytes, suffix: str) -> None:
    assert what_is(data)[1] == suffix
