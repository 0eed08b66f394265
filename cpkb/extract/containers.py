"""Files that hold files (压缩包、邮件): their members one by one, refused by name where a bound or a path is wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Member
from cpkb.extract.mail import attachments, is_mail
from cpkb.extract.spoilt import SPOILT
from cpkb.extract.text import what_is

CONTAINER_SUFFIXES = (".zip", ".eml")
MEMBER_LIMIT = 2_000  # files of an archive, those of archives in it too: the largest real delivery has 120
DEPTH_LIMIT = 3  # archives in archives: a mail with an archive of archives
TOTAL_LIMIT = 500 * 1024 * 1024  # bytes unpacked: three of the largest single files
RATIO_LIMIT = 200  # as for office files
_RATIO_MATTERS_FROM = 10 * 1024 * 1024  # bytes: below, a high ratio does no harm
_NAME_LIMIT = 200  # bytes of a part of a path: file systems take 255
_RESERVED = set('<>:"|?*\\')


@dataclass(slots=True)
class _Budget:
    members: int
    total: int


def is_container(data: bytes, name: str) -> bool:
    """Whether a file holds files: a ZIP that is no office file, or a mail."""
    return what_is(data)[1] == ".zip" or is_mail(data, name)


def members(data: bytes, name: str) -> Iterator[Member]:
    """The files in a container and in containers in it, in order; archives are given as what they hold.

    Raises ExtractError when the container itself cannot be opened. What is wrong with a member is said in it.
    """
    yield from _members(data, name, "", 1, _Budget(MEMBER_LIMIT, TOTAL_LIMIT))


def _members(data: bytes, name: str, above: str, depth: int, budget: _Budget) -> Iterator[Member]:
    found = attachments(data) if is_mail(data, name) else _zipped(data, name, budget)
    for member in found:
        budget.members -= 1
        if budget.members < 0:
            yield Member(
                f"{above}{member.path}", refused=f"一个压缩包里超过 {MEMBER_LIMIT} 个文件，从这里起未读；请分批导入"
            )
            return
        taken = _checked(member, above, budget)
        holds_files = not taken.refused and is_container(taken.data, taken.path)
        if not holds_files or is_mail(taken.data, taken.path):  # a mail has a text of its own
            yield taken
        if not holds_files:
            continue
        if depth >= DEPTH_LIMIT:
            yield Member(f"{taken.path}!", refused=f"套了超过 {DEPTH_LIMIT} 层的压缩包，里面的未读；请先解开")
            continue
        try:
            yield from _members(taken.data, taken.path, f"{taken.path}!/", depth + 1, budget)
        except ExtractError as error:
            yield Member(f"{taken.path}!", refused=str(error))


def _checked(member: Member, above: str, budget: _Budget) -> Member:
    """The member under its whole path; refused where that leads elsewhere or too much is unpacked."""
    path, refused = f"{above}{member.path}", member.refused or _wrong_path(member.path)
    budget.total -= len(member.data)
    if not refused and budget.total < 0:
        refused = f"展开后超过 {TOTAL_LIMIT // 1024**2} MB，未读；请分批导入"
    return Member(path, b"" if refused else member.data, refused)


def _wrong_path(path: str) -> str:
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") or _RESERVED & set(part) for part in parts):
        return "路径是绝对的、含有 .. 或不能用的字符，不读；请重新打包"
    if any(len(part.encode("utf-8", "replace")) > _NAME_LIMIT or not part.isprintable() for part in parts):
        return f"文件名超过 {_NAME_LIMIT} 字节或有控制字符，不读；请改名后重新打包"
    return ""


def _zipped(data: bytes, name: str, budget: _Budget) -> Iterator[Member]:
    with _opened(data, name) as packed:
        for info in packed.infolist():
            path = info.filename
            if info.is_dir() or PurePosixPath(path).name.startswith(".") or path.startswith("__MACOSX/"):
                continue
            yield _unpacked(packed, info, budget)


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


def _unpacked(packed: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Member:
    path = info.filename
    if info.flag_bits & 1:
        return Member(path, refused="有密码；请先解开再导入")
    if info.external_attr >> 28 == 0xA:  # the type bits of a link in the Unix mode
        return Member(path, refused="是链接，不读")
    if info.file_size > _RATIO_MATTERS_FROM and info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
        return Member(path, refused=f"压缩比超过 {RATIO_LIMIT}，疑似压缩炸弹，不读")
    if info.file_size > budget.total:
        return Member(path, refused=f"展开后超过 {TOTAL_LIMIT // 1024**2} MB，未读；请分批导入")
    try:
        return Member(path, packed.read(info))
    except SPOILT as error:
        return Member(path, refused=f"在压缩包里损坏了（{type(error).__name__}）；请重新打包或下载")
