"""Word files (.docx): paragraphs and tables in the order of the body. Macros, links and pictures are not read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from cpkb.errors import ExtractError
from cpkb.extract.cells import COLUMN_LIMIT, Cell, grid_blocks, head_rows_of, one_line, without_twins
from cpkb.extract.docx_lists import Numbering
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.office_archive import check_archive
from cpkb.extract.spoilt import SPOILT

_DEPTH_LIMIT = 8  # tables inside tables: forms have two
_LEAST_TEXTS = 3  # headings that name a text: two may be a notice and what it publishes
_NAMES_A_TEXT = re.compile(
    r"(?:政策|办法|规定|条例|意见|通知|指南|规范|标准|细则|目录|名录)(?:[（(][^（）()]{1,12}[）)])?$"
)
_HEADING = re.compile(r"(?:Heading|heading|标题)\s*([1-6])$")
_SPACE = re.compile(r"[ \t\xa0\u3000]+")


class DocxExtractor:
    """Reads .docx files."""

    suffixes = (".docx",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft, or one a text when the file is a collection of them (each under its own heading)."""
        check_archive(data, name, "DOCX", "word/document.xml")
        try:
            document = Document(io.BytesIO(data))
            numbering = Numbering(document)
            blocks = [block for item in document.iter_inner_content() for block in _blocks(item, numbering)]
        except (OpcError, KeyError, SyntaxError, *SPOILT) as error:
            raise ExtractError(f"{name}：不是完整的 DOCX（{type(error).__name__}）；请用 Word 重新保存") from error
        if not blocks:
            raise ExtractError(f"{name}：文档里没有文字；若是图片扫描件，请先做文字识别（OCR）")
        return _texts(blocks) or [Draft(tuple(blocks), title=_title(blocks, document.core_properties.title))]


def _blocks(item: Paragraph | Table, numbering: Numbering, depth: int = 0) -> Iterator[Block]:
    if isinstance(item, Table):
        yield from _table(item, numbering, depth) if depth < _DEPTH_LIMIT else ()
        return
    match = _HEADING.match(item.style.name or "") if item.style is not None else None
    level = int(match[1]) if match else 0
    lines = [_SPACE.sub(" ", line).strip() for line in (numbering.mark(item) + item.text).split("\n")]
    for line in lines:
        if line:
            yield Block(line, level=level, kind="heading" if level else "paragraph")


def _table(table: Table, numbering: Numbering, depth: int) -> Iterator[Block]:
    """The rows of a table, then the tables inside its cells; a frame of one cell is what it holds."""
    rows = table._tbl.tr_lst  # noqa: SLF001 — its own cells are looked up anew, with recursion, for every merged one
    cells = [_Cell(tc, table) for row in rows for tc in row.tc_lst]
    if len(cells) == 1:
        for item in cells[0].iter_inner_content():
            yield from _blocks(item, numbering, depth + 1)
        return
    grid = without_twins(_grid(table))
    yield from grid_blocks(grid, head_rows_of(grid))
    for inner in (inner for cell in cells for inner in cell.tables):
        yield from _blocks(inner, numbering, depth + 1)


def _grid(table: Table) -> list[list[Cell]]:
    """The cells by row and column; one merged downwards is that of the row above in the same column."""
    grid: list[list[Cell]] = []
    above: list[Cell] = []
    for number, row in enumerate(table._tbl.tr_lst):  # noqa: SLF001 — see _table
        placed = [Cell("", number)] * min(row.grid_before, COLUMN_LIMIT)
        for tc in row.tc_lst:
            column = len(placed)
            goes_on = tc.vMerge == "continue" and column < len(above)
            cell = above[column] if goes_on else Cell(one_line(_Cell(tc, table).text), number)
            placed += [cell] * max(1, min(tc.grid_span, COLUMN_LIMIT))
        above = placed
        grid.append(placed)
    return grid


def _title(blocks: list[Block], stated: str) -> str:
    headings = [block for block in blocks if block.level]
    if headings and headings[0].level == 1:
        return headings[0].text
    return stated.strip()


def _texts(blocks: list[Block]) -> list[Draft]:
    """A draft a text when all headings of the highest level name one (a file of 28 policies); else none."""
    top = min((block.level for block in blocks if block.level), default=0)
    starts = [at for at, block in enumerate(blocks) if block.level and block.level == top]
    named = [at for at in starts if _NAMES_A_TEXT.search(blocks[at].text)]
    if len(starts) < _LEAST_TEXTS or named != starts or starts[0] != 0:
        return []
    ends = [*starts[1:], len(blocks)]
    return [
        Draft(tuple(blocks[start + 1 : end]), title=blocks[start].text, key=blocks[start].text)
        for start, end in zip(starts, ends, strict=True)
    ]
