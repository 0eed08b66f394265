"""Uploaded files: under which names they are kept, for whom, how long, and what happens when there is no room."""

from __future__ import annotations

import resource
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cpkb.errors import DiskFullError, UploadError
from cpkb.pipeline.uploads import FILES_LIMIT, NAME_LIMIT, clean_name, forget, receiving

CLEANED = {
    "示例办法.txt": "示例办法.txt",
    "../x": "x",
    r"C:\x": "x",
    r"..\..\x.txt": "x.txt",
    "/etc/passwd": "passwd",
    "a/b": "b",
    "a/../b.pdf": "b.pdf",
    ".hidden": "hidden",
    "..hidden.txt": "hidden.txt",
    "行\n末\x00\x1b[31m.txt": "行末[31m.txt",
    "\u202efdp.exe": "fdp.exe",
    "a:b*c?.txt": "a_b_c_.txt",
    "x.txt. ": "x.txt",
    "CON": "_CON",
    "lpt1.txt": "_lpt1.txt",
    "contract.txt": "contract.txt",
    "e\u0301.txt": "\u00e9.txt",
    "半\ud800个.txt": "半个.txt",
    f"{'x' * 300}.pdf": f"{'x' * (NAME_LIMIT - 4)}.pdf",
    f"{'长' * 300}.docx": f"{'长' * 65}.docx",
    f"a.{'x' * 300}": f"a.{'x' * (NAME_LIMIT - 2)}",
}
NO_NAMES = ("", ".", "..", "/", "a/", "\\", " . ", "\x01\x02", "\u200b")


@pytest.mark.parametrize(("said", "kept"), CLEANED.items())
def test_a_name_is_kept_without_what_leads_elsewhere_hides_or_steers(said: str, kept: str) -> None:
    assert clean_name(said) == kept
    assert clean_name(kept) == kept
    assert len(kept.encode()) <= NAME_LIMIT


@pytest.mark.parametrize("said", NO_NAMES)
def test_what_leaves_no_name_is_refused(said: str) -> None:
    with pytest.raises(UploadError, match="不能作文件名"):
        clean_name(said)


@pytest.mark.parametrize("said", CLEANED)
def test_a_file_lies_in_the_folder_of_its_upload_whatever_it_was_called(tmp_path: Path, said: str) -> None:
    with receiving(tmp_path / "uploads", 1) as upload:
        upload.add(said, [b"1"])
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == upload.files
    assert upload.files[0].parent == upload.folder


def receive(room: Path, files: Mapping[str, list[bytes]]) -> None:
    with receiving(room, 1) as upload:
        for name, chunks in files.items():
            upload.add(name, chunks)


def test_files_are_their_owners_only(tmp_path: Path) -> None:
    with receiving(tmp_path / "uploads", 2) as upload:
        upload.add("a.txt", [b"1", b"2"])
    (file,) = upload.files
    assert file.read_bytes() == b"12"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    folders = [folder for folder in file.parents if folder.is_relative_to(tmp_path) and folder != tmp_path]
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_two_files_that_would_have_one_name_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match=r"两个文件都叫“b\.txt”"):
        receive(tmp_path, {"a/b.txt": [b"1"], "b.txt": [b"2"]})
    assert list(tmp_path.iterdir()) == []


def test_more_files_than_the_limit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="一次最多上传 100 个文件"):
        receive(tmp_path, {f"{number}.txt": [b"1"] for number in range(FILES_LIMIT + 1)})
    assert list(tmp_path.iterdir()) == []


def test_where_upload_and_copy_have_no_room_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 0, 9 * 10**6))
    with receiving(tmp_path, 4_500_000):
        pass
    with (
        pytest.raises(DiskFullError, match="磁盘只剩 9 MB，上传的 5 MB 连同留存的副本放不下"),
        receiving(tmp_path, 5 * 10**6),
    ):
        pytest.fail("begun")


@pytest.fixture
def small_files() -> Iterator[None]:
    """The system refuses to let a file grow above 100 kB, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files")
def test_what_can_be_written_no_further_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError, match=r"写不下“b\.txt”.*请腾出空间"):
        receive(tmp_path, {"a.txt": [b"1"], "b.txt": [b"2" * 60_000] * 2})
    assert list(tmp_path.iterdir()) == []


def test_uploads_that_no_import_needs_are_forgotten(tmp_path: Path) -> None:
    with receiving(tmp_path, 1) as needed:
        needed.add("a.txt", [b"1"])
    with receiving(tmp_path, 1) as other:
        other.add("a.txt", [b"1"])
    forget(tmp_path, [str(file) for file in needed.files])
    assert needed.files[0].is_file()
    assert list(tmp_path.iterdir()) == [needed.folder.parent]
    forget(tmp_path / "nothing", [])
