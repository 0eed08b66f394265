"""Changes on their way to a commit: new rows gathered, flushed to segments, old rows marked as deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from cpkb.engines.engine import Maker, Piece
from cpkb.engines.passage import IndexedPassage
from cpkb.engines.whoosh import building
from cpkb.engines.whoosh.batch import Batch
from cpkb.engines.whoosh.commits import Commit, Commits
from cpkb.engines.whoosh.inverted import MOST_ROWS
from cpkb.engines.whoosh.segment import Segment

MEGABYTES = 512  # of memory that new passages may take before they become a segment


class Writer:
    """Puts and drops records; seen by nobody until `commit`.

    A build (``is_build``) writes into a folder of its own, in the order of record ids, and keeps what it has flushed.
    """

    def __init__(
        self, commits: Commits, begun: Commit, segments: Iterable[Segment], *, is_build: bool,
        megabytes: int = MEGABYTES,
    ) -> None:  # fmt: skip
        self._commits, self._begun, self._is_build = commits, begun, is_build
        self._segments = list(segments)
        self._deleted = {segment.name: set(segment.deleted) for segment in self._segments}
        self._megabytes, self._bytes = megabytes, megabytes << 20
        self._batch = Batch()

    def put(self, record_id: str, passages: Iterable[IndexedPassage]) -> None:
        """Replace what the index holds of a record."""
        self.drop(record_id)
        for passage in passages:
            self._batch.add(passage)
        # Between records only: all rows of one stand in one segment.
        if self._batch.bytes > self._bytes or self._batch.rows > MOST_ROWS // 2:
            self._flush()
            self._keep(record_id)

    def put_all(self, pieces: Iterable[Piece], make: Maker) -> Iterator[Piece]:
        """See the port."""
        head, rest = _begun_with(pieces, building.MANY)
        if building.processes() == 1 or sum(piece.passages for piece in head) < building.MANY:
            for piece in chain(head, rest):
                self.put(piece.record_id, make(piece.work))
                yield piece
            return
        with building.builders(self._commits, self._begun.folder, make, self._megabytes) as beside:
            for batch in building.batches(chain(head, rest)):
                for piece in batch:
                    self.drop(piece.record_id)
                yield from beside.put(batch)
                if beside.is_full:
                    yield from beside.finish()
                    self._take(beside.flush())
                    self._keep(batch[-1].record_id)
            yield from beside.finish()
            self._take(beside.flush())

    def _take(self, names: Iterable[str]) -> None:
        """Segments that other processes wrote."""
        for name in names:
            self._add(self._commits.segment(self._begun.folder, name))

    def _keep(self, last: str) -> None:
        """Of a build keep what is flushed, should it be cut off: it holds all records up to ``last``."""
        if self._is_build:
            self._flush()
            self._begun = self._commits.commit(replace(self._begun, last=last), self._whole())

    def drop(self, record_id: str) -> None:
        """Forget a record."""
        if self._batch.holds(record_id):
            self._flush()
        for segment in self._segments:
            self._deleted[segment.name].update(segment.postings("records", record_id).rows.tolist())

    def _flush(self) -> None:
        if self._batch.rows:
            self._add(self._commits.add_segment(self._begun.folder, self._batch.arrays()))
            self._batch = Batch()

    def _add(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._deleted[segment.name] = set()

    def _whole(self) -> list[Segment]:
        """The segments with the rows that are deleted by now, without those that have no other."""
        found = [(segment, frozenset(self._deleted[segment.name])) for segment in self._segments]
        return [
            segment if deleted == segment.deleted else Segment(segment.name, segment.arrays, deleted)
            for segment, deleted in found
            if len(deleted) < segment.size
        ]

    def commit(self, revision: int) -> Commit:
        """Make it the index, caught up with a revision of the store."""
        self._flush()
        return self._commits.commit(replace(self._begun, revision=revision, last=""), self._whole())


def _begun_with(pieces: Iterable[Piece], passages: int) -> tuple[list[Piece], Iterator[Piece]]:
    """The first pieces, of at least so many passages if there are, and the others."""
    rest, head, size = iter(pieces), [], 0
    for piece in rest:
        head.append(piece)
        size += piece.passages
        if size >= passages:
            break
    return head, rest
