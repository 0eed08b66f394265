"""Runs of characters hold every character and every pair of neighbours as grams, found for all passages at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import pytest

from cpkb.engines.passage import IndexedPassage, ZoneTerms
from cpkb.engines.ranking import ZONES
from cpkb.engines.whoosh.batch import Batch
from cpkb.engines.whoosh.inverted import dictionary
from cpkb.engines.whoosh.runs import Runs, grams_of
from tests.engines.passages import passage, placed_grams

LETTERS = "一丁铬渣龥㐀𠀀𮯠"  # the last two have more than 16 bits


def zones(**runs: Sequence[tuple[str, int]]) -> IndexedPassage:
    return replace(passage("a"), zones={zone: ZoneTerms(runs=tuple(runs.get(zone, ()))) for zone in ZONES})


def gathered(passages: Sequence[IndexedPassage]) -> set[tuple[str, int, str, int]]:
    """(gram, row, zone, place) of every occurrence in the arrays of a batch."""
    batch = Batch()
    for one in passages:
        batch.add(one)
    arrays = batch.arrays()
    held, found = dictionary(arrays, "grams", len(ZONES)), set()
    for number, term in enumerate(held.terms):
        for posting in range(*held.extent(number).indices(len(held.rows))):
            places = iter(held.positions[held.begin(posting) : held.begin(posting + 1)].tolist())
            for zone, counts in zip(ZONES, held.counts, strict=True):
                many = int(counts[posting]) if counts is not None else 0
                found |= {(term, int(held.rows[posting]), zone, place) for place in islice(places, many)}
    assert list(held.terms) == sorted({term for term, *_ in found}), "every term once, in order"
    assert len(held.positions) == len(found)
    return found


def expected(passages: Sequence[IndexedPassage]) -> set[tuple[str, int, str, int]]:
    return {
        (gram, at, zone, place)
        for at, one in enumerate(passages)
        for zone in ZONES
        for gram, place in placed_grams(one.zones[zone])
    }


@pytest.mark.parametrize(
    "passages",
    [
        [zones()],
        [zones(text=[("铬", 0)])],
        [zones(text=[("铬渣", 0)])],
        [zones(text=[("铬渣", 0), ("铬", 3), ("渣铬渣", 5)])],
        [zones(), zones(text=[("铬渣", 0)]), zones(), zones(title=[("渣", 7)])],
        [zones(title=[("铬渣", 0)], heading=[("𠀀铬", 0)], text=[("渣铬", 0)])],
        [zones(text=[("铬铬铬铬", 0)])],
    ],
)
def test_every_character_and_pair_stands_where_it_is(passages: list[IndexedPassage]) -> None:
    assert gathered(passages) == expected(passages)


def test_runs_of_any_letters_and_lengths() -> None:
    source = random.Random(3)  # noqa: S311 — the same every time
    made = []
    for _ in range(60):
        held = {}
        for zone in ZONES:
            at, own = 0, []
            for _ in range(source.randint(0, 4)):
                run = "".join(source.choices(LETTERS, k=source.randint(1, 9)))
                own.append((run, at))
                at += len(run) + source.randint(1, 3)
            held[zone] = own
        made.append(zones(**held))
    assert gathered(made) == expected(made)


def test_a_gram_that_is_told_and_one_of_a_run_are_one_term() -> None:
    told = ZoneTerms(grams=("铬", "铬渣", "hj1"), places=(0, 4, 6), runs=(("铬渣", 8),))
    one = replace(passage("a"), zones={"title": ZoneTerms(), "heading": ZoneTerms(), "text": told})
    assert gathered([one]) == expected([one])


def test_how_many_grams_were_added_is_told() -> None:
    assert [Runs().add(runs) for runs in ([], [("铬", 0)], [("铬渣", 0), ("法", 3)])] == [0, 1, 4]


def test_grams_come_in_the_order_of_strings() -> None:
    field = Runs()
    field.add([(LETTERS, 0), (LETTERS[::-1], 20)])
    grams, _ = grams_of([field])
    pairs = {text[at : at + 2] for text in (LETTERS, LETTERS[::-1]) for at in range(len(text) - 1)}
    assert grams == sorted({*LETTERS, *pairs})
