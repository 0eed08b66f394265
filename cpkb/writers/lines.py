"""Where a line of Chinese may break (禁则): not before a closing mark, after an opening one, inside a word or number.

ReportLab's own rule is made for Japanese: it lets 《 end a line, and ， or ； begin one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cpkb.writers.blocks import Run

OPENING = "（〔［｛《〈「『【“‘([{"
CLOSING = "，。、；：！？）〕］｝》〉」』】”’…—～·％‰℃,.;:!?)]}%"
_WORD = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff" + re.escape(OPENING + CLOSING) + r"]"
_INNER = r"(?:[.,:;?!/%~—·]|(?<=[A-Z]) (?=\d)|(?<=\d) (?=[A-Za-zμ]))"
"""Stands inside a word as long as more of the word follows: 0.5, 1306—2023, /ask?q=, HJ 1306, 50 mg/L."""
_CLUSTER = re.compile(
    rf"[{re.escape(OPENING)}]*(?:{_WORD}+(?:{_INNER}{_WORD}+)*|[^\s])[{re.escape(CLOSING)}]*|[^\S\n]+|\n"
)
_PART = re.compile(r"[^/?&=#_-]*[/?&=#_-]+|[^/?&=#_-]+")
"""A part of an address, with the sign that ends it."""
Measure = Callable[[str, bool], float]
"""The width of a text, bold or not."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line in one look."""

    run: Run
    text: str
    left: float
    width: float


Line = tuple[Piece, ...]


def broken(runs: Sequence[Run], width: float, measure: Measure) -> list[Line]:
    """The lines of a text that is ``width`` wide; the unit is that of ``measure``."""
    return [_pieces(runs, start, end, measure) for start, end in _breaks(runs, width, measure)]


def _breaks(runs: Sequence[Run], width: float, measure: Measure) -> Iterator[tuple[int, int]]:
    """(start, end) of each line in the text of all runs, without the spaces at its ends."""
    text = "".join(run.text for run in runs)
    widths = [measure(character, run.is_bold) for run in runs for character in run.text]
    start, used = 0, 0.0
    for at, end in _clusters(text, widths, width):
        if text[at] == "\n":
            yield start, at
            start, used = end, 0.0
            continue
        wide = sum(widths[at:end])
        if used + wide > width and at > start and not text[at].isspace():
            yield start, _trimmed(text, start, at)
            start, used = at, 0.0
        if used == 0.0 and text[at].isspace():
            start = end  # no line begins with a space
        else:
            used += wide
    if start < len(text):
        yield start, _trimmed(text, start, len(text))


def _clusters(text: str, widths: Sequence[float], width: float) -> Iterator[tuple[int, int]]:
    """(start, end) of what stays together; of what is too wide, its parts as an address or its characters."""

    def fits(start: int, end: int) -> bool:
        return sum(widths[start:end]) <= width

    for found in _CLUSTER.finditer(text):
        if fits(*found.span()):
            yield found.span()
            continue
        for part in _PART.finditer(text, *found.span()):
            yield from [part.span()] if fits(*part.span()) else ((at, at + 1) for at in range(*part.span()))


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _pieces(runs: Sequence[Run], start: int, end: int, measure: Measure) -> Line:
    """The stretch of a text from start to end, a piece for each run it touches."""
    pieces, at, left = [], 0, 0.0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            wide = sum(measure(character, run.is_bold) for character in text)
            pieces.append(Piece(run, text, left, wide))
            left += wide
        at += len(run.text)
    return tuple(pieces)
