"""Tables that a page's end breaks: cells merged across it, and rows of which a part stands on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cpkb.extract.cells import Cell
from cpkb.extract.pdf.lines import joined

Row = tuple[Cell, ...]
_LOOKED_BACK = 100  # rows: those of some pages tell what a column is
_LEAST_ROWS = 3  # that a column numbers before an empty place in it means something


@dataclass(slots=True)
class OpenTable:
    """A table that may go on on the next page: its header and its last rows."""

    head: tuple[Row, ...] = ()
    body: list[Row] = field(default_factory=list)

    def goes_on_with(self, rows: Sequence[Row]) -> bool:
        """Whether the first row of the next page is the rest of the last: a column that numbers every row is empty."""
        if not self.body or not rows or len(rows[0]) != len(self.body[-1]):
            return False
        numbering = [at for at in range(len(rows[0])) if self._numbers(at)]
        return any(not rows[0][at].text for at in numbering) and any(cell.text for cell in rows[0])

    def take_rest(self, row: Row) -> None:
        """Add the rest of the last row to it."""
        for cell, rest in dict(zip(self.body[-1], row, strict=True)).items():
            cell.text = joined(cell.text, rest.text)

    def carry(self, rows: Sequence[Row]) -> None:
        """Give cells that are empty because they began on the page before the text they began with."""
        if not self.body or not rows or len(rows[0]) != len(self.body[-1]):
            return
        for at, cell in enumerate(rows[0]):
            above = self.body[-1][at]
            was_merged = len(self.body) > 1 and self.body[-2][at] is above
            is_merged = len(rows) > 1 and rows[1][at] is cell
            if not cell.text and (was_merged or is_merged):
                cell.text = above.text

    def add(self, rows: Sequence[Row]) -> None:
        """Note the rows of a page."""
        self.body = [*self.body, *rows][-_LOOKED_BACK:]

    def _numbers(self, at: int) -> bool:
        """Whether each row has a text of its own in a column."""
        column = [row[at] for row in self.body if at < len(row)]
        is_own = len({id(cell) for cell in column}) == len(column)
        return len(column) >= _LEAST_ROWS and is_own and all(cell.text for cell in column)
