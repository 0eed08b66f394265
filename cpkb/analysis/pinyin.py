"""Pinyin (拼音): what people type who leave the Chinese input off. Latin letters only; Chinese input is never changed.

A run of letters is read as words of the vocabulary, in full (``dianduhanluofeishui`` → 电镀 含铬废水) or, for one
word, by its initials (``hlfs`` → 含铬废水). The reading is searched beside the letters and shown to the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

Known = Callable[[str], bool]
SHORTEST = 4  # letters: shorter runs are abbreviations (COD, RTO) far more often than pinyin
LONGEST = 60  # letters: a reading is tried for a phrase, not for a pasted page
LONGEST_WORD = 24  # letters of one word: six characters
INITIALS_FROM = 3  # characters of a word that initials may stand for; shorter ones fit too many words


MISREAD = {"铬": "luo"}
"""How plants say a character where the dictionary says otherwise: 铬 (gè) is mostly read like 络."""


def _sounds(word: str) -> tuple[str, ...]:
    read = lazy_pinyin(word)
    said = [MISREAD.get(character, sound) for character, sound in zip(word, read, strict=False)]
    return tuple(dict.fromkeys(("".join(read), "".join(said))))


@lru_cache(50_000)  # words of titles come again and again, and a reading takes a tenth of a millisecond
def readings(word: str) -> tuple[tuple[str, ...], ...]:
    """What each character of a folded word may sound like: 六价铬 → (liu), (jia), (ge, luo); a letter is itself."""
    said = lazy_pinyin(word, errors=list)  # type: ignore[arg-type]  # a list is taken too, one item a character
    return tuple(_heard(character, sound) for character, sound in zip(word, said, strict=True))


def _heard(character: str, sound: str) -> tuple[str, ...]:
    if not (sound.isascii() and sound.isalpha()):
        return ()
    return (sound, MISREAD[character]) if character in MISREAD else (sound,)


class PinyinReader:
    """Reads letters as words of a vocabulary, the earlier word first where two sound alike."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(dict.fromkeys(words))

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for word in self._words:
            for sound in _sounds(word):
                table.setdefault(sound, []).append(word)
        return table

    @cached_property
    def _by_initials(self) -> dict[str, str]:
        table: dict[str, str] = {}
        for word in self._words:
            if len(word) >= INITIALS_FROM:
                table.setdefault("".join(lazy_pinyin(word, style=Style.FIRST_LETTER)), word)
        return table

    def read(self, letters: str, known: Known = lambda _: True) -> str:
        """The words a run of letters spells, separated by spaces, or '' when it spells none.

        Of words that sound alike the first one counts whose pairs of characters are ``known`` to the index: anshui is
        氨水 where texts speak of it, whatever people speak of more.
        """
        if not SHORTEST <= len(letters) <= LONGEST or not (letters.isascii() and letters.isalpha()):
            return ""
        return self._in_full(letters, known) or self._by_initials.get(letters, "")

    def _in_full(self, letters: str, known: Known) -> str:
        """The reading with the fewest words."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(end - LONGEST_WORD, 0), end):
                before, sound = best[start], letters[start:end]
                if before is None or sound not in self._by_sound:
                    continue
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = (*before, sound)
        return " ".join(_first_known(self._by_sound[sound], known) for sound in best[len(letters)] or ())


def _first_known(words: Sequence[str], known: Known) -> str:
    held = (word for word in words if all(known(left + right) for left, right in pairwise(word)))
    return next(held, words[0])
