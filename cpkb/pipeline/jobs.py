"""Imports as jobs (导入任务): one at a time, gone on with after a crash, taken back as a whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from cpkb.errors import ImportJobError
from cpkb.pipeline.uploads import forget
from cpkb.store.imports import CUT_OFF, ImportJob
from cpkb.store.store import Store

_LOCK = "lock"
_GOES_ON = ("interrupted", "running")  # running, where nobody else holds the lock: ours, or left behind
_TRIES, _BETWEEN = 10, 0.1  # seconds: who only looks whether an import runs holds the lock for a moment
_LAST_TRIES = 300  # an import that is done still tidies up, with the least share of a processor that may be busy


@dataclass(frozen=True, slots=True)
class ImportJobs:
    """The imports of one home. ``room`` is a folder for their lock, uploads, and archives that are being unpacked."""

    store: Store
    room: Path
    held: int = -1
    """Their lock as an open descriptor, where the process that started this one has taken it for us; -1: it has not."""

    @property
    def unpacked(self) -> Path:
        """Where archives are unpacked while an import goes on."""
        return self.room / "unpacked"

    @property
    def uploads(self) -> Path:
        """Where uploaded files are kept until their import is over."""
        return self.room / "uploads"

    @contextmanager
    def running(self, paths: Sequence[str], number: int = 0) -> Iterator[int]:
        """A job under way; gives its number. What ends the block with an error leaves the job interrupted.

        An interrupted job of the same paths, or the one of that number, is gone on with. Raises ImportJobError when
        another import runs or the numbered one is over.
        """
        asked = [path if "://" in path else str(Path(path).resolve()) for path in paths]
        with self._alone(number):
            known = self.get(number) if number else self.store.imports.interrupted(asked)
            if known:
                check_interrupted(known)
                self.store.imports.go_on(known.number)
            job = known.number if known else self.store.imports.begin(asked)
            yield job
            self.store.imports.end(job, "done")

    def undo(self, number: int, originals: Path, progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Take a whole import back, a file a transaction; returns how many records that changed.

        Raises ImportJobError when it was, when another import runs, and when a later one stored the same files anew.
        """
        with self._alone(number):
            self.check_undoable(number)
            files, records = self.store.imports.undoable(number), 0
            self.store.imports.end(number, "undoing")
            for done, file in enumerate(files, 1):
                records += self._undone(number, file, originals)
                progress(done, len(files))
            self.store.imports.end(number, "undone")
        return records

    def get(self, number: int) -> ImportJob:
        """One job as it is now; raises NotFoundError."""
        with self._watched() as is_running:
            return self._seen(self.store.imports.get(number), is_running=is_running)

    def newest(self, limit: int, offset: int = 0) -> list[ImportJob]:
        """So many jobs as they are now, newest first."""
        with self._watched() as is_running:
            return [self._seen(job, is_running=is_running) for job in self.store.imports.newest(limit, offset)]

    def is_running(self) -> bool:
        """Whether an import or an undoing goes on in this moment, in any process."""
        with self._watched() as is_running:
            return is_running

    @contextmanager
    def _watched(self) -> Iterator[bool]:
        """Whether one goes on. Where none does, none begins or ends in the block: what is read there is true of now."""
        with ExitStack() as opened:
            is_running = False
            with suppress(FileNotFoundError):
                lock = opened.enter_context((self.room / _LOCK).open())
                is_running = not _locked(lock, fcntl.LOCK_SH)
            yield is_running

    @contextmanager
    def taken(self, number: int = 0) -> Iterator[int]:
        """The lock of imports, as a descriptor: it is held as long as any process has that open, however it ends.

        Raises ImportJobError when another import runs. ``number``: the job that it is taken for.
        """
        self.room.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(self.held, "w") if self.held >= 0 else (self.room / _LOCK).open("w") as lock:
            if not any(_locked(lock, fcntl.LOCK_EX, _BETWEEN) for _ in self._tries()):
                raise ImportJobError("另一个导入正在进行；看它做到哪里（cpkb imports），等它结束再来")
            self.store.imports.interrupt(number)
            forget(self.uploads, self.store.imports.unfinished_paths())
            yield lock.fileno()

    def _tries(self) -> Iterator[int]:
        """How often the lock is asked for: longer where no job is under way that could hold it."""
        yield from range(_TRIES)
        for last in range(_LAST_TRIES):
            if self.store.imports.are_moving():
                return
            yield last

    @contextmanager
    def _alone(self, number: int = 0) -> Iterator[None]:
        """One import at a time."""
        with self.taken(number):
            shutil.rmtree(self.unpacked, ignore_errors=True)
            self.unpacked.mkdir(mode=0o700)
            yield
            shutil.rmtree(self.unpacked, ignore_errors=True)
            forget(self.uploads, self.store.imports.unfinished_paths())

    @staticmethod
    def _seen(job: ImportJob, *, is_running: bool) -> ImportJob:
        """A job whose process is gone is cut off, whatever was last written of it."""
        return job if is_running else replace(job, state=CUT_OFF.get(job.state, job.state))

    def check_undoable(self, number: int) -> None:
        """Raises ImportJobError that says why an import cannot be undone."""
        job = self.get(number)
        if job.state == "undone":
            raise ImportJobError(f"第 {job.number} 次导入已经撤销了")
        if later := self.store.imports.built_upon(job.number):
            file, number = later[0]
            raise ImportJobError(
                f"第 {job.number} 次导入不能撤销：第 {number} 次导入又存了 {file} 的新内容（后来的导入共动了其中 "
                f"{len({name for name, _ in later})} 个文件）；请先撤销第 {number} 次"
            )

    def _undone(self, number: int, file: str, originals: Path) -> int:
        """One file as it was; the copy of what nobody holds any more goes with it."""
        stored = self.store.file(file)
        records = self.store.imports.undo(number, file)
        if stored and not self.store.same_content(stored.sha256):
            for copy in (originals / stored.sha256[:2]).glob(f"{stored.sha256}.*"):
                copy.unlink(missing_ok=True)
        return records


def check_interrupted(job: ImportJob) -> None:
    """Raises ImportJobError when there is nothing to go on with; asked by who holds the lock."""
    if job.state not in _GOES_ON:
        told = f"第 {job.number} 次导入没有中断，不用接着做；用 cpkb imports show {job.number} 看报告"
        raise ImportJobError(told)
    if missing := [path for path in job.paths if "://" not in path and not Path(path).exists()]:
        told = f"第 {job.number} 次导入的 {Path(missing[0]).name} 已经不在原处，不能接着做；可以撤销它，再重新导入"
        raise ImportJobError(told)


def _locked(lock: TextIO, kind: int, wait: float = 0) -> bool:
    """Whether it was to be had; where not, after so many seconds."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(wait)
        return False
    return True
