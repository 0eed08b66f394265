"""Uploaded files (上传): kept in a folder of their own until their import is over, under names made safe."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from cpkb.errors import DiskFullError, UploadError

KNOWN_BY = "上传"  # the folder in the keys of uploaded files: the same name is the same file, whenever it is uploaded
FILES_LIMIT = 100  # more at once is a folder: packed as one .zip, or imported by command
NAME_LIMIT = 200  # bytes: file systems take 255, and unpacking puts something behind
_SUFFIX_LIMIT = 20  # bytes: a longer one says nothing of the format
_SHOWN = 60  # characters of a refused name
_COPIES = 2  # of what is uploaded while it is imported: here, and for good in originals/
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # on Windows, where a home may be copied to
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # the same


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of one upload."""

    folder: Path
    files: list[Path] = field(default_factory=list)

    def add(self, said: str, chunks: Iterable[bytes]) -> None:
        """Write a file that came under the name ``said``; raises UploadError, and DiskFullError."""
        if len(self.files) == FILES_LIMIT:
            raise UploadError(f"一次最多上传 {FILES_LIMIT} 个文件；请分几次，或打成一个压缩包")
        file = self.folder / clean_name(said)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                for chunk in chunks:
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())  # an import that goes on after a power cut reads whole files
        except FileExistsError as error:
            raise UploadError(f"有两个文件都叫“{file.name}”；请改名，或分两次上传") from error
        except OSError as error:
            raise DiskFullError(f"写不下“{file.name}”（{error.strerror}）；请腾出空间再上传") from error
        self.files.append(file)


@contextmanager
def receiving(room: Path, size: int) -> Iterator[Upload]:
    """A new folder below ``room`` for so many bytes; gone again when the block ends with an error."""
    room.mkdir(mode=0o700, exist_ok=True)
    free = shutil.disk_usage(room).free
    if free < _COPIES * size:
        told = f"磁盘只剩 {free // 10**6} MB，上传的 {size // 10**6} MB 连同留存的副本放不下"
        raise DiskFullError(f"{told}；请腾出空间再上传")
    folder = room.resolve() / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        (folder / KNOWN_BY).mkdir(mode=0o700)
        yield Upload(folder / KNOWN_BY)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def forget(room: Path, wanted: Iterable[str]) -> None:
    """Delete every upload that holds none of the ``wanted`` paths."""
    needed = {Path(path).parent for path in wanted}
    for folder in room.resolve().iterdir() if room.is_dir() else ():
        if folder / KNOWN_BY not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def clean_name(said: str) -> str:
    """A name from outside as it is kept: its last part, nothing that hides, steers or leads elsewhere, not too long.

    Raises UploadError when nothing is left of it.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", said)[-1])
    name = _FORBIDDEN.sub("_", "".join(c for c in last if c.isprintable())).strip(" .")
    if not name:
        raise UploadError(f"“{_printable(said)}”不能作文件名；请改名后再上传")
    return _shortened(f"_{name}" if _DEVICES.match(name) else name)


def _shortened(name: str) -> str:
    suffix = PurePath(name).suffix
    suffix = suffix if len(suffix.encode()) <= _SUFFIX_LIMIT else ""
    stem = name.removesuffix(suffix).encode()[: NAME_LIMIT - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _printable(said: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in said)[:_SHOWN]
