"""Grids to tables: the text of each cell and row (a｜b｜c), and which rows are the header; the rest are figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cpkb.extract.cells import Cell, Row, form_rows_of
from cpkb.extract.ocr import DOUBT_MARK, DOUBTFUL
from cpkb.extract.pdf.breaks import Span
from cpkb.extract.pdf.grid import Box, Grid, grids
from cpkb.extract.pdf.lines import TextLine, joined, lines_of
from cpkb.extract.pdf.page import Glyph, Page

_LEAST_CELLS = 3
_SHORT_LINE = 0.7  # of a cell's longest line: a line that ends before ends a paragraph
_HEAD_ROWS = 3  # rows the top left cell may span and still be a header's
_FIGURE = re.compile(r"[≤≥<>＜＞]?\d[\d.,~～—%*/-]{0,11}")
_LEAST_FIGURES = 3  # lines: two may be one value in two units
_FIGURES = 0.8  # of the lines of a cell: recognition spoils some

Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table: where it is and its rows from the top."""

    box: Box
    grid: Rows
    header_rows: int
    columns: tuple[Span, ...]
    """From where to where each column goes, in points."""
    form_rows: int = 0
    """Rows above its header: labels and texts."""
    going_on: frozenset[Cell] = frozenset()
    """Cells that the page's end breaks: nothing is drawn below them."""

    def parts(self) -> tuple[Rows, Rows, list[Row]]:
        """The rows of the form above it, its header, and its own."""
        end = self.form_rows + self.header_rows
        return self.grid[: self.form_rows], self.grid[self.form_rows : end], list(self.grid[end:])


@dataclass(frozen=True, slots=True)
class Drawings:
    """The tables of a page and the boxes around its other rules (figures, underlines)."""

    tables: tuple[PdfTable, ...]
    others: tuple[Box, ...]


def drawings(page: Page) -> Drawings:
    """Find the tables of a page, from the top."""
    tables, others = [], []
    for box, grid in grids(page):
        table = _table(grid, box, page.glyphs) if grid else None
        if table:
            tables.append(table)
        else:
            others.append(box)
    return Drawings(tuple(sorted(tables, key=lambda table: -table.box.top)), tuple(others))


def _table(grid: Grid, box: Box, glyphs: Sequence[Glyph]) -> PdfTable | None:
    inside: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if box.holds(glyph) and (place := _place(grid, glyph)):
            inside.setdefault(grid.cells[place], []).append(glyph)
    if len(inside) < _LEAST_CELLS:
        return None
    lines = {number: lines_of(found) for number, found in inside.items()}
    header = _header_rows(grid)
    rows: list[Row] = []
    head = 0
    made: dict[int, Cell] = {}
    for row in range(len(grid.ys) - 1):
        found = _rows(grid, row, lines, made, len(rows))
        rows += found
        head = len(rows) if row < header else head
    # One row is a table broken by the page's end, when it is full; else it is a box in a drawing.
    is_table = len(rows) > 1 or (len(rows) == 1 and all(cell.text for cell in rows[0]))
    if not is_table:
        return None
    form = form_rows_of(rows)
    going_on = frozenset(made[number] for number in grid.going_on if number in made)
    columns = tuple((grid.xs[at], grid.xs[at + 1]) for at in grid.columns)
    return PdfTable(box, tuple(rows), 1 if form else head, columns, form, going_on)


def _place(grid: Grid, glyph: Glyph) -> tuple[int, int] | None:
    x, y = glyph.middle
    column = next((c for c, edge in enumerate(grid.xs[1:]) if x <= edge), None)
    row = next((r for r, edge in enumerate(grid.ys[1:]) if y >= edge), None)
    return None if row is None or column is None else (row, column)


def _cell_text(lines: Sequence[TextLine]) -> str:
    """The lines of a cell as one; a space parts its paragraphs (a short line above one that starts as far left)."""
    if not lines:
        return ""
    longest = max(line.right - line.left for line in lines)
    text, before = "", lines[0]
    for line in lines:
        starts = line.left - before.left < 1 and before.right - before.left < _SHORT_LINE * longest
        text = f"{text} {line.text}" if text and starts else joined(text, line.text)
        before = line
    return text + DOUBT_MARK if min(line.sureness for line in lines) < DOUBTFUL else text


def _rows(grid: Grid, row: int, lines: dict[int, list[TextLine]], made: dict[int, Cell], at: int) -> list[Row]:
    """The row as cells by column, those that span rows in each; none where nothing begins or stands in it.

    A row of figures set below one another without rules between them is as many rows.
    """
    numbers = [grid.cells[row, column] for column in grid.columns]
    own = [number for number in dict.fromkeys(numbers) if number not in made]
    if not any(number in lines for number in numbers) or not own:
        made |= {number: Cell("", at) for number in own}
        return []
    columns = _figures(own, lines)
    made |= {number: Cell(_cell_text(lines.get(number, ())), at) for number in own if number not in columns}
    if not columns:
        return [tuple(made[number] for number in numbers)]
    rows = []
    for line in range(len(next(iter(columns.values())))):
        made |= {number: Cell(_cell_text([found[line]]), at + line) for number, found in columns.items()}
        rows.append(tuple(made[number] for number in numbers))
    return rows


def _figures(own: Sequence[int], lines: dict[int, list[TextLine]]) -> dict[int, list[TextLine]]:
    """The cells of a row that hold figures line by line, as many and as high in each; none where only one does."""
    found: dict[int, list[TextLine]] = {}
    for number in own:
        texts = lines.get(number, [])
        figures = sum(1 for line in texts if _FIGURE.fullmatch(line.squeezed))
        if len(texts) >= _LEAST_FIGURES and figures >= _FIGURES * len(texts):
            found[number] = texts
    first = next(iter(found.values()), [])
    alike = {n: t for n, t in found.items() if len(t) == len(first) and all(map(_level, t, first))}
    return alike if len(alike) > 1 else {}


def _level(one: TextLine, other: TextLine) -> bool:
    return abs(one.base - other.base) < 0.5 * max(one.size, other.size)


def _header_rows(grid: Grid) -> int:
    """As many rows as the top left cell spans: a header of two lines has 可行技术 beside both."""
    left = grid.columns[0]
    span = sum(1 for row in range(len(grid.ys) - 1) if grid.cells[row, left] == grid.cells[0, left])
    return span if span <= _HEAD_ROWS else 1
