"""Word files (.docx): paragraphs and tables in the order of the body. Macros, links and pictures are not read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from docx import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from cpkb.errors import ExtractError
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.text import what_is

FILE_LIMIT = 64 * 1024 * 1024  # bytes: text of any length fits; larger ones are pictures
ENTRY_LIMIT = 5_000  # members: a report with 500 pictures has under 1,500
EXPANDED_LIMIT = 256 * 1024 * 1024  # bytes after unpacking all members
XML_LIMIT = 64 * 1024 * 1024  # bytes of one XML member: text and tables of 2,000 pages have 30 MB
RATIO_LIMIT = 200  # XML packs 10 to 30 times; a bomb packs over 1,000 times
_RATIO_MATTERS_FROM = 10 * 1024 * 1024  # bytes: below, a high ratio does no harm
_LEAST_TEXTS = 3  # headings that name a text: two may be a notice and what it publishes
_NAMES_A_TEXT = re.compile(
    r"(?:政策|办法|规定|条例|意见|通知|指南|规范|标准|细则|目录|名录)(?:[（(][^（）()]{1,12}[）)])?$"
)
_HEADING = re.compile(r"(?:Heading|heading|标题)\s*([1-6])$")
_SPACE = re.compile(r"[ \t\xa0\u3000]+")


class DocxExtractor:
    """Reads .docx files."""

    suffixes = (".docx",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft, or one a text when the file is a collection of them (each under its own heading)."""
        _check_archive(data, name)
        try:
            document = Document(io.BytesIO(data))
            blocks = [block for item in document.iter_inner_content() for block in _blocks(item)]
        except (OpcError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, zlib.error) as error:
            raise ExtractError(f"{name}：不是完整的 DOCX（{type(error).__name__}）；请用 Word 重新保存") from error
        if not blocks:
            raise ExtractError(f"{name}：文档里没有文字；若是图片扫描件，请先做文字识别（OCR）")
        return _texts(blocks) or [Draft(tuple(blocks), title=_title(blocks, document.core_properties.title))]


def _check_archive(data: bytes, name: str) -> None:
    """Refuse what is not a DOCX or would unpack into too much, before anything is unpacked."""
    if len(data) > FILE_LIMIT:
        raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请压缩图片后再导入")
    if not data.startswith(b"PK"):
        what = what_is(data)[0] or ("空文件" if not data else "别的内容")
        raise ExtractError(f"{name}：不是 DOCX，而是{what}；请用 Word 另存为 .docx")
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ExtractError(f"{name}：压缩结构损坏，可能没有下载完整；请重新下载") from error
    expanded = sum(member.file_size for member in members)
    longest = max((member.file_size for member in members if member.filename.endswith((".xml", ".rels"))), default=0)
    if len(members) > ENTRY_LIMIT or expanded > EXPANDED_LIMIT or longest > XML_LIMIT:
        raise ExtractError(f"{name}：展开后过大（{len(members)} 个成员，{expanded // 1024**2} MB），疑似压缩炸弹，不读")
    if expanded > _RATIO_MATTERS_FROM and expanded > RATIO_LIMIT * len(data):
        raise ExtractError(f"{name}：压缩比超过 {RATIO_LIMIT}，疑似压缩炸弹，不读")
    if "word/document.xml" not in {member.filename for member in members}:
        raise ExtractError(f"{name}：压缩包里没有 word/document.xml，不是 Word 文件；请按真实格式命名")


def _blocks(item: Paragraph | Table) -> list[Block]:
    if isinstance(item, Table):
        return _rows(item)
    match = _HEADING.match(item.style.name or "") if item.style is not None else None
    level = int(match[1]) if match else 0
    lines = [_SPACE.sub(" ", line).strip() for line in item.text.split("\n")]
    return [Block(line, level=level, kind="heading" if level else "paragraph") for line in lines if line]


def _rows(table: Table) -> list[Block]:
    blocks = []
    for number, row in enumerate(table.rows):
        cells = dict.fromkeys(row.cells)  # a merged cell is given once a column it spans
        texts = [_SPACE.sub(" ", cell.text.replace("\n", " ")).strip() for cell in cells]
        if any(texts):
            blocks.append(Block("｜".join(texts), kind="row" if number else "header"))
    return blocks


def _title(blocks: list[Block], stated: str) -> str:
    headings = [block for block in blocks if block.level]
    if headings and headings[0].level == 1:
        return headings[0].text
    return stated.strip()


def _texts(blocks: list[Block]) -> list[Draft]:
    """A draft a text when all headings of the highest level name one (a file of 28 policies); else none."""
    top = min((block.level for block in blocks if block.level), default=0)
    starts = [at for at, block in enumerate(blocks) if block.level and block.level == top]
    named = [at for at in starts if _NAMES_A_TEXT.search(blocks[at].text)]
    if len(starts) < _LEAST_TEXTS or named != starts or starts[0] != 0:
        return []
    ends = [*starts[1:], len(blocks)]
    return [
        Draft(tuple(blocks[start + 1 : end]), title=blocks[start].text, key=blocks[start].text)
        for start, end in zip(starts, ends, strict=True)
    ]
