"""Texts that say nearly the same (近似文本): a sample of each document's words, however they are set and spaced.

Of all stretches of five tokens, hashed, the 96 smallest hashes are kept (a bottom-k sketch). The share that two samples
have in common estimates the share of stretches that the texts have in common (their Jaccard likeness).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cpkb.comparison.tokens import Fold, said
from cpkb.model.passage import Passage
from cpkb.store.store import Store

SAMPLE = 96  # hashes of a document: the estimate is then off by 5 % at most times
STRETCH = 5  # tokens: shorter ones are common to all laws, longer ones change with every word
LEAST_ALIKE = (
    0.4  # versions met in practice share more (the Shanghai texts 0.6); different texts of one field below 0.1
)
_FACTORS = np.array([0x9E3779B97F4A7C15**power % 2**64 for power in range(STRETCH)], np.uint64)
"""What a token's number is multiplied with by its place, so that order counts."""
_BATCH = 200  # documents written at once: the lock is held for a moment only


def sample(body: Sequence[Passage], fold: Fold) -> list[int]:
    """The fingerprints of a text, smallest first; formatting makes no difference."""
    numbers = np.fromiter((_number(key) for passage in body for key in said(passage.text, fold)), np.uint64)
    if len(numbers) < STRETCH:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(numbers, STRETCH)
    hashes = np.unique(_mixed((windows * _FACTORS).sum(axis=1, dtype=np.uint64)))
    return [int(one) for one in hashes[:SAMPLE]]


@lru_cache(100_000)  # the characters and words of all texts are few
def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Values spread evenly (the finaliser of splitmix64), in the 63 bits that SQLite has."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return (values ^ (values >> np.uint64(31))) >> np.uint64(1)


def estimate(one: Sequence[int], other: Sequence[int]) -> float:
    """How much of what two texts say they have in common, 0 to 1, from their fingerprints."""
    union = sorted({*one, *other})[:SAMPLE]
    return len(set(one) & set(other) & set(union)) / len(union) if union else 0.0


def catch_up_fingerprints(store: Store, fold: Fold) -> int:
    """Make what is missing for documents that changed; returns for how many."""
    made_for, target, written = store.fingerprints.revision(), store.revision(), 0
    if made_for == target:
        return 0
    changed = store.changed_since(made_for, only_documents=True)
    made = ((record.id, sample(record.body, fold)) for record in changed)
    while batch := list(itertools.islice(made, _BATCH)):
        store.fingerprints.put(batch, made_for)
        written += len(batch)
    store.fingerprints.put([(record_id, []) for record_id in store.removed_since(made_for)], target)
    return written


def alike(record_id: str, store: Store) -> list[tuple[str, float]]:
    """(id, share) of documents that say nearly the same as this one, likest first."""
    mine = store.fingerprints.of(record_id)
    least = max(1, int(LEAST_ALIKE * len(mine) / 2))
    found = [
        (other, estimate(mine, store.fingerprints.of(other))) for other in store.fingerprints.sharing(record_id, least)
    ]
    return sorted((pair for pair in found if pair[1] >= LEAST_ALIKE), key=lambda pair: (-pair[1], pair[0]))
