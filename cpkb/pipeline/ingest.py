"""Import: files and folders → store, a transaction a file, a line of the report a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as ReadTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from cpkb.errors import CpkbError
from cpkb.extract.containers import CONTAINER_SUFFIXES
from cpkb.extract.formats import is_readable, why_unread
from cpkb.extract.mail import is_mail
from cpkb.pipeline.declarations import FILE, Declarations
from cpkb.pipeline.read_file import TABLE_SUFFIXES, Job, ReadFile, limit_process, read_file, reader_of
from cpkb.pipeline.report import FileReport, ImportReport
from cpkb.pipeline.unpack import Unpacked, holds_files, unpack
from cpkb.store.store import Store, StoredFile

T = TypeVar("T")

READERS = 2  # processes: the small machine has two cores
SECONDS_PER_FILE = 600  # a scan of 100 pages takes 450; the slowest file with text, a guide of 60 pages, under ten
FILE_LIMIT = 200_000_000  # bytes: above it is not a document but a dump
SAMPLES = 3  # records of a file that a preview shows
DIED = "读取进程意外结束（可能内存不足）；请检查文件或拆小"
_OTHERS = (*TABLE_SUFFIXES, *CONTAINER_SUFFIXES)
_LOOKED_AT = 1024  # bytes that announce a format
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Importer:
    """Brings files into one store."""

    store: Store
    sources: Path
    """Folder of the shipped source declarations."""
    originals: Path
    """Where copies of imported files are kept, by sha256."""
    is_preview: bool = False
    """Whether files are only read: what they would give is reported, and nothing is stored."""

    def run(self, paths: Iterable[Path], progress: Progress = lambda *_: None) -> ImportReport:
        """Import files and folders; what cannot be read is reported, and the rest goes on."""
        begun = time.perf_counter()
        report = ImportReport()
        with tempfile.TemporaryDirectory(prefix="cpkb-") as room:
            files = [found for path in paths for found in walk(path)]
            jobs = [job for path, root in files for job in self._jobs(path, root, Path(room), report)]
            for done, (job, result) in enumerate(_read_all(jobs, self.sources), 1):
                report.files.append(self._kept(job, result))
                progress(job.key, done, len(jobs))
        report.seconds = time.perf_counter() - begun
        return report

    def _jobs(self, path: Path, root: Path, room: Path, report: ImportReport) -> Iterator[Job]:
        """The file, and the files in it when it is an archive or a mail."""
        told = len(report.files)
        job = self._to_read(path, root, report)
        if any(file.outcome in ("skipped", "failed") for file in report.files[told:]) or not holds_files(path):
            yield from [job] if job else []
            return
        found = _unpacked(path, root, Path(tempfile.mkdtemp(dir=room)))
        if job and (not found or is_mail(path.read_bytes(), path.name)):
            yield job  # an office file under the name of an archive, and a mail's own text
        for member in found:
            if member.refused:
                key = file_key(member.path, member.root)
                report.files.append(FileReport(key, "failed", problems=(member.refused,)))
            elif inner := self._to_read(member.path, member.root, report):
                yield inner

    def _to_read(self, path: Path, root: Path, report: ImportReport) -> Job | None:
        """A job, or a line in the report that says why there is nothing to read."""
        key = file_key(path, root)
        try:
            outcome, why = self._look(path, root, key)
        except CpkbError as error:
            outcome, why = "failed", str(error)
        except OSError as error:
            outcome, why = "failed", f"打不开：{error.strerror}"
        except Exception as error:  # noqa: BLE001 — the per-file edge: one odd file must not stop the import
            outcome, why = "failed", _fault(error)
        if outcome:
            report.files.append(FileReport(key, outcome, problems=(why,) if why else ()))
            return None
        return Job(path, root, key, why)

    def _look(self, path: Path, root: Path, key: str) -> tuple[str, str]:
        """(outcome, reason) when the file need not be read, else ("", sha256)."""
        if path.name == FILE:
            return "skipped", "来源声明，不是资料"
        declaration = Declarations(self.sources).for_file(path, root)
        if path.name in declaration.ignored:
            return "skipped", declaration.ignored[path.name]
        if not is_readable(_start(path), path.name, _OTHERS):
            return "skipped", why_unread(path.name, _OTHERS)
        size = path.stat().st_size
        if size > FILE_LIMIT:
            return "failed", f"{size // 10**6} MB，超过 {FILE_LIMIT // 10**6} MB；请拆成小文件"
        if self.is_preview:
            return "", ""
        sha256 = _sha256(path)
        stored = self.store.file(key)
        if stored and stored.sha256 == sha256 and stored.reader == reader_of(declaration):
            return "unchanged", ""
        twins = [f for f in self.store.same_content(sha256) if f.key != key]
        if twins and not stored:
            return "skipped", f"与已入库的 {twins[0].key} 内容相同"
        return "", sha256

    def _kept(self, job: Job, result: ReadFile) -> FileReport:
        try:
            return self._keep(job, result)
        except Exception as error:  # noqa: BLE001 — the per-file edge: what cannot be stored is reported
            return FileReport(job.key, "failed", problems=(_fault(error),))

    def _keep(self, job: Job, result: ReadFile) -> FileReport:
        if result.failure or result.nothing:
            return FileReport(
                job.key, "failed" if result.failure else "skipped", problems=(result.failure or result.nothing,)
            )
        if self.is_preview:
            return _previewed(job, result)
        twins = [f for f in self.store.same_content(job.sha256) if f.key != job.key]
        if twins and not self.store.file(job.key):
            return FileReport(job.key, "skipped", problems=(f"与已入库的 {twins[0].key} 内容相同",))
        self._keep_original(job)
        declaration = Declarations(self.sources).for_file(job.path, job.root)
        stored = StoredFile(
            job.key, job.sha256, job.path.stat().st_size, reader_of(declaration), "imported", problems=result.problems
        )
        change = self.store.put_file(stored, result.records)
        return FileReport(
            job.key,
            "stored",
            records=len(result.records),
            passages=sum(max(len(record.body), 1) for record in result.records),
            changed=change.added + change.changed + change.removed,
            problems=result.problems,
        )

    def _keep_original(self, job: Job) -> None:
        target = self.originals / job.sha256[:2] / f"{job.sha256}{job.path.suffix.lower()}"
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".partial", delete=False) as partial:
                partial.write(job.path.read_bytes())
            Path(partial.name).replace(target)


def _previewed(job: Job, result: ReadFile) -> FileReport:
    """What a file would give: rows of lists first, for they are what a declaration can get wrong."""
    rows_first = sorted(result.records, key=lambda record: record.is_document)
    return FileReport(
        job.key,
        "read",
        records=len(result.records),
        passages=sum(max(len(record.body), 1) for record in result.records),
        problems=result.problems,
        samples=tuple(rows_first[:SAMPLES]),
        undeclared=result.undeclared,
    )


def walk(path: Path) -> Iterator[tuple[Path, Path]]:
    """(file, root) of a file or of everything in a folder, in name order; hidden files and links out are left out."""
    path = path.resolve()
    if not path.exists():
        raise CpkbError(f"{path}: 没有这个文件或文件夹")
    if path.is_file():
        yield path, path.parent
        return
    for file in sorted(path.rglob("*")):
        if (
            file.is_file()
            and _is_inside(file, path)
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        ):
            yield file, path


def _is_inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def file_key(path: Path, root: Path) -> str:
    """How a file is known: the folder that was imported, and its place in it; names that are no text are mended."""
    key = f"{root.name}/{path.relative_to(root).as_posix()}"
    return os.fsencode(key).decode("utf-8", "replace")


def _fault(error: Exception) -> str:
    return f"没有入库：{type(error).__name__}: {str(error)[:200]}；原有资料没有变"


def _start(path: Path) -> bytes:
    with path.open("rb") as data:
        return data.read(_LOOKED_AT)


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _read_all(jobs: list[Job], sources: Path) -> Iterator[tuple[Job, ReadFile]]:
    """Read jobs in child processes; one that hangs or dies fails alone, and the others go on in new processes."""
    waiting = list(jobs)
    while waiting:
        pool = ProcessPoolExecutor(READERS, mp_context=get_context("spawn"), initializer=limit_process)
        futures = [(job, pool.submit(read_file, job, sources)) for job in waiting]
        broken = False
        for job, future in futures:
            result = _result(future)
            broken = isinstance(result, str)
            if result == DIED and len(futures) > 1:
                result = _alone(job, sources)  # another file may have been the one that died
            waiting.remove(job)
            yield job, ReadFile(failure=result) if isinstance(result, str) else result
            if broken:
                break
        _stop(pool, at_once=broken)


def _alone(job: Job, sources: Path) -> ReadFile | str:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=limit_process) as pool:
        return _result(pool.submit(read_file, job, sources))


def _unpacked(path: Path, root: Path, room: Path) -> list[Unpacked]:
    """The files of an archive, unpacked in a process of its own; one that hangs or dies is a refusal."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=limit_process)
    result = _result(pool.submit(unpack, path, root, room))
    _stop(pool, at_once=isinstance(result, str))
    return [Unpacked(path, root, result)] if isinstance(result, str) else result


def _result(future: Future[T]) -> T | str:
    try:
        return future.result(timeout=SECONDS_PER_FILE)
    except ReadTimeout:
        return f"读了 {SECONDS_PER_FILE} 秒还没读完，已放弃；请检查文件或拆小"
    except BrokenProcessPool:
        return DIED


def _stop(pool: ProcessPoolExecutor, *, at_once: bool) -> None:
    if at_once:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 — the pool has no way to end a hung one
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)
