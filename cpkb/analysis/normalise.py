"""Folding (归一) for matching, never for display: width, case, traditional, variants, dashes, superscripts.

Folding works character by character and keeps, for every folded character, where it came from, so that what
matched can be marked in the original text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import opencc

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_DASHES = "‐‑‒–—―−－﹣─⁃\uf02d"  # the last is the minus of a symbol font, as PDFs give it
_SLASHES = str.maketrans("⁄∕", "//")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width: they would part a word that reads as one
_ZEROS = "〇○"  # U+25CB stands for zero in printed dates


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
        self._fold_character = cache(lambda character: self._fold_one(character, to_simplified))

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

    def fold(self, text: str) -> Folded:
        """Fold a text; 10³ becomes 10^3 and not 103, 1½ becomes 1 1/2; m³ becomes m3 as people type it."""
        pieces: list[str] = []
        origins: list[int] = []
        before = ""
        for index, character in enumerate(text):
            folded = (_parting(character) if before.isdigit() else "") + self._fold_character(character)
            pieces.append(folded)
            origins.extend([index] * len(folded))
            before = character
        return Folded("".join(pieces), tuple(origins))


def _parting(character: str) -> str:
    """What keeps a raised figure or a fraction apart from the figure before it."""
    if character in _SUPERSCRIPTS:
        return "^"
    return " " if character in _FRACTIONS else ""
