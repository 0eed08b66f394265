"""A segment's arrays as the files of Whoosh itself (its W3 codec): what any Whoosh reads without knowing the columns.

What its own writer makes of one posting at a time is made here of arrays; what the format leaves open is chosen for
speed: blocks are not compressed and write numbers in one size, a term of one posting has it beside the term, and the
dictionary hashes with CRC-32.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
CHUNK = 1 << 18  # postings written at a time: about 15 MB
CRC32 = 1  # Whoosh's number for this hash
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


def _posted(rows: Array, counts: Array, sizes: Array, lengths: Array, out: Any) -> Sequence[bytes]:
    """Write the postings of some terms, one after the other, and give the info of each."""
    if not len(sizes):
        return []
    starts = np.cumsum(sizes) - sizes
    length = lengths[rows]
    facts = np.zeros(len(sizes), _INFO)
    facts["is_inlined"], facts["df"] = sizes == 1, sizes
    facts["weight"] = np.add.reduceat(counts, starts, dtype=np.int64)
    facts["most"] = np.maximum.reduceat(counts, starts)
    facts["shortest"], facts["longest"] = np.minimum.reduceat(length, starts), np.maximum.reduceat(length, starts)
    facts["first"], facts["last"] = rows[starts], rows[starts + sizes - 1]
    infos = _items(facts)
    alone = np.flatnonzero(sizes == 1)
    singles = (alone, rows[starts[alone]], counts[starts[alone]])
    for number, row, times in zip(*(held.tolist() for held in singles), strict=True):
        begun, ended = _SINGLE[times] if times in _SINGLE else _single(times)
        infos[number] += begun + row.to_bytes(4, "little") + ended
    several, held = np.flatnonzero(sizes > 1), np.repeat(sizes > 1, sizes)
    extents = _write_blocks(rows[held], counts[held], length[held], sizes[several], out)
    for number, extent in zip(several.tolist(), extents, strict=True):
        infos[number] += extent
    return infos


_INFO = np.dtype(
    [
        ("is_inlined", "u1"), ("weight", ">f4"), ("df", ">u4"), ("shortest", "u1"), ("longest", "u1"), ("most", ">f4"),
        ("first", ">u4"), ("last", ">u4"),
    ]
)  # fmt: skip
"""What W3TermInfo reads."""
_EXTENT = np.dtype([("at", ">u8"), ("length", ">i4")])
_SINGLE: dict[int, tuple[bytes, bytes]] = {}


def _single(times: int) -> tuple[bytes, bytes]:
    """The pickle of one posting with so many occurrences, before and after its row (as four bytes)."""
    mark = 0x7FABCDEF
    begun, ended = dumps(((mark,), (float(times),), (b"",)), 2).split(mark.to_bytes(4, "little"))
    return _SINGLE.setdefault(times, (begun, ended))


def _write_blocks(rows: Array, counts: Array, lengths: Array, sizes: Array, out: Any) -> Sequence[bytes]:
    """Write the blocks of terms with several postings; gives where those of each are, as the term's info has it.

    A block is two pickles: (postings, last row, largest count, 0, shortest, longest), and (the first row and the step
    to every further one, the counts, None); the counts are None where all are one, and a number where all are alike.
    """
    if not len(sizes):
        return []
    many = -(-sizes // BLOCK)
    firsts = np.cumsum(many) - many
    within = np.arange(int(many.sum())) - np.repeat(firsts, many)
    cuts = np.repeat(np.cumsum(sizes) - sizes, many) + within * BLOCK
    ends = np.append(cuts[1:], len(rows))
    steps = np.diff(rows.astype(np.int64), prepend=0)
    steps[cuts] = 0
    most, least = np.maximum.reduceat(counts, cuts), np.minimum.reduceat(counts, cuts)
    heads = np.zeros(len(cuts), _HEAD_OF_BLOCK)
    for name, opcodes in _OPCODES.items():
        heads[name] = opcodes
    heads["size"], heads["first"], heads["last"], heads["most"] = ends - cuts, rows[cuts], rows[ends - 1], most
    heads["shortest"], heads["longest"] = np.minimum.reduceat(lengths, cuts), np.maximum.reduceat(lengths, cuts)
    tails = _tails(counts, cuts.tolist(), ends.tolist(), most.tolist(), least.tolist())
    further = _further(steps, cuts, ends)
    told = np.array([len(piece) + len(tail) for piece, tail in zip(further, tails, strict=True)]) + heads.itemsize
    is_last = np.append(within[1:] == 0, [True])
    heads["length"] = np.where(is_last, -1, 1) * (told - heads["length"].itemsize)
    pieces = [b""] * (4 * len(cuts))
    pieces[0::4] = [WHOOSH3_HEADER_MAGIC if begins else b"" for begins in (within == 0).tolist()]
    pieces[1::4], pieces[2::4], pieces[3::4] = _items(heads), further, tails
    extents = np.zeros(len(sizes), _EXTENT)
    extents["length"] = np.add.reduceat(told, firsts) + len(WHOOSH3_HEADER_MAGIC)
    extents["at"] = out.tell() + np.cumsum(extents["length"], dtype=np.int64) - extents["length"]
    out.write(b"".join(pieces))
    return _items(extents)


_HEAD_OF_BLOCK = np.dtype(
    [
        ("length", ">i4"), ("op size", "S4"), ("size", "u1"), ("op last", "S1"), ("last", "<u4"), ("op most", "S1"),
        ("most", ">f8"), ("op shortest", "S3"), ("shortest", "u1"), ("op longest", "S1"), ("longest", "u1"),
        ("op end", "S2"), ("op first", "S4"), ("first", "<u4"),
    ]
)  # fmt: skip
_OPCODES = {  # of pickle's protocol 2: ( t a tuple, K J M numbers of one, four and two bytes, G a float, N None
    "op size": b"\x80\x02(K",
    "op last": b"J",
    "op most": b"G",
    "op shortest": b"K\0K",
    "op longest": b"K",
    "op end": b"t.",
    "op first": b"\x80\x02(J",
}
_SHORT, _WIDE = np.dtype([("op", "S1"), ("step", "<u2")]), np.dtype([("op", "S1"), ("step", "<u4")])
_COUNT = np.dtype([("op", "S1"), ("times", ">f8")])


def _further(steps: Array, cuts: Array, ends: Array) -> list[bytes]:
    """Of each block the steps behind the first, as pickle writes numbers: two bytes each where that is enough."""
    short, wide = np.zeros(len(steps), _SHORT), np.zeros(0, _WIDE)
    short["op"], short["step"] = b"M", steps & 0xFFFF
    is_wide = np.maximum.reduceat(steps, cuts) > 0xFFFF
    if is_wide.any():
        wide = np.zeros(len(steps), _WIDE)
        wide["op"], wide["step"] = b"J", steps
    told = {False: (short.tobytes(), _SHORT.itemsize), True: (wide.tobytes(), _WIDE.itemsize)}
    found = []
    for begun, end, own in zip((cuts + 1).tolist(), ends.tolist(), is_wide.tolist(), strict=True):
        data, size = told[own]
        found.append(data[begun * size : end * size])
    return found


def _tails(counts: Array, cuts: list[int], ends: list[int], most: list[int], least: list[int]) -> list[bytes]:
    """Of each block what follows the steps."""
    told = np.zeros(len(counts), _COUNT)
    told["op"], told["times"] = b"G", counts
    data, size, alike = told.tobytes(), _COUNT.itemsize, {1: b"tNN\x87."}
    found = []
    for begun, end, high, low in zip(cuts, ends, most, least, strict=True):
        if high != low:
            found.append(b"t(" + data[begun * size : end * size] + b"tN\x87.")
        else:
            found.append(alike.get(high) or alike.setdefault(high, b"tG" + struct.pack(">d", high) + b"N\x87."))
    return found


def _items(array: Array) -> list[bytes]:
    """The bytes of each."""
    data, size = array.tobytes(), array.itemsize
    return [data[at : at + size] for at in range(0, len(data), size)]
