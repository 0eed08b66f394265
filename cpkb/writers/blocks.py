"""What a paper is made of (纸面): paragraphs and tables of runs, the same for every format.

Text becomes a run through `plain`, which leaves nothing that could steer a reader or break a file; no writer takes text
for markup.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

STYLES = ("title", "section", "item", "text", "quote", "place", "note")
"""title, section and item are headings; a quote holds stored words, a place says where they stand."""
_LINES = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\t": " ", "\v": "\n", "\f": "\n"})
_STEERING = ("Cc", "Cf", "Cs")
"""Control characters, invisible ones that turn the direction of reading, halves of characters."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look."""

    text: str
    is_bold: bool = False
    link: str = ""
    """A whole http(s) address, percent-encoded; '' for none."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs in a row; a newline in them begins a new line."""

    style: str
    """One of STYLES."""
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; with a head it is repeated on every page, without one the first column names the rows."""

    shares: tuple[int, ...]
    """Of the width of the page, by column, in hundredths."""
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    head: tuple[str, ...] = ()


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be written."""

    title: str
    subject: str
    product: str
    dated: dt.date
    """The day it speaks of: also the date in the file's metadata, so that the same paper is the same bytes."""
    reminder: str
    """One line at the foot of every page."""
    blocks: tuple[Block, ...]


def plain(text: str) -> str:
    """A text without control characters, characters that turn the direction of reading, and half characters."""
    kept = (c for c in text.translate(_LINES) if c == "\n" or unicodedata.category(c) not in _STEERING)
    return "".join(c for c in kept if ord(c) & 0xFFFE != 0xFFFE)  # the last two of each plane are no characters


def shortened(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters, with what was left out said behind it."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}……（共 {len(text):,} 字，这里是前 {limit:,} 字）"


def run(text: str, limit: int, *, is_bold: bool = False, link: str = "") -> Run:
    """A run of a text from outside, made plain and kept within a limit."""
    return Run(shortened(plain(text), limit), is_bold, link)


def paragraph(style: str, *runs: Run | str) -> Paragraph:
    """A paragraph; a bare string is text of our own."""
    return Paragraph(style, cell(*runs))


def cell(*runs: Run | str) -> tuple[Run, ...]:
    """The runs of a cell, empty ones left out."""
    made: Sequence[Run] = [one if isinstance(one, Run) else Run(one) for one in runs]
    return tuple(one for one in made if one.text)
