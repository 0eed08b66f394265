"""Cutting (切分) for the index: few texts in this process, many in processes beside it, always in order.

Cutting takes several times as long as writing what was cut, so that one writer keeps several cutting processes busy.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TypeVar

from cpkb.analysis.cutter import Cutter
from cpkb.engines.engine import IndexedPassage
from cpkb.errors import CpkbError

BATCH = 100  # passages that travel together: tens of milliseconds of work, some 5 MB of terms
MANY = 5_000  # passages: what this process cuts in the seconds that others need to load the dictionary
MOST_PROCESSES = 8  # what they cut is written by one, which keeps up with no more
DIED = "切分文本的进程意外结束（可能内存不足）；索引还是原来的，请再建一次"
Work = TypeVar("Work")
Cut = Callable[[Work, Cutter], Iterable[IndexedPassage]]
"""A function that stands in a module, where another process finds it."""
Done = tuple[Work, list[IndexedPassage]]


def cut_in_order(
    work: Iterable[Work], cut: Cut[Work], cutter: Cutter, passages: Callable[[Work], int] = lambda _: 1
) -> Iterator[Done[Work]]:
    """Every piece of work with its passages; ``passages`` tells of a piece how many it has.

    Raises CpkbError when a process dies. Read ahead are ``MANY`` passages, then two batches a process.
    """
    batches = _batches(work, passages)
    head = list(islice(batches, MANY // BATCH))
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1 or len(head) < MANY // BATCH:
        yield from chain.from_iterable(_cut_here(batch, cut, cutter) for batch in chain(head, batches))
        return
    # Not forked: a lock that another thread held then (the one that draws progress has some) would never open.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield from _cut_beside(pool, processes, chain(head, batches), cut, cutter)
    except BrokenProcessPool as error:
        raise CpkbError(DIED) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(work: Iterable[Work], passages: Callable[[Work], int]) -> Iterator[list[Work]]:
    batch: list[Work] = []
    size = 0
    for piece in work:
        batch.append(piece)
        size += passages(piece)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cut_here(batch: Iterable[Work], cut: Cut[Work], cutter: Cutter) -> Iterator[Done[Work]]:
    for piece in batch:
        yield piece, list(cut(piece, cutter))


def _cut_beside(
    pool: ProcessPoolExecutor, processes: int, batches: Iterable[list[Work]], cut: Cut[Work], cutter: Cutter
) -> Iterator[Done[Work]]:
    getting_ready = [pool.submit(_get_ready, cutter.made_of) for _ in range(processes)]
    under_way: deque[tuple[list[Work], Future[list[list[IndexedPassage]]]]] = deque()
    for batch in batches:
        if not any(future.done() for future in getting_ready):
            yield from _cut_here(batch, cut, cutter)
            continue
        under_way.append((batch, pool.submit(_cut, batch, cut, cutter.made_of)))
        if len(under_way) > 2 * processes:
            batch, future = under_way.popleft()
            yield from zip(batch, future.result(), strict=True)
    for batch, future in under_way:
        yield from zip(batch, future.result(), strict=True)


# in the other processes


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that gave the work, which ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Killed, the process that gave the work can end nobody; who waits for work from it would wait for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


@cache
def _own_cutter(made_of: tuple[Path, Path]) -> Cutter:
    cutter = Cutter(*made_of)
    cutter.hasten()
    return cutter


def _get_ready(made_of: tuple[Path, Path]) -> None:
    _own_cutter(made_of)


def _cut(batch: list[Work], cut: Cut[Work], made_of: tuple[Path, Path]) -> list[list[IndexedPassage]]:
    cutter = _own_cutter(made_of)
    return [list(cut(piece, cutter)) for piece in batch]
