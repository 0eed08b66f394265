"""Spreadsheets: merged cells filled, titles and notes told apart, values as written, bounds kept."""

from __future__ import annotations

import io
import zipfile

import pytest

from cpkb.errors import ExtractError
from cpkb.extract import sheets
from cpkb.extract.extractor import Block
from cpkb.extract.formats import extract
from cpkb.extract.sheets import SheetsExtractor
from tests.extract.documents import archive
from tests.extract.office_writer import LIST, MERGED, Rows, old_workbook, workbook


def blocks(data: bytes, name: str = "a.xlsx") -> list[Block]:
    return list(SheetsExtractor().read(data, name)[0].blocks)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbook({"清单": LIST}, MERGED), "a.xlsx"),
        (old_workbook(LIST, ((0, 0, 0, 3), (1, 2, 0, 0), (1, 1, 1, 2), (1, 2, 3, 3), (3, 4, 1, 1))), "a.xls"),
    ],
)
def test_titles_parted_heads_merged_cells_and_notes_are_told_apart(data: bytes, name: str) -> None:
    assert [(block.kind, block.text) for block in blocks(data, name)] == [
        ("heading", "示例设备淘汰清单（第一批）"),
        ("header", "序号｜设备｜设备｜淘汰时间"),
        ("header", "序号｜名称｜型号｜淘汰时间"),
        ("row", "1｜示例电机｜SL-1｜2030年底前"),
        ("row", "2｜示例电机｜SL-2｜2031年底前"),
        ("paragraph", "注：清单为测试编写。"),
    ]


def test_a_row_holds_the_text_of_a_merged_cell_in_every_column_it_covers() -> None:
    assert [block.cells for block in blocks(workbook({"清单": LIST}, MERGED))][1:3] == [
        ("序号", "设备", "设备", "淘汰时间"),
        ("序号", "名称", "型号", "淘汰时间"),
    ]


def test_several_sheets_are_one_document_with_a_heading_a_sheet() -> None:
    (draft,) = SheetsExtractor().read(workbook({"甲": LIST, "乙": LIST, "空": ()}), "两表.xlsx")
    assert [block.text for block in draft.blocks if block.level == 1] == ["甲", "乙"]
    assert draft.title == "两表"


def test_a_hidden_sheet_is_left_out_and_named() -> None:
    (draft,) = SheetsExtractor().read(workbook({"甲": LIST, "底稿": LIST}, hidden=("底稿",)), "a.xlsx")
    assert "底稿" not in "".join(block.text for block in draft.blocks)
    assert draft.problems == ("a.xlsx：工作表“底稿”是隐藏的，未读入",)


def test_a_title_after_an_empty_row_begins_another_table() -> None:
    rows: Rows = (("甲", "乙"), ("1", "2"), (), ("二、第二张表",), ("丙", "丁"), ("3", "4"))
    found = blocks(workbook({"表": rows}))
    assert [(block.kind, block.text) for block in found] == [
        ("header", "甲｜乙"),
        ("row", "1｜2"),
        ("heading", "二、第二张表"),
        ("header", "丙｜丁"),
        ("row", "3｜4"),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, "1"), (0.25, "0.25"), (1e-7, "1e-07"), (0.1 + 0.2, "0.3"), (12345678901.0, "12345678901")],
)
def test_a_number_is_shown_as_a_person_writes_it(value: float, shown: str) -> None:
    assert blocks(workbook({"表": (("名称", "数值"), ("甲", value))}))[1].text == f"甲｜{shown}"


def test_one_cell_far_out_is_refused_before_a_table_of_billions_is_built() -> None:
    far = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(ExtractError, match="1048576 行 16384 列"):
        SheetsExtractor().read(archive(**{"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": far}), "a.xlsx")


def test_more_sheets_than_the_bound_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "SHEET_LIMIT", 1)
    (draft,) = SheetsExtractor().read(workbook({"甲": LIST, "乙": LIST}), "a.xlsx")
    assert draft.problems == ("a.xlsx：有 2 张工作表，只读前 1 张",)


def test_entities_in_a_sheet_are_not_expanded() -> None:
    entity = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    members = {"xl/workbook.xml": entity + b"<workbook/>"}
    with pytest.raises(ExtractError):
        SheetsExtractor().read(archive(**members), "a.xlsx")


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(ExtractError, match="没有文字"):
        SheetsExtractor().read(workbook({"空": ()}), "a.xlsx")


def test_the_mark_of_an_attachment_is_no_title_and_what_is_said_of_a_form_no_row() -> None:
    lines: Rows = [
        ("附件2", ""),
        ("示例企业名单", ""),
        ("单位：吨", ""),
        ("企业", "产量"),
        ("示例甲厂", 1),
        ("填表说明：示例。", ""),
    ]
    (document,), _ = extract(workbook({"甲": lines}), "a.xlsx")
    assert document.title == "示例企业名单"
    (table,) = [passage for passage in document.passages if passage.kind == "table"]
    assert "单位：吨" in table.headings[-1]
    assert "填表说明" not in table.text


def test_the_title_above_the_unit_of_a_sheet_is_not_lost() -> None:
    lines: Rows = [("示例限值表", ""), ("单位：mg/L", ""), ("污染物", "限值"), ("总铬", 1)]
    (document,), _ = extract(workbook({"甲": lines, "乙": [("项", "值"), ("子", 2)]}), "a.xlsx")
    assert document.passages[0].headings == ("甲", "示例限值表", "单位：mg/L")


def test_formulas_without_a_stored_result_are_reported() -> None:
    sound = workbook({"甲": [("项", "值"), ("子", 2)]})
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>2</v>", b"<f>1+1</f>"))
    _, problems = extract(found.getvalue(), "a.xlsx")
    assert problems == ["a.xlsx：有 1 个公式没有存下结果，读成空格；请用 Excel 打开并保存后再导入"]


def test_a_formula_whose_result_is_an_empty_text_has_one() -> None:
    sound = workbook({"甲": [("项", "值"), ("子", 2)]})
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            cell = b'<c r="B2" t="str"><f>IF(A1="","",A1)</f><v></v></c>'
            new.writestr(name, old.read(name).replace(b'<c r="B2"><v>2</v></c>', cell))
    assert not extract(found.getvalue(), "a.xlsx")[1]


def test_a_column_of_names_is_no_heading_in_a_heading_for_each() -> None:
    assert max(block.level for block in blocks(workbook({"甲": [(f"示例{at}厂",) for at in range(20)]}))) == 6
