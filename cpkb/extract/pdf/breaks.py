"""Tables that a page's end breaks: cells merged across it, and rows of which a part stands on each page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cpkb.extract.cells import Cell, Row, is_form_row
from cpkb.extract.pdf.lines import joined

Span = tuple[float, float]
_SHIFTED = 6.0  # points: by how much more than its left edge the right one of the same table may move on the next page
_LOOKED_BACK = 100  # rows: those of some pages tell what a column is
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")  # 1 and 0 would make a 10 that stands above
_LEAST_ROWS = 3  # that a column numbers before an empty place in it means something


@dataclass(slots=True)
class OpenTable:
    """A table that may go on on the next page: its header and its last rows."""

    head: tuple[Row, ...] = ()
    columns: tuple[Span, ...] = ()
    """From where to where each goes, in points."""
    body: list[Row] = field(default_factory=list)
    going_on: frozenset[Cell] = frozenset()
    """Cells of its last row below which nothing is drawn."""

    def is_named_by(self, head: Sequence[Row]) -> bool:
        """Whether a header on the next page is its own: until now it had labels and texts only, in fewer columns."""
        rows = [*self.head, *self.body]
        return all(map(is_form_row, rows)) and bool(head) and len(head[0]) > max(map(len, rows), default=0)

    def laid(self, rows: list[Row], columns: Sequence[Span]) -> list[Row]:
        """Rows that have fewer columns on the next page, each cell in all columns it stands below.

        They stay as they are where the table is another or a cell would be lost.
        """
        if not columns or len(columns) >= len(self.columns):
            return rows
        shift = columns[0][0] - self.columns[0][0]
        places = [_place(columns, (left + right) / 2 + shift) for left, right in self.columns]
        is_other = abs(columns[-1][1] - self.columns[-1][1] - shift) > _SHIFTED
        if is_other or {*places} != {*range(len(columns))}:
            return rows
        return [tuple(row[at] for at in places) for row in rows]

    def goes_on_with(self, rows: Sequence[Row]) -> bool:
        """Whether the first row of the next page is the rest of the last.

        Then a column that numbers every row is empty, or a broken text becomes one that its column has above.
        """
        if not self.body or not rows or len(rows[0]) != len(self.body[-1]):
            return False
        if not any(cell.text for cell in rows[0]):
            return False
        numbering = [at for at in range(len(rows[0])) if self._numbers(at)]
        return any(not rows[0][at].text for at in numbering) or self._completes(rows[0])

    def _completes(self, row: Row) -> bool:
        """Whether a text of the last row with one of the next page's first is known: 限期内完成备, 案手续."""
        for at, (last, rest) in enumerate(zip(self.body[-1], row, strict=True)):
            known = {above[at].text for above in self.body[:-1] if at < len(above)}
            if _WORDS.search(rest.text) and last.text and joined(last.text, rest.text) in known:
                return True
        return False

    def take_rest(self, row: Row) -> None:
        """Add the rest of the last row to it."""
        for cell, rest in dict(zip(self.body[-1], row, strict=True)).items():
            cell.text = joined(cell.text, rest.text)

    def carry(self, rows: Sequence[Row], rest: Row = ()) -> None:
        """Give cells that are empty because they began on the page before the text they began with.

        ``rest`` is the row above them that was the rest of the last one.
        """
        if not self.body or not rows or len(rows[0]) != len(self.body[-1]):
            return
        for at, cell in enumerate(rows[0]):
            above = self.body[-1][at]
            was_merged = len(self.body) > 1 and self.body[-2][at] is above
            is_merged = (len(rows) > 1 and rows[1][at] is cell) or (bool(rest) and rest[at] is cell)
            if not cell.text and (was_merged or is_merged or above in self.going_on):
                cell.text = above.text

    def add(self, rows: Sequence[Row], going_on: frozenset[Cell]) -> None:
        """Note the rows of a page, and the cells that its end breaks."""
        self.body = [*self.body, *rows][-_LOOKED_BACK:]
        self.going_on = going_on

    def _numbers(self, at: int) -> bool:
        """Whether each row has a text of its own in a column."""
        column = [row[at] for row in self.body if at < len(row)]
        is_own = len({id(cell) for cell in column}) == len(column)
        return len(column) >= _LEAST_ROWS and is_own and all(cell.text for cell in column)


def _place(columns: Sequence[Span], x: float) -> int:
    """The column at a place; the nearest where a seam is between."""
    return min(range(len(columns)), key=lambda at: max(columns[at][0] - x, x - columns[at][1]))
