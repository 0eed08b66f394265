"""Tables of web pages: merged cells spread over the rows and columns they span, so that each row reads alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag

_SPACE = re.compile(r"[ \t\n\r\f\v\xa0\u3000]+")
_SPAN_LIMIT = 1_000  # rows or columns a cell may span: browsers stop there too


CARRIED_LENGTH = 200  # characters: what a spanning cell says to the rows it spans is a name, not a text


def is_data(table: Tag) -> bool:
    """Whether a table holds data: at least two rows of two cells and no table inside (a frame for layout)."""
    if table.find("table"):
        return False
    rows = [row for row in table.find_all("tr") if len(row.find_all(["td", "th"])) > 1]
    return len(rows) > 1


def rows_of(table: Tag) -> Iterator[tuple[str, str]]:
    """(header or row, a｜b｜c) of each row; a cell that spans rows is repeated, one that spans columns is not."""
    for line_break in table.find_all("br"):
        line_break.replace_with(" ")
    carried: dict[int, tuple[int, Tag]] = {}
    header_left = 0
    for number, row in enumerate(table.find_all("tr")):
        cells = row.find_all(["td", "th"])
        placed = _placed(cells, carried)
        own = set(map(id, cells))
        texts = [_once(cell, is_own=id(cell) in own) for cell in dict.fromkeys(placed)]
        if number == 0:
            header_left = max(1, min(3, _span(cells[0], "rowspan"))) if cells else 1
        is_header = header_left > 0 or (bool(cells) and all(cell.name == "th" for cell in cells))
        header_left -= 1
        if any(texts):
            yield ("header" if is_header else "row"), "｜".join(texts)


def _once(cell: Tag, *, is_own: bool) -> str:
    """A cell's text; in the rows it only spans, its beginning: repeated in full, one cell could fill the memory."""
    text = text_of(cell)
    return text if is_own else text[:CARRIED_LENGTH]


def text_of(cell: Tag) -> str:
    """The text of a cell on one line."""
    return _SPACE.sub(" ", cell.get_text()).strip()


def _placed(cells: list[Tag], carried: dict[int, tuple[int, Tag]]) -> list[Tag]:
    """The cell of each column of a row; ``carried`` holds (rows left, cell) by column and is brought up to date."""
    placed: list[Tag] = []
    waiting = list(cells)
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
        cell = waiting.pop(0)
        for at in range(column, column + _span(cell, "colspan")):
            placed.append(cell)
            if _span(cell, "rowspan") > 1:
                carried[at] = (_span(cell, "rowspan") - 1, cell)
    return placed


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return min(int(value), _SPAN_LIMIT) if value.isdecimal() and int(value) else 1
