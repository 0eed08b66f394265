"""PDF: what is text on a page and what is not, tables by their rules, and files that cannot be read."""

from __future__ import annotations

import unicodedata

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


def test_the_mark_of_a_note_follows_its_value_also_where_most_of_a_cell_is_marks() -> None:
    sheet = _numbered([("项目", "限值", "条件"), ("氨", "10", "TVOC")])
    sheet.text(185, 671, "(1)", 6).text(305, 671, "注2，注3", 6)
    sheet.text(65, 640, "示例正文没有别的内容，只是使这一页多几个字。")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [unicodedata.normalize("NFKC", cell) for cell in draft.blocks[1].cells] == ["氨", "10(1)", "TVOC注2,注3"]


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


def test_a_table_under_a_caption_of_its_own_has_its_own_header() -> None:
    sheet = _numbered([("项目", "直接", "间接"), ("铬", "0.5", "0.5")]).text(200, 640, "表 2 示例条件")
    sheet.operations += _numbered([("技术", "原料", "条件"), ("示例技术", "盐", "大厂")], 620).operations
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.kind for block in draft.blocks] == ["header", "row", "caption", "header", "row"]


def test_a_value_over_two_columns_stands_in_both_also_on_a_page_that_has_none_else() -> None:
    first = _numbered([("项目", "直接", "间接"), ("铬", "0.5", "1.0"), ("镍", "0.1", "0.5")])
    second = Sheet().grid([80, 180, 380], [660, 680, 700])
    second.text(85, 686, "棉织物").text(185, 686, "140").text(85, 666, "丝织物").text(185, 666, "300")
    (draft,) = PdfExtractor().read(pdf(first, second), "a.pdf")
    assert [block.cells for block in draft.blocks][3:] == [("棉织物", "140", "140"), ("丝织物", "300", "300")]


def test_a_broken_row_is_whole_where_the_column_has_its_text_above() -> None:
    first = _numbered([("行为", "整改", "罚款"), ("甲", "限期内完成手续", "一万元"), ("乙", "限期内完", "二万元")])
    second = _numbered([("", "成手续", "以下"), ("丙", "逾期", "三万元")])
    (draft,) = PdfExtractor().read(pdf(first, second), "a.pdf")
    assert [block.cells for block in draft.blocks if block.kind == "row"][1:] == [
        ("乙", "限期内完成手续", "二万元以下"),
        ("丙", "逾期", "三万元"),
    ]


def _open_below(bottom: int) -> Sheet:
    """A page's end of a table of three columns: the second has no rule at the foot."""
    sheet = Sheet().grid([60, 160, 260, 360], [680, 700]).text(65, 686, "序号").text(165, 686, "类别")
    sheet.text(265, 686, "行为").text(65, 666, "1").text(165, 666, "项目管理").text(265, 666, "未备案")
    for x in (60, 160, 260, 360):
        sheet.operations.append(f"{x} {bottom} m {x} 700 l S")
    sheet.operations += [f"60 {bottom} m 160 {bottom} l S", f"260 {bottom} m 360 {bottom} l S"]
    return sheet


@pytest.mark.parametrize("sheet", [_open_below(660), _open_below(660).white(160, 660, 260, 660)])
def test_a_cell_without_a_rule_at_the_pages_foot_goes_on(sheet: Sheet) -> None:
    second = _numbered([("序号", "类别", "行为"), ("2", "", "未公开"), ("3", "", "未监测")])
    (draft,) = PdfExtractor().read(pdf(sheet, second), "a.pdf")
    assert [block.cells for block in draft.blocks if block.kind == "row"] == [
        ("1", "项目管理", "未备案"),
        ("2", "项目管理", "未公开"),
        ("3", "", "未监测"),
    ]


def test_white_rules_part_the_cells_of_a_shaded_table() -> None:
    sheet = Sheet().grid([60, 260], [660, 680, 700]).white(160, 660, 160, 700)
    sheet.text(65, 686, "项目").text(165, 686, "限值").text(65, 666, "铬").text(165, 666, "0.5")
    sheet.operations.insert(0, "q 0.8 0.9 1 rg 60 680 200 20 re f Q")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.cells for block in draft.blocks] == [("项目", "限值"), ("铬", "0.5")]


def test_rules_that_do_not_meet_between_rows_make_no_column() -> None:
    sheet = Sheet().grid([60, 160, 260, 360], [680, 700]).grid([60, 160, 272, 360], [660, 680])
    sheet.text(65, 686, "项目").text(165, 686, "直接").text(275, 686, "间接")
    sheet.text(65, 666, "限值").text(165, 666, "70").text(275, 666, "400")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.cells for block in draft.blocks] == [("项目", "直接", "间接"), ("限值", "70", "400")]


def test_a_head_merged_over_columns_stands_over_each() -> None:
    sheet = Sheet().grid([60, 260, 360], [680, 700]).grid([60, 160, 260, 360], [660, 680])
    sheet.text(65, 686, "税目").text(265, 686, "税额").text(65, 666, "固体废物").text(165, 666, "尾矿").text(
        265, 666, "15元"
    )
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.text for block in draft.blocks] == ["税目｜税目｜税额", "固体废物｜尾矿｜15元"]


def test_a_text_set_downwards_is_read_in_its_cell() -> None:
    sheet = Sheet().grid([60, 160, 260], [620, 680, 700]).text(65, 686, "税目").text(165, 686, "单位")
    sheet.downwards(110, 675, "固体废物").text(165, 646, "每吨")
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [block.cells for block in draft.blocks] == [("税目", "单位"), ("固体废物", "每吨")]


def test_the_header_of_a_form_stands_below_its_labels() -> None:
    sheet = Sheet().grid([60, 160, 560], [640, 660, 700]).grid([60, 160, 360, 560], [600, 620, 640])
    law = "《示例法》第一条　建设单位应当依照本法办理示例手续，并公开。"
    sheet.text(65, 676, "违反条款").text(165, 676, law).text(65, 646, "处罚依据").text(165, 646, law)
    for x, head, cell in ((65, "违法行为", "未办手续"), (165, "违法程度", "首次"), (365, "罚款", "一万元以下")):
        sheet.text(x, 626, head).text(x, 606, cell)
    (draft,) = PdfExtractor().read(pdf(sheet), "a.pdf")
    assert [(block.kind, block.text.split("｜")[0], bool(block.cells)) for block in draft.blocks] == [
        ("row", "违反条款", False),
        ("row", "处罚依据", False),
        ("header", "违法行为", True),
        ("row", "未办手续", True),
    ]
    ((document,), _) = extract(pdf(sheet), "a.pdf")
    assert [passage.text.split("｜")[0] for passage in document.passages if passage.kind == "table"] == [
        "违反条款",
        "违法行为",
    ]


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
