"""Import: files and folders → store, a transaction a file, a line of the report a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from cpkb.errors import CpkbError, DiskFullError
from cpkb.extract.formats import is_readable, why_unread
from cpkb.extract.mail import is_mail
from cpkb.pipeline.declarations import FILE, Declarations
from cpkb.pipeline.last_words import room_for
from cpkb.pipeline.read_file import Job, ReadFile, reader_of
from cpkb.pipeline.reading import apart, read_all
from cpkb.pipeline.report import FileReport, ImportReport
from cpkb.pipeline.unpack import Unpacked, holds_files, unpack
from cpkb.store.imports import FileLine, passages_in
from cpkb.store.store import Store, StoredFile

FILE_LIMIT = 200_000_000  # bytes: above it is not a document but a dump
SAMPLES = 3  # records of a file that a preview shows
_LOOKED_AT = 1024  # bytes that announce a format
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Gathered:
    """What there is to read, and the lines of what there is not."""

    told: Mapping[str, str]
    """Outcomes of files that have a line already: of an import that is gone on with."""
    jobs: list[Job] = field(default_factory=list)
    lines: list[FileReport] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def named(self, path: Path, root: Path) -> str:
        """The key of a file; '' and a line when another file of this import has it."""
        key = file_key(path, root)
        self.keys[key] = again = self.keys.get(key, 0) + 1
        if again == 1:
            return key
        self.tell(f"{key}（第 {again} 个同名的）", "failed", "这次导入里已有同名的文件，未读；请改名或分开导入")
        return ""

    def tell(self, key: str, outcome: str, why: str) -> None:
        """A line, unless the file has one."""
        if key not in self.told:
            self.lines.append(FileReport(key, outcome, problems=(why,) if why else ()))


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
    job: int = 0
    """The import job whose report is kept; 0 keeps none."""
    tells_declarations: bool = True
    """Whether a source.toml has a line: one that is written for a page of the web is nobody's file."""
    room: Path | None = None
    """Where archives are unpacked; None: where the system keeps what passes."""

    def run(self, paths: Iterable[Path], progress: Progress = lambda *_: None) -> ImportReport:
        """Import files and folders; what cannot be read is reported, and the rest goes on.

        Files that have a line in the job are left as they are.
        """
        begun = time.perf_counter()
        with nullcontext(self.room) if self.room else tempfile.TemporaryDirectory(prefix="cpkb-") as room:
            gathered = self._gathered(dict(found for path in paths for found in walk(path)), Path(room))
            report = ImportReport(list(gathered.lines), job=self.job)
            for done, (job, result) in enumerate(read_all(gathered.jobs, self.sources), 1):
                report.files.append(self._kept(job, result))
                progress(job.key, done, len(gathered.jobs))
        report.seconds = time.perf_counter() - begun
        return report

    def note(self, lines: Sequence[FileLine]) -> None:
        """Keep lines of files that brought nothing; raises CpkbError where nothing can be written any more."""
        try:
            if self.job and lines:
                self.store.imports.note(self.job, lines)
        except DiskFullError as error:
            raise DiskFullError(f"停在 {lines[0].file}：{error}") from error
        except Exception as error:
            told = f"导入停在 {lines[0].file}；腾出空间后用 cpkb imports resume {self.job} 接着做"
            raise CpkbError(f"{told}（{type(error).__name__}）") from error

    # what there is to read

    def _gathered(self, files: Mapping[Path, Path], room: Path) -> _Gathered:
        gathered = _Gathered(self.store.imports.told(self.job) if self.job else {})
        for path, root in files.items():
            if path.name == FILE and not self.tells_declarations:
                continue
            self._gather(path, root, room, gathered)
        if self.job:
            self.store.imports.expect(self.job, len(gathered.lines) + len(gathered.jobs))
        self.note(gathered.lines)
        return gathered

    def _gather(self, path: Path, root: Path, room: Path, gathered: _Gathered) -> None:
        """The file, and the files in it when it is an archive or a mail."""
        key = gathered.named(path, root)
        job, is_taken = self._looked_at(path, root, key, gathered)
        if not is_taken or not holds_files(path):
            gathered.jobs += [job] if job else []
            return
        with room_for(f"“{key}”里的文件"):
            found = _unpacked(path, root, Path(tempfile.mkdtemp(dir=room)))
        is_document = not found or is_mail(path.read_bytes(), path.name)  # an office file named .zip, a mail's own text
        gathered.jobs += [job] if job and is_document else []
        for member in found:
            if file_key(member.path, member.root) == key:  # it could not be opened
                gathered.tell(f"{key}!" if is_document else key, "failed", member.refused)
                continue
            named = gathered.named(member.path, member.root)
            if named and member.refused:
                gathered.tell(named, "failed", member.refused)
            elif named:
                inner, _ = self._looked_at(member.path, member.root, named, gathered)
                gathered.jobs += [inner] if inner else []

    def _looked_at(self, path: Path, root: Path, key: str, gathered: _Gathered) -> tuple[Job | None, bool]:
        """(job, whether the file is taken at all); of what need not be read a line says why."""
        if not key or key in gathered.told:
            return None, gathered.told.get(key, "failed") not in ("skipped", "failed")
        try:
            outcome, why = self._look(path, root, key)
        except CpkbError as error:
            outcome, why = "failed", str(error)
        except Exception as error:  # noqa: BLE001 — the per-file edge: one odd file must not stop the import
            outcome, why = "failed", _fault(error)
        if not outcome:
            return Job(path, root, key, why), True
        gathered.tell(key, outcome, why)
        return None, outcome == "unchanged"

    def _look(self, path: Path, root: Path, key: str) -> tuple[str, str]:
        """(outcome, reason) when the file need not be read, else ("", sha256)."""
        if path.name == FILE:
            return "skipped", "来源声明，不是资料"
        declaration = Declarations(self.sources).for_file(path, root)
        if path.name in declaration.ignored:
            return "skipped", declaration.ignored[path.name]
        if not is_readable(_start(path), path.name):
            return "skipped", why_unread(path.name)
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

    # what was read

    def _kept(self, job: Job, result: ReadFile) -> FileReport:
        try:
            with room_for("它的副本"):
                line = self._keep(job, result)
        except DiskFullError as error:  # no fault of the file: it is read again when there is room
            raise DiskFullError(f"停在 {job.key}：{error}") from error
        except Exception as error:  # noqa: BLE001 — the per-file edge: what cannot be stored is reported
            line = FileReport(job.key, "failed", problems=(_fault(error),))
        if line.outcome != "stored":  # what is stored has its line from the same transaction
            self.note([line])
        return line

    def _keep(self, job: Job, result: ReadFile) -> FileReport:
        if told := result.failure or result.nothing:
            return FileReport(job.key, "failed" if result.failure else "skipped", problems=(told,))
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
        change = self.store.put_file(stored, result.records, self.job)
        return FileReport(
            job.key, "stored", len(result.records), passages_in(result.records), change.total, result.problems
        )

    def _keep_original(self, job: Job) -> None:
        target = self.originals / job.sha256[:2] / f"{job.sha256}{job.path.suffix.lower()}"
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.partial")  # one that a crash left is written over
        with partial.open("wb") as copy:
            copy.write(job.path.read_bytes())
            os.fsync(copy.fileno())
        partial.replace(target)


def _previewed(job: Job, result: ReadFile) -> FileReport:
    """What a file would give: rows of lists first, for they are what a declaration can get wrong."""
    rows_first = sorted(result.records, key=lambda record: record.is_document)
    return FileReport(
        job.key,
        "read",
        records=len(result.records),
        passages=passages_in(result.records),
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
    try:
        return os.fsencode(key).decode("utf-8", "replace")
    except UnicodeEncodeError:  # half a character, as mails can name their files
        return key.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _fault(error: Exception) -> str:
    if isinstance(error, OSError):  # its own words name places of this machine
        return f"打不开或写不下：{error.strerror or type(error).__name__}；原有资料没有变"
    return f"没有入库：{type(error).__name__}: {str(error)[:200]}；原有资料没有变"


def _start(path: Path) -> bytes:
    with path.open("rb") as data:
        return data.read(_LOOKED_AT)


def _sha256(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _unpacked(path: Path, root: Path, room: Path) -> list[Unpacked]:
    """The files of an archive, unpacked in a process of its own; one that hangs or dies is a refusal."""
    result = apart(unpack, path, root, room)
    return [Unpacked(path, root, result)] if isinstance(result, str) else result
