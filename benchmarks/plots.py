"""Lines over logarithmic axes as SVG: small enough to be read in the page's source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 560, 340
LEFT, RIGHT, TOP, BOTTOM = 60, 120, 34, 44
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#0b6e4f", "#c1440e", "#3b5ba9", "#7a7a7a")  # told apart in grey print too, by their lightness
Points = Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """A picture of named lines; all numbers above 0."""
    axes = Axes([x for line in lines.values() for x, _ in line], [y for line in lines.values() for _, y in line])
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 20, title, "font-weight='bold'"),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, "text-anchor='middle'"),
        f'<text transform="translate(14 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
        *axes.grid(),
    ]
    named: list[float] = []
    coloured = zip(lines.items(), COLOURS, strict=False)
    for (name, line), colour in sorted(coloured, key=lambda own: own[0][1][-1][1]):
        places = [axes.at(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        named.append(min([places[-1][1] + 4, *(y - 13 for y in named[-1:])]))  # above the name of the line below
        drawn.append(_text(places[-1][0] + 8, named[-1], name, f"fill='{colour}'"))
    return "\n".join((*drawn, "</svg>", ""))


class Axes:
    """Where numbers stand in the picture."""

    def __init__(self, across: Sequence[float], up: Sequence[float]) -> None:
        self._x = (min(across), max(across))
        self._y = (10 ** math.floor(math.log10(min(up))), 10 ** math.ceil(math.log10(max(up) * 1.001)))
        self._marks = sorted(set(across))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point."""
        right = LEFT + _share(x, *self._x) * (WIDTH - LEFT - RIGHT)
        return right, HEIGHT - BOTTOM - _share(y, *self._y) * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> Iterator[str]:
        """A line for each power of ten, and for each size that was measured."""
        power = self._y[0]
        while power <= self._y[1] * 1.001:
            y = self.at(self._x[0], power)[1]
            yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            yield _text(LEFT - 6, y + 4, f"{power:g}", "text-anchor='end'")
            power *= 10
        for mark in self._marks:
            x = self.at(mark, self._y[0])[0]
            yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
            yield _text(x, HEIGHT - BOTTOM + 16, f"{mark:,.0f}", "text-anchor='middle'")


def _share(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low) if high > low else 0.5


def _text(x: float, y: float, text: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text)}</text>'
