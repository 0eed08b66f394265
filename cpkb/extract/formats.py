"""All formats there are, and the way in: a file's bytes and name to documents and problems."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from cpkb.errors import ExtractError, NothingToReadError
from cpkb.extract.doc import DocExtractor
from cpkb.extract.docx import DocxExtractor
from cpkb.extract.extractor import Draft, Extracted, Extractor
from cpkb.extract.html import HtmlExtractor
from cpkb.extract.jsonl import JsonLinesExtractor
from cpkb.extract.mail import MailExtractor
from cpkb.extract.markdown import MarkdownExtractor
from cpkb.extract.metadata import document
from cpkb.extract.pdf.reader import PdfExtractor
from cpkb.extract.pictures import PictureExtractor
from cpkb.extract.plain import PlainExtractor
from cpkb.extract.sheets import SheetsExtractor
from cpkb.extract.text import what_is
from cpkb.model.file_types import ANNOUNCED, IMPORTED, SAVE_AS

EXTRACTORS: tuple[Extractor, ...] = (
    PdfExtractor(),
    DocxExtractor(),
    DocExtractor(),
    SheetsExtractor(),
    HtmlExtractor(),
    MarkdownExtractor(),
    PlainExtractor(),
    MailExtractor(),
    PictureExtractor(),
    JsonLinesExtractor(),
)
READER_VERSION = "6"
"""Bump when the same file gives other documents than before: files are then read again at the next import."""
_OUTLOOK = "winmail.dat"
_WEB_PAGE = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|meta|table)\b", re.IGNORECASE | re.DOTALL
)


def extractor_for(name: str) -> Extractor:
    """The extractor of a file name's suffix; raises ExtractError listing the suffixes there are."""
    return _by_suffix(PurePosixPath(name).suffix.lower(), f"{name}：{why_unread(name)}")


def extractor_of(data: bytes, name: str) -> tuple[Extractor, str]:
    """(extractor, remark): the content decides, and the remark says so when the name claims something else."""
    suffix = PurePosixPath(name).suffix.lower()
    label, real = what_is(data)
    if not label and suffix != ".html" and _WEB_PAGE.match(data[:1024].removeprefix(codecs.BOM_UTF8)):
        label, real = "网页", ".html"
    if not label and suffix in ANNOUNCED:
        raise ExtractError(f"{name}：内容不是 {suffix} 文件，也认不出是什么；可能损坏，请重新下载或导出")
    if not label:
        return extractor_for(name), ""
    found = _by_suffix(real, f"{name}：内容是{label}，不能读；{_advice(real)}")
    return found, "" if suffix in found.suffixes else f"{name}：扩展名是 {suffix or '空的'}，内容是{label}，按内容读"


def why_unread(name: str) -> str:
    """Why a file of this name is not read, and what would be."""
    suffix = PurePosixPath(name).suffix.lower()
    if PurePosixPath(name).name.lower() == _OUTLOOK:
        return f"{_OUTLOOK} 是 Outlook 打的包，附件在里面，不能读；请发件人改用 HTML 或纯文本格式重发"
    if suffix in SAVE_AS:
        return f"不能读 {suffix}；{_advice(suffix)}"
    return f"不认识的格式 {suffix or '（无扩展名）'}；可以读：{'、'.join(sorted(IMPORTED))}"


def is_readable(start: bytes, name: str) -> bool:
    """Whether a file is worth reading: by its suffix, or by what its first bytes announce."""
    return PurePosixPath(name).suffix.lower() in IMPORTED or what_is(start)[1] in (*IMPORTED, ".ole")


def read_drafts(data: bytes, name: str) -> list[Draft]:
    """What a file holds before clauses are looked for; raises ExtractError when nothing of it can be read."""
    if not data:
        raise ExtractError(f"{name}：文件是空的（0 字节）；请重新下载或导出")
    extractor, remark = extractor_of(data, name)
    drafts = extractor.read(data, name)
    return [*drafts, Draft((), problems=(remark,))] if remark else drafts


def documents(drafts: Sequence[Draft], name: str) -> tuple[list[Extracted], list[str]]:
    """(documents, problems) of what a file holds; a problem names its place, the documents beside it are good."""
    problems = [problem for draft in drafts for problem in draft.problems]
    made = [document(draft, name) for draft in drafts if draft.blocks]
    return [text for text in made if text.passages], problems


def extract(data: bytes, name: str) -> tuple[list[Extracted], list[str]]:
    """(documents, problems) of a file.

    Raises ExtractError when nothing of the file can be read, saying what it is and what would be right, and its
    subclass NothingToReadError when the file is sound but holds no text.
    """
    found, problems = documents(read_drafts(data, name), name)
    if not found:
        raise NothingToReadError(nothing(name, problems))
    return found, problems


def nothing(name: str, problems: Sequence[str] = ()) -> str:
    """What is said of a sound file without text."""
    return "；".join(problems) or f"{name}：只有标题或链接，没有正文；要查的内容在它链接的文件里"


def _by_suffix(suffix: str, otherwise: str) -> Extractor:
    for extractor in EXTRACTORS:
        if suffix in extractor.suffixes:
            return extractor
    raise ExtractError(otherwise)


def _advice(suffix: str) -> str:
    return f"请另存为 {SAVE_AS[suffix]} 再导入" if suffix in SAVE_AS else "请解开或换一种格式再导入"
