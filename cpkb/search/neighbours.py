"""Neighbours (相近的名称): which names one slip of typing parts from a word, without looking at every name.

Two words that one slip parts are the same where one character of each, or of one of them, is left out; so every name
is filed under what is left of it without each of its characters (Bocek, Hunt & Hausser 2007, FastSS).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from cpkb.analysis.spelling import is_slip


class Neighbours:
    """``key_of`` gives the spelling of each of ``size`` names; those longer than ``longest`` are not filed."""

    def __init__(self, key_of: Callable[[int], str], size: int, longest: int) -> None:
        self._key_of = key_of
        hashes, numbers = array("q"), array("I")
        for number in range(size):
            key = key_of(number)
            left = _left(key) if len(key) <= longest else ()
            hashes.extend(map(hash, left))
            numbers.extend([number] * len(left))
        unordered = np.frombuffer(hashes, dtype=np.int64) if hashes else np.zeros(0, np.int64)
        order = np.argsort(unordered, kind="stable")
        self._hashes = unordered[order]
        self._numbers = np.array(numbers, dtype=np.uint32)[order]

    def of(self, key: str) -> list[int]:
        """The numbers of the names that one slip parts from a key, in their order."""
        wanted = np.array(list(map(hash, _left(key))), dtype=np.int64)
        low, high = (np.searchsorted(self._hashes, wanted, side) for side in ("left", "right"))
        found = {int(n) for a, b in zip(low, high, strict=True) for n in self._numbers[a:b]}
        return [number for number in sorted(found) if is_slip(key, self._key_of(number))]


def _left(key: str) -> set[str]:
    """A key, and what is left of it without each of its characters."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
