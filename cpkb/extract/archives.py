"""Archives (压缩包): the members of a ZIP and of a TAR, plain or by GZIP; what is wrong with one is said in it."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Member
from cpkb.extract.spoilt import SPOILT

RATIO_LIMIT = 200  # as for office files
_RATIO_MATTERS_FROM = 10 * 1024 * 1024  # bytes: below, a high ratio does no harm
_BOMB = f"压缩比超过 {RATIO_LIMIT}，疑似压缩炸弹，不读"
_GZIP = b"\x1f\x8b"
_LINK, _SPOILT_TAR = "是链接，不读", (*SPOILT, tarfile.TarError)


@dataclass(slots=True)
class Budget:
    """How many members and how many bytes may still be unpacked."""

    members: int
    total: int
    limit: int = field(init=False)

    def __post_init__(self) -> None:
        self.limit = self.total

    @property
    def spent(self) -> str:
        """What is said of a member that is beyond it."""
        return f"展开后超过 {self.limit // 1024**2} MB，未读；请分批导入"


def zipped(data: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """The files of a ZIP; raises ExtractError when it cannot be opened."""
    with _opened(data, name) as packed:
        for info in packed.infolist():
            if not info.is_dir() and not _is_hidden(info.filename):
                yield _unpacked(packed, info, budget)


def _is_hidden(path: str) -> bool:
    return PurePosixPath(path).name.startswith(".") or path.startswith("__MACOSX/")


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive, its names as UTF-8, else as GBK (Windows in China), else as they are."""
    for encoding in ("utf-8", "gb18030", None):
        try:
            return zipfile.ZipFile(io.BytesIO(data), metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except SPOILT as error:
            raise ExtractError(f"{name}：压缩包损坏或没有下载完整；请重新下载") from error
    raise ExtractError(f"{name}：压缩包里的文件名无法辨认；请重新打包")


def _unpacked(packed: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Member:
    path = info.filename
    if info.flag_bits & 1:
        return Member(path, refused="有密码；请先解开再导入")
    if info.external_attr >> 28 == 0xA:  # the type bits of a link in the Unix mode
        return Member(path, refused=_LINK)
    if info.file_size > _RATIO_MATTERS_FROM and info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
        return Member(path, refused=_BOMB)
    if info.file_size > budget.total:
        return Member(path, refused=budget.spent)
    try:
        return Member(path, packed.read(info))
    except SPOILT as error:
        return Member(path, refused=f"在压缩包里损坏了（{type(error).__name__}）；请重新打包或下载")


def tarred(data: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """The files of a TAR, read once from its start; where it breaks off the last one says so.

    Raises ExtractError when it cannot be opened, and for a GZIP file that holds no TAR.
    """
    path = ""
    try:
        with tarfile.open(fileobj=_Unzipped(data), mode="r|") as packed:
            for info in packed:
                path = _named(info).removeprefix("./")
                if not info.isdir() and not _is_hidden(path):
                    yield _taken(packed, info, path, budget)
    except _SPOILT_TAR as error:
        if not path:
            raise ExtractError(f"{name}：不是 TAR 归档，或者损坏了；请解开后导入，或重新下载") from error
        yield Member(f"{path}!", refused="压缩包从这里起损坏，后面的未读；请重新打包或下载")
    except _BombError:
        yield Member(f"{path or name}!", refused=f"{_BOMB}；从这里起未读")


def _named(info: tarfile.TarInfo) -> str:
    """The path as UTF-8, else as GBK (Windows in China)."""
    told = info.name.encode("utf-8", "surrogateescape")
    try:
        return told.decode()
    except UnicodeDecodeError:
        return told.decode("gb18030", "replace")


def _taken(packed: tarfile.TarFile, info: tarfile.TarInfo, path: str, budget: Budget) -> Member:
    if info.issym() or info.islnk():
        return Member(path, refused=_LINK)
    if not info.isreg() or info.issparse():  # a hole of any size costs nothing in the archive
        return Member(path, refused="不是普通文件，不读；请重新打包")
    if info.size > budget.total:
        return Member(path, refused=budget.spent)
    file = packed.extractfile(info)
    return Member(path, file.read() if file else b"")


class _BombError(Exception):
    """More comes out of an archive than its size allows."""


class _Unzipped(io.RawIOBase):
    """The bytes of a TAR in turn, unzipped as they are asked for."""

    def __init__(self, data: bytes) -> None:
        packed = io.BytesIO(data)
        self._file = gzip.GzipFile(fileobj=packed) if data.startswith(_GZIP) else packed
        self._left = max(_RATIO_MATTERS_FROM, RATIO_LIMIT * len(data))

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise _BombError
        return found


ARCHIVES: Mapping[str, Callable[[bytes, str, Budget], Iterator[Member]]] = {
    ".zip": zipped, ".tar": tarred, ".gz": tarred
}  # fmt: skip
"""How an archive is read, by what its content announces."""
