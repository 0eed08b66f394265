"""Import jobs: one at a time, gone on with where they stopped, taken back with the copies of their files."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cpkb.errors import CpkbError, DiskFullError, ImportJobError, NotFoundError
from cpkb.pipeline import ingest, started
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.read_file import Job, ReadFile
from cpkb.pipeline.reading import read_all
from cpkb.pipeline.uploads import receiving
from cpkb.store.imports import FileLine, ImportJob, Imports
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.extract.documents import NOTICE, archive
from tests.pipeline.test_ingest import LAW

OTHER = LAW.replace("示例办法", "示例规定")


class Home:
    """A store with its jobs, and a folder to import."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "home" / "cpkb.sqlite")
        self.jobs = ImportJobs(self.store, folder / "home" / "imports")
        self.originals = folder / "home" / "originals"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def write(self, **files: str | bytes) -> None:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (self.inbox / name.replace("_", ".")).write_bytes(data)

    def bring(self, number: int = 0, stop_after: int = 99) -> int:
        """Import the folder; stops, as Ctrl+C does, after so many files."""
        with self.jobs.running([str(self.inbox)], number) as job:
            importer = Importer(
                self.store, REPO / "corpus" / "sources", self.originals, job=job, room=self.jobs.unpacked
            )
            importer.run([self.inbox], lambda _key, done, _of: stop(done >= stop_after))
        return job

    def lines(self, number: int) -> dict[str, str]:
        return {line.file.removeprefix("inbox/"): line.outcome for line in self.store.imports.lines(number)}

    def texts(self) -> str:
        return "".join(passage.text for record in self.store.changed_since(-1) for passage in record.body)


def stop(is_time: bool) -> None:  # noqa: FBT001 — what is asked is the only thing there is
    if is_time:
        raise KeyboardInterrupt


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.store.close()


def test_an_import_is_a_job_with_a_report_that_stays(home: Home) -> None:
    home.write(a_txt=LAW, b_xyz="?", c_pdf=b"%PDF-1.7", d_zip=archive(**{"e.txt": NOTICE.encode()}))
    assert home.bring() == 1
    assert home.lines(1) == {"a.txt": "stored", "b.xyz": "skipped", "c.pdf": "failed", "d.zip!/e.txt": "stored"}
    job = home.jobs.get(1)
    assert (job.state, job.told, job.total, job.names) == ("done", 4, 4, ("inbox",))
    assert home.bring() == 2
    assert home.lines(2) == {**home.lines(1), "a.txt": "unchanged", "d.zip!/e.txt": "unchanged"}
    assert home.lines(1)["a.txt"] == "stored"
    assert not home.jobs.unpacked.exists()


def test_the_same_import_goes_on_where_it_stopped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write(a_txt=LAW, b_txt=OTHER, c_pdf=b"%PDF-1.7", d_txt=NOTICE)
    with pytest.raises(KeyboardInterrupt):
        home.bring(stop_after=2)
    assert home.jobs.get(1).state == "interrupted"
    assert home.lines(1) == {"a.txt": "stored", "b.txt": "stored"}
    assert (home.jobs.get(1).told, home.jobs.get(1).total) == (2, 4)
    read: list[str] = []
    monkeypatch.setattr(ingest, "read_all", noting(read))
    assert home.bring() == 1
    assert read == ["inbox/c.pdf", "inbox/d.txt"], "what has a line is not read again"
    assert home.lines(1) == {"a.txt": "stored", "b.txt": "stored", "c.pdf": "failed", "d.txt": "stored"}
    assert home.jobs.get(1).state == "done"
    assert home.bring() == 2


def noting(read: list[str]) -> Callable[[list[Job], Path], Iterator[tuple[Job, ReadFile]]]:
    """Reading that notes what is read."""

    def reading(jobs: list[Job], sources: Path) -> Iterator[tuple[Job, ReadFile]]:
        read.extend(job.key for job in jobs)
        return read_all(jobs, sources)

    return reading


def test_an_interrupted_import_goes_on_by_its_number(home: Home) -> None:
    home.write(a_txt=LAW, b_txt=OTHER)
    with pytest.raises(KeyboardInterrupt):
        home.bring(stop_after=1)
    assert home.bring(number=1) == 1
    assert home.lines(1) == {"a.txt": "stored", "b.txt": "stored"}
    with pytest.raises(ImportJobError, match="第 1 次导入没有中断"):
        home.bring(number=1)
    with pytest.raises(NotFoundError, match="没有第 7 次导入"):
        home.bring(number=7)


def test_one_import_runs_at_a_time(home: Home, tmp_path: Path) -> None:
    other = ImportJobs(home.store, tmp_path / "home" / "imports")
    assert not other.is_running()
    with home.jobs.running(["/a"]) as job:
        assert other.is_running()
        assert other.get(job).state == "running"
        with pytest.raises(ImportJobError, match="另一个导入正在进行"), other.running(["/b"]):
            pass
        with pytest.raises(ImportJobError, match="另一个导入正在进行"):
            other.undo(job, home.originals)
    assert not other.is_running()
    assert [(one.number, one.state) for one in other.newest(9)] == [(1, "done")]


def test_a_job_that_ends_while_it_is_looked_at_was_not_cut_off(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    going_on, read = ExitStack(), Imports.get
    job = going_on.enter_context(home.jobs.running(["/a"]))

    def read_just_before_its_end(imports: Imports, number: int) -> ImportJob:
        seen = read(imports, number)
        going_on.close()
        return seen

    monkeypatch.setattr(Imports, "get", read_just_before_its_end)
    assert home.jobs.get(job).state == "running"
    assert home.jobs.get(job).state == "done"


def test_what_was_left_behind_is_never_seen_to_run_when_another_begins(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, seen, interrupt = home.store.imports.begin(["/a"]), list[str](), Imports.interrupt
    looking = threading.Thread(target=lambda: seen.append(home.jobs.get(left).state))

    def interrupt_while_somebody_looks(imports: Imports, but: int = 0) -> None:
        looking.start()
        looking.join(0.2)
        interrupt(imports, but)

    monkeypatch.setattr(Imports, "interrupt", interrupt_while_somebody_looks)
    with home.jobs.taken():
        looking.join()
    assert seen == ["interrupted"]


def test_none_begins_while_it_is_looked_at(home: Home) -> None:
    began = threading.Event()

    def begin() -> None:
        with home.jobs.taken():
            began.set()

    beginning = threading.Thread(target=begin)
    with home.jobs.watched() as is_busy:
        beginning.start()
        assert not is_busy
        assert not began.wait(0.2), "not even the first of a home"
        assert not home.jobs.is_running()
    beginning.join()
    assert began.is_set()


# why it stopped


@contextmanager
def no_room(size: int = 6000) -> Iterator[None]:
    """No file may grow over so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_the_database_finds_no_room_the_import_stops_says_so_and_goes_on_when_there_is(home: Home) -> None:
    home.write(a_txt=LAW)
    with pytest.raises(DiskFullError), home.jobs.running([str(home.inbox)]) as job, no_room():
        Importer(home.store, REPO / "corpus" / "sources", home.originals, job=job).run([home.inbox])
    assert (home.jobs.get(job).state, home.lines(job)) == ("interrupted", {})
    assert home.jobs.get(job).why == "磁盘满了，数据库写不下；请腾出空间再来"
    assert home.bring() == job
    assert (home.jobs.get(job).why, home.lines(job)) == ("", {"a.txt": "stored"})
    assert not home.jobs.last_words(job).file.exists()


def test_a_full_disk_is_no_fault_of_the_file_that_finds_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    home.write(a_txt=LAW)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(DiskFullError):
            home.bring()
    assert home.jobs.get(1).why == "停在 inbox/a.txt：磁盘满了，写不下它的副本；请腾出空间再来"
    assert not home.jobs.unpacked.exists(), "what was unpacked takes no room"
    assert home.bring() == 1
    assert home.lines(1) == {"a.txt": "stored"}


def test_an_archive_that_does_not_fit_unpacked_stops_the_import(home: Home) -> None:
    home.write(a_zip=archive(**{"a.txt": b"1" * 100_000}))
    with pytest.raises(DiskFullError, match=r"磁盘满了，写不下“a\.txt”"), no_room(80_000):
        ingest._unpacked(home.inbox / "a.zip", home.inbox, home.inbox)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (KeyError("/secret"), "程序出错（KeyError）；详情在日志里"),
        (CpkbError("{inbox}/a.txt: 没有这个文件"), "inbox/a.txt: 没有这个文件"),
        (CpkbError("{home}/cpkb.sqlite: 坏了"), "cpkb.sqlite: 坏了"),
        (CpkbError("长" * 9999), "长" * (4096 // 3)),
    ],
)
def test_an_import_that_ends_with_an_error_says_which_and_not_where(home: Home, error: Exception, why: str) -> None:
    places = {"inbox": home.inbox, "home": home.jobs.room.parent}
    raised = type(error)(str(error.args[0]).format(**places))
    with pytest.raises(type(error)), home.jobs.running([str(home.inbox)]):
        raise raised
    assert home.jobs.get(1).why == why
    home.jobs.undo(1, home.originals)
    assert home.jobs.get(1).why == ""


def test_the_words_of_an_import_of_a_folder_at_the_top_keep_their_slashes(home: Home) -> None:
    with pytest.raises(CpkbError), home.jobs.running(["/data"]):
        raise CpkbError("停在 data/a.txt：坏了")
    assert home.jobs.get(1).why == "停在 data/a.txt：坏了"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os.kill(os.getpid(), 9)", "它的进程被强行结束（信号 9），可能是内存不够"),
        ("raise SystemExit(2)", "它的程序出错停下了；详情在网站的日志里"),
    ],
)
def test_of_one_that_dies_without_a_word_the_site_says_how(home: Home, code: str, why: str) -> None:
    words = home.jobs.last_words(1)
    words.prepare()
    started._wait(subprocess.Popen([sys.executable, "-c", code]), words)
    assert words.told() == why
    words.tell("磁盘满了")
    started._wait(subprocess.Popen([sys.executable, "-c", code]), words)
    assert words.told() == "磁盘满了", "what it said itself is kept"
    words.forget()
    started._wait(subprocess.Popen([sys.executable, "-c", code]), words)
    assert not words.file.exists(), "one that is over has nothing to say"


def test_of_two_files_with_one_name_one_is_read_and_the_other_reported(home: Home, tmp_path: Path) -> None:
    home.write(a_txt=LAW)
    twin = tmp_path / "elsewhere" / "inbox"
    twin.mkdir(parents=True)
    (twin / "a.txt").write_text(OTHER, encoding="utf-8")
    with home.jobs.running([str(home.inbox), str(twin)]) as job:
        sources = REPO / "corpus" / "sources"
        Importer(home.store, sources, home.originals, job=job).run([home.inbox, twin, home.inbox / "a.txt"])
    assert home.lines(job) == {"a.txt": "stored", "a.txt（第 2 个同名的）": "failed"}


def test_the_lock_can_be_handed_to_another_process(home: Home) -> None:
    with home.jobs.taken() as lock:
        heir = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    assert home.jobs.is_running(), "there is no moment in which another import could begin"
    heir.communicate(b"\n")
    assert not home.jobs.is_running()


def test_who_is_handed_the_lock_goes_on_with_what_was_begun(home: Home) -> None:
    home.write(a_txt=LAW)
    with home.jobs.taken() as lock:
        number = home.store.imports.begin([str(home.inbox)])
        home.jobs = replace(home.jobs, held=os.dup(lock))
    assert home.jobs.get(number).state == "running"
    assert home.bring(number) == number
    home.jobs = replace(home.jobs, held=-1)
    assert (home.jobs.get(number).state, home.lines(number)) == ("done", {"a.txt": "stored"})


def test_uploaded_files_stay_until_their_import_is_over(home: Home) -> None:
    with home.jobs.taken(), receiving(home.jobs.uploads, 1) as upload:
        upload.add("b.txt", [OTHER.encode()])
        number = home.store.imports.begin([str(upload.files[0])])
    assert home.jobs.get(number).state == "interrupted"
    home.bring()
    assert upload.files[0].is_file(), "it can be gone on with"
    home.jobs.undo(number, home.originals)
    assert list(home.jobs.uploads.iterdir()) == []


# undoing


def test_an_import_is_undone_as_a_whole(home: Home) -> None:
    home.write(a_txt=LAW, b_txt=NOTICE)
    home.bring()
    home.write(a_txt=LAW.replace("逆流漂洗", "喷淋清洗"), c_txt=OTHER)
    home.bring()
    assert "喷淋清洗" in home.texts()
    assert home.jobs.undo(2, home.originals) == 2
    assert "逆流漂洗" in home.texts()
    assert "喷淋清洗" not in home.texts()
    assert [file.key for file in home.store.files()] == ["inbox/a.txt", "inbox/b.txt"]
    assert home.jobs.get(2).state == "undone"
    assert home.lines(2)["c.txt"] == "stored", "the report stays"
    kept = {file.name.partition(".")[0] for file in home.originals.rglob("*.txt")}
    assert kept == {file.sha256 for file in home.store.files()}, "copies of what is gone are gone"
    with pytest.raises(ImportJobError, match="第 2 次导入已经撤销了"):
        home.jobs.undo(2, home.originals)


def test_an_undone_import_can_be_done_again(home: Home) -> None:
    home.write(a_txt=LAW)
    home.bring()
    home.jobs.undo(1, home.originals)
    assert home.store.counts() == {}
    assert home.bring() == 2
    assert home.lines(2) == {"a.txt": "stored"}


def test_what_a_later_import_stored_anew_is_not_undone_under_it(home: Home) -> None:
    home.write(a_txt=LAW, b_txt=NOTICE)
    home.bring()
    home.write(a_txt=LAW.replace("逆流漂洗", "喷淋清洗"))
    home.bring()
    with pytest.raises(ImportJobError, match=r"第 1 次导入不能撤销：第 2 次导入又存了 inbox/a\.txt"):
        home.jobs.undo(1, home.originals)
    assert home.jobs.get(1).state == "done"
    assert "喷淋清洗" in home.texts()
    home.jobs.undo(2, home.originals)
    home.jobs.undo(1, home.originals)
    assert home.store.counts() == {}
    assert list(home.originals.rglob("*.txt")) == []


def test_an_interrupted_import_can_be_undone(home: Home) -> None:
    home.write(a_txt=LAW, b_txt=OTHER)
    with pytest.raises(KeyboardInterrupt):
        home.bring(stop_after=1)
    home.jobs.undo(1, home.originals)
    assert home.store.counts() == {}
    assert home.bring() == 2


def test_an_undoing_that_was_cut_off_is_gone_on_with(home: Home) -> None:
    home.write(a_txt=LAW, b_txt=OTHER)
    home.bring()
    with pytest.raises(KeyboardInterrupt):
        home.jobs.undo(1, home.originals, lambda done, _of: stop(done >= 1))
    assert (home.jobs.get(1).state, home.jobs.get(1).far) == ("half_undone", (1, 2))
    assert home.store.imports.undoable(1) == ["inbox/b.txt"]
    told = list[tuple[int, int]]()
    home.jobs.undo(1, home.originals, lambda done, of: told.append((done, of)))
    assert told == [(2, 2)], "what was taken back before counts"
    assert home.store.counts() == {}
    assert home.jobs.get(1).state == "undone"


def test_no_line_tells_where_on_this_machine_a_file_lies(home: Home, tmp_path: Path) -> None:
    home.write(a_txt=LAW, b_pdf=b"1", c_toml="?", d_docx=b"PK\x03\x04")
    (home.inbox / "source.toml").write_text("x = 1", encoding="utf-8")
    home.bring()
    assert str(tmp_path) not in "".join(map(str, home.store.imports.lines(1)))
    assert FileLine("inbox/source.toml", "skipped", problems=("来源声明，不是资料",)) in home.store.imports.lines(1)
