"""What a fetched file is called, what it is, and in which encoding its text is kept."""

from __future__ import annotations

import pytest

from cpkb.fetch.content import in_utf8, name_of

HTML, PDF = b"<html><p>x", b"%PDF-1.7 x"
NAMES = [
    ("http://a.cn/", "text/html", "", HTML, "index.html"),
    ("http://a.cn/gb/node2/index.jsp?id=1", "text/html; charset=gbk", "", HTML, "index.jsp.html"),
    ("http://a.cn/t2020_1.htm", "text/html", "", HTML, "t2020_1.html"),
    ("http://a.cn/t2020_1.shtml", "text/html", "", HTML, "t2020_1.shtml.html"),
    ("http://a.cn/W0200.pdf", "application/pdf", "", PDF, "W0200.pdf"),
    ("http://a.cn/download?id=3", "application/octet-stream", 'attachment; filename="a.pdf"', PDF, "a.pdf"),
    (
        "http://a.cn/d?id=3",
        "application/octet-stream",
        "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.xls",
        b"\xd0\xcf",
        "名单.xls",
    ),
    ("http://a.cn/d", "application/msword", 'attachment; filename="%E5%90%8D%E5%8D%95.doc"', b"\xd0\xcf", "名单.doc"),
    ("http://a.cn/d", "application/msword", 'filename="\xc3\xfb\xb5\xa5.doc"', b"\xd0\xcf", "名单.doc"),
    ("http://a.cn/%E5%90%8D%E5%8D%95.docx", "application/octet-stream", "", b"PK\x03\x04", "名单.docx"),
    ("http://a.cn/a.pdf", "text/html", "", b"<!DOCTYPE html><p>404", "a.html"),
    ("http://a.cn/a.doc", "application/octet-stream", "", b"<html><p>login", "a.html"),
    ("http://a.cn/a", "application/pdf", 'filename="../../etc/passwd"', PDF, "passwd.pdf"),
    ("http://a.cn/a", "application/pdf", 'filename="..\\..\\a:b.pdf"', PDF, "a-b.pdf"),
    ("http://a.cn/" + "x" * 300 + ".pdf", "application/pdf", "", PDF, "x" * 80 + ".pdf"),
    ("http://a.cn/..", "text/html", "", HTML, "index.html"),
    ("http://a.cn/x", "application/octet-stream", "", b"\x00\x01", "x.bin"),
    ("http://a.cn/a.tar.gz", "application/gzip", "", b"\x1f\x8b", "a.tar.gz"),
    ("http://a.cn/a.TGZ", "application/x-compressed-tar", "", b"\x1f\x8b", "a.tgz"),
    ("http://a.cn/a.tgz", "application/x-tar", "", b"\0", "a.tgz"),  # sent with Content-Encoding: gzip
    ("http://a.cn/d?id=3", "application/x-tar", "", b"\0", "d.tar"),
    ("http://a.cn/d?id=3", "application/gzip", 'filename="b.tar.gz"', b"\x1f\x8b", "b.tar.gz"),
    ("http://a.cn/a.rar", "application/octet-stream", "", b"Rar!", "a.rar"),
    ("http://a.cn/list.tsv", "text/plain", "", b"a\tb", "list.tsv"),
    ("http://a.cn/list.tsv", "text/html", "", HTML, "list.html"),
    ("http://a.cn/a.md", "text/plain; charset=utf-8", "", b"# x", "a.md"),
    ("http://a.cn/a.html", "text/plain", "", b"x", "a.txt"),
    ("http://a.cn/m", "message/rfc822", "", b"From: x", "m.eml"),
]


@pytest.mark.parametrize(("address", "kind", "stated", "data", "name"), NAMES)
def test_a_file_gets_a_safe_name_with_the_suffix_of_what_it_is(
    address: str, kind: str, stated: str, data: bytes, name: str
) -> None:
    assert name_of(address, {"Content-Type": kind, "Content-Disposition": stated}, data) == name


TEXT = "<p>企業應當審核</p>"
CHARSETS = [
    ("text/html; charset=utf-8", TEXT.encode(), TEXT.encode()),
    ("text/html; charset=gb2312", TEXT.encode(), TEXT.encode()),  # declared wrongly, as many pages do
    ("text/html; charset=gbk", TEXT.encode("gbk"), TEXT.encode("gbk")),  # readers know it
    ("text/html; charset=big5", TEXT.encode("big5"), TEXT.encode()),
    ("text/html", b'<meta charset="big5">' + TEXT.encode("big5"), b'<meta charset="big5">' + TEXT.encode()),
    ("text/html; charset=nonsense", TEXT.encode("gbk"), TEXT.encode("gbk")),
    ("text/html; charset=big5", b"\xff\xfe\xff", b"\xff\xfe\xff"),
]


@pytest.mark.parametrize(("kind", "data", "kept"), CHARSETS)
def test_a_text_is_kept_in_an_encoding_that_readers_know(kind: str, data: bytes, kept: bytes) -> None:
    assert in_utf8(data, {"Content-Type": kind}) == kept
