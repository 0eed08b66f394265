"""Slips of typing (错字): words the index does not know, and the known word they most likely were.

Only characters that stand in no indexed pair are looked at, so a word that the texts use is never touched; and only
stretches that begin and end with a word and hold no word of plain speech, so that 能省多少药 stays what it is. A word
is proposed when it sounds the same (店镀 → 电镀) or, for a term of four characters and more, when one character
differs; in a sentence (long, or with a word of plain speech) only when three characters or more sound the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from pypinyin import lazy_pinyin

from cpkb.analysis.synonyms import Synonym

LONGEST = 8  # characters of a word
SPOKEN = 8  # characters: a longer run is a sentence, where something always differs from some term by one character
PLAIN = frozenset(
    "的了和与及或在是对为等中其并应将以从由到把被有也就都而所之于不没又还很太要能可会多少几哪什么怎人一个我你他上下去来给让这那谁吗呢吧啊再才只跟"
)
"""Characters of plain speech: a stretch that holds one as a word of its own is no mistyped term."""
LEAST_CHANGED = 4  # characters of a word of which one may differ: shorter words become others too easily
MOST_LETTERS = 60  # characters of a question that are looked at; slips in a pasted page are not typing
Known = Callable[[str], bool]
Cut = Callable[[str], Sequence[str]]


class Speller:
    """Proposes words of a vocabulary, the earlier word first where two fit alike."""

    def __init__(self, terms: Iterable[str], others: Iterable[str] = ()) -> None:
        """``others`` are known by sound only: what lay people say differs from too much by one character."""
        self._terms = _fitting(terms)
        self._words = _fitting((*self._terms, *others))

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
        for word in self._terms:
            for at in range(len(word) if len(word) >= LEAST_CHANGED else 0):
                table.setdefault((word[:at] + word[at + 1 :], at), word)
        return table

    def correct(self, run: str, known: Known, cut: Cut) -> Iterator[Synonym]:
        """(slip, word) pairs of a run of characters.

        ``known`` tells whether a pair of characters is indexed, ``cut`` gives the words of plain text side by side.
        """
        if len(run) > MOST_LETTERS or all(known(left + right) for left, right in pairwise(run)):
            return
        words = _placed(cut(run))
        is_spoken = len(run) > SPOKEN or any(word in PLAIN for _, _, word in words)
        at = 0
        while at < len(run) - 1:
            found = None if known(run[at : at + 2]) else self._around(run, at, words, is_spoken=is_spoken)
            if found:
                yield found[1]
            at = found[0] if found else at + 1

    def _around(
        self, run: str, at: int, words: Sequence[tuple[int, int, str]], *, is_spoken: bool
    ) -> tuple[int, Synonym] | None:
        """The longest word that a stretch around an unknown pair may have been, and where the stretch ends."""
        for length in range(min(LONGEST, len(run)), 1, -1):
            for start in range(max(at + 2 - length, 0), min(at, len(run) - length) + 1):
                slip = run[start : start + length]
                inside = [word for first, last, word in words if start <= first and last <= start + length]
                if "".join(inside) != slip or slip in inside or PLAIN.intersection(inside):
                    continue
                word = self._meant(slip, is_spoken=is_spoken)
                if word and word != slip:
                    return start + length, Synonym(slip, (word,))
        return None

    def _meant(self, slip: str, *, is_spoken: bool) -> str:
        """In a sentence two characters are too little to go by (费碱 is no 废碱), and so is one of several."""
        same = self._by_sound.get(tuple(lazy_pinyin(slip)))
        if same and (len(slip) > 2 or not is_spoken):
            return same
        gaps = ((slip[:at] + slip[at + 1 :], at) for at in range(0 if is_spoken else len(slip)))
        return next((self._by_gap[gap] for gap in gaps if gap in self._by_gap), "")


def _fitting(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if 2 <= len(word) <= LONGEST))


def _placed(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, word) of words side by side."""
    ends = list(accumulate(len(word) for word in words))
    return [(end - len(word), end, word) for end, word in zip(ends, words, strict=True)]


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
