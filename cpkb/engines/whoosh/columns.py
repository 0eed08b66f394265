"""Column files (列文件): named arrays of one segment in one file, mapped into memory, never unpickled.

    8 bytes   MAGIC
    16 bytes  length and CRC-32 of the head
    head      JSON: of each array its dtype, length, place and CRC-32
    arrays    little-endian, each beginning at a multiple of 64 bytes

All processes that open a file share its pages.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ids = NDArray[np.int64]
"""Numbers of rows."""
NO_ROWS: Ids = np.zeros(0, dtype=np.int64)
MAGIC = b"CPKBCOL1"
ALIGN = 64  # a cache line, and enough for every vector instruction
SUFFIX = ".columns"


class DamagedColumnsError(Exception):
    """A column file that is not whole, or is none."""


def write_columns(file: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays of one dimension under their names; on disk for good when this returns."""
    placed, at = {}, 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array)
        placed[name] = [data.dtype.str, len(data), at, zlib.crc32(_bytes(data))]
        at += -(-data.nbytes // ALIGN) * ALIGN
    head = json.dumps(placed).encode()
    with file.open("wb") as out:
        out.write(MAGIC + len(head).to_bytes(8, "little") + zlib.crc32(head).to_bytes(8, "little") + head)
        for array in arrays.values():
            out.write(bytes(-out.tell() % ALIGN))
            out.write(_bytes(np.ascontiguousarray(array)))
        out.flush()
        os.fsync(out.fileno())


def open_columns(file: Path, *, verify: bool = False) -> dict[str, Array]:
    """The arrays of a column file, read-only and mapped; ``verify`` reads every byte.

    Raises DamagedColumnsError for what is not a whole column file.
    """
    try:
        with file.open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise DamagedColumnsError(f"{file.name}: 不能读") from error
    placed, base = _head(file, mapped)
    arrays = {}
    for name, (dtype, length, at, crc) in placed.items():
        try:
            found = np.frombuffer(mapped, dtype=dtype, count=length, offset=base + at) if length else np.zeros(0, dtype)
        except ValueError as error:
            raise DamagedColumnsError(f"{file.name}: 不完整") from error
        if verify and zlib.crc32(_bytes(found)) != crc:
            raise DamagedColumnsError(f"{file.name}: {name} 的校验和不对")
        arrays[name] = found
    return arrays


def _head(file: Path, mapped: mmap.mmap) -> tuple[dict[str, tuple[str, int, int, int]], int]:
    start = len(MAGIC) + 16
    length = int.from_bytes(mapped[8:16], "little")
    head = mapped[start : start + length] if length < len(mapped) else b""
    if mapped[:8] != MAGIC or zlib.crc32(head) != int.from_bytes(mapped[16:24], "little"):
        raise DamagedColumnsError(f"{file.name}: 不是完整的列文件")
    return json.loads(head), -(-(start + length) // ALIGN) * ALIGN


def _bytes(array: Array) -> memoryview:
    return array.view(np.uint8).data if array.size else memoryview(b"")


class Strings(Sequence[str]):
    """Strings kept as the bytes of all and the end of each."""

    def __init__(self, data: Array, ends: Array) -> None:
        self._data, self._ends = data, ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: Any) -> Any:
        start = self._ends.item(at - 1) if at else 0
        return self._data[start : self._ends.item(at)].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return (piece.decode() for piece in self.encoded())

    def encoded(self) -> Iterator[bytes]:
        """Each in UTF-8."""
        data, start = self._data.tobytes(), 0
        for end in self._ends.tolist():
            yield data[start:end]
            start = end


def strings(texts: Sequence[str]) -> tuple[Array, Array]:
    """The two arrays of `Strings`."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(piece) for piece in encoded], dtype=np.uint32) if encoded else np.zeros(0, np.uint32)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends
