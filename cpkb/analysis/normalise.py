"""Folding (归一) for matching, never for display: width, case, traditional, variants, dashes, superscripts.

Folding works character by character and keeps, for every folded character, where it came from, so that what
matched can be marked in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import opencc

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_DASHES = "‐‑‒–—―−－﹣─⁃\uf02d"  # the last is the minus of a symbol font, as PDFs give it
_SLASHES = str.maketrans("⁄∕", "//")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width: they would part a word that reads as one
_ZEROS = "〇○"  # U+25CB stands for zero in printed dates
_BEYOND = 0x10000  # characters from here on take two numbers of 16 bits
_PARTED = re.compile(f"[{''.join(_SUPERSCRIPTS)}{_FRACTIONS}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the index of the original character."""

    text: str
    origins: Sequence[int]


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
        """The folded text alone."""
        return self._table.evenly(text) or self.fold(text).text

    def fold(self, text: str) -> Folded:
        """Fold a text; 10³ becomes 10^3 and not 103, 1½ becomes 1 1/2; m³ becomes m3 as people type it."""
        if folded := self._table.evenly(text):
            return Folded(folded, range(len(text)))
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
    """Each character's folding, found when it is first met."""

    def __init__(self, fold_one: Callable[[str], str]) -> None:
        super().__init__()
        self._fold_one = fold_one
        self._even = np.zeros(_BEYOND, "<u2")
        """The same of characters met that fold to one, whatever stands before them; 0 of all others."""

    def __missing__(self, code: int) -> str:
        folded = self._fold_one(chr(code))
        if len(folded) == 1 and _is_plain(chr(code)) and _is_plain(folded):
            self._even[code] = ord(folded)
        return self.setdefault(code, folded)

    def evenly(self, text: str) -> str:
        """The folded text where every character is known to stand for itself alone, as nearly always; else ''.

        Looked up all at once: a page of results folds some thirty passages.
        """
        codes = self._even[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")]
        folded = codes.tobytes().decode("utf-16-le")
        return "" if "\0" in folded else folded


def _is_plain(character: str) -> bool:
    """Whether one number of 16 bits stands for a character, and its folding does not depend on what precedes it."""
    return ord(character) < _BEYOND and not "\ud800" <= character <= "\udfff" and not _PARTED.match(character)


def _parting(character: str) -> str:
    """What keeps a raised figure or a fraction apart from the figure before it."""
    if character in _SUPERSCRIPTS:
        return "^"
    return " " if character in _FRACTIONS else ""
