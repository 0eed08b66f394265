"""The names that one slip parts from a word are the same, whether every name is looked at or few."""

from __future__ import annotations

import random

import pytest

from cpkb.analysis.spelling import is_slip
from cpkb.search.neighbours import Neighbours


@pytest.mark.parametrize("seed", range(20))
def test_no_name_is_missed_and_none_is_too_many(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 — no secret
    keys = ["".join(chosen.choices("水泥窑电镀", k=chosen.randint(0, 5))) for _ in range(200)]
    found = Neighbours(keys.__getitem__, len(keys), 5)
    for asked in [*keys[:40], "", "泥水", "电镀电镀电镀"]:
        assert found.of(asked) == [number for number, key in enumerate(keys) if is_slip(asked, key)]


def test_names_that_are_too_long_are_not_filed() -> None:
    assert Neighbours(["清洁生产审核"].__getitem__, 1, 5).of("清洁生产审查") == []


def test_without_names_there_is_none_near() -> None:
    assert Neighbours([].__getitem__, 0, 5).of("水泥") == []
