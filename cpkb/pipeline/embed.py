"""Vectors catch up with the store: what the shipped file has is taken over, the rest is embedded a batch at a time.

Killed at any moment, what was embedded is kept, and the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np

from cpkb.analysis.embedding import Embedder, meaning_key
from cpkb.engines.engine import Engine
from cpkb.engines.vectors import VectorFile
from cpkb.model.record import passages_of
from cpkb.search.indexing import meaning_of
from cpkb.store.store import Store

BATCH = 32  # passages: two seconds of work, so that little is lost and the worker stops soon when asked


def meanings(store: Store) -> dict[int, str]:
    """What is to be embedded, by its key: every wording once."""
    texts = (meaning_of(record, passage) for record in store.changed_since(-1) for passage in passages_of(record))
    return {meaning_key(text): text for text in texts}


def catch_up_vectors(store: Store, engine: Engine, embedder: Embedder, shipped: Path) -> Iterator[int]:
    """Make the vectors that the engine lacks; yields after every batch how many are left, so that it can be left."""
    wanted = meanings(store)
    adopt(wanted, engine, shipped)
    yield from embed_missing(wanted, engine, embedder)


def ship(store: Store, embedder: Embedder, file: Path) -> int:
    """Write the vectors of all that a store holds to ``file``, keeping those it has; returns how many it holds."""
    wanted, held = meanings(store), VectorFile(file).table()
    keys, vectors = held.vectors(sorted(wanted))
    new = sorted(set(wanted) - set(keys))
    made = [embedder.passages([wanted[key] for key in new[at : at + BATCH]]) for at in range(0, len(new), BATCH)]
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    both = np.array([*keys, *new], dtype=np.uint64)
    order = np.argsort(both)  # the same file however it came about
    VectorFile(partial).append(both[order].tolist(), np.concatenate([vectors, *made])[order])
    partial.replace(file)
    return len(wanted)


def adopt(wanted: Mapping[int, str], engine: Engine, shipped: Path) -> None:
    """Take over the vectors that come with the program."""
    keys, vectors = VectorFile(shipped).table().vectors(engine.without_vector(list(wanted)))
    if keys:
        engine.add_vectors(keys, vectors)


def embed_missing(wanted: Mapping[int, str], engine: Engine, embedder: Embedder) -> Iterator[int]:
    """Embed what the engine has no vector of; yields how many are left, first before anything is done."""
    # Texts of like length together: a batch takes as long as its longest.
    missing = sorted(engine.without_vector(list(wanted)), key=lambda key: len(wanted[key]))
    left = len(missing)
    yield left
    keys = iter(missing)
    while batch := list(islice(keys, BATCH)):
        engine.add_vectors(batch, embedder.passages([wanted[key] for key in batch]))
        left -= len(batch)
        yield left
