"""Passage vectors (向量) beside the index: one file, appended to, found by the key of the text they were made from.

A record of the file is a 64-bit key and 384 signed bytes. Vectors are of length 1, so the bytes (the largest component
at 127) tell them whole. Keys are of texts, not of passages: what moves or comes back keeps its vector, and what was
written when a process was killed is kept, less at most one half-written record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DIMENSION = 384
RECORD = np.dtype([("key", "<u8"), ("vector", "i1", (DIMENSION,))])
BLOCK = 2048  # records turned to floats at a time: they stay in the processor's cache, and memory stays small
_NONE = np.zeros(0, dtype=RECORD)
Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """What a vector file held when it was read."""

    records: NDArray[np.void]
    keys: Keys
    """Sorted."""
    places: Rows
    """Of each sorted key, its record."""
    lengths: Floats
    """Of each record, the length of its bytes as a vector."""

    def rows(self, keys: Keys) -> Rows:
        """The record of each key, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.places[at], -1)

    def vectors(self, keys: Sequence[int]) -> tuple[list[int], Floats]:
        """Those of some keys that are held, and their unit vectors."""
        wanted = np.array(keys, dtype=np.uint64)
        rows = self.rows(wanted)
        held = rows[rows >= 0]
        unit = self.records["vector"][held].astype(np.float32) / self.lengths[held, None]
        return wanted[rows >= 0].tolist(), unit

    def similarities(self, question: Floats) -> Floats:
        """The cosine of a unit vector with every record."""
        vectors = self.records["vector"]
        found = np.empty(len(vectors), dtype=np.float32)
        for at in range(0, len(vectors), BLOCK):
            found[at : at + BLOCK] = vectors[at : at + BLOCK].astype(np.float32) @ question
        return found / self.lengths


class VectorFile:
    """Vectors by key in ``file``; one process appends (under the index's lock), any number read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._size = -1
        self._table = _table(_NONE)

    def size(self) -> int:
        """Bytes the file has now."""
        return self._file.stat().st_size if self._file.is_file() else 0

    def table(self) -> VectorTable:
        """What the file holds now; read again only when it grew."""
        size = self.size()
        if size != self._size:
            whole = size // RECORD.itemsize
            self._table = _table(np.memmap(self._file, dtype=RECORD, mode="r", shape=(whole,)) if whole else _NONE)
            self._size = size
        return self._table

    def append(self, keys: Sequence[int], vectors: Floats) -> None:
        """Add unit vectors; a record that a killed process left half-written is cut off first."""
        records = np.zeros(len(keys), dtype=RECORD)
        records["key"] = keys
        largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
        records["vector"] = np.rint(vectors * (127 / largest))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as out:
            out.truncate(out.tell() - out.tell() % RECORD.itemsize)
            out.write(records.tobytes())


def _table(records: NDArray[np.void]) -> VectorTable:
    keys = np.array(records["key"])
    places = np.argsort(keys, kind="stable")
    lengths = np.empty(len(records), dtype=np.float32)
    for at in range(0, len(records), BLOCK):
        block = records["vector"][at : at + BLOCK].astype(np.float32)
        lengths[at : at + BLOCK] = np.sqrt(np.einsum("ij,ij->i", block, block))
    return VectorTable(records, keys[places], places, np.maximum(lengths, 1.0))
