"""Tables as a grid of cells (单元格), merged ones in every place they cover, and the blocks of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpkb.extract.extractor import Block

CARRIED_LENGTH = 200  # characters: what a merged cell says to the rows below its first is a name, not a text
_VALUE_LENGTH = 24  # characters: a value with its unit and note; longer texts are said once
COLUMN_LIMIT = 256  # columns kept as cells: the widest real table has 30; beyond, the row is text only
HEAD_ROWS = 3  # rows a header may have; a first cell merged further down is a category

_SPACE = re.compile(r"\s+")


@dataclass(eq=False, slots=True)
class Cell:
    """A cell; the same object stands in every place of the grid that it covers."""

    text: str
    row: int
    """The row it begins in, from 0."""


Grid = Sequence[Sequence[Cell]]


def grid_blocks(grid: Grid, head_rows: int, page: int | None = None) -> Iterator[Block]:
    """A block for each row with text, first the header's."""
    for number, row in enumerate(grid):
        yield from row_block(row, number, is_header=number < head_rows, page=page)


def row_block(row: Sequence[Cell], number: int, *, is_header: bool, page: int | None = None) -> Iterator[Block]:
    """The block of a row, or none; a text merged over columns stands once in it, a value under each of its heads."""
    shown = [
        cell for at, cell in enumerate(row) if at == 0 or cell is not row[at - 1] or _is_value(cell, row, is_header)
    ]
    texts = [cell.text if cell.row == number else cell.text[:CARRIED_LENGTH] for cell in shown]
    if any(texts):
        cells = tuple(cell.text for cell in row) if len(row) <= COLUMN_LIMIT else ()
        text = "｜".join(text.replace("｜", "|") for text in texts)
        yield Block(text, page, kind="header" if is_header else "row", cells=cells)


def _is_value(cell: Cell, row: Sequence[Cell], is_header: bool) -> bool:  # noqa: FBT001 — told by name above
    """Whether a cell merged over columns holds for each of them (70 under three products) and not for the row."""
    return not is_header and 0 < len(cell.text) <= _VALUE_LENGTH and any(other is not cell for other in row)


def head_rows_of(grid: Grid) -> int:
    """How many rows the header has: those its first cell covers, two above a parted head (产品: 名称, 代码)."""
    if len(grid) < 2 or not grid[0]:
        return len(grid)
    span = sum(1 for row in grid if row and row[0] is grid[0][0])
    is_parted = len(set(map(id, grid[0]))) < len(grid[0])
    if span == 1 and is_parted and len(grid) > 2 and grid[1] and not grid[1][0].text:
        return 2
    return span if span <= HEAD_ROWS else 1


def one_line(text: str) -> str:
    """The text of a cell on one line."""
    return _SPACE.sub(" ", text).strip()
