"""Small texts to compare."""

from __future__ import annotations

from cpkb.comparison.compare import Comparison, compare
from cpkb.model.passage import Passage
from tests.analysis.shipped import shipped_analyzer


def body(*articles: str, headings: tuple[str, ...] = ()) -> tuple[Passage, ...]:
    """Articles as the reader makes them: “第一条　……”; what stands before the first blank is the locator."""
    return tuple(
        Passage(at, text, text.replace("　", " ").split(" ")[0] if text.startswith("第") else "", headings, "article")
        for at, text in enumerate(articles)
    )


def compared(before: tuple[Passage, ...] | str, after: tuple[Passage, ...] | str) -> Comparison:
    """Two bodies, or two single clauses."""
    sides = [body(side) if isinstance(side, str) else side for side in (before, after)]
    return compare(sides[0], sides[1], shipped_analyzer().fold)


def kinds(found: Comparison) -> list[str]:
    return [row.kind for row in found.rows]


def marks(found: Comparison) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What is marked on either side of each clause that differs."""
    return [
        (row.before.marks if row.before else (), row.after.marks if row.after else ())
        for row in found.rows
        if row.kind != "same"
    ]
