"""The vector file: small, appended to, whole after any kill, and true to the order of cosines."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cpkb.engines.vectors import BLOCK, DIMENSION, RECORD, VectorFile

SIZE = RECORD.itemsize


def units(many: int, seed: int = 1) -> NDArray[np.float32]:
    """Random vectors of length 1."""
    drawn = np.random.default_rng(seed).normal(size=(many, DIMENSION))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "index" / "vectors.bin"


def test_what_is_appended_is_read_by_its_key(file: Path) -> None:
    vectors = units(3)
    VectorFile(file).append([30, 10, 2**64 - 1], vectors)
    table = VectorFile(file).table()
    assert table.rows(np.array([10, 20, 30, 2**64 - 1, 0], dtype=np.uint64)).tolist() == [1, -1, 0, 2, -1]
    keys, held = table.vectors([2**64 - 1, 99, 30])
    assert keys == [2**64 - 1, 30]
    assert held == pytest.approx(vectors[[2, 0]], abs=0.004)
    assert np.linalg.norm(held, axis=1) == pytest.approx([1, 1])


def test_a_vector_takes_its_key_and_a_byte_a_component(file: Path) -> None:
    VectorFile(file).append([1, 2], units(2))
    assert file.stat().st_size == 2 * (8 + DIMENSION)


@pytest.mark.parametrize("content", [None, b""], ids=["no file", "an empty file"])
def test_where_nothing_is_kept_nothing_is_found(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.parent.mkdir()
        file.write_bytes(content)
    table = VectorFile(file).table()
    assert table.rows(np.array([1, 2], dtype=np.uint64)).tolist() == [-1, -1]
    assert table.similarities(units(1)[0]).tolist() == []
    keys, vectors = table.vectors([1])
    assert (keys, vectors.shape) == ([], (0, DIMENSION))
    assert VectorFile(file).table().vectors([])[0] == []


@pytest.mark.parametrize("lost", [1, 8, 200, SIZE - 1])
def test_a_half_written_record_is_not_read_and_is_cut_off_before_the_next(file: Path, lost: int) -> None:
    vectors = units(3)
    VectorFile(file).append([1, 2], vectors[:2])
    with file.open("r+b") as opened:
        opened.truncate(2 * SIZE - lost)
    assert VectorFile(file).table().vectors([1, 2])[0] == [1]
    VectorFile(file).append([3], vectors[2:])
    assert file.stat().st_size == 2 * SIZE
    keys, held = VectorFile(file).table().vectors([1, 2, 3])
    assert keys == [1, 3]
    assert held == pytest.approx(vectors[[0, 2]], abs=0.004)


def test_a_foreign_file_of_odd_size_is_read_in_whole_records_and_harms_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not vectors at all\n" * 50)
    table = VectorFile(file).table()
    assert len(table.records) == 950 // SIZE == 2
    assert np.isfinite(table.similarities(units(1)[0])).all()
    VectorFile(file).append([7], units(1))
    assert VectorFile(file).table().vectors([7])[1] == pytest.approx(units(1), abs=0.004)


def test_a_vector_of_nothing_is_like_nothing(file: Path) -> None:
    VectorFile(file).append([1], np.zeros((1, DIMENSION), dtype=np.float32))
    assert VectorFile(file).table().similarities(units(1)[0]).tolist() == [0]


def test_a_key_that_is_there_twice_counts_where_it_came_first(file: Path) -> None:
    vectors = units(3)
    VectorFile(file).append([1, 2], vectors[:2])
    VectorFile(file).append([1], vectors[2:])
    keys, held = VectorFile(file).table().vectors([1, 2])
    assert keys == [1, 2]
    assert held == pytest.approx(vectors[:2], abs=0.004)


def test_readers_see_what_was_appended_since(file: Path) -> None:
    reader, writer = VectorFile(file), VectorFile(file)
    assert reader.table().vectors([1, 2])[0] == []
    for key in (1, 2):
        before = reader.table()
        writer.append([key], units(1, key))
        assert reader.table() is not before
        assert reader.table().vectors([1, 2])[0] == list(range(1, key + 1))
    assert reader.table() is reader.table(), "it is read again only when it grew"


def test_what_a_reader_holds_stays_as_it_was(file: Path) -> None:
    writer = VectorFile(file)
    writer.append([1], units(1))
    held = VectorFile(file).table()
    before = held.similarities(units(1)[0]).tolist()
    writer.append([2], units(1, 2))
    assert held.similarities(units(1)[0]).tolist() == before == pytest.approx([1], abs=1e-3)


def test_bytes_keep_cosines_and_their_order(file: Path) -> None:
    many = BLOCK + 300  # more than are turned to floats at a time
    vectors = units(many)
    VectorFile(file).append(range(1, many + 1), vectors)
    table = VectorFile(file).table()
    for question in units(5, 2):
        exact, kept = vectors @ question, table.similarities(question)
        assert np.abs(exact - kept).max() < 0.004, "far less than the span of passages that count as near"
        # Of two that are told apart by a hundredth, the order is the same.
        order = np.argsort(-kept)
        assert all(exact[later] - exact[first] < 0.008 for first, later in pairwise(order))
        assert np.argmax(exact) in order[:3]
