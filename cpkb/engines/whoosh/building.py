"""Many passages at once (批量建索引): processes beside this one make them, gather them and write their segments.

Passages never travel: what they are made of goes to a process, and the name of a segment comes back. Which process
takes a piece is decided here, so that all of them can be told to write what they have.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from pathlib import Path

from cpkb.engines.engine import Maker, Piece
from cpkb.engines.whoosh.batch import Batch
from cpkb.engines.whoosh.commits import Commits
from cpkb.errors import CpkbError

TOGETHER = 400  # passages that travel together: a tenth of a second of work
MANY = 5_000  # passages: what this process makes in the seconds that others need to get ready; those need all cores
MOST_PROCESSES = 8  # each holds a dictionary of its own, some 250 MB
AHEAD = 2  # batches a process has waiting
DIED = "建索引的进程意外结束（可能内存不足）；索引还是原来的，请再建一次"


def processes() -> int:
    """How many are worth starting."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces that travel together."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += piece.passages
        if size >= TOGETHER:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Builders:
    """Some processes, each with passages of its own; ``folder`` is where their segments go."""

    def __init__(self, commits: Commits, folder: str, make: Maker, megabytes: int) -> None:
        self._room = (megabytes << 20) // processes()
        begun = (make, commits.folder, folder)
        # Not forked: a lock that another thread held then (the one that draws progress has some) would never open.
        # One process a pool, so that each can be told what to do.
        context = get_context("spawn")
        self._pools = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=begun) for _ in range(processes())
        ]
        for pool in self._pools:
            pool.submit(_get_ready)
        self._waiting: deque[tuple[list[Piece], Future[int]]] = deque()
        self._next = 0
        self._is_full = False

    def put(self, batch: list[Piece]) -> Iterator[Piece]:
        """Give a batch to the next process; gives the pieces that are done by now, in order."""
        pool = self._pools[self._next % len(self._pools)]
        self._next += 1
        self._waiting.append((batch, pool.submit(_gather, batch)))
        while len(self._waiting) > AHEAD * len(self._pools):
            yield from self._done()

    def finish(self) -> Iterator[Piece]:
        """Wait for all that was given."""
        while self._waiting:
            yield from self._done()

    def _done(self) -> list[Piece]:
        batch, future = self._waiting.popleft()
        self._is_full = future.result() > self._room or self._is_full
        return batch

    @property
    def is_full(self) -> bool:
        """Whether a process has as much as it may hold."""
        return self._is_full

    def flush(self) -> list[str]:
        """Have every process write what it holds; gives the names of the segments. Call `finish` before."""
        self._is_full = False
        written = [pool.submit(_flush) for pool in self._pools]
        return [future.result() for future in written if future.result()]

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)


@contextmanager
def builders(commits: Commits, folder: str, make: Maker, megabytes: int) -> Iterator[Builders]:
    """Builders that end with the block; raises CpkbError when one dies."""
    made = Builders(commits, folder, make, megabytes)
    try:
        yield made
    except BrokenProcessPool as error:
        raise CpkbError(DIED) from error
    finally:
        made.close()


# in the other processes


class _Own:
    """What a process holds."""

    make: Maker
    commits: Commits
    folder: str
    batch = Batch()


def _begin(make: Maker, index: Path, folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that gave the work, which ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Own.make, _Own.commits, _Own.folder = make, Commits(index), folder


def _end_with_parent() -> None:
    """Killed, the process that gave the work can end nobody; who waits for work from it would wait for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _get_ready() -> None:
    _Own.make.get_ready()
    # Passages hold no cycles: what is let go goes at once, and looking for some took a twelfth of the time.
    gc.freeze()
    gc.disable()


def _gather(batch: list[Piece]) -> int:
    """Make and keep the passages of some pieces; gives how much memory the process' passages take now."""
    for piece in batch:
        for passage in _Own.make(piece.work):
            _Own.batch.add(passage)
    return _Own.batch.bytes


def _flush() -> str:
    if not _Own.batch.rows:
        return ""
    name = _Own.commits.add_segment(_Own.folder, _Own.batch.arrays()).name
    _Own.batch = Batch()
    return name
