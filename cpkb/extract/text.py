"""Bytes to text (解码): strict UTF-8 first, then GB 18030, then a guess; what is not text is refused."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

from charset_normalizer import from_bytes

from cpkb.errors import ExtractError
from cpkb.extract.spoilt import SPOILT

TEXT_LIMIT = 64 * 1024 * 1024  # bytes: three times all 3,423 laws in one file; more is a data dump, not a document
_GUESSED_LENGTH = 200_000  # bytes looked at when the encoding must be guessed: enough, and quick on a long file
_CONTROLS_ALLOWED = 0.01  # share of control characters: a text has nearly none, a binary has many
_UTF8_PROOF = 40  # bytes saved by wide characters (20 Chinese ones): so much valid UTF-8 is no accident
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CHINESE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "PDF 文件", ".pdf"),
    (b"PK\x03\x04", "ZIP 压缩包", ".zip"),
    (b"PK\x05\x06", "空的 ZIP 压缩包", ".zip"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件", ".ole"),
    (b"\x1f\x8b", "GZIP 压缩文件", ".gz"),
    (b"\x89PNG", "PNG 图片", ".png"),
    (b"\xff\xd8\xff", "JPEG 图片", ".jpg"),
    (b"II*\x00", "TIFF 图片", ".tif"),
    (b"MM\x00*", "TIFF 图片", ".tif"),
    (b"Rar!", "RAR 压缩包", ".rar"),
    (b"7z\xbc\xaf", "7z 压缩包", ".7z"),
    (b"{\\rtf", "RTF 文件", ".rtf"),
)
_TAR = (b"ustar\0", b"ustar ")
"""What stands after the first member's name, owner and date."""
_IN_ZIP = (("word/document.xml", "Word 文件", ".docx"), ("xl/workbook.xml", "Excel 文件", ".xlsx"))
_IN_OLE = (
    ("WordDocument", "旧版 Word 文件", ".doc"),
    ("Workbook", "旧版 Excel 文件", ".xls"),
    ("Book\0", "旧版 Excel 文件", ".xls"),
)
"""A member that tells the formats apart that share a container, their name and suffix."""


def what_is(data: bytes) -> tuple[str, str]:
    """(Chinese name, suffix) of the binary format the content announces; ('', '') when it announces none."""
    start = data[:1024].lstrip(b"\x00\t\r\n ")
    for magic, label, suffix in _MAGIC:
        if start.startswith(magic):
            return {".zip": _in_zip, ".ole": _in_ole}.get(suffix, lambda _: None)(data) or (label, suffix)
    return ("TAR 归档", ".tar") if data[257:263] in _TAR else ("", "")


def _in_zip(data: bytes) -> tuple[str, str] | None:
    """What a ZIP is by its members; where their list is lost, by a name anywhere in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except SPOILT:
        names = {part for part, _, _ in _IN_ZIP if part.encode() in data}
    return next(((label, suffix) for part, label, suffix in _IN_ZIP if part in names), None)


def _in_ole(data: bytes) -> tuple[str, str] | None:
    """What an old Office file is by the stream named first: those of objects set into it come later."""
    places = [(data.find(part.encode("utf-16-le")), label, suffix) for part, label, suffix in _IN_OLE]
    found = min(((at, label, suffix) for at, label, suffix in places if at >= 0), default=None)
    return (found[1], found[2]) if found else None


_LONG_BLANK = re.compile(r"[^\S\n\t]{9,}")
"""Long runs of blanks say no more than short ones, and only they make the patterns of the readers slow."""


def decode(data: bytes, name: str) -> str:
    """The text of a file, with line ends as \\n; raises ExtractError for what is empty, too long or not text.

    A charset the text itself declares is not asked: pages that declare gb2312 are often UTF-8.
    """
    _refuse(data, name)
    text = _decoded(data, name).replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    if not text.strip():
        raise ExtractError(f"{name}：只有空白，没有文字；请检查文件是否保存完整")
    if len(_CONTROL.findall(text)) > _CONTROLS_ALLOWED * len(text):
        raise ExtractError(f"{name}：内容不是文本（控制字符过多）；请用文本文件，或按真实格式命名")
    return _LONG_BLANK.sub(" " * 8, _CONTROL.sub("", text))


def _refuse(data: bytes, name: str) -> None:
    if not data:
        raise ExtractError(f"{name}：文件是空的（0 字节）；请重新下载或导出")
    if len(data) > TEXT_LIMIT:
        size = len(data) // (1024 * 1024)
        raise ExtractError(f"{name}：文本有 {size} MB，超过上限 {TEXT_LIMIT // (1024 * 1024)} MB；请拆分后再导入")
    label, suffix = what_is(data)
    if label:
        raise ExtractError(f"{name}：内容是{label}，不是文本；请改用正确的扩展名（如 {suffix}）")


def _decoded(data: bytes, name: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, name)
    if b"\x00" in data:
        raise ExtractError(f"{name}：含有 NUL 字节，是二进制文件而不是文本；请按真实格式命名")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = len(data[: error.start].decode("utf-8")) < error.start - _UTF8_PROOF
        if wide or (error.reason == "unexpected end of data" and error.start):
            place = f"第 {error.start + 1} 字节"
            raise ExtractError(f"{name}：是 UTF-8 文本，但{place}处断开或损坏；文件可能不完整，请重新下载") from error
        return _not_unicode(data, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"第 {error.start + 1} 字节"
        raise ExtractError(f"{name}：开头标明是 {encoding}，但{place}处无法解码；文件可能被截断") from error


def _not_unicode(data: bytes, name: str) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return _guessed(data, name)
    # GB 18030 accepts much that is not it; Chinese text read rightly is mostly common Chinese characters.
    wide = sum(1 for character in text if ord(character) > 127)
    if wide and len(_CHINESE.findall(text)) >= 0.7 * wide:
        return text
    return _guessed(data, name)


def _guessed(data: bytes, name: str) -> str:
    best = from_bytes(data[:_GUESSED_LENGTH]).best()
    if best is None:
        raise ExtractError(f"{name}：无法辨认编码（不是 UTF-8，也不是 GB 18030）；请另存为 UTF-8 文本")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise ExtractError(f"{name}：看似 {best.encoding} 编码，但解码失败；请另存为 UTF-8 文本") from error
