"""Which clause of one text stands for which of the other: the same words first, then the likest in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from cpkb.comparison.units import Unit

Pair = tuple[Unit | None, Unit | None]
"""A clause and its counterpart; None where there is none."""
_LIKE = 0.4  # share of neighbouring tokens: below it two clauses are read as two, not as one that changed
_LIKE_IN_PLACE = 0.2  # clauses of the same number are taken for one with less in common
_SAME_PLACE = 0.15  # what the same number counts beside the likeness
MOST_PAIRS = 40_000  # clauses between two that are the same: more would be compared for seconds, and go by number alone


def paired(before: Sequence[Unit], after: Sequence[Unit]) -> list[Pair]:
    """The pairs in the order of the later text; what is only in the earlier stands where it stood."""
    keys = [[(unit.is_heading, unit.says) for unit in side] for side in (before, after)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    found: list[Pair] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += zip(before[a:b], after[c:d], strict=True)
        else:
            found += _aligned(before[a:b], after[c:d])
    return list(_moved(found))


def likeness(one: Unit, other: Unit) -> float:
    """How much two clauses share, 0 to 1; a heading and a clause nothing."""
    if one.is_heading != other.is_heading:
        return 0.0
    return 2 * len(one.grams & other.grams) / ((len(one.grams) + len(other.grams)) or 1)


def _aligned(before: Sequence[Unit], after: Sequence[Unit]) -> list[Pair]:
    """The best alignment in order: the sum of what the pairs share is greatest."""
    worth = _worths(before, after)
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for a in range(len(before) - 1, -1, -1):
        for b in range(len(after) - 1, -1, -1):
            kept = worth.get((a, b), 0.0)
            best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + kept if kept else 0.0)
    found: list[Pair] = []
    a = b = 0
    while a < len(before) or b < len(after):
        kept = worth.get((a, b), 0.0)
        if kept and best[a][b] == best[a + 1][b + 1] + kept:
            found.append((before[a], after[b]))
            a, b = a + 1, b + 1
        elif a < len(before) and (b == len(after) or best[a][b] == best[a + 1][b]):
            found.append((before[a], None))
            a += 1
        else:
            found.append((None, after[b]))
            b += 1
    return found


def _worths(before: Sequence[Unit], after: Sequence[Unit]) -> dict[tuple[int, int], float]:
    by_number = len(before) * len(after) > MOST_PAIRS
    found = {}
    for a, one in enumerate(before):
        for b, other in enumerate(after):
            in_place = bool(one.place) and one.place == other.place
            if by_number and not in_place:
                continue
            like = likeness(one, other)
            if like >= (_LIKE_IN_PLACE if in_place else _LIKE):
                found[a, b] = like + (_SAME_PLACE if in_place else 0.0)
    return found


def _moved(found: Sequence[Pair]) -> Iterator[Pair]:
    """Clauses that stand elsewhere unchanged are pairs too."""
    gone = {unit.says: unit for unit, other in found if unit and other is None}
    come = {unit.says for other, unit in found if unit and other is None}
    alone = Counter(
        says for side in (0, 1) for pair in found if (unit := pair[side]) and None in pair for says in (unit.says,)
    )
    moved = {says for says in gone.keys() & come if alone[says] == 2}
    for before, after in found:
        if before and after is None and before.says in moved:
            continue
        yield (gone[after.says], after) if after and before is None and after.says in moved else (before, after)
