"""The engine on disk: one that is asked, one that is written; see `commits` for the files."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from cpkb.engines.engine import FEATURES, Unfinished
from cpkb.engines.query import EngineQuery
from cpkb.engines.ranking import Ranking
from cpkb.engines.results import EngineResults, EngineStatus
from cpkb.engines.vectors import Floats, VectorFile
from cpkb.engines.whoosh.columns import DamagedColumnsError
from cpkb.engines.whoosh.commits import Commit, Commits
from cpkb.engines.whoosh.merging import merged, moved, to_merge
from cpkb.engines.whoosh.searcher import Searcher
from cpkb.engines.whoosh.segment import Segment
from cpkb.engines.whoosh.writer import MEGABYTES, Writer
from cpkb.errors import IndexBusyError

LAYOUT = "15"  # bump when schema or columns change: the fingerprint changes with it
RETRIES = 5  # a commit that is read while the next one removes its files is read again; commits are not that frequent


class WhooshEngine:
    """Keeps the built index in ``folder``; ``fingerprint`` names the analysis and facets it must be built with."""

    def __init__(self, folder: Path, ranking: Ranking, fingerprint: str, megabytes: int = MEGABYTES) -> None:
        self._folder, self._megabytes = folder, megabytes
        self._commits = Commits(folder)
        self._ranking = ranking
        self.fingerprint = f"whoosh-{LAYOUT}-{fingerprint}"
        self._vectors = VectorFile(folder / "vectors.bin")
        self._lock = threading.Lock()
        self._segments: dict[str, Segment] = {}
        self._searcher: Searcher | None = None
        self._seen: tuple[int, int] | None = None

    # reading

    def search(self, query: EngineQuery) -> EngineResults:
        """See the port."""
        searcher = self._open()
        return searcher.search(query) if searcher else EngineResults((), 0, 0, {})

    def knows(self, gram: str) -> bool:
        """See the port."""
        searcher = self._open()
        return searcher is not None and searcher.knows(gram)

    def without_vector(self, keys: Sequence[int]) -> list[int]:
        """See the port."""
        wanted = np.unique(np.array([key for key in keys if key], dtype=np.uint64))
        return [int(key) for key in wanted[self._vectors.table().rows(wanted) < 0]]

    def add_vectors(self, keys: Sequence[int], vectors: Floats) -> None:
        """See the port."""
        with self._locked("LOCK"):
            self._vectors.append(keys, vectors)

    def status(self) -> EngineStatus:
        """See the port."""
        current, searcher = self._commits.current(), self._open()
        if searcher is None or current is None:
            return EngineStatus(-1, "", 0, 0, 0)
        held = searcher.passages, searcher.terms, self._commits.bytes(current), searcher.vectors
        return EngineStatus(current.revision, current.fingerprint, *held)

    def revision(self) -> int:
        """The revision caught up with, -1 when there is no index, it is damaged or was built with other analysis."""
        current = self._commits.current()
        is_ours = current is not None and current.fingerprint == self.fingerprint and self._open() is not None
        return current.revision if current and is_ours else -1

    def unfinished(self) -> Unfinished | None:
        """See the port."""
        progress, current = self._commits.progress(), self._commits.current()
        is_newer = progress is not None and (current is None or progress.folder > current.folder)
        if progress is None or not is_newer or progress.fingerprint != self.fingerprint:
            return None
        return Unfinished(progress.revision, progress.last)

    def state(self) -> Hashable:
        """See the port."""
        return self._commits.stamp(), self._vectors.size()

    def can(self, feature: str) -> bool:
        """See the port."""
        if feature == "meaning":
            searcher = self._open()
            return searcher is not None and searcher.has_meaning
        return feature in FEATURES

    def close(self) -> None:
        """See the port."""
        self._searcher = None
        self._segments = {}
        self._seen = None

    def _open(self) -> Searcher | None:
        """The searcher of the last commit; reopened when that changes.

        None when nothing is built, or what is built has another layout or is damaged, and waits to be rebuilt.
        """
        seen = self._commits.stamp()
        if seen is None or self._seen == seen:
            return self._searcher if seen else None
        with self._lock:
            if self._seen != seen:
                segments = self._committed()
                self._segments = {segment.name: segment for segment in segments or ()}
                self._searcher = None if segments is None else Searcher(segments, self._ranking, self._vectors)
                self._seen = seen
        return self._searcher

    def _committed(self) -> list[Segment] | None:
        for attempt in range(RETRIES):
            current = self._commits.current()
            if current is None or not current.fingerprint.startswith(f"whoosh-{LAYOUT}-"):
                return None
            try:
                return self._commits.segments(current, self._segments)
            except DamagedColumnsError:
                return None
            except OSError:
                if attempt == RETRIES - 1:
                    return None
        return None

    # writing

    @contextmanager
    def writing(self, revision: int, *, rebuild: bool = False, resume: bool = False) -> Iterator[Writer]:
        """See the port. Nothing is visible, and CURRENT is untouched, until the block ends without an error."""
        with self._locked("LOCK"):
            is_build = rebuild or self.revision() < 0
            begun = self._begun(revision, is_build=is_build, resume=resume)
            segments = self._commits.segments(begun, self._segments) if begun.generation else []
            writer = Writer(self._commits, begun, segments, is_build=is_build, megabytes=self._megabytes)
            try:
                yield writer
            except BaseException:
                if is_build and self._commits.progress() is None:
                    self._commits.drop(begun.folder)
                raise
            writer.commit(revision)
            if is_build:
                self._commits.end_build()
                self._commits.remove_old()

    def _begun(self, revision: int, *, is_build: bool, resume: bool) -> Commit:
        """The commit that a writer goes on from."""
        progress, current = self._commits.progress(), self._commits.current()
        if is_build and resume and self.unfinished() and progress:
            return progress
        if is_build or current is None:
            return Commit(self._commits.new_folder(), 0, revision, self.fingerprint)
        return current

    def merge(self) -> bool:
        """See the port. Writers wait only while the merged segment takes the place of the others."""
        try:
            with self._locked("MERGE"):
                return self._merge()
        except IndexBusyError:
            return False  # another process merges

    def _merge(self) -> bool:
        current = self._commits.current()
        if current is None or self._open() is None:
            return False
        chosen = to_merge(self._commits.segments(current, self._segments), self._megabytes)
        if not chosen:
            return False
        beside = self._commits.merging_folder()
        made = self._commits.add_segment(beside, merged(chosen, self._folder / beside))
        with self._locked("LOCK", wait=True):
            now = self._commits.current()
            segments = {s.name: s for s in self._commits.segments(now, self._segments)} if now else {}
            if now is None or now.folder != current.folder or any(s.name not in segments for s in chosen):
                return False
            # What was deleted while the rows were copied.
            lost = [
                int(moved_to[row])
                for old, moved_to in zip(chosen, moved(chosen), strict=True)
                for row in segments[old.name].deleted - old.deleted
            ]
            kept = [s for s in segments.values() if s.name not in {old.name for old in chosen}]
            self._commits.move_merged(made.name, now.folder)
            self._commits.commit(now, [*kept, Segment(made.name, made.arrays, lost)])
        return True

    @contextmanager
    def _locked(self, name: str, *, wait: bool = False) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / name).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise IndexBusyError("索引正由另一个进程更新；资料已存好，稍后会自动补上") from error
            yield
