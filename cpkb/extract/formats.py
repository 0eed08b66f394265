"""All formats there are, and the way in: a file's bytes and name to documents and problems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from cpkb.errors import ExtractError, NothingToReadError
from cpkb.extract.docx import DocxExtractor
from cpkb.extract.extractor import Extracted, Extractor
from cpkb.extract.html import HtmlExtractor
from cpkb.extract.jsonl import JsonLinesExtractor
from cpkb.extract.markdown import MarkdownExtractor
from cpkb.extract.metadata import document
from cpkb.extract.pdf.reader import PdfExtractor
from cpkb.extract.plain import PlainExtractor
from cpkb.extract.text import what_is

EXTRACTORS: tuple[Extractor, ...] = (
    PdfExtractor(),
    DocxExtractor(),
    HtmlExtractor(),
    MarkdownExtractor(),
    PlainExtractor(),
    JsonLinesExtractor(),
)
READER_VERSION = "2"
"""Bump when the same file gives other documents than before: files are then read again at the next import."""
SUFFIXES = tuple(suffix for extractor in EXTRACTORS for suffix in extractor.suffixes)
_BINARY = {".pdf": ".pdf", ".docx": ".docx"}
"""Suffixes whose content must announce itself, and the suffix that announcement stands for."""
_OLD_OFFICE = {".doc": ".docx", ".xls": ".csv", ".xlsx": ".csv", ".ppt": ".pdf", ".wps": ".docx"}


def extractor_for(name: str) -> Extractor:
    """The extractor of a file name's suffix; raises ExtractError listing the suffixes there are."""
    suffix = PurePosixPath(name).suffix.lower()
    for extractor in EXTRACTORS:
        if suffix in extractor.suffixes:
            return extractor
    raise ExtractError(f"{name}：{why_unread(name)}")


def why_unread(name: str, others: Sequence[str] = ()) -> str:
    """Why a file of this name is not read, and what would be; ``others`` are suffixes read elsewhere."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _OLD_OFFICE:
        return f"不能读 {suffix}；请另存为 {_OLD_OFFICE[suffix]} 再导入"
    return f"不认识的格式 {suffix or '（无扩展名）'}；可以读：{'、'.join(sorted({*SUFFIXES, *others}))}"


def extract(data: bytes, name: str) -> tuple[list[Extracted], list[str]]:
    """(documents, problems) of a file; a problem names its place, the documents beside it are good.

    Raises ExtractError when nothing of the file can be read, saying what it is and what would be right, and its
    subclass NothingToReadError when the file is sound but holds no text.
    """
    extractor = extractor_for(name)
    _check_content(data, name)
    drafts = extractor.read(data, name)
    problems = [problem for draft in drafts for problem in draft.problems]
    documents = [document(draft, name) for draft in drafts if draft.blocks]
    found = [text for text in documents if text.passages]
    if not found:
        raise NothingToReadError(f"{name}：只有标题或链接，没有正文；要查的内容在它链接的文件里")
    return found, problems


def _check_content(data: bytes, name: str) -> None:
    """Refuse a binary under a wrong name before its reader sees it."""
    suffix = PurePosixPath(name).suffix.lower()
    if not data:
        raise ExtractError(f"{name}：文件是空的（0 字节）；请重新下载或导出")
    label, right = what_is(data)
    if label and _BINARY.get(suffix) != right:
        raise ExtractError(f"{name}：扩展名是 {suffix}，内容却是{label}；请改名为 {right} 再导入")
