"""Prefixes (前缀): which names begin as typed, or one of whose words does; as written, or as it sounds in pinyin.

All names stand in one text, in their order. One array holds every place where a word begins, sorted by what follows:
the names that go on as typed are a stretch of it, found by bisection. For pinyin the places are sorted by their first
sound; the sounds that follow are looked up in an array beside the text.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cpkb.analysis.typed import Typed

Ranks = NDArray[np.uint32]
Rows = NDArray[np.uint32]
"""Numbers of places in the sorted array."""
Heard = NDArray[np.bool_]
"""For each sound whether letters may stand for it."""
LONGEST = 64  # characters typed that are looked at: nobody types on where one name is left
MOST_STARTS = 40  # words of a title by which it is completed; bounds the memory that one title can take
MOST_LETTERS = 30  # of pinyin: ten characters leave one name
LONGEST_SOUND = 6  # zhuang
_BETWEEN = "\n"
_INITIALS = frozenset(("zh", "ch", "sh", *"abcdefghijklmnopqrstuvwxyz"))


class Prefixes:
    """Looks up what was typed. A rank is the number of a name, plus ``size`` where it begins elsewhere than typed."""

    def __init__(self, names: Iterable[tuple[Sequence[Typed], int]]) -> None:
        """``names``: each with all its spellings, and the length of what people leave out at its beginning."""
        texts: list[str] = []
        places, ends, doubled, first = array("I"), array("I"), array("I"), array("I")
        sounds, table = array("H"), dict[tuple[str, ...], int]([((), 0)])
        length = 0
        for number, (spellings, left_out) in enumerate(names):
            first.append(length)
            for typed in spellings:
                end = length + len(typed.key)
                for start in typed.starts[:MOST_STARTS]:
                    places.append(length + start)
                    ends.append(end)
                    doubled.append(2 * number + (start not in (0, left_out)))
                texts.append(typed.key)
                sounds.extend(table.setdefault(sound, len(table)) for sound in (*typed.sounds, ()))
                length = end + len(_BETWEEN)
        self._text = _BETWEEN.join((*texts, ""))
        self._first = first
        self.size = len(first)
        order = sorted(range(len(places)), key=lambda at: self._text[places[at] : min(ends[at], places[at] + LONGEST)])
        self._places = array("I", (places[at] for at in order))
        self._ranks = _ranked(np.array(doubled, dtype=np.uint32)[order], self.size)
        self._sounds = np.array(sounds, dtype=np.uint16)
        self._sort_by_sound(list(table))

    def _sort_by_sound(self, readings: Sequence[tuple[str, ...]]) -> None:
        sounds = self._sounds[self._at]
        self._by_sound = np.argsort(sounds, kind="stable").astype(np.uint32)
        self._bounds = np.searchsorted(sounds[self._by_sound], np.arange(len(readings) + 1))
        self._whole, self._begun = _heard(readings)

    @property
    def _at(self) -> NDArray[np.uint32]:
        return np.frombuffer(self._places, dtype=np.uint32)

    def key(self, number: int) -> str:
        """The first spelling of a name."""
        start = self._first[number]
        return self._text[start : self._text.index(_BETWEEN, start)]

    def written(self, key: str) -> Ranks:
        """The ranks of names with a word that goes on like the key, best first."""
        if len(key) > LONGEST:
            return self._ranks[:0]

        def following(place: int) -> str:
            return self._text[place : place + len(key)]

        low = bisect_left(self._places, key, key=following)
        return np.unique(self._ranks[low : bisect_right(self._places, key, lo=low, key=following)])

    def sounding(self, letters: str) -> Iterator[Ranks]:
        """The ranks of names with a word that letters spell, in full, by initials or mixed; fewest characters first."""
        if len(letters) > MOST_LETTERS:
            return
        # By the number of letters read and of characters they stand for: the places that sound like them.
        reached: list[dict[int, Rows]] = [{} for _ in range(len(letters) + 1)]
        for end, heard in self._pieces(letters, 0):
            _add(reached[end], 1, self._beginning(heard))
        for start in range(1, len(letters)):
            for end, heard in self._pieces(letters, start):
                for depth, rows in reached[start].items():
                    _add(reached[end], depth + 1, rows[heard[self._sounds[self._at[rows] + depth]]])
        yield from (np.unique(self._ranks[rows]) for _, rows in sorted(reached[-1].items()))

    def _pieces(self, letters: str, start: int) -> Iterator[tuple[int, Heard]]:
        """(end, sounds) of what may stand for one character: its sound or its initial; the last may break off."""
        for end in range(start + 1, min(start + LONGEST_SOUND, len(letters)) + 1):
            piece = letters[start:end]
            table = self._begun if piece in _INITIALS or end == len(letters) else self._whole
            if piece in table:
                yield end, table[piece]

    def _beginning(self, heard: Heard) -> Rows:
        """The places that begin with one of these sounds."""
        stretches = [self._by_sound[self._bounds[s] : self._bounds[s + 1]] for s in np.flatnonzero(heard)]
        return np.concatenate(stretches)


def _ranked(doubled: Ranks, size: int) -> Ranks:
    """Names that begin as typed before those one of whose other words does."""
    return doubled // 2 + (doubled % 2) * np.uint32(size)


def _heard(readings: Sequence[tuple[str, ...]]) -> tuple[dict[str, Heard], dict[str, Heard]]:
    """Which sounds letters are, and which they begin."""
    whole: dict[str, Heard] = {}
    begun: dict[str, Heard] = {}
    for number, sounds in enumerate(readings):
        for sound in sounds:
            whole.setdefault(sound, np.zeros(len(readings), dtype=bool))[number] = True
            for end in range(1, len(sound) + 1):
                begun.setdefault(sound[:end], np.zeros(len(readings), dtype=bool))[number] = True
    return whole, begun


def _add(reached: dict[int, Rows], depth: int, rows: Rows) -> None:
    if len(rows):
        reached[depth] = np.union1d(reached[depth], rows) if depth in reached else rows
