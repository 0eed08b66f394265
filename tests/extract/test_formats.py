"""The way in: which reader takes a file, and that every reader keeps the contract."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.formats import EXTRACTORS, extract, extractor_for
from tests.extract.contract import ExtractorContract
from tests.extract.documents import LAW, NOTICE, PAGE, ROWS, archive, guide, rows, word
from tests.extract.office_writer import LIST, MERGED, mail, old_word, old_workbook, workbook


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


class TestDoc(ExtractorContract):
    name = "示例.doc"
    good = old_word("示例规定", "第一条 为示例制定本规定，示例应当真实。", "第二条 本规定自2030年1月1日起施行。")
    own_start = b"\xd0\xcf\x11\xe0"


class TestXlsx(ExtractorContract):
    name = "示例.xlsx"
    good = workbook({"清单": LIST}, MERGED)
    own_start = b"PK\x03\x04"


class TestXls(ExtractorContract):
    name = "示例.xls"
    good = old_workbook([row for _ in range(40) for row in LIST])
    own_start = b"\xd0\xcf\x11\xe0"


class TestMail(ExtractorContract):
    name = "示例.eml"
    good = mail("关于示例的通知", NOTICE, {"附件.txt": b"1"})


def test_every_suffix_is_read_by_one_format() -> None:
    suffixes = [suffix for extractor in EXTRACTORS for suffix in extractor.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


def test_an_unknown_suffix_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ExtractError, match=r"示例\.exe.*\.pdf"):
        extractor_for("示例.exe")


@pytest.mark.parametrize(
    ("name", "advice"), [("旧.ppt", ".pdf"), ("字.wps", ".docx"), ("表.et", ".xlsx"), ("包.rar", ".zip")]
)
def test_a_format_that_is_not_read_is_refused_with_what_to_save_it_as(name: str, advice: str) -> None:
    with pytest.raises(ExtractError, match=advice):
        extractor_for(name)


@pytest.mark.parametrize(
    ("data", "name", "label"),
    [
        (guide(), "示例.txt", "PDF 文件"),
        (word(), "示例.pdf", "Word 文件"),
        (old_word("示例规定", "一、示例内容。"), "示例", "旧版 Word 文件"),
        (PAGE.encode(), "示例.xls", "网页"),
        (b"\xef\xbb\xbf" + PAGE.encode(), "示例.doc", "网页"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_content_decides_the_format_and_a_wrong_name_is_told(data: bytes, name: str, label: str) -> None:
    found, problems = extract(data, name)
    assert found[0].passages
    assert any(f"内容是{label}，按内容读" in problem for problem in problems)


@pytest.mark.parametrize(("data", "name"), [(workbook({"清单": LIST}), "示例.xls"), (old_workbook(LIST), "示例.xlsx")])
def test_a_spreadsheet_is_read_under_the_name_of_its_other_format(data: bytes, name: str) -> None:
    assert extract(data, name)[0][0].passages


def test_a_word_file_stored_in_an_archive_does_not_make_the_archive_one() -> None:
    with pytest.raises(ExtractError, match="内容是ZIP 压缩包"):
        extract(archive(**{"a.docx": word()}), "示例.docx")
