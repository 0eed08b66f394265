"""A segment's arrays as the files of Whoosh itself (its W3 codec): what any Whoosh reads without knowing the columns.

The bytes are those its own writer makes, made from arrays instead of from one posting at a time; three things that the
format leaves open are chosen for speed: blocks are not compressed, a term of one posting has it beside the term, and
the dictionary hashes with CRC-32.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pickle import dumps
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3Segment
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numeric import length_to_byte
from whoosh.util.numlists import GrowableArray

from cpkb.engines.whoosh.columns import Array, Strings
from cpkb.engines.whoosh.inverted import Dictionary, dictionary
from cpkb.engines.whoosh.schema import FIELDS, SCORED

BLOCK = 128  # postings of a block, as in Whoosh's own files
CHUNK = 1 << 18  # postings turned into Python numbers at a time: about 25 MB
CRC32 = 1  # Whoosh's number for this hash
_INFO = struct.Struct("!BfIBBfII")  # what W3TermInfo reads
_EXTENT = struct.Struct("!Qi")
_LENGTH = struct.Struct("!i")
_LENGTHS = np.array([length_to_byte(length) for length in range(1 << 12)], dtype=np.uint8)


def write_files(storage: Any, segment: W3Segment, arrays: Mapping[str, Array]) -> None:
    """Write the dictionary, the postings, the lengths and the stored fields of a segment."""
    rows = len(arrays["row.ordinals"])
    lengths = {field: _length_bytes(arrays[f"length.{field}"]) for field in SCORED}
    terms = _Terms(segment.create_file(storage, W3Codec.TERMS_EXT))
    postings = segment.create_file(storage, W3Codec.POSTS_EXT)
    places = sorted((field, kind, zone) for kind, fields in FIELDS.items() for zone, field in enumerate(fields))
    kinds = {kind: dictionary(dict(arrays), kind, len(fields)) for kind, fields in FIELDS.items()}
    for number, (field, kind, zone) in enumerate(places):
        terms.extras["fieldmap"][field] = number
        held = lengths.get(field, np.zeros(rows, np.uint8))
        prefix = struct.pack("!H", number)
        for written in _written(kinds[kind], zone, held, postings):
            terms.add_all((prefix + key, info) for key, info in written)
    terms.close()
    postings.close()
    for field in SCORED:
        with storage.create_file(W3Codec.column_filename(segment, f"_{field}_len")) as out:
            out.write(lengths[field].tobytes())
    _write_stored(storage, segment, arrays)
    segment.set_doc_count(rows)


def _length_bytes(lengths: Array) -> Array:
    """Whoosh's one-byte form of lengths."""
    return _LENGTHS[np.minimum(lengths, len(_LENGTHS) - 1)]


def _write_stored(storage: Any, segment: W3Segment, arrays: Mapping[str, Array]) -> None:
    records = list(Strings(arrays["record.text"], arrays["record.ends"]))
    with storage.create_file(W3Codec.column_filename(segment, "_stored")) as out:
        writer = VarBytesColumn().writer(out)
        numbers = zip(arrays["row.record_of"].tolist(), arrays["row.ordinals"].tolist(), strict=True)
        for row, (record, ordinal) in enumerate(numbers):
            writer.add(row, _deflated(dumps({"record": records[record], "ordinal": ordinal}, 2)))
        writer.finish(len(arrays["row.ordinals"]))


def _deflated(data: bytes) -> bytes:
    """The zlib form of a few bytes, uncompressed (RFC 1950, 1951 section 3.2.4): starting a compressor costs more."""
    size = struct.pack("<HH", len(data), len(data) ^ 0xFFFF)
    return b"\x78\x01\x01" + size + data + zlib.adler32(data).to_bytes(4, "big")


class _Terms(OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's ordered hash of terms; made of many terms at a time."""

    def __init__(self, dbfile: Any) -> None:
        HashWriter.__init__(self, dbfile, hashtype=CRC32)
        self.extras["fieldmap"] = {}
        self._hashes: list[Array] = []
        self._places: list[Array] = []

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Add (term, info) pairs; terms come in ascending order."""
        found = list(items)
        keys, infos = [key for key, _ in found], [info for _, info in found]
        sizes = np.array([[len(key) for key in keys], [len(info) for info in infos]], dtype=">i4").T
        heads = np.ascontiguousarray(sizes).tobytes()
        whole = sizes.astype(np.int64).sum(axis=1) + _HEAD
        self._hashes.append(np.array([zlib.crc32(key) for key in keys], dtype=np.uint32))
        self._places.append(self.dbfile.tell() + np.cumsum(whole) - whole)
        pieces = [b""] * (3 * len(found))
        pieces[0::3] = [heads[at : at + _HEAD] for at in range(0, len(heads), _HEAD)]
        pieces[1::3], pieces[2::3] = keys, infos
        self.dbfile.write(b"".join(pieces))

    def _write_hashes(self) -> None:
        hashes, places = np.concatenate(self._hashes), np.concatenate(self._places)
        self.index = GrowableArray("q" if len(places) and places[-1] >= 1 << 32 else "I")
        self.index.array = array(self.index.array.typecode, places.tolist())
        order = np.argsort(hashes & 255, kind="stable")
        ends = np.cumsum(np.bincount(hashes & 255, minlength=256)).tolist()
        for begun, end in zip([0, *ends], ends, strict=False):
            self.directory.append((self.dbfile.tell(), 2 * (end - begun)))
            self.dbfile.write(_filled(hashes[order[begun:end]], places[order[begun:end]]).tobytes())


_HEAD = 8  # bytes: the lengths of term and info


def _filled(hashes: Array, places: Array) -> Array:
    """A hash table twice as large as it must be: every entry in the first free slot from its own on."""
    slots = 2 * len(hashes)
    table = np.zeros(slots, dtype=[("hash", ">u4"), ("at", ">i8")])
    own = (hashes >> 8).astype(np.int64) % max(slots, 1)
    order = np.argsort(own, kind="stable")
    steps = np.arange(len(order))
    taken = np.maximum.accumulate(own[order] - steps) + steps
    inside = taken < slots
    table["hash"][taken[inside]], table["at"][taken[inside]] = hashes[order[inside]], places[order[inside]]
    # What runs over the end goes on at the beginning.
    free = np.flatnonzero(table["at"] == 0)[: int((~inside).sum())]
    table["hash"][free], table["at"][free] = hashes[order[~inside]], places[order[~inside]]
    return table


def _written(held: Dictionary, zone: int, lengths: Array, out: Any) -> Iterator[Iterable[tuple[bytes, bytes]]]:
    """(term, its info) of every term that the zone has, many at a time; the postings go to ``out``."""
    counts = held.counts[zone]
    if counts is None:
        return
    encoded = list(held.terms.encoded())
    begun = 0
    while begun < len(encoded):
        # As many terms as make a chunk, at least one.
        most = int(np.searchsorted(held.starts, held.starts[begun] + CHUNK, side="right")) - 1
        end = min(max(most, begun + 1), len(encoded))
        at = slice(int(held.starts[begun]), int(held.starts[end]))
        kept = counts[at] > 0
        sizes = np.add.reduceat(kept, held.starts[begun:end] - at.start, dtype=np.int64) if len(kept) else kept
        present = np.flatnonzero(sizes)
        rows, times = held.rows[at][kept], counts[at][kept]
        infos = _posted(rows, times, sizes[present], lengths, out)
        yield zip([encoded[begun + number] for number in present.tolist()], infos, strict=True)
        begun = end


def _posted(rows: Array, counts: Array, sizes: Array, lengths: Array, out: Any) -> Iterable[bytes]:
    """Write the postings of some terms, one after the other, and give the info of each."""
    if not len(sizes):
        return []
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    infos: list[bytes] = []
    length = lengths[rows]
    blocks = _Blocks(rows, counts, length, starts, sizes)
    at, pieces = out.tell(), []
    facts = zip(
        sizes.tolist(),
        np.add.reduceat(counts, starts, dtype=np.int64).tolist(),
        np.maximum.reduceat(counts, starts).tolist(),
        np.minimum.reduceat(length, starts).tolist(),
        np.maximum.reduceat(length, starts).tolist(),
        rows[starts].tolist(),
        rows[starts + sizes - 1].tolist(),
        strict=True,
    )
    for size, total, most, shortest, longest, first, last in facts:
        if size == 1:
            begun, ended = _SINGLE[total] if total in _SINGLE else _single(total)
            held = begun + first.to_bytes(4, "little") + ended
            infos.append(_INFO.pack(1, total, 1, shortest, longest, most, first, last) + held)
            blocks.skip()
            continue
        posted = blocks.of(size)
        info = _INFO.pack(0, total, size, shortest, longest, most, first, last)
        infos.append(info + _EXTENT.pack(at, len(posted)))
        pieces.append(posted)
        at += len(posted)
    out.write(b"".join(pieces))
    return infos


_SINGLE: dict[int, tuple[bytes, bytes]] = {}


def _single(times: int) -> tuple[bytes, bytes]:
    """The pickle of one posting with so many occurrences, before and after its row (as four bytes)."""
    mark = 0x7FABCDEF
    begun, ended = dumps(((mark,), (float(times),), (b"",)), 2).split(mark.to_bytes(4, "little"))
    return _SINGLE.setdefault(times, (begun, ended))


class _Blocks:
    """The blocks of some terms' postings, in order."""

    def __init__(self, rows: Array, counts: Array, lengths: Array, starts: Array, sizes: Array) -> None:
        many = -(-sizes // BLOCK)
        within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        cuts = np.repeat(starts, many) + within * BLOCK
        deltas = np.diff(rows.astype(np.int64), prepend=0)
        deltas[cuts] = rows[cuts]
        self._ids, self._counts = deltas.tolist(), counts.astype(np.float64).tolist()
        self._next = 0
        most, least = np.maximum.reduceat(counts, cuts), np.minimum.reduceat(counts, cuts)
        ends = np.append(cuts[1:], len(rows))
        self._facts = list(
            zip(
                cuts.tolist(),
                ends.tolist(),
                rows[ends - 1].tolist(),
                most.astype(np.float64).tolist(),
                least.tolist(),
                np.minimum.reduceat(lengths, cuts).tolist(),
                np.maximum.reduceat(lengths, cuts).tolist(),
                strict=True,
            )
        )

    def skip(self) -> None:
        """Pass over the one block of a term."""
        self._next += 1

    def of(self, size: int) -> bytes:
        """The blocks of the next term, which has so many postings."""
        many = -(-size // BLOCK)
        pieces = [WHOOSH3_HEADER_MAGIC]
        for number, (a, b, last, most, least, shortest, longest) in enumerate(
            self._facts[self._next : self._next + many], 1
        ):
            weights = (None if most == 1 else most) if most == least else tuple(self._counts[a:b])
            data = dumps((tuple(self._ids[a:b]), weights, None), 2)
            info = dumps((b - a, last, most, 0, shortest, longest), 2)
            length = len(info) + len(data)
            pieces += (_LENGTH.pack(-length if number == many else length), info, data)
        self._next += many
        return b"".join(pieces)
