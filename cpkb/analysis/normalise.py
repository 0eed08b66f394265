"""Folding (归一) for matching, never for display: width, case, traditional, variants, dashes, superscripts.

Folding works character by character and keeps, for every folded character, where it came from, so that what
matched can be marked in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import opencc

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_DASHES = "‐‑‒–—―−－﹣─⁃\uf02d"  # the last is the minus of a symbol font, as PDFs give it
_SLASHES = str.maketrans("⁄∕", "//")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width: they would part a word that reads as one
_ZEROS = "〇○"  # U+25CB stands for zero in printed dates
_PARTED = re.compile(f"[{''.join(_SUPERSCRIPTS)}{_FRACTIONS}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the index of the original character."""

    text: str
    origins: tuple[int, ...]


class Folder:
    """Folds texts. ``variants`` maps a character to the one that stands for its group (噁 → 恶)."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._variants = dict(variants)
        to_simplified = opencc.OpenCC("t2s")
        self._table = _Table(lambda character: self._fold_one(character, to_simplified))

    def _fold_one(self, character: str, to_simplified: opencc.OpenCC) -> str:
        if character in _UNSEEN:
            return ""
        if character in _DASHES:
            return "-"
        if character in _ZEROS:
            return "零"
        if character in _SUPERSCRIPTS:
            return _SUPERSCRIPTS[character]
        folded = to_simplified.convert(unicodedata.normalize("NFKC", character)).lower().translate(_SLASHES)
        return "".join(self._variants.get(c, c) for c in folded)

    def text(self, text: str) -> str:
        """The folded text alone: most texts need no look at neighbours, and are folded four times as fast."""
        return self.fold(text).text if _PARTED.search(text) else text.translate(self._table)

    def fold(self, text: str) -> Folded:
        """Fold a text; 10³ becomes 10^3 and not 103, 1½ becomes 1 1/2; m³ becomes m3 as people type it."""
        if not _PARTED.search(text):
            folded = text.translate(self._table)
            # Nearly always every character stands for itself alone.
            if not self._table.uneven.intersection(text):
                return Folded(folded, tuple(range(len(text))))
        pieces: list[str] = []
        origins: list[int] = []
        before = ""
        for index, character in enumerate(text):
            folded = (_parting(character) if before.isdigit() else "") + self._table[ord(character)]
            pieces.append(folded)
            origins.extend([index] * len(folded))
            before = character
        return Folded("".join(pieces), tuple(origins))


class _Table(dict[int, str]):
    """What `str.translate` reads: each character's folding, found when it is first met."""

    def __init__(self, fold_one: Callable[[str], str]) -> None:
        super().__init__()
        self._fold_one = fold_one
        self.uneven: set[str] = set()
        """Characters met that fold to none or to several."""

    def __missing__(self, code: int) -> str:
        folded = self._fold_one(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        return self.setdefault(code, folded)


def _parting(character: str) -> str:
    """What keeps a raised figure or a fraction apart from the figure before it."""
    if character in _SUPERSCRIPTS:
        return "^"
    return " " if character in _FRACTIONS else ""
