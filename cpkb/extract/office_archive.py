"""Office files that are archives (DOCX, XLSX): those that would unpack into too much are refused before that."""

from __future__ import annotations

import io
import zipfile

from cpkb.errors import ExtractError
from cpkb.extract.spoilt import SPOILT
from cpkb.extract.text import what_is

FILE_LIMIT = 64 * 1024 * 1024  # bytes: text of any length fits; larger ones are pictures
ENTRY_LIMIT = 5_000  # members: a report with 500 pictures has under 1,500
EXPANDED_LIMIT = 256 * 1024 * 1024  # bytes after unpacking all members
XML_LIMIT = 64 * 1024 * 1024  # bytes of one XML member: text and tables of 2,000 pages have 30 MB
RATIO_LIMIT = 200  # XML packs 10 to 30 times; a bomb packs over 1,000 times
_RATIO_MATTERS_FROM = 10 * 1024 * 1024  # bytes: below, a high ratio does no harm


def check_archive(data: bytes, name: str, kind: str, part: str) -> None:
    """Refuse what is not an archive with ``part`` in it, and what would unpack into too much; ``kind`` names it."""
    if len(data) > FILE_LIMIT:
        raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请压缩图片后再导入")
    if not data.startswith(b"PK"):
        what = what_is(data)[0] or ("空文件" if not data else "别的内容")
        raise ExtractError(f"{name}：不是 {kind}，而是{what}；请另存为 .{kind.lower()}")
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except SPOILT as error:
        raise ExtractError(f"{name}：压缩结构损坏，可能没有下载完整；请重新下载") from error
    expanded = sum(member.file_size for member in members)
    longest = max((member.file_size for member in members if member.filename.endswith((".xml", ".rels"))), default=0)
    if len(members) > ENTRY_LIMIT or expanded > EXPANDED_LIMIT or longest > XML_LIMIT:
        raise ExtractError(f"{name}：展开后过大（{len(members)} 个成员，{expanded // 1024**2} MB），疑似压缩炸弹，不读")
    if expanded > _RATIO_MATTERS_FROM and expanded > RATIO_LIMIT * len(data):
        raise ExtractError(f"{name}：压缩比超过 {RATIO_LIMIT}，疑似压缩炸弹，不读")
    if part not in {member.filename for member in members}:
        raise ExtractError(f"{name}：压缩包里没有 {part}，不是 {kind} 文件；请按真实格式命名")
