"""Tables in documents become records as the rows of a TSV do; a preview shows what would be, and stores nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

from cpkb.cli import main
from cpkb.extract.extractor import Block
from cpkb.extract.tables import found_tables
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.report import FileReport
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.extract.office_writer import LIST, MERGED, old_workbook, workbook
from tests.extract.pdf_writer import Sheet, pdf

DECLARATION = """
title = "示例设备淘汰清单"
publisher = "示例部"
[[tables]]
file = "清单.xlsx"
collection = "elimination"
header = ["序号", "设备/名称", "设备/型号", "淘汰时间"]
identity = "sample-{no}"
title = "{name}"
locator = "第{no}行"
document = "示例设备淘汰清单"
expected = [2, 2]
constants = { class = "eliminated", kind = "equipment" }
ignored = { "淘汰时间" = "示例，不用" }
[tables.derived]
no = "序号"
name = "设备/名称"
[tables.fields]
models = "设备/型号"
"""
PAGE = """<html><body><h1>示例设备淘汰清单（第一批）</h1>
<p>各单位应当按照本清单淘汰设备，逾期未淘汰的予以通报。</p><table>
<tr><td rowspan="2">序号</td><td colspan="2">设备</td><td rowspan="2">淘汰时间</td></tr>
<tr><td>名称</td><td>型号</td></tr>
<tr><td>1</td><td rowspan="2">示例电机</td><td>SL-1</td><td>2030年底前</td></tr>
<tr><td>2</td><td>SL-2</td><td>2031年底前</td></tr></table></body></html>"""


def word() -> bytes:
    document = Document()
    document.add_paragraph("示例设备淘汰清单（第一批）")
    document.add_paragraph("各单位应当按照本清单淘汰设备，逾期未淘汰的予以通报。")
    table = document.add_table(rows=4, cols=4)
    for row, texts in zip(table.rows, LIST[1:5], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = str(text)
    for first, last in (((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)), ((2, 1), (3, 1))):
        table.cell(*first).merge(table.cell(*last))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def printed() -> bytes:
    """The list on two pages, its header on both."""
    sheets = []
    for number in (1, 2):
        sheet = Sheet().grid([60, 160], [600, 620, 660]).grid([160, 360], [600, 620, 640, 660])
        sheet.grid([160, 260, 360], [600, 620, 640]).grid([360, 460], [600, 620, 660])
        sheet.text(65, 640, "序号").text(165, 646, "设备").text(165, 626, "名称").text(265, 626, "型号").text(
            365, 640, "淘汰时间"
        )
        sheet.text(65, 606, str(number)).text(165, 606, "示例电机").text(265, 606, f"SL-{number}").text(
            365, 606, "2030年底前"
        )
        sheets.append(sheet)
    return pdf(*sheets)


FILES = {
    "清单.xlsx": workbook({"清单": LIST}, MERGED),
    "清单.xls": old_workbook(LIST, ((0, 0, 0, 3), (1, 2, 0, 0), (1, 1, 1, 2), (1, 2, 3, 3), (3, 4, 1, 1))),
    "清单.docx": word(),
    "清单.html": PAGE.encode(),
    "清单.pdf": printed(),
}


class Home:
    """A store, a folder to import with a declaration in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "home"
        self.store = Store(self.folder / "cpkb.sqlite")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        (self.inbox / "source.toml").write_text(DECLARATION, encoding="utf-8")

    def run(self, name: str, data: bytes, *, is_preview: bool = False) -> FileReport:
        (self.inbox / name).write_bytes(data)
        sources, originals = REPO / "corpus" / "sources", self.folder / "originals"
        report = Importer(self.store, sources, originals, is_preview=is_preview).run([self.inbox])
        return next(f for f in report.files if f.file == f"inbox/{name}" and isinstance(f, FileReport))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("name", FILES)
def test_the_rows_of_a_declared_table_are_records_in_every_format(home: Home, name: str) -> None:
    text = DECLARATION.replace("清单.xlsx", name)
    (home.inbox / "source.toml").write_text(text, encoding="utf-8")
    assert home.run(name, FILES[name]).problems == ()
    for number in (1, 2):
        record = home.store.record(f"sample-{number}")
        assert (record.title, record.fields["models"]) == ("示例电机", (f"SL-{number}",))
        assert record.sources[0].publisher == "示例部"
        assert record.citations[0].locator == f"第{number}行"
        assert record.citations[0].page == (number if name == "清单.pdf" else None)


def test_what_is_no_declared_table_stays_a_document_without_its_rows(home: Home) -> None:
    report = home.run("清单.docx", word())
    (document,) = (record for record in home.store.changed_since(0) if record.is_document)
    assert report.records == 3
    assert "逾期未淘汰的予以通报" in document.body[0].text
    assert "SL-1" not in "".join(passage.text for passage in document.body)


def test_a_table_with_too_few_rows_is_not_taken_at_all(home: Home) -> None:
    report = home.run("清单.xlsx", workbook({"清单": [*LIST[:4], LIST[5]]}, MERGED[:4]))
    assert report.outcome == "failed"
    assert "有 1 行，应有 2 行" in report.problems[0]


def test_a_declared_table_that_is_not_there_is_told_beside_those_that_are(home: Home) -> None:
    report = home.run("清单.xlsx", workbook({"表": (("名称", "数值"), ("甲", "1"))}))
    assert report.outcome == "failed"
    assert "没有找到 source.toml 说明的表；文件里的表：1 行，列：名称、数值" in report.problems[0]


def test_a_preview_shows_records_and_columns_and_stores_nothing(home: Home) -> None:
    more = {"清单": LIST, "另表": (("名称", "数值"), ("甲", "1"))}
    report = home.run("清单.xlsx", workbook(more, MERGED), is_preview=True)
    assert report.outcome == "read"
    assert [record.title for record in report.samples[:2]] == ["示例电机", "示例电机"]
    assert home.store.revision() == 0
    assert home.store.files("imported") == []
    assert not (home.folder / "originals").exists()


def test_a_preview_names_the_columns_of_tables_without_a_declaration(home: Home) -> None:
    report = home.run("别的.xlsx", workbook({"表": (("名称", "限值（mg/L）"), ("甲", 1), ("乙", 2))}), is_preview=True)
    assert report.undeclared == ("2 行，列：名称、限值（mg/L）",)


def test_a_preview_names_every_value_that_fits_no_field(home: Home) -> None:
    text = DECLARATION.replace('models = "设备/型号"', 'models = "设备/型号"\nstop_using = "淘汰时间"').replace(
        'ignored = { "淘汰时间" = "示例，不用" }', ""
    )
    (home.inbox / "source.toml").write_text(text, encoding="utf-8")
    report = home.run("清单.xlsx", workbook({"清单": LIST}, MERGED), is_preview=True)
    assert report.outcome in ("read", "failed")
    assert "2030年底前" in "".join(report.problems)


def test_the_command_prints_a_preview_and_stores_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.store.close()
    (home.inbox / "清单.xlsx").write_bytes(FILES["清单.xlsx"])
    run = CliRunner()
    shown = run.invoke(main, ["--home", str(home.folder), "import", "--preview", str(home.inbox)])
    assert shown.exit_code == 0, shown.output
    assert "例：[elimination] 示例电机" in shown.output
    told = run.invoke(main, ["--home", str(home.folder), "import", "--preview", "--json", str(home.inbox)])
    (file,) = (f for f in json.loads(told.output)["files"] if f["outcome"] == "read")
    assert file["samples"][0]["fields"]["models"] == ["SL-1"]
    store = Store(home.folder / "cpkb.sqlite")
    assert store.files("imported") == []
    store.close()


def test_a_table_goes_on_after_a_note_and_begins_anew_with_another_header() -> None:
    blocks = [
        Block("", kind="header", cells=("甲", "乙")),
        Block("", 1, kind="row", cells=("1", "2")),
        Block("注：示例"),
        Block("", 2, kind="header", cells=("甲", "乙")),
        Block("", 2, kind="row", cells=("一、分类", "一、分类")),
        Block("", 3, kind="header", cells=("丙",)),
        Block("", 3, kind="row", cells=("3",)),
    ]
    first, second = found_tables(blocks)
    assert [(line.page, line.cells) for line in first.lines] == [(1, ["1", "2"]), (2, ["一、分类", ""])]
    assert (second.header, [line.cells for line in second.lines]) == (["丙"], [["3"]])
