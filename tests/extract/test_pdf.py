"""PDF: what is text on a page and what is not, tables by their rules, and files that cannot be read."""

from __future__ import annotations

import pytest

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Extracted
from cpkb.extract.formats import extract
from cpkb.extract.pdf import reader, scan
from cpkb.extract.pdf.reader import PdfExtractor
from cpkb.model.passage import Passage
from cpkb.model.record import Relation
from tests.extract.documents import guide
from tests.extract.pdf_writer import Sheet, as_form, pdf


def read() -> Extracted:
    return extract(guide(), "示例.pdf")[0][0]


def passage(locator: str) -> Passage:
    return next(passage for passage in read().passages if passage.locator == locator)


def test_the_cover_gives_title_and_facts() -> None:
    document = read()
    assert document.title == "示例工业污染防治可行技术指南"
    assert document.collection == "guideline"
    assert document.fields == {
        "number": "HJ 9901—2031",
        "issuer": "示例部",
        "issued": "2031-05-06",
        "effective": "2031-08-01",
        "kind": "available_techniques",
    }


def test_what_the_cover_replaces_is_a_relation() -> None:
    relation = Relation("replaces", "HJ/T 9901—2007", "2031-08-01", "封面", "代替 HJ/T 9901—2007")
    assert relation in read().relations


def test_the_passages_are_the_clauses_with_their_pages() -> None:
    found = [(p.locator, p.page, p.kind) for p in read().passages]
    assert found == [
        ("封面", 1, "preface"),
        ("前言", 3, "preface"),
        ("1", 4, "clause"),
        ("2.1", 4, "clause"),
        ("2.2", 4, "clause"),
        ("表1", 4, "table"),
        ("3.1", 5, "clause"),
    ]


def test_running_heads_page_numbers_and_contents_are_gone() -> None:
    text = "\n".join(p.text for p in read().passages if p.locator != "封面")
    assert "HJ 9901" not in text
    assert "...." not in text
    assert not any(line in ("i", "ii", "1", "2", "目 次") for line in text.split("\n"))


def test_wrapped_lines_are_one_paragraph_without_spaces() -> None:
    clause = passage("2.1")
    assert clause.text == (
        "2.1 清洗\n清洗用水宜循环使用，循环的水量一般可以达到总用水量的一半以上，剩余的部分经处理后排放，浓度小于"
    )
    assert clause.headings == ("2 方法",)


def test_a_table_goes_on_over_the_page_under_one_caption() -> None:
    table = passage("表1")
    assert table.text == ("表 1 示例温度\n方法｜温度｜条件\n热风｜80｜适用于甲\n｜60｜适用于乙\n微波｜40｜适用于丙")
    assert table.headings == ("2 方法", "2.2 干燥")


def test_a_raised_figure_is_an_exponent() -> None:
    assert "5 mg/m³。" in passage("3.1").text


def test_a_merged_cell_is_given_in_each_row_it_spans() -> None:
    sheet = Sheet().text(60, 700, "表 1 示例").grid([60, 460], [600, 660]).grid([60, 200, 460], [600, 660])
    sheet.operations.append("200 630 m 460 630 l S")
    sheet.text(65, 625, "甲").text(205, 640, "一").text(205, 610, "二")
    sheet.operations.append("60 680 m 460 680 l S 60 660 m 60 680 l S 200 660 m 200 680 l S 460 660 m 460 680 l S")
    sheet.text(65, 665, "名称").text(205, 665, "数值")
    (document,), _ = extract(pdf(sheet), "a.pdf")
    assert document.passages[-1].text == "表 1 示例\n名称｜数值\n甲｜一\n甲｜二"


def test_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    for line in range(20):
        sheet.text(40, 700 - 20 * line, f"左栏第{chr(0x4E00 + line)}行文字示例内容编写供测试使用之")
        sheet.text(320, 700 - 20 * line, f"右栏第{chr(0x4E00 + line)}行文字示例内容编写供测试使用之")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    text = "".join(block.text for block in draft.blocks)
    assert text.count("左栏") == text.count("右栏") == 20
    assert text.rindex("左栏") < text.index("右栏")


def test_words_in_a_drawing_follow_its_caption() -> None:
    sheet = Sheet().text(60, 740, "示例流程见图 1。").grid([100, 200], [640, 680]).grid([300, 400], [640, 680])
    sheet.text(110, 655, "清洗").text(310, 655, "干燥").text(200, 600, "图 1 示例流程")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.text for block in draft.blocks] == ["示例流程见图 1。", "图 1 示例流程（图中：清洗、干燥）"]


def test_without_the_recogniser_a_scan_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "missing", lambda: "没有装文字识别；请装上再导入：pip install 'cpkb[ocr]'")
    drawing = Sheet().grid([0, 10], [0, 10])
    with pytest.raises(ExtractError, match=r"第 1—2 页没有文字层，是扫描件；没有装文字识别.*cpkb\[ocr\]"):
        extract(pdf(drawing, drawing), "a.pdf")


def test_without_the_recogniser_a_scanned_page_is_a_problem_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "missing", lambda: "没有装文字识别")
    page = Sheet().text(60, 700, "示例文字，足够长的一行，用来当作正文，供测试。")
    documents, problems = extract(pdf(page, Sheet().grid([0, 10], [0, 10]), Sheet()), "a.pdf")
    assert len(documents) == 1
    assert problems == ["a.pdf：第 2 页没有文字层，是扫描件；没有装文字识别"]


def test_figures_set_below_one_another_without_rules_are_rows() -> None:
    sheet = Sheet().grid([60, 160, 260, 360], [500, 560, 580])
    for x, head in ((65, "项目"), (165, "高度"), (265, "限值")):
        sheet.text(x, 566, head)
    sheet.text(65, 526, "硫化氢")
    for y, height, limit in ((546, "15", "0.33"), (526, "20", "0.58"), (506, "25", "0.90")):
        sheet.text(165, y, height).text(265, y, limit)
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.text for block in draft.blocks] == [
        "项目｜高度｜限值",
        "硫化氢｜15｜0.33",
        "硫化氢｜20｜0.58",
        "硫化氢｜25｜0.90",
    ]
    assert draft.blocks[2].cells == ("硫化氢", "20", "0.58")


def _numbered(rows: list[tuple[str, ...]], top: int = 700) -> Sheet:
    """A page with a ruled table of three columns, 20 points a row."""
    sheet = Sheet().grid([60, 160, 260, 360], [top - 20 * at for at in range(len(rows) + 1)])
    for at, row in enumerate(rows):
        for x, text in zip((65, 165, 265), row, strict=True):
            sheet.text(x, top - 14 - 20 * at, text) if text else None
    return sheet


def test_a_row_that_a_page_break_parts_is_one_row() -> None:
    first = _numbered([("序号", "名称", "要求"), ("1", "甲", "无"), ("2", "乙", "无"), ("3", "丙", "浓度应当")])
    second = _numbered([("序号", "名称", "要求"), ("", "", "小于五"), ("4", "丁", "无")])
    (draft,) = PdfExtractor().read(pdf(first, second), "a.pdf")
    assert [block.cells for block in draft.blocks if block.kind == "row"][2:] == [
        ("3", "丙", "浓度应当小于五"),
        ("4", "丁", "无"),
    ]
    assert draft.blocks[3].page == 1


def test_a_cell_merged_over_a_page_break_is_said_on_both_pages() -> None:
    first = Sheet().grid([60, 160], [620, 680, 700]).grid([160, 260, 360], [620, 640, 660, 680, 700])
    second = Sheet().grid([60, 160], [660, 700]).grid([160, 260, 360], [660, 680, 700])
    first.text(65, 686, "行业").text(165, 686, "名称").text(265, 686, "代码").text(65, 646, "电镀")
    for sheet, at, number in ((first, 666, 1), (first, 646, 2), (first, 626, 3), (second, 686, 4), (second, 666, 5)):
        sheet.text(165, at, f"物{number}").text(265, at, f"90{number}")
    (draft,) = PdfExtractor().read(pdf(first, second), "a.pdf")
    assert [block.cells for block in draft.blocks][1:] == [("电镀", f"物{n}", f"90{n}") for n in (1, 2, 3, 4, 5)]


def test_rules_of_a_page_set_in_as_one_form_make_tables() -> None:
    plain = _numbered([("序号", "名称", "要求"), ("1", "甲", "无")])
    (draft,) = PdfExtractor().read(as_form(pdf(plain)), "a.pdf")
    assert [block.cells for block in draft.blocks] == [("序号", "名称", "要求"), ("1", "甲", "无")]


def test_a_value_merged_over_columns_stands_under_each_of_its_heads() -> None:
    sheet = Sheet().grid([60, 160, 260, 360], [680, 700]).grid([60, 160, 360], [660, 680])
    sheet.text(65, 686, "项目").text(165, 686, "甲类").text(265, 686, "乙类").text(65, 666, "限值").text(165, 666, "70")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.text for block in draft.blocks] == ["项目｜甲类｜乙类", "限值｜70｜70"]


def test_lines_of_text_beside_one_another_in_cells_stay_one_row() -> None:
    sheet = Sheet().grid([60, 160, 260], [500, 560, 580]).text(65, 566, "项目").text(165, 566, "要求")
    for y in (546, 526, 506):
        sheet.text(65, y, "示例的文字").text(165, y, "另一段文字")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert len(draft.blocks) == 2


def test_a_file_cut_short_is_refused() -> None:
    with pytest.raises(ExtractError, match="没有下载完整"):
        extract(guide()[:-300], "a.pdf")


def test_a_locked_file_is_refused() -> None:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    lock += b"/ID[<" + b"43" * 16 + b"><" + b"43" * 16 + b">]"
    with pytest.raises(ExtractError, match="有密码"):
        extract(guide().replace(b"/Root 1 0 R", b"/Root 1 0 R" + lock), "a.pdf")


@pytest.mark.parametrize(("limit", "value", "says"), [("FILE_LIMIT", 100, "请拆分"), ("PAGE_LIMIT", 4, "有 5 页")])
def test_a_file_beyond_a_limit_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, says: str) -> None:
    monkeypatch.setattr(reader, limit, value)
    with pytest.raises(ExtractError, match=says):
        extract(guide(), "a.pdf")
