"""Word files (.docx): paragraphs and tables in the order of the body. Macros, links and pictures are not read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from cpkb.errors import ExtractError
from cpkb.extract.cells import COLUMN_LIMIT, Cell, grid_blocks, head_rows_of, one_line, without_twins
from cpkb.extract.docx_lists import Numbering
from cpkb.extract.docx_text import blocks_in, boxes_in, cells_in, rows_in, text_of
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.office_archive import check_archive
from cpkb.extract.spoilt import SPOILT

_DEPTH_LIMIT = 8  # tables inside tables: forms have two
_BEGINS = 10  # blocks a title is looked for in
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
            body = document.element.body
            blocks = [block for item in blocks_in(body) for block in _blocks(item, document, numbering)]
        except (OpcError, KeyError, SyntaxError, *SPOILT) as error:
            raise ExtractError(f"{name}：不是完整的 DOCX（{type(error).__name__}）；请用 Word 重新保存") from error
        if not blocks:
            raise ExtractError(f"{name}：文档里没有文字；若是图片扫描件，请先做文字识别（OCR）")
        return _texts(blocks) or [Draft(tuple(blocks), title=_title(blocks, document.core_properties.title))]


def _blocks(item: Any, parent: Any, numbering: Numbering, depth: int = 0) -> Iterator[Block]:
    if depth >= _DEPTH_LIMIT:
        return
    if item.tag == qn("w:tbl"):
        yield from _table(item, parent, numbering, depth)
        return
    paragraph = Paragraph(item, parent)
    match = _HEADING.match(paragraph.style.name or "") if paragraph.style is not None else None
    level = int(match[1]) if match else 0
    for line in (numbering.mark(paragraph) + text_of(item)).split("\n"):
        if text := _SPACE.sub(" ", line).strip():
            yield Block(text, level=level, kind="heading" if level else "paragraph")
    for box in boxes_in(item):
        for inner in blocks_in(box):
            yield from _blocks(inner, parent, numbering, depth + 1)


def _table(table: Any, parent: Any, numbering: Numbering, depth: int) -> Iterator[Block]:
    """The rows of a table, then the tables inside its cells; a frame of one cell is what it holds."""
    cells = [tc for row in rows_in(table) for tc in cells_in(row)]
    if len(cells) == 1:
        for item in blocks_in(cells[0]):
            yield from _blocks(item, parent, numbering, depth + 1)
        return
    grid = without_twins(_grid(table, parent, numbering))
    yield from grid_blocks(grid, head_rows_of(grid))
    for inner in (inner for tc in cells for inner in blocks_in(tc) if inner.tag == qn("w:tbl")):
        yield from _blocks(inner, parent, numbering, depth + 1)


def _grid(table: Any, parent: Any, numbering: Numbering) -> list[list[Cell]]:
    """The cells by row and column; one merged downwards is that of the row above in the same column."""
    grid: list[list[Cell]] = []
    above: list[Cell] = []
    for number, row in enumerate(rows_in(table)):
        placed = [Cell("", number)] * min(row.grid_before, COLUMN_LIMIT)
        for tc in cells_in(row):
            column = len(placed)
            goes_on = tc.vMerge == "continue" and column < len(above)
            cell = above[column] if goes_on else Cell(_cell_text(tc, parent, numbering), number)
            placed += [cell] * max(1, min(tc.grid_span, COLUMN_LIMIT))
        above = placed
        grid.append(placed)
    return grid


def _cell_text(tc: Any, parent: Any, numbering: Numbering) -> str:
    """The paragraphs of a cell with the numbers they carry: a column 序号 is often numbered by Word."""
    told = [p for p in blocks_in(tc) if p.tag == qn("w:p")]
    return one_line("\n".join(numbering.mark(Paragraph(p, parent)) + _with_boxes(p) for p in told))


def _with_boxes(paragraph: Any) -> str:
    boxes = (text_of(p) for box in boxes_in(paragraph) for p in blocks_in(box) if p.tag == qn("w:p"))
    return "\n".join([text_of(paragraph), *boxes])


def _title(blocks: list[Block], stated: str) -> str:
    """The heading the text begins with, else what the file's properties say if the text begins so too; ''.

    A template's title stays in the properties of every file that was made with it.
    """
    first = next((at for at, block in enumerate(blocks) if block.level), None)
    if first is not None and blocks[first].level == 1 and (not first or _NAMES_A_TEXT.search(blocks[first].text)):
        return blocks[first].text
    begins = "".join("".join(block.text.split()) for block in blocks[:_BEGINS])
    return stated.strip() if "".join(stated.split()) in begins else ""


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
