"""Units (字元): a folded text as a row of characters and Latin runs with positions that count terms.

A Chinese character is a unit; a run of Latin letters and digits with inner - . / is one unit (Y180M-4, 0.5,
GB/T). White space joins: wrapped lines and spaces inside words leave no trace. Punctuation leaves a gap of one
position, so that a phrase never matches across a comma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNIT = re.compile(r"[a-z0-9µα-ω]+(?:[-./^%][a-z0-9]+)*|[一-鿿㐀-䶿豈-﫿𠀀-𮯯]")
_JOINING = re.compile(r"\s+")


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
        return len(self.text) == 1 and ord(self.text) > 0x2E7F


def units(folded: str) -> list[Unit]:
    """The units of a folded text, in order."""
    found: list[Unit] = []
    position, reached = 0, 0
    for match in _UNIT.finditer(folded):
        between = folded[reached : match.start()]
        if found and between and not _JOINING.fullmatch(between):
            position += 1
        found.append(Unit(match[0], position, match.start(), match.end()))
        position, reached = position + 1, match.end()
    return found


def runs(row: list[Unit]) -> list[list[Unit]]:
    """The row cut where positions jump: stretches without punctuation."""
    cut: list[list[Unit]] = []
    for unit in row:
        if cut and cut[-1][-1].position + 1 == unit.position:
            cut[-1].append(unit)
        else:
            cut.append([unit])
    return cut
