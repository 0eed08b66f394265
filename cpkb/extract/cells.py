"""Tables as a grid of cells (单元格), merged ones in every place they cover, and the blocks of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cpkb.extract.extractor import Block
from cpkb.model.passage import CELL

CARRIED_LENGTH = 200  # characters: what a merged cell says to the rows below its first is a name, not a text
_VALUE_LENGTH = 24  # characters: a value with its unit and note; longer texts are said once
_HEAD_LENGTH = 48  # characters: the longest head of 60 real tables that spans columns has 40
COLUMN_LIMIT = 256  # columns kept as cells: the widest real table has 30; beyond, the row is text only
HEAD_ROWS = 3  # rows a header may have; a first cell merged further down is a category

_SPACE = re.compile(r"\s+")
_FIGURE = re.compile(r"[\d.,<>≤≥~～—%/+-]+")


@dataclass(eq=False, slots=True)
class Cell:
    """A cell; the same object stands in every place of the grid that it covers."""

    text: str
    row: int
    """The row it begins in, from 0."""


Grid = Sequence[Sequence[Cell]]
Row = tuple[Cell, ...]
"""A row of a grid that does not change any more."""


def grid_blocks(grid: Grid, head_rows: int, page: int | None = None, form_rows: int = 0) -> Iterator[Block]:
    """A block for each row with text: those of a form, the header's and the others."""
    for number, row in enumerate(grid):
        for block in row_block(row, number, is_header=form_rows <= number < form_rows + head_rows, page=page):
            yield replace(block, cells=()) if number < form_rows else block  # no columns are named above it


def row_block(row: Sequence[Cell], number: int, *, is_header: bool, page: int | None = None) -> Iterator[Block]:
    """The block of a row, or none; a place for each column, so that what stands under a head is told by counting."""
    texts = _texts(row, number, _HEAD_LENGTH if is_header else _VALUE_LENGTH)
    if any(texts):
        cells = tuple(cell.text for cell in row) if len(row) <= COLUMN_LIMIT else ()
        text = CELL.join(text.replace(CELL, "|") for text in texts)
        yield Block(text, page, kind="header" if is_header else "row", cells=cells)


def _texts(row: Sequence[Cell], number: int, limit: int) -> list[str]:
    """What stands in each column: of a cell merged over columns its text in all (70 under three products).

    A text over ``limit`` characters stands in the first of them, and one that is merged over the whole row only once.
    """
    if row and all(cell is row[0] for cell in row):
        row = row[:1]
    texts = [cell.text if cell.row == number else cell.text[:CARRIED_LENGTH] for cell in row]
    goes_on = [at > 0 and cell is row[at - 1] for at, cell in enumerate(row)]
    return ["" if on and len(text) > limit else text for on, text in zip(goes_on, texts, strict=True)]


def head_rows_of(grid: Grid) -> int:
    """How many rows the header has: those its first cell covers, two above a parted head (产品: 名称, 代码)."""
    if len(grid) < 2 or not grid[0]:
        return len(grid)
    span = sum(1 for row in grid if row and row[0] is grid[0][0])
    is_parted = len(set(map(id, grid[0]))) < len(grid[0])
    if span == 1 and is_parted and len(grid) > 2 and grid[1] and not grid[1][0].text:
        return 2
    return span if span <= HEAD_ROWS else 1


def form_rows_of(grid: Grid) -> int:
    """How many rows stand above the header: labels with a text over all other columns (违反条款｜…), as in a form.

    The header is then the first row in which each column has a name of its own.
    """
    for at, row in enumerate(grid):
        if not is_form_row(row):
            names = all(0 < len(cell.text) <= _HEAD_LENGTH and not _FIGURE.fullmatch(cell.text) for cell in row)
            return at if names and len(set(row)) == len(row) > 2 else 0
    return 0


def is_form_row(row: Sequence[Cell]) -> bool:
    """Whether a row is a label and a text over all other columns."""
    return len(row) > 1 and len(set(row)) == 2 and row[1] is row[-1] and len(row[1].text) > _VALUE_LENGTH


def without_twins(grid: Sequence[list[Cell]]) -> Sequence[list[Cell]]:
    """The grid without columns that are merged with the one before in every row: they were made for layout."""
    width = min((len(row) for row in grid), default=0)
    twins = {at for at in range(1, width) if all(row[at] is row[at - 1] for row in grid)}
    return [[cell for at, cell in enumerate(row) if at not in twins] for row in grid] if twins else grid


def one_line(text: str) -> str:
    """The text of a cell on one line."""
    return _SPACE.sub(" ", text).strip()
