"""What is kept, and what is let go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cpkb.engines.whoosh.kept import ENTRY_COST, Kept


class Maker:
    """Makes as many rows as it is asked for, and notes that it did."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __call__(self, rows: int) -> NDArray[np.int64]:
        self.made.append(rows)
        return np.arange(rows)


def test_what_was_asked_for_last_is_kept_while_it_fits() -> None:
    maker = Maker()
    kept = Kept(maker, 100 + 2 * ENTRY_COST)
    assert [len(kept(rows)) for rows in (60, 40, 60, 30, 60, 40)] == [60, 40, 60, 30, 60, 40]
    assert maker.made == [60, 40, 30, 40], "30 took the place of 40, which was asked for before 60"


def test_small_things_take_room_too() -> None:
    maker = Maker()
    kept = Kept(maker, 10 * ENTRY_COST)
    for key in range(11):
        kept(-key)
    kept(0)
    assert maker.made.count(0) == 2


def test_what_is_larger_than_the_room_is_kept_until_the_next() -> None:
    maker = Maker()
    kept = Kept(maker, 10)
    for rows in (1000, 1000, 1, 1000):
        kept(rows)
    assert maker.made == [1000, 1, 1000]
