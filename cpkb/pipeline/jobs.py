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

from cpkb.errors import CpkbError, ImportJobError
from cpkb.pipeline.last_words import LastWords
from cpkb.pipeline.uploads import forget
from cpkb.store.imports import CUT_OFF, ImportJob
from cpkb.store.store import Store

_LOCK, _GATE = "lock", "gate"
_TRIES, _BETWEEN = 300, 0.1  # seconds: tidying up has the least share of a processor that may be busy
_BUSY = "另一个导入正在进行；看它做到哪里（cpkb imports），等它结束再来"
_GOES_ON = ("interrupted", "running")  # running, where nobody else holds the lock: ours, or left behind


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
            with self._telling_why(job, asked):
                yield job
                self.store.imports.end(job, "done")

    def undo(self, number: int, originals: Path, progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Take a whole import back, a file a transaction; returns how many records that changed.

        Raises ImportJobError when it was, when another import runs, and when a later one stored the same files anew.
        """
        records = 0
        with self._alone(number):
            self.check_undoable(number)
            with self._telling_why(number):
                self.store.imports.end(number, "undoing")
                for file in self.store.imports.undoable(number):
                    records += self._undone(number, file, originals)
                    progress(*(self.get(number).far or (0, 0)))
                self.store.imports.end(number, "undone")
        return records

    def get(self, number: int) -> ImportJob:
        """One job as it is now; raises NotFoundError."""
        with self.watched() as is_running:
            return self._seen(self.store.imports.get(number), is_running=is_running)

    def newest(self, limit: int, offset: int = 0) -> list[ImportJob]:
        """So many jobs as they are now, newest first."""
        with self.watched() as is_running:
            return [self._seen(job, is_running=is_running) for job in self.store.imports.newest(limit, offset)]

    def is_running(self) -> bool:
        """Whether an import or an undoing goes on in this moment, in any process."""
        with self.watched() as is_running:
            return is_running

    @contextmanager
    def watched(self) -> Iterator[bool]:
        """Whether one goes on. In the block none begins, nor ends where none goes on: what is read there is true."""
        with ExitStack() as opened:
            is_running = False
            with suppress(OSError):  # where nothing can be written nothing goes on
                fcntl.flock(opened.enter_context(self._opened(_GATE)), fcntl.LOCK_SH)
                is_running = not _locked(opened.enter_context(self._opened(_LOCK)), fcntl.LOCK_SH)
            yield is_running

    def last_words(self, number: int) -> LastWords:
        """Why a job stopped."""
        return LastWords(self.room / f"why-{number}")

    @contextmanager
    def taken(self, number: int = 0) -> Iterator[int]:
        """The lock of imports, as a descriptor: it is held as long as any process has that open, however it ends.

        Raises ImportJobError when another import runs. ``number``: the job that a lock was handed over for.
        """
        with os.fdopen(self.held, "w") if self.held >= 0 else self._opened(_LOCK) as lock:
            for _ in range(_TRIES):
                if self._took(lock, number if self.held >= 0 else 0):
                    break
                time.sleep(_BETWEEN)
            else:
                raise ImportJobError(_BUSY)
            forget(self.uploads, self.store.imports.unfinished_paths())
            yield lock.fileno()

    def _took(self, lock: TextIO, number: int) -> bool:
        """Whether the lock is ours now; False where who holds it has no job, as one that is done and only tidies up."""
        with self._opened(_GATE) as gate:  # nobody looks between: what was left behind is not what runs now
            fcntl.flock(gate, fcntl.LOCK_EX)
            is_ours = _locked(lock, fcntl.LOCK_EX)
            if is_ours:
                self.store.imports.interrupt(number)
            elif self.store.imports.are_moving():
                raise ImportJobError(_BUSY)
        return is_ours

    @contextmanager
    def _alone(self, number: int = 0) -> Iterator[None]:
        """One import at a time."""
        with self.taken(number):
            shutil.rmtree(self.unpacked, ignore_errors=True)
            self.unpacked.mkdir(mode=0o700)
            try:
                yield
            finally:
                shutil.rmtree(self.unpacked, ignore_errors=True)
            forget(self.uploads, self.store.imports.unfinished_paths())

    @contextmanager
    def _telling_why(self, job: int, paths: Sequence[str] = ()) -> Iterator[None]:
        """Who looks at a job that this block ends with an error is told why."""
        words = self.last_words(job)
        words.prepare()
        try:
            yield
        except Exception as error:
            folders = [str(self.room.parent), *(str(Path(path).parent) for path in paths)]
            words.tell(_plain(error, folders))
            raise
        words.forget()

    def _opened(self, name: str) -> TextIO:
        self.room.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (self.room / name).open("a")

    def _seen(self, job: ImportJob, *, is_running: bool) -> ImportJob:
        """A job whose process is gone is cut off, whatever was last written of it."""
        seen = job if is_running else replace(job, state=CUT_OFF.get(job.state, job.state))
        return replace(seen, why=self.last_words(job.number).told()) if seen.state in CUT_OFF.values() else seen

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


def _plain(error: Exception, folders: Sequence[str]) -> str:
    """An error in words that tell nothing of where on this machine something lies."""
    if not isinstance(error, CpkbError):
        return f"程序出错（{type(error).__name__}）；详情在日志里"
    told = str(error)
    for folder in sorted(folders, key=len, reverse=True):
        told = told.replace(f"{folder}/", "") if folder != "/" else told  # else every slash would go
    return told


def _locked(lock: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
