"""Text on a page of a PDF: the fonts, and runs drawn in lines that break as Chinese does.

Text is drawn, never read as markup. A character that the fonts lack is written as its code, 〔U+20BB7〕, never as an
empty box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable

from cpkb.writers.blocks import Run
from cpkb.writers.lines import Line, Piece, broken

REGULAR, BOLD = "NotoSansSC-Regular", "NotoSansSC-Bold"
"""The fonts of web/fonts/, by the names of their files."""
INK, SOFT, RULE, LINK = HexColor("#000000"), HexColor("#444444"), HexColor("#999999"), HexColor("#0b5d46")
_FEWEST = 2  # lines of a paragraph that may stand alone on a page


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks; sizes in points."""

    size: float
    before: float = 0
    after: float = 0
    indent: float = 0
    """With a line beside it."""
    level: int | None = None
    """Of a heading, among the bookmarks."""
    color: HexColor = INK

    @property
    def leading(self) -> float:
        """From line to line: Chinese characters fill their squares, closer lines run together."""
        return self.size * 1.6


@cache
def registered(fonts: Path) -> frozenset[int]:
    """The characters that both fonts of a folder have; ReportLab keeps fonts for the whole process."""
    made = [TTFont(name, fonts / f"{name}.ttf") for name in (REGULAR, BOLD)]
    for font in made:
        registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in made))


def spelled(runs: Sequence[Run], covered: frozenset[int]) -> tuple[Run, ...]:
    """Runs with the characters that the fonts lack written as their codes."""

    def shown(character: str) -> str:
        return character if character == "\n" or ord(character) in covered else f"〔U+{ord(character):04X}〕"

    return tuple(replace(run, text="".join(map(shown, run.text))) for run in runs)


def font_of(*, is_bold: bool) -> str:
    """The name of the font that a run is set in."""
    return BOLD if is_bold else REGULAR


class Text(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Runs broken into lines; on a full page it splits between lines."""

    def __init__(self, runs: Sequence[Run], look: Look) -> None:
        super().__init__()
        self.runs, self.look = runs, look
        self.lines: Sequence[Line] | None = None
        self.is_rest = False

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The room it takes."""
        if self.lines is None:
            self.lines = broken(self.runs, width - self.look.indent, self._measure)
        self.width, self.height = width, len(self.lines) * self.look.leading
        return self.width, self.height

    def _measure(self, text: str, is_bold: bool) -> float:  # noqa: FBT001 — as `Measure` says
        return float(stringWidth(text, font_of(is_bold=is_bold), self.look.size))

    def getSpaceBefore(self) -> float:  # noqa: N802 — ReportLab's name
        """Points above it."""
        return 0 if self.is_rest else self.look.before

    def getSpaceAfter(self) -> float:  # noqa: N802 — ReportLab's name
        """Points below it."""
        return self.look.after

    def split(self, width: float, height: float) -> list[Flowable]:
        """The lines that fit and the rest; nothing where too few would stand alone."""
        self.wrap(width, height)
        lines = self.lines or ()
        fit = min(int(height / self.look.leading), len(lines) - _FEWEST)
        if fit < _FEWEST:
            return []
        first, rest = Text(self.runs, self.look), Text(self.runs, self.look)
        first.lines, rest.lines, rest.is_rest = lines[:fit], lines[fit:], True
        return [first, rest]

    def draw(self) -> None:
        """Draw the lines, the first at the top."""
        if self.look.level is not None and not self.is_rest:
            self._bookmark(self.look.level)
        if self.look.indent:
            self.canv.setStrokeColor(RULE)
            self.canv.setLineWidth(1.5)
            self.canv.line(2, 0, 2, self.height)
        base = self.height - self.look.size * 1.25
        for at, line in enumerate(self.lines or ()):
            for piece in line:
                self._draw(piece, self.look.indent + piece.left, base - at * self.look.leading)

    def _draw(self, piece: Piece, left: float, base: float) -> None:
        canvas, size, link = self.canv, self.look.size, piece.run.link
        canvas.setFillColor(LINK if link else self.look.color)
        canvas.setFont(font_of(is_bold=piece.run.is_bold), size)
        canvas.drawString(left, base, piece.text)
        if link:
            canvas.linkURL(link, (left, base - size * 0.3, left + piece.width, base + size), relative=1)

    def _bookmark(self, level: int) -> None:
        words = "".join(run.text for run in self.runs)
        key = f"at-{self.canv.getPageNumber()}-{self.canv.absolutePosition(0, self.height)[1]:.0f}"
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(words, key, level, closed=0)
