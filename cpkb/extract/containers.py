"""Files that hold files (压缩包、邮件): their members one by one, refused by name where a bound or a path is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from cpkb.errors import ExtractError
from cpkb.extract.archives import ARCHIVES, Budget
from cpkb.extract.extractor import Member
from cpkb.extract.mail import attachments, is_mail
from cpkb.extract.text import what_is

MEMBER_LIMIT = 5_000  # files of an archive, those of archives in it too: the largest real delivery has 3,423
DEPTH_LIMIT = 3  # archives in archives: a mail with an archive of archives
TOTAL_LIMIT = 500 * 1024 * 1024  # bytes unpacked: three of the largest single files
_NAME_LIMIT = 240  # bytes of a part of a path: file systems take 255, and the longest name of a real delivery has 237
_RESERVED = set('<>:"|?*\\')


def is_container(data: bytes, name: str) -> bool:
    """Whether a file holds files: an archive that is no office file, or a mail."""
    return what_is(data)[1] in ARCHIVES or is_mail(data, name)


def members(data: bytes, name: str) -> Iterator[Member]:
    """The files in a container and in containers in it, in order; archives are given as what they hold.

    Raises ExtractError when the container itself cannot be opened. What is wrong with a member is said in it.
    """
    yield from _members(data, name, "", 1, Budget(MEMBER_LIMIT, TOTAL_LIMIT))


def _members(data: bytes, name: str, above: str, depth: int, budget: Budget) -> Iterator[Member]:
    found = attachments(data) if is_mail(data, name) else ARCHIVES[what_is(data)[1]](data, name, budget)
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


def _checked(member: Member, above: str, budget: Budget) -> Member:
    """The member under its whole path; refused where that leads elsewhere or too much is unpacked."""
    path, refused = f"{above}{member.path}", member.refused or _wrong_path(member.path)
    budget.total -= len(member.data)
    if not refused and budget.total < 0:
        refused = budget.spent
    return Member(path, b"" if refused else member.data, refused)


def _wrong_path(path: str) -> str:
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") or _RESERVED & set(part) for part in parts):
        return "路径是绝对的、含有 .. 或不能用的字符，不读；请重新打包"
    if any(len(part.encode("utf-8", "replace")) > _NAME_LIMIT or not part.isprintable() for part in parts):
        return f"文件名超过 {_NAME_LIMIT} 字节或有控制字符，不读；请改名后重新打包"
    return ""
