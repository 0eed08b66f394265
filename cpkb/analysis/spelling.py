"""Slips of typing (错字): words the index does not know, and the known word they most likely were.

Only characters that stand in no indexed pair are looked at, so a word that the texts use is never touched. A word
is proposed when it sounds the same (店镀 → 电镀), or, from four characters on, when one character differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from pypinyin import lazy_pinyin

from cpkb.analysis.synonyms import Synonym

LONGEST = 8  # characters of a word
LEAST_CHANGED = 4  # characters of a word of which one may differ: shorter words become others too easily
MOST_LETTERS = 60  # characters of a question that are looked at; slips in a pasted page are not typing
Known = Callable[[str], bool]


class Speller:
    """Proposes words of a vocabulary, the earlier word first where two fit alike."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(dict.fromkeys(word for word in words if 2 <= len(word) <= LONGEST))

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        table: dict[tuple[str, ...], str] = {}
        for word in self._words:
            table.setdefault(tuple(lazy_pinyin(word)), word)
        return table

    @cached_property
    def _by_gap(self) -> dict[tuple[str, int], str]:
        """Words of four and more characters by what is left when one is taken out, and where."""
        table: dict[tuple[str, int], str] = {}
        for word in self._words:
            for at in range(len(word) if len(word) >= LEAST_CHANGED else 0):
                table.setdefault((word[:at] + word[at + 1 :], at), word)
        return table

    def correct(self, run: str, known: Known) -> Iterator[Synonym]:
        """(slip, word) pairs of a run of characters; ``known`` tells whether a pair of characters is indexed."""
        at = 0
        while at < len(run) - 1 and len(run) <= MOST_LETTERS:
            found = None if known(run[at : at + 2]) else self._around(run, at)
            if found:
                yield found[1]
            at = found[0] if found else at + 1

    def _around(self, run: str, at: int) -> tuple[int, Synonym] | None:
        """The longest word that a stretch around an unknown pair may have been, and where the stretch ends."""
        for length in range(min(LONGEST, len(run)), 1, -1):
            for start in range(max(at + 2 - length, 0), min(at, len(run) - length) + 1):
                slip = run[start : start + length]
                word = self._meant(slip)
                if word and word != slip:
                    return start + length, Synonym(slip, (word,))
        return None

    def _meant(self, slip: str) -> str:
        if same := self._by_sound.get(tuple(lazy_pinyin(slip))):
            return same
        gaps = ((slip[:at] + slip[at + 1 :], at) for at in range(len(slip)))
        return next((self._by_gap[gap] for gap in gaps if gap in self._by_gap), "")


def is_slip(typed: str, word: str) -> bool:
    """Whether one slip parts two words: neighbours exchanged or, in longer ones, one wrong, missing or too many."""
    shared = next((at for at, pair in enumerate(zip(typed, word, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(typed), len(word)) if shared is None else shared
    left, right = typed[shared:], word[shared:]
    if len(left) == len(right):
        is_swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return typed != word and (is_swapped or (len(word) >= LEAST_CHANGED and left[1:] == right[1:]))
    longer, shorter = sorted((left, right), key=len, reverse=True)
    return max(len(typed), len(word)) >= LEAST_CHANGED and longer[1:] == shorter
