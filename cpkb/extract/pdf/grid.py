"""Ruling lines to grids (格线): which rules belong together, their rows and columns, and which places are one cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cpkb.extract.pdf.page import Glyph, Page, Rule

_TOUCH = 2.5  # points: rules that come this near meet
_SAME = 2.0  # points: rules this near are one, drawn twice
_LONG = 10.0  # points: what remains shorter after joining is no border
_COVERED = 0.6  # of a cell's side that must be drawn to part two cells
_COVERED_IN_SCANS = 0.2  # the same where rules are worn off; merged cells have none at all
_LEAST_CELLS = 3
_SEAM = 0.45  # of a cell: less than this of it in a column of no cell's own means that most of it is elsewhere
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
class Grid:
    """Rows and columns, and the cells that cover them."""

    xs: tuple[float, ...]
    """Edges of the columns, from the left."""
    ys: tuple[float, ...]
    """Edges of the rows, from the top."""
    cells: dict[tuple[int, int], int]
    """(row, column) → number of the merged cell it belongs to."""
    columns: tuple[int, ...]
    """The columns that are read: all but seams."""
    going_on: frozenset[int]
    """Cells of the last row without a rule below them, where others have one: the page's end breaks them."""


def grids(page: Page) -> Iterator[tuple[Box, Grid | None]]:
    """The rules of a page that meet, with the grid they make; None where they make none."""
    rules = [rule for rule in _joined_rules(page.rules) if rule.end - rule.start >= _LONG][:_RULE_LIMIT]
    for component in _components(rules):
        box = _box(component)
        yield box, _grid(component, box, _COVERED_IN_SCANS if page.is_scan else _COVERED)


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


def _grid(rules: Sequence[Rule], box: Box, least: float) -> Grid | None:
    """The grid of a component, or None when it does not part its box in rectangles (a flow chart)."""
    xs = _edges([box.left, box.right, *(rule.at for rule in rules if rule.is_upright)])
    ys = _edges([box.bottom, box.top, *(rule.at for rule in rules if not rule.is_upright)])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or not _LEAST_CELLS <= rows * columns <= _CELL_LIMIT:
        return None
    cells = _merged(rules, xs, ys, least)
    if len(set(cells.values())) < _LEAST_CELLS or not _are_rectangles(cells):
        return None
    kept = _without_seams(cells, xs, rows)
    return Grid(tuple(xs), tuple(ys), cells, kept, _going_on(rules, xs, ys[-1], cells, least))


def _without_seams(cells: Mapping[tuple[int, int], int], xs: Sequence[float], rows: int) -> tuple[int, ...]:
    """The columns but for those in which no cell stands alone: where rules of some rows do not meet those of others.

    A cell belongs where most of it stands, so that a seam is narrow beside every cell that reaches over it.
    """
    ends = _ends(cells, xs)
    kept = list(range(len(xs) - 1))
    at = 0
    while at < len(kept):
        sides = kept[max(at - 1, 0) : at] + kept[at + 1 : at + 2]
        width = xs[kept[at] + 1] - xs[kept[at]]
        is_seam = all(
            any(cells[row, side] == cells[row, kept[at]] for side in sides)
            and width <= _SEAM * (ends[cells[row, kept[at]]][1] - ends[cells[row, kept[at]]][0])
            for row in range(rows)
        )
        if is_seam:
            kept.pop(at)
        else:
            at += 1
    return tuple(kept)


def _ends(cells: Mapping[tuple[int, int], int], xs: Sequence[float]) -> dict[int, tuple[float, float]]:
    """Left and right edge of each cell."""
    found: dict[int, tuple[float, float]] = {}
    for (_, column), number in cells.items():
        left, right = found.get(number, (xs[column], xs[column + 1]))
        found[number] = min(left, xs[column]), max(right, xs[column + 1])
    return found


def _going_on(
    rules: Sequence[Rule], xs: Sequence[float], bottom: float, cells: Mapping[tuple[int, int], int], least: float
) -> frozenset[int]:
    flats = [rule for rule in rules if not rule.is_upright]
    drawn = [_drawn(flats, bottom, left, right) >= least for left, right in pairwise(xs)]
    last = max(row for row, _ in cells)
    found = {cells[last, column] for column, is_drawn in enumerate(drawn) if not is_drawn}
    return frozenset(found) if any(drawn) else frozenset()


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
