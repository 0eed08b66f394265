"""Reading in child processes: a file that hangs or dies fails alone, and the others go on in new processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as ReadTimeout
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from cpkb.errors import DiskFullError
from cpkb.pipeline.read_file import Job, ReadFile, limit_process, read_file

P = ParamSpec("P")
T = TypeVar("T")

READERS = 2  # processes: the small machine has two cores
SECONDS_PER_FILE = 600  # a scan of 100 pages takes 450; the slowest file with text, a guide of 60 pages, under ten
DIED = "读取进程意外结束（可能内存不足）；请检查文件或拆小"


def read_all(jobs: list[Job], sources: Path) -> Iterator[tuple[Job, ReadFile]]:
    """Read jobs, in their order."""
    waiting = list(jobs)
    while waiting:
        pool, is_over = _pool(READERS), False
        try:
            for job, future in [(job, pool.submit(read_file, job, sources)) for job in waiting]:
                result = _result(future, SECONDS_PER_FILE)
                is_broken = isinstance(result, str)
                if result == DIED and len(waiting) > 1:
                    result = apart(read_file, job, sources)  # another file may have been the one that died
                waiting = waiting[1:]
                yield job, ReadFile(failure=result) if isinstance(result, str) else result
                if is_broken:
                    break
            else:
                is_over = True
        finally:
            _stop(pool, at_once=not is_over)


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | str:
    """What a function gives, in a process of its own; a text says why it gave nothing."""
    return within(SECONDS_PER_FILE, function, *args, **kwargs)


def within(seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | str:
    """The same, given so much time."""
    pool, result = _pool(1), None
    try:
        result = _result(pool.submit(function, *args, **kwargs), seconds)
        return result
    finally:
        _stop(pool, at_once=result is None or isinstance(result, str))


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=limit_process, initargs=(os.getpid(),)
    )


def _result(future: Future[T], seconds: float) -> T | str:
    try:
        return future.result(timeout=seconds)
    except ReadTimeout:
        return f"读了 {seconds:.0f} 秒还没读完，已放弃；请检查文件或拆小"
    except BrokenProcessPool:
        return DIED
    except DiskFullError:
        raise
    except Exception as error:  # noqa: BLE001 — the per-file edge: what goes wrong in the child is said of its file
        return f"读取程序出错（{type(error).__name__}）；这个文件没有入库，请报告"


def _stop(pool: ProcessPoolExecutor, *, at_once: bool) -> None:
    if at_once:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 — the pool has no way to end a hung one
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)
