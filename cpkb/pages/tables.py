"""Heads of tables (表头): which rows name the columns, over which columns each name stands, and what is certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Part = tuple[str, bool]
"""Text, and whether the question matched it."""
Parts = tuple[Part, ...]
Row = tuple[Parts, ...]
MOST_ROWS = 4  # of a head: more rows that begin alike are data
WORDY = 24  # characters: more would make a narrow column a tower
BETWEEN = " · "
_RANGE = re.compile(r"\s*(?:[<＜≤≥＞>]\s*\d|[\d.,\s]+[ᵃᵇᶜ]?\s*[~～—–-]\s*\d|[—/]\s*$)")


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A name over one or more columns, from ``column``."""

    parts: Parts
    column: int
    columns: int = 1
    rows: int = 1
    is_certain: bool = True
    """False for names of which it is not known which columns each stands over; they are shown together."""


@dataclass(frozen=True, slots=True)
class Header:
    """The rows that name the columns, and the full name of each column where that is certain."""

    rows: tuple[tuple[HeadCell, ...], ...] = ()
    labels: tuple[str, ...] = ()


NO_HEADER = Header()


def said(parts: Parts) -> str:
    """The words of a cell."""
    return "".join(text for text, _ in parts)


def is_wordy(parts: Parts) -> bool:
    """Whether a cell holds so much that its column must be wide."""
    return len(said(parts)) > WORDY


def parted(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows that name the columns (the first, and those that begin like it), and the rows below them.

    A table may go on from the page before without its head: then its first row holds figures, or too many rows
    begin alike.
    """
    first = said(rows[0][0]) if rows else ""
    count = 1
    while first and count < len(rows) and said(rows[count][0]) == first:
        count += 1
    if count >= len(rows) or count > MOST_ROWS or any(_is_figure(said(cell), at) for at, cell in enumerate(rows[0])):
        return (), tuple(rows)
    return tuple(rows[:count]), tuple(rows[count:])


def _is_figure(text: str, column: int) -> bool:
    """Whether a cell holds a figure: a range or a limit anywhere, a plain number where rows are counted."""
    return bool(_RANGE.match(text) or (column == 0 and text.strip().isdigit()))


def header_of(above: Sequence[Row], below: Sequence[Row]) -> Header:
    """The head of a table.

    A cell that spans columns stands in each of them. Texts that were read earlier have it once, so a row of the head
    may be shorter than the table: what it has in common with the full row below it tells where its cells stand. Where
    that does not, nothing is certain.
    """
    width = max(len(row) for row in (*above, *below))
    full = next((row for row in reversed(above) if len(row) == width), ())
    placed = [_placed(row, full, width, above[:at]) for at, row in enumerate(above)]
    labels = tuple(_label(placed, column) for column in range(width)) if full else ()
    return Header(_stacked(placed), labels)


def _placed(row: Row, full: Row, width: int, higher: Sequence[Row]) -> list[HeadCell]:
    """A row of the head over its columns."""
    if len(row) == width:
        return _merged(row, [up for up in higher if len(up) == width])
    before = 0
    while before < min(len(row), len(full)) and said(row[before]) == said(full[before]):
        before += 1
    after = 0
    while after < min(len(row), len(full)) - before and said(row[-1 - after]) == said(full[-1 - after]):
        after += 1
    between = row[before : len(row) - after]
    head = [HeadCell(cell, at) for at, cell in enumerate(row[:before])]
    tail = [HeadCell(cell, width - after + at) for at, cell in enumerate(row[len(row) - after :])]
    middle = HeadCell(_joined(between), before, width - before - after, is_certain=bool(full) and len(between) == 1)
    return [*head, middle, *tail]


def _merged(row: Row, higher: Sequence[Row]) -> list[HeadCell]:
    """Equal cells side by side as one, where those above them are one too: 限值 under 直接 and under 间接 are two."""
    cells: list[HeadCell] = []
    for at, parts in enumerate(row):
        is_one = all(said(up[at]) == said(up[at - 1]) for up in higher) and at > 0
        if is_one and said(parts) and said(cells[-1].parts) == said(parts):
            cells[-1] = HeadCell(parts, cells[-1].column, cells[-1].columns + 1)
        else:
            cells.append(HeadCell(parts, at))
    return cells


def _joined(cells: Sequence[Parts]) -> Parts:
    parts: list[Part] = []
    for cell in cells:
        parts += [*([(BETWEEN, False)] if parts else []), *cell]
    return tuple(parts)


def _label(rows: Sequence[Sequence[HeadCell]], column: int) -> str:
    cells = [cell for row in rows for cell in row if cell.column <= column < cell.column + cell.columns]
    return BETWEEN.join(dict.fromkeys(said(cell.parts) for cell in cells if cell.is_certain and cell.parts))


def _stacked(rows: Sequence[Sequence[HeadCell]]) -> tuple[tuple[HeadCell, ...], ...]:
    """The rows with a name that is repeated below itself shown once, over all of its rows."""
    shown: list[tuple[HeadCell, ...]] = []
    for at, row in enumerate(rows):
        kept = [cell for cell in row if not (at and _stands(cell, rows[at - 1]))]
        shown.append(tuple(_reaching(cell, rows[at + 1 :]) for cell in kept))
    return tuple(shown)


def _reaching(cell: HeadCell, lower: Sequence[Sequence[HeadCell]]) -> HeadCell:
    reach = 0
    while reach < len(lower) and _stands(cell, lower[reach]):
        reach += 1
    return HeadCell(cell.parts, cell.column, cell.columns, 1 + reach, is_certain=cell.is_certain)


def _stands(cell: HeadCell, row: Sequence[HeadCell]) -> bool:
    """Whether the same name stands over the same columns of a row."""
    return any(
        (other.column, other.columns) == (cell.column, cell.columns) and said(other.parts) == said(cell.parts)
        for other in row
    )
