"""The order of matching rows: only as much of it as a page needs, and exact where scores are equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cpkb.engines.whoosh.columns import Ids
from cpkb.engines.whoosh.segment import Numbers

NEIGHBOURS = 5  # other passages of a document that speak for it


def rounded(scores: Numbers) -> Ids:
    """Scores to 9 digits as whole numbers, the highest first: sums of the same numbers in another order are equal."""
    return np.asarray(-np.rint(scores * 1e9), dtype=np.int64)


def first(keys: Sequence[Ids], many: int) -> Ids:
    """The places of the ``many`` smallest in order: by the first key, of equals by the next, and so on."""
    found, equal = [], np.arange(len(keys[0]))
    for key in keys:
        if not 0 < many < len(equal):
            break
        values = key[equal]
        least = np.partition(values, many - 1)[many - 1]
        smaller = equal[values < least]
        found.append(smaller)
        many -= len(smaller)
        equal = equal[values == least]
    chosen = np.concatenate([*found, equal[:many]])
    return chosen[np.lexsort([key[chosen] for key in reversed(keys)])]


def evidence(records: Ids, scores: Numbers) -> Numbers:
    """For each of the best rows, in order, the mean of what the next best of its record score."""
    if not len(records):
        return scores
    order = np.argsort(records, kind="stable")
    starts = np.flatnonzero(np.diff(records[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    group = np.repeat(np.arange(len(starts)), sizes)
    rank = np.arange(len(order)) - starts[group]
    best = np.zeros((len(starts), NEIGHBOURS + 1))
    is_best = rank <= NEIGHBOURS
    best[group[is_best], rank[is_best]] = scores[order][is_best]
    own = scores[order]
    is_own = (best[group] == own[:, None]).any(axis=1)  # a row is no evidence for itself
    summed = np.where(is_own, best.sum(axis=1)[group] - own, best[:, :NEIGHBOURS].sum(axis=1)[group])
    found = np.empty(len(order))
    found[order] = summed / NEIGHBOURS
    return found
