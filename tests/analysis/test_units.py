"""Units: characters and Latin runs, with positions that count terms and gap at punctuation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.analysis.units import grams, runs, stretches, units


def placed(text: str) -> list[tuple[str, int]]:
    return [(unit.text, unit.position) for unit in units(text)]


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("清洁生产", [("清", 0), ("洁", 1), ("生", 2), ("产", 3)]),
        ("清洁\n生产", [("清", 0), ("洁", 1), ("生", 2), ("产", 3)]),
        ("清洁 \n　 生产", [("清", 0), ("洁", 1), ("生", 2), ("产", 3)]),
        ("清洁,生产", [("清", 0), ("洁", 1), ("生", 3), ("产", 4)]),
        ("清洁。生产", [("清", 0), ("洁", 1), ("生", 3), ("产", 4)]),
        ("清洁……生产", [("清", 0), ("洁", 1), ("生", 3), ("产", 4)]),
        ("清洁, \n生产", [("清", 0), ("洁", 1), ("生", 3), ("产", 4)]),
        ("，清洁", [("清", 0), ("洁", 1)]),
        ("采用rto处理", [("采", 0), ("用", 1), ("rto", 2), ("处", 3), ("理", 4)]),
        ("voc s", [("voc", 0), ("s", 1)]),
        ("y180m-4型", [("y180m-4", 0), ("型", 1)]),
        ("3w-0.9/7", [("3w-0.9/7", 0)]),
        ("0.5mg/m3", [("0.5mg/m3", 0)]),
        ("gb/t 4754", [("gb/t", 0), ("4754", 1)]),
        ("10^3", [("10^3", 0)]),
        ("cod-", [("cod", 0)]),
        ("µg", [("µg", 0)]),
        ("", []),
        ("，。！？", []),
        (" \n\t", []),
        ("😀", []),
    ],
)
def test_units_and_their_positions(folded: str, expected: list[tuple[str, int]]) -> None:
    assert placed(folded) == expected


def test_characters_beyond_the_basic_plane_are_units() -> None:
    assert placed("𠀀水") == [("𠀀", 0), ("水", 1)]


def test_only_single_chinese_characters_are_characters() -> None:
    assert [unit.is_character for unit in units("水a4水")] == [True, False, True]


def test_runs_are_cut_where_positions_jump() -> None:
    cut = runs(units("清洁生产,是指\n不断改进。cod"))
    assert ["".join(unit.text for unit in run) for run in cut] == ["清洁生产", "是指不断改进", "cod"]


@given(st.text(alphabet="清洁生产ab1-./ \n,。；𠀀😀"))
def test_units_stand_where_they_say_and_positions_only_grow(text: str) -> None:
    row = units(text)
    assert all(text[unit.start : unit.end] == unit.text for unit in row)
    steps = [right.position - left.position for left, right in pairwise(row)]
    assert set(steps) <= {1, 2}
    assert [unit for run in runs(row) for unit in run] == row


@given(st.text(alphabet="清洁生产ab1-./ \n\u3000,。；𠀀😀"))
def test_stretches_hold_the_same_units_at_the_same_positions(text: str) -> None:
    row = units(text)
    characters, latin = stretches(text)
    singles = [(unit.text, unit.position) for unit in row]
    pairs = [
        (left.text + right.text, left.position)
        for left, right in pairwise(row)
        if left.is_character and right.is_character and left.position + 1 == right.position
    ]
    assert sorted([*latin, *grams(characters)]) == sorted(singles + pairs)
