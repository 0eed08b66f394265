"""PDF files: opened within bounds, page by page to blocks; pages without a text layer are recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pypdfium2 import PdfDocument, PdfiumError

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.heads import standard_number
from cpkb.extract.pdf.flow import Column, blocks_of
from cpkb.extract.pdf.furniture import is_imprint, running_heads, without_furniture, without_upright
from cpkb.extract.pdf.lines import TextLine, columns_of
from cpkb.extract.pdf.page import Page, read_page
from cpkb.extract.pdf.scan import doubts, with_scans
from cpkb.extract.pdf.tables import Drawings, drawings
from cpkb.extract.text import what_is

FILE_LIMIT = 200 * 1024 * 1024  # bytes: scanned books reach 150 MB, and have no text to read anyway
PAGE_LIMIT = 2_000  # pages: the longest official catalogue has 400
_END = 2048  # bytes at the end that hold %%EOF: a file cut short can look whole otherwise, with pages missing
_LEAST_GLYPHS = 5  # a page on average: a scan has none, or the page numbers some scanners add
_COVER_LINES = 16  # a cover has 6 to 14 lines
_NO_COVER = re.compile(r"目[次录]|前言|[.．…]{6}")
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class PdfExtractor:
    """Reads .pdf files."""

    suffixes = (".pdf",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft; raises ExtractError for locked, damaged and oversized files, and scans that cannot be read."""
        pages, problems = _pages(data, name)
        return [page_draft(pages, problems, name)]


def page_draft(pages: Sequence[Page], problems: Sequence[str], name: str) -> Draft:
    """What pages say, those of a file or of pictures; raises ExtractError when they say nothing."""
    if sum(len(page.glyphs) for page in pages) < _LEAST_GLYPHS * len(pages):
        raise ExtractError("；".join(problems) or f"{name}：{len(pages)} 页上都没有认出文字")
    scans = [page for page in pages if page.is_scan]
    columns = _columns(pages, [drawings(page) for page in pages])
    blocks = tuple(block for block in [*_cover(columns), *blocks_of(_after_cover(columns))] if block.text)
    told = [*problems, *doubts(blocks, [page.number for page in scans], name)]
    return Draft(blocks, is_recognised=2 * len(scans) > len(pages), problems=tuple(told))


def _pages(data: bytes, name: str) -> tuple[list[Page], list[str]]:
    if len(data) > FILE_LIMIT:
        raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请拆分后再导入")
    if b"%PDF-" not in data[:1024]:
        what = what_is(data)[0] or ("空文件" if not data else "别的内容")
        raise ExtractError(f"{name}：不是 PDF，而是{what}；请按真实格式命名")
    if b"%%EOF" not in data[-_END:]:
        raise ExtractError(f"{name}：PDF 没有结尾标记，可能没有下载完整；请重新下载")
    document = _opened(data, name)
    try:
        if not 0 < len(document) <= PAGE_LIMIT:
            raise ExtractError(f"{name}：有 {len(document)} 页，应在 1 到 {PAGE_LIMIT} 页之间")
        pages = [read_page(document[at], at + 1) for at in range(len(document))]
        return with_scans(pages, document, name)
    except PdfiumError as error:
        raise ExtractError(f"{name}：有的页面损坏，无法读出；请重新下载") from error
    finally:
        document.close()


def _opened(data: bytes, name: str) -> PdfDocument:
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise ExtractError(f"{name}：PDF 有密码；请先解除密码再导入") from error
        raise ExtractError(f"{name}：PDF 损坏或没有下载完整；请重新下载") from error


def _columns(pages: Sequence[Page], seen: Sequence[Drawings]) -> list[Column]:
    """The columns of all pages in reading order, without running heads and the like."""
    raw = [_page_columns(page, found) for page, found in zip(pages, seen, strict=True)]
    edges = [[line for column in columns for line in column.lines] for columns in raw]
    heads = running_heads(edges, [page.height for page in pages])
    for page, columns in zip(pages, raw, strict=True):
        for column in columns:
            column.lines = without_furniture(column.lines, page.height, heads)
    return [column for columns in raw for column in columns]


def _page_columns(page: Page, found: Drawings) -> list[Column]:
    text = [glyph for glyph in page.glyphs if not any(table.box.holds(glyph) for table in found.tables)]
    columns = [Column(page.number, without_upright(lines)) for lines in columns_of(text, page.width)]
    columns[0].tables, columns[0].others = found.tables, found.others
    return [] if is_imprint(columns[0].lines) else columns


def _is_cover(column: Column) -> bool:
    squeezed = "".join(line.squeezed for line in column.lines)
    short = len(column.lines) <= _COVER_LINES and not column.tables
    number = standard_number("\n".join(line.text for line in column.lines))
    return short and "标准" in squeezed and bool(number) and not _NO_COVER.search(squeezed)


def _cover(columns: Sequence[Column]) -> list[Block]:
    return [Block(line.text, columns[0].page, kind="cover") for line in _cover_lines(columns)]


def _cover_lines(columns: Sequence[Column]) -> list[TextLine]:
    return columns[0].lines if columns and _is_cover(columns[0]) else []


def _after_cover(columns: Sequence[Column]) -> Sequence[Column]:
    return columns[1:] if _cover_lines(columns) else columns
