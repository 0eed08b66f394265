"""How a name is typed (键入): its letters, digits and characters in a row, where words begin, and how it sounds.

``HJ 1306—2023`` and ``hj1306-2023`` are typed alike, and so are ``环发〔2003〕60号`` and ``环发[2003] 60 号``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpkb.analysis.pinyin import readings


@dataclass(frozen=True, slots=True)
class Typed:
    """A name as it is typed."""

    key: str
    starts: tuple[int, ...]
    """Where in the key a word begins."""
    sounds: tuple[tuple[str, ...], ...]
    """For each character of the key what it may sound like; () for a digit."""


def key_of(folded: str) -> str:
    """What is typed of a folded text."""
    return "".join(filter(str.isalnum, folded))


def typed(words: Iterable[tuple[str, Sequence[int]]]) -> Typed:
    """A folded text as it is typed, from its words side by side, each with where a word begins in it."""
    pieces: list[str] = []
    starts: list[int] = []
    sounds: list[tuple[str, ...]] = []
    for word, places in words:
        if key := key_of(word):
            starts += [len(sounds) + place for place in places] if key == word else [len(sounds)]
            pieces.append(key)
            sounds += readings(key)
    return Typed("".join(pieces), tuple(starts), tuple(sounds))
