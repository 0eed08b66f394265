"""Tables of web pages: merged cells spread over the rows and columns they span, so that each row reads alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag

from cpkb.extract.cells import HEAD_ROWS, Cell, row_block, without_twins
from cpkb.extract.extractor import Block

_SPACE = re.compile(r"[ \t\n\r\f\v\xa0\u3000]+")
_SPAN_LIMIT = 1_000  # rows or columns a cell may span: browsers stop there too


def is_data(table: Tag) -> bool:
    """Whether a table holds data: at least two rows of two cells and no table inside (a frame for layout)."""
    if table.find("table"):
        return False
    rows = [row for row in table.find_all("tr") if len(row.find_all(["td", "th"])) > 1]
    return len(rows) > 1


def rows_of(table: Tag) -> Iterator[Block]:
    """The header and rows of a table; merged cells stand in every place they cover."""
    for line_break in table.find_all("br"):
        line_break.replace_with(" ")
    carried: dict[int, tuple[int, Cell]] = {}
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    grid = without_twins([_placed(tags, number, carried) for number, tags in enumerate(rows)])
    head = max(1, min(HEAD_ROWS, _span(rows[0][0], "rowspan"))) if rows and rows[0] else 1
    for number, (tags, cells) in enumerate(zip(rows, grid, strict=True)):
        is_header = number < head or (bool(tags) and all(tag.name == "th" for tag in tags))
        yield from row_block(cells, number, is_header=is_header)


def text_of(cell: Tag) -> str:
    """The text of a cell on one line."""
    return _SPACE.sub(" ", cell.get_text()).strip()


def _placed(tags: list[Tag], number: int, carried: dict[int, tuple[int, Cell]]) -> list[Cell]:
    """The cell of each column of a row; ``carried`` holds (rows left, cell) by column and is brought up to date."""
    placed: list[Cell] = []
    waiting = tags[::-1]
    while waiting or len(placed) in carried:
        column = len(placed)
        if column in carried:
            left, cell = carried.pop(column)
            placed.append(cell)
            if left > 1:
                carried[column] = (left - 1, cell)
                if len(placed) > _SPAN_LIMIT:
                    break
            continue
        tag = waiting.pop()
        cell = Cell(text_of(tag), number)
        for at in range(column, column + _span(tag, "colspan")):
            placed.append(cell)
            if _span(tag, "rowspan") > 1:
                carried[at] = (_span(tag, "rowspan") - 1, cell)
    return placed


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(int(value), _SPAN_LIMIT) if value.isdecimal() and int(value) else 1
