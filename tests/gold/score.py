"""Judges the importers: ``python -m tests.gold.score`` prints how many facts of the gold were read right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from tests.gold.facts import Gold, Outcome, clauses, documents, relations
from tests.gold.reading import SHARED, read
from tests.gold.scans import scans
from tests.gold.tables import cells, held

HERE = Path(__file__).parent
PARTS = {
    "documents": documents,
    "clauses": clauses,
    "cells": cells,
    "held": held,
    "relations": relations,
    "scans": scans,
}
"""What is judged, by the name of its file here."""


def gold(name: str) -> list[Gold]:
    """The facts of ``documents.jsonl`` and the others, in order."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def judged(parts: Iterable[str] = tuple(PARTS)) -> list[Outcome]:
    """Every fact of the gold beside what the program reads today."""
    return [outcome for name in parts for outcome in PARTS[name](gold(name), read)]


def table(outcomes: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    """(right, of) by row, in the order the rows come."""
    rows: dict[str, tuple[int, int]] = {}
    for outcome in outcomes:
        right, of = rows.get(outcome.row, (0, 0))
        own = outcome.right if outcome.right is not None else outcome.weight * outcome.is_right
        rows[outcome.row] = (right + own, of + outcome.weight)
    return rows


def lines(rows: Mapping[str, tuple[int, int]]) -> list[str]:
    """The table as people read it."""
    return [f"{name:24}{right:6d} of {of:5d}  {right / of:6.1%}" for name, (right, of) in rows.items()]


def missed(outcomes: Sequence[Outcome]) -> list[str]:
    """What was read wrong: row, place, what stands there, what was read."""
    wrong = [outcome for outcome in outcomes if not outcome.is_right]
    return [f"{o.row}\t{o.place}\n    wanted {o.wanted}\n    got    {o.got[:300]}" for o in wrong]


@click.command()
@click.option("--misses", is_flag=True, help="List every fact that was read wrong, with its place.")
@click.option("--only", "parts", multiple=True, type=click.Choice(list(PARTS)), help="Judge only this part.")
def main(*, misses: bool, parts: tuple[str, ...]) -> None:
    """Read the files of the gold and print how many of its facts came out right."""
    if not SHARED.is_dir():
        raise click.ClickException(f"{SHARED} is absent: the gold speaks of files that are not in the repository")
    outcomes = judged(parts or tuple(PARTS))
    for line in [*lines(table(outcomes)), *(missed(outcomes) if misses else ())]:
        click.echo(line)


if __name__ == "__main__":
    main()
