"""Units (字元): a folded text as a row of characters and Latin runs with positions that count terms.

A Chinese character is a unit; a run of Latin letters and digits with inner - . / is one unit (Y180M-4, 0.5,
GB/T). White space joins: wrapped lines and spaces inside words leave no trace. Punctuation leaves a gap of one
position, so that a phrase never matches across a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add

_LATIN = r"[a-z0-9µα-ω]+(?:[-./^%][a-z0-9]+)*"
_CHARACTER = "[一-鿿㐀-䶿豈-﫿𠀀-𮯯]"
_LATIN_RUN = re.compile(_LATIN)
_UNIT = re.compile(f"{_LATIN}|{_CHARACTER}")
_STRETCH = re.compile(rf"({_LATIN}|{_CHARACTER}+(?:\s+{_CHARACTER}+)*)")
_CHARACTERS_BEGIN = "\u2e80"
Placed = tuple[str, int]
"""A text and the position where it begins."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its text, its position in terms, and its span in the folded text."""

    text: str
    position: int
    start: int
    end: int

    @property
    def is_character(self) -> bool:
        """Whether it is a single Chinese character."""
        return is_characters(self.text)


def units(folded: str) -> list[Unit]:
    """The units of a folded text, in order."""
    found: list[Unit] = []
    position, reached = 0, 0
    for match in _UNIT.finditer(folded):
        between = folded[reached : match.start()]
        if found and between and not between.isspace():
            position += 1
        found.append(Unit(match[0], position, match.start(), match.end()))
        position, reached = position + 1, match.end()
    return found


def latin_runs(folded: str) -> list[tuple[int, int]]:
    """The spans of the Latin runs among the units of a folded text."""
    return [match.span() for match in _LATIN_RUN.finditer(folded)]


def runs(row: list[Unit]) -> list[list[Unit]]:
    """The row cut where positions jump: stretches without punctuation."""
    cut: list[list[Unit]] = []
    for unit in row:
        if cut and cut[-1][-1].position + 1 == unit.position:
            cut[-1].append(unit)
        else:
            cut.append([unit])
    return cut


def is_characters(text: str) -> bool:
    """Whether a unit or a stretch is of Chinese characters, and not a Latin run."""
    return text >= _CHARACTERS_BEGIN


def stretches(folded: str) -> tuple[list[Placed], list[Placed]]:
    """The units of a folded text for indexing: runs of neighbouring characters, and Latin runs."""
    characters: list[Placed] = []
    latin: list[Placed] = []
    position, pieces = 0, _STRETCH.split(folded)  # what stands between, a stretch, what stands between, …
    for between, text in zip(pieces[::2], pieces[1::2], strict=False):
        if between and position and not between.isspace():
            position += 1
        if is_characters(text):
            # Characters are letters to Python: only where one is none can there be white space to take out.
            run = text if text.isalpha() else "".join(text.split())
            characters.append((run, position))
            position += len(run)
        else:
            latin.append((text, position))
            position += 1
    return characters, latin


def grams(runs_of_characters: Iterable[Placed]) -> list[Placed]:
    """Every character of some runs and every pair of neighbours, and the place of each."""
    found: list[Placed] = []
    for run, position in runs_of_characters:
        found += zip(run, range(position, position + len(run)), strict=True)
        found += zip(map(add, run, run[1:]), range(position, position + len(run)), strict=False)
    return found
