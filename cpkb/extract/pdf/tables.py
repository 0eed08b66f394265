"""Ruling lines to tables: a grid, its merged cells, and the text of each row (a｜b｜c); other drawings are figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpkb.extract.cells import Cell
from cpkb.extract.ocr import DOUBT_MARK, DOUBTFUL
from cpkb.extract.pdf.lines import TextLine, joined, lines_of
from cpkb.extract.pdf.page import Glyph, Page, Rule

_TOUCH = 2.5  # points: rules that come this near meet
_SAME = 2.0  # points: rules this near are one, drawn twice
_LONG = 10.0  # points: what remains shorter after joining is no border
_COVERED = 0.6  # of a cell's side that must be drawn to part two cells
_COVERED_IN_SCANS = 0.2  # the same where rules are worn off; merged cells have none at all
_LEAST_CELLS = 3
_SHORT_LINE = 0.7  # of a cell's longest line: a line that ends before ends a paragraph
_HEAD_ROWS = 3  # rows the top left cell may span and still be a header's
_FIGURE = re.compile(r"[≤≥<>＜＞]?\d[\d.,~～—%*/-]{0,11}")
_LEAST_FIGURES = 3  # lines: two may be one value in two units
_FIGURES = 0.8  # of the lines of a cell: recognition spoils some
_RULE_LIMIT = 2_000  # rules of a page: the densest table of 60 real files has 300
_CELL_LIMIT = 4_000  # cells of a grid: beyond it is a drawing


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, glyph: Glyph, margin: float = 0.0) -> bool:
        """Whether the middle of a glyph is inside."""
        x, y = glyph.middle
        return self.left - margin <= x <= self.right + margin and self.bottom - margin <= y <= self.top + margin


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table: where it is, its rows from the top, and how many of them are its header."""

    box: Box
    grid: tuple[tuple[Cell, ...], ...]
    header_rows: int


@dataclass(frozen=True, slots=True)
class Drawings:
    """The tables of a page and the boxes around its other rules (figures, underlines)."""

    tables: tuple[PdfTable, ...]
    others: tuple[Box, ...]


def drawings(page: Page) -> Drawings:
    """Find the tables of a page, from the top."""
    rules = [rule for rule in _joined_rules(page.rules) if rule.end - rule.start >= _LONG][:_RULE_LIMIT]
    tables, others = [], []
    for component in _components(rules):
        box = _box(component)
        grid = _grid(component, box, _COVERED_IN_SCANS if page.is_scan else _COVERED)
        table = _table(grid, box, page.glyphs) if grid else None
        if table:
            tables.append(table)
        else:
            others.append(box)
    return Drawings(tuple(sorted(tables, key=lambda table: -table.box.top)), tuple(others))


def _joined_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Rules of one line drawn in pieces, or twice, as one."""
    joined_rules: list[Rule] = []
    for is_upright in (False, True):
        lanes: list[list[Rule]] = []
        for rule in sorted((r for r in rules if r.is_upright == is_upright), key=lambda r: r.at):
            if lanes and rule.at - lanes[-1][-1].at <= _SAME / 2 and rule.at - lanes[-1][0].at <= _SAME:
                lanes[-1].append(rule)
            else:
                lanes.append([rule])
        for lane in lanes:
            joined_rules += _joined_lane(lane)
    return joined_rules


def _joined_lane(lane: list[Rule]) -> list[Rule]:
    result: list[Rule] = []
    for rule in sorted(lane, key=lambda r: r.start):
        if result and rule.start <= result[-1].end + _TOUCH:
            last = result[-1]
            result[-1] = Rule(last.at, last.start, max(last.end, rule.end), last.is_upright)
        else:
            result.append(rule)
    return result


def _components(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that meet, directly or through others."""
    parent = list(range(len(rules)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    flat = [at for at, rule in enumerate(rules) if not rule.is_upright]
    for up in (at for at, rule in enumerate(rules) if rule.is_upright):
        for at in flat:
            if _meet(rules[at], rules[up]):
                parent[root(at)] = root(up)
    found: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        found.setdefault(root(at), []).append(rule)
    return list(found.values())


def _meet(flat: Rule, upright: Rule) -> bool:
    across = flat.start - _TOUCH <= upright.at <= flat.end + _TOUCH
    return across and upright.start - _TOUCH <= flat.at <= upright.end + _TOUCH


def _box(rules: Sequence[Rule]) -> Box:
    xs = [x for rule in rules for x in ((rule.at,) if rule.is_upright else (rule.start, rule.end))]
    ys = [y for rule in rules for y in ((rule.start, rule.end) if rule.is_upright else (rule.at,))]
    return Box(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class _Grid:
    xs: tuple[float, ...]
    """Edges of the columns, from the left."""
    ys: tuple[float, ...]
    """Edges of the rows, from the top."""
    cells: dict[tuple[int, int], int]
    """(row, column) → number of the merged cell it belongs to."""


def _grid(rules: Sequence[Rule], box: Box, least: float) -> _Grid | None:
    """The grid of a component, or None when it does not part its box in rectangles (a flow chart)."""
    xs = _edges([box.left, box.right, *(rule.at for rule in rules if rule.is_upright)])
    ys = _edges([box.bottom, box.top, *(rule.at for rule in rules if not rule.is_upright)])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or not _LEAST_CELLS <= rows * columns <= _CELL_LIMIT:
        return None
    cells = _merged(rules, xs, ys, least)
    if len(set(cells.values())) < _LEAST_CELLS or not _are_rectangles(cells):
        return None
    return _Grid(tuple(xs), tuple(ys), cells)


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2 * _SAME:
            edges.append(value)
    return edges


def _merged(
    rules: Sequence[Rule], xs: Sequence[float], ys: Sequence[float], least: float
) -> dict[tuple[int, int], int]:
    """Cells without a rule between them are one; ``least`` of a side must be drawn to part two."""
    uprights = [rule for rule in rules if rule.is_upright]
    flats = [rule for rule in rules if not rule.is_upright]
    number = {(r, c): r * (len(xs) - 1) + c for r in range(len(ys) - 1) for c in range(len(xs) - 1)}
    parent = list(range(len(number)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for (row, column), at in number.items():
        right, below = number.get((row, column + 1)), number.get((row + 1, column))
        if right is not None and _drawn(uprights, xs[column + 1], ys[row + 1], ys[row]) < least:
            parent[root(right)] = root(at)
        if below is not None and _drawn(flats, ys[row + 1], xs[column], xs[column + 1]) < least:
            parent[root(below)] = root(at)
    return {place: root(at) for place, at in number.items()}


def _drawn(rules: Iterable[Rule], at: float, start: float, end: float) -> float:
    """The share of a cell's side that is drawn."""
    covered = sum(
        max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in rules if abs(rule.at - at) <= 2 * _SAME
    )
    return covered / (end - start)


def _are_rectangles(cells: dict[tuple[int, int], int]) -> bool:
    places: dict[int, list[tuple[int, int]]] = {}
    for place, number in cells.items():
        places.setdefault(number, []).append(place)
    odd = sum(len(found) for found in places.values() if len(found) != _area(found))
    return odd <= 0.1 * len(cells)


def _area(places: Sequence[tuple[int, int]]) -> int:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _table(grid: _Grid, box: Box, glyphs: Sequence[Glyph]) -> PdfTable | None:
    inside: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if box.holds(glyph) and (place := _place(grid, glyph)):
            inside.setdefault(grid.cells[place], []).append(glyph)
    if len(inside) < _LEAST_CELLS:
        return None
    lines = {number: lines_of(found) for number, found in inside.items()}
    header = _header_rows(grid)
    rows: list[tuple[Cell, ...]] = []
    head = 0
    made: dict[int, Cell] = {}
    for row in range(len(grid.ys) - 1):
        found = _rows(grid, row, lines, made, len(rows))
        rows += found
        head = len(rows) if row < header else head
    # One row is a table broken by the page's end, when it is full; else it is a box in a drawing.
    is_table = len(rows) > 1 or (len(rows) == 1 and all(cell.text for cell in rows[0]))
    return PdfTable(box, tuple(rows), head) if is_table else None


def _place(grid: _Grid, glyph: Glyph) -> tuple[int, int] | None:
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


def _rows(
    grid: _Grid, row: int, lines: dict[int, list[TextLine]], made: dict[int, Cell], at: int
) -> list[tuple[Cell, ...]]:
    """The row as cells by column, those that span rows in each; none where nothing begins or stands in it.

    A row of figures set below one another without rules between them is as many rows.
    """
    numbers = [grid.cells[row, column] for column in range(len(grid.xs) - 1)]
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


def _header_rows(grid: _Grid) -> int:
    """As many rows as the top left cell spans: a header of two lines has 可行技术 beside both."""
    first = grid.cells[0, 0]
    span = sum(1 for row in range(len(grid.ys) - 1) if grid.cells[row, 0] == first)
    return span if span <= _HEAD_ROWS else 1
