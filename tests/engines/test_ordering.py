"""Sorting as much as a page needs gives what sorting everything gives."""

from __future__ import annotations

import random

import numpy as np
import pytest

from cpkb.engines.whoosh.ordering import NEIGHBOURS, evidence, first, rounded


@pytest.mark.parametrize("values", [1, 2, 7, 1000], ids=lambda values: f"{values} different values")
@pytest.mark.parametrize("many", [0, 1, 5, 299, 300, 400])
def test_the_first_are_those_of_a_whole_sort(values: int, many: int) -> None:
    source = np.random.default_rng(values)
    keys = [source.integers(values, size=300), source.integers(3, size=300), source.permutation(300)]
    expected = sorted(range(300), key=lambda at: tuple(key[at] for key in keys))[:many]
    assert first(keys, many).tolist() == expected


def test_the_first_of_nothing_are_none() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert first([nothing, nothing], 10).tolist() == []


def test_scores_that_differ_after_the_ninth_digit_are_equal_and_the_highest_comes_first() -> None:
    low, same, high = rounded(np.array([1.0, 1.0 + 1e-11, 1.0 + 2e-9])).tolist()
    assert low == same > high


def test_evidence_is_the_mean_of_the_next_best_of_the_record() -> None:
    source = random.Random(3)  # noqa: S311 — no secret
    records = [source.choice((1, 2, 3, 4, 5, 6, 7, 8)) for _ in range(60)]
    scores = sorted((source.choice((0.5, 1.0, 1.5, 2.0, 3.25)) for _ in records), reverse=True)
    expected = []
    for place, record in enumerate(records):
        others = [scores[at] for at, other in enumerate(records) if other == record and at != place]
        expected.append(sum(sorted(others, reverse=True)[:NEIGHBOURS]) / NEIGHBOURS)
    assert evidence(np.array(records), np.array(scores)) == pytest.approx(expected)
    assert evidence(np.zeros(0, dtype=np.int64), np.zeros(0)).tolist() == []
