"""Spreadsheets (.xlsx, .xls): each sheet's tables with merged cells filled, titles above and notes below. No macros."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from cpkb.errors import ExtractError
from cpkb.extract.cells import Cell, grid_blocks, head_rows_of, one_line, without_twins
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.marks import attachment
from cpkb.extract.office_archive import check_archive
from cpkb.extract.spoilt import SPOILT

FILE_LIMIT = 64 * 1024 * 1024  # bytes: a list of 500,000 rows has 40 MB
SHEET_LIMIT = 100  # sheets: the largest real workbook has 14
CELL_LIMIT = 2_000_000  # cells of a sheet, empty ones too: 100,000 rows of 20 columns
_HEADING_LEVEL = 2  # of a sheet's name, under the title
_DEEPEST = 6  # of the lines above a table: a column of names would else be as many headings in each other
_LONGEST = 1e18  # beyond, a number is no code that somebody typed
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_NOTE = re.compile(r"(?:备?注|(?:填[表报写])?说明)\s?\d?\s?[：:]|资料来源")
_NOT_COMPUTED = re.compile(
    rb'<c\b(?![^>]{0,300}\bt="str")[^>]{0,300}>\s*<f\b(?:[^>]{0,300}/>|[^>]{0,300}>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
"""A formula whose result the program that wrote the file did not store; an empty text (t="str") is a result."""
Values = Sequence[object]


class SheetsExtractor:
    """Reads .xlsx and .xls files."""

    suffixes = (".xlsx", ".xls", ".xlsm")

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft: a heading a sheet when there are several; hidden sheets are named and left out."""
        uncomputed = _check(data, name)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            shown = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            hidden = [sheet.name for sheet in shown if sheet.visible != SheetVisibleEnum.Visible]
            sheets = [book.get_sheet_by_name(s.name) for s in shown[:SHEET_LIMIT] if s.name not in hidden]
            parts = [(sheet.name, list(_blocks(sheet, name))) for sheet in sheets]
        except PasswordError as error:
            raise ExtractError(f"{name}：表格有密码；请先解除密码再导入") from error
        except (CalamineError, XmlError, ZipError, ValueError, OSError) as error:
            raise ExtractError(f"{name}：表格损坏或没有下载完整；请用 Excel 或 WPS 重新保存") from error
        problems = [f"{name}：工作表“{sheet}”是隐藏的，未读入" for sheet in hidden]
        if uncomputed:
            problems.append(f"{name}：有 {uncomputed} 个公式没有存下结果，读成空格；请用 Excel 打开并保存后再导入")
        if len(shown) > SHEET_LIMIT:
            problems.append(f"{name}：有 {len(shown)} 张工作表，只读前 {SHEET_LIMIT} 张")
        return [_draft([part for part in parts if part[1]], problems, name)]


def _draft(parts: Sequence[tuple[str, list[Block]]], problems: Sequence[str], name: str) -> Draft:
    if not parts:
        raise ExtractError(f"{name}：表格里没有文字；请检查是否保存完整")
    first = parts[0][1][0]
    if len(parts) == 1:
        above = [block.text for block in takewhile(lambda block: block.kind == "heading", parts[0][1])]
        title = next((text for text in above if not attachment(text)), first.text if above else "")
        return Draft(tuple(parts[0][1]), title=title, problems=tuple(problems))
    blocks = [[Block(sheet, level=1, kind="heading"), *found] for sheet, found in parts]
    title = PurePosixPath(name).stem  # no sheet speaks for all of them
    return Draft(tuple(block for part in blocks for block in part), title=title, problems=tuple(problems))


def list_draft(lines: Sequence[Sequence[str]], name: str) -> Draft:
    """A TSV or CSV as a sheet of one table, under the heads of its first line."""
    width = max(map(len, lines))
    if len(lines) * width > CELL_LIMIT:
        raise ExtractError(f"{name}：有 {len(lines)} 行 {width} 列，超过 {CELL_LIMIT} 格；请拆分后再导入")
    grid = [
        [Cell(cell.strip(), row) for cell in (*line, *[""] * (width - len(line)))] for row, line in enumerate(lines)
    ]
    return Draft(tuple(grid_blocks(grid, head_rows=1)))


def _check(data: bytes, name: str) -> int:
    """How many formulas have no result, within bounds that must be kept before the reader builds its tables.

    One cell far out makes a table of billions.
    """
    if len(data) > FILE_LIMIT:
        raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请拆分后再导入")
    if not data.startswith(b"PK"):
        return 0
    check_archive(data, name, "XLSX", "xl/workbook.xml")
    uncomputed = 0
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.namelist():
            if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                xml = _unpacked(packed, member, name)
                _check_reach(xml, f"{name} {member}")
                uncomputed += len(_NOT_COMPUTED.findall(xml))
    return uncomputed


def _unpacked(packed: zipfile.ZipFile, member: str, name: str) -> bytes:
    try:
        return packed.read(member)
    except SPOILT as error:
        raise ExtractError(f"{name}：压缩结构损坏，可能没有下载完整；请重新下载") from error


def _check_reach(xml: bytes, place: str) -> None:
    rows = columns = 0
    for letters, digits in _REFERENCE.findall(xml):
        rows, columns = max(rows, int(digits)), max(columns, _column(letters))
    if rows * columns > CELL_LIMIT:
        raise ExtractError(f"{place}：有 {rows} 行 {columns} 列，超过 {CELL_LIMIT} 格；请删去远处的空格后再导入")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _blocks(sheet: CalamineSheet, name: str) -> Iterator[Block]:
    if sheet.total_height * sheet.total_width > CELL_LIMIT:
        raise ExtractError(f"{name}：工作表“{sheet.name}”超过 {CELL_LIMIT} 格；请删去远处的空格后再导入")
    for part in _parts(_grid(sheet)):
        levels = (min(_HEADING_LEVEL + at, _DEEPEST) for at in range(len(part.titles)))
        yield from (Block(title, level=level, kind="heading") for title, level in zip(part.titles, levels, strict=True))
        rows = without_twins(part.rows)
        yield from grid_blocks(rows, head_rows_of(rows))
        yield from (Block(note) for note in part.notes)


def _grid(sheet: CalamineSheet) -> list[list[Cell]]:
    """All cells from A1; merged ones in every place they cover."""
    values = sheet.to_python(skip_empty_area=False)
    grid = [[Cell(_shown(value), row) for value in line] for row, line in enumerate(values)]
    room = len(grid) * max(map(len, grid), default=0)  # merged cells do not overlap: together they cover no more
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        room -= (min(bottom, len(grid) - 1) - top + 1) * (min(right, len(grid[top]) - 1) - left + 1)
        if room < 0:
            break
        cell = grid[top][left]
        for line in grid[top : bottom + 1]:
            line[left : right + 1] = [cell] * len(line[left : right + 1])
    return grid


def _shown(value: object) -> str:
    """A value as a person writes it: 1 and not 1.0, a date without midnight."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _LONGEST else f"{value:.12g}"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return one_line(str(value))


@dataclass(slots=True)
class _Part:
    """A table of a sheet: the lines above it, its header and rows, the lines below."""

    titles: list[str]
    rows: list[list[Cell]]
    notes: list[str]


def _parts(grid: Sequence[list[Cell]]) -> Iterator[_Part]:
    """The tables of a sheet: a title after an empty row begins another."""
    part, after_gap = _Part([], [], []), False
    for line in _rows(grid):
        texts = [cell.text for cell in dict.fromkeys(line) if cell.text]
        if not texts:
            after_gap = True
            continue
        is_lone = len(texts) == 1
        begins = not _NOTE.match(texts[0]) if is_lone else _is_headed_alike(part.rows, texts)
        if part.rows and after_gap and begins:
            yield _closed(part)
            part = _Part([], [], [])
        if is_lone and not part.rows:
            part.titles.append(texts[0])
        else:
            part.rows.append(line)
        after_gap = False
    if part.rows or part.titles:
        yield _closed(part)


def _is_headed_alike(rows: Sequence[Sequence[Cell]], texts: Sequence[str]) -> bool:
    """Whether a row begins as the header does and holds no figures: it is the header of another table."""
    first = next((cell.text for cell in rows[0] if cell.text), "") if rows else ""
    return texts[0] == first and not any(text[0].isdecimal() for text in texts)


def _closed(part: _Part) -> _Part:
    """The part with the notes below its rows told apart, and its cells counted from its first row."""
    lone = [_lone(line) for line in part.rows]
    first = next((at for at in range(len(lone), 1, -1) if not lone[at - 1]), 1)
    start = next((at for at in range(first, len(lone)) if _NOTE.match(lone[at])), len(lone))
    part.rows, part.notes = part.rows[:start], lone[start:]
    met: set[Cell] = set()
    for number, line in enumerate(part.rows):
        for cell in {*line} - met:
            cell.row = number
        met.update(line)
    return part


def _lone(line: Sequence[Cell]) -> str:
    """The only text of a row, '' when it has several."""
    texts = [cell.text for cell in dict.fromkeys(line) if cell.text]
    return texts[0] if len(texts) == 1 else ""


def _rows(grid: Sequence[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows without the empty columns at both sides."""
    used = [at for line in grid for at, cell in enumerate(line) if cell.text]
    first, last = min(used, default=0), max(used, default=0)
    return (line[first : last + 1] for line in grid)
