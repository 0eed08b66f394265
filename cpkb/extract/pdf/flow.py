"""Lines to paragraphs: wrapped lines joined, across pages too; captions, tables and figures in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cpkb.extract import marks
from cpkb.extract.extractor import Block
from cpkb.extract.pdf.lines import TextLine, joined
from cpkb.extract.pdf.tables import PdfTable

_FULL = 0.94  # of the width of the text: a line that ends beyond goes on in the next
_NEARLY_FULL = 0.8  # a line that ends beyond, and in no sentence end, does too: 、 and （ are set narrow
_INDENT = 1.0  # of a line's height: the two characters a paragraph is indented by are 1.6
_OTHER_SIZE = 0.18  # a line this much larger or smaller starts a paragraph
_PARAGRAPH_GAP = 2.6  # of a line's height between baselines: usual leading is 1.3 to 1.8
_ENDS_PARAGRAPH = re.compile(r"[。；：:;！？]$")
_STARTS_ITEM = re.compile(r"(?:[a-zA-Z][)）]|[（(][a-zA-Z\d]{1,2}[)）]|——|[①-⑳]|注\s*\d?\s*[：:]|\d{1,2}[)）])")
_STARTS_CLAUSE = re.compile(r"(?:[A-H]\.)?\d{1,2}(?:\.\d{1,2}){1,5}(?:\s|[\u4e00-\u9fff])|附\s*录\s*[A-H]|续?表\s*[A-H\d]|图\s*[A-H\d]")


@dataclass(frozen=True, slots=True)
class FigureText:
    """Words inside a drawing."""

    words: tuple[str, ...]
    top: float


@dataclass(slots=True)
class Column:
    """The lines of a column of a page and the tables and drawings between them."""

    page: int
    lines: list[TextLine]
    tables: Sequence[PdfTable] = ()
    figures: Sequence[FigureText] = ()

    def items(self) -> list[TextLine | PdfTable | FigureText]:
        """All of it, from the top."""
        found: list[tuple[float, TextLine | PdfTable | FigureText]] = [(line.top, line) for line in self.lines]
        found += [(table.box.top, table) for table in self.tables]
        found += [(figure.top, figure) for figure in self.figures]
        return [item for _, item in sorted(found, key=lambda pair: -pair[0])]

    def margins(self) -> tuple[float, float]:
        """Left and right edge of the text: where long lines start and end."""
        longest = max((line.right - line.left for line in self.lines), default=0.0)
        long = [line for line in self.lines if line.right - line.left > 0.7 * longest]
        lefts, rights = sorted(line.left for line in long), sorted(line.right for line in long)
        return (lefts[0], rights[-1]) if long else (0.0, 0.0)


@dataclass(slots=True)
class _Flow:
    blocks: list[Block] = field(default_factory=list)
    open_line: TextLine | None = None
    """The last line, when the paragraph it ends may go on."""
    is_full: bool = False
    header: tuple[str, ...] = ()
    """Header of the last table: a continued table repeats it, or has none."""
    is_continued: bool = False

    def text_line(self, line: TextLine, page: int, margins: tuple[float, float]) -> None:
        if self._goes_on(line, margins[0]):
            last = self.blocks[-1]
            self.blocks[-1] = Block(joined(last.text, line.text), last.page, kind=last.kind)
        else:
            self.blocks.append(Block(line.text, page, kind=_kind(line.text)))
        self.open_line, self.is_full = line, _is_full(line, margins)
        self.is_continued = line.squeezed.startswith(("续表", "表")) and "续" in line.squeezed

    def _goes_on(self, line: TextLine, left: float) -> bool:
        before = self.open_line
        if before is None or not self.blocks or not self.is_full or self.blocks[-1].kind not in ("paragraph", "caption"):
            return False
        if abs(line.size - before.size) > _OTHER_SIZE * before.size:
            return False
        if before.base - line.base > _PARAGRAPH_GAP * line.size:
            return False
        if _STARTS_ITEM.match(line.text):
            return False
        ended = bool(_ENDS_PARAGRAPH.search(before.text))
        if _STARTS_CLAUSE.match(line.text) and (ended or line.left <= left + 2 and marks.caption(line.text)):
            return False
        return not (line.left > left + _INDENT * line.size)

    def table(self, table: PdfTable, page: int) -> None:
        head = table.rows[: table.header_rows]
        shown = tuple("｜".join(row) for row in head)
        repeats = self.is_continued or not self._has_caption()
        is_header = not repeats or not self.header or shown == self.header
        for at, row in enumerate(table.rows):
            kind = "header" if at < table.header_rows and is_header else "row"
            self.blocks.append(Block("｜".join(row).rstrip("｜"), page, kind=kind))
        self.header = shown if is_header else self.header
        self.open_line, self.is_continued = None, False

    def _has_caption(self) -> bool:
        return any(block.kind == "caption" for block in self.blocks[-2:])

    def figure(self, figure: FigureText, page: int) -> None:
        self.blocks.append(Block("、".join(figure.words), page, kind="figure"))
        self.open_line = None


def _is_full(line: TextLine, margins: tuple[float, float]) -> bool:
    reached = (line.right - margins[0]) / max(margins[1] - margins[0], 1.0)
    return reached >= _FULL or (reached >= _NEARLY_FULL and not _ENDS_PARAGRAPH.search(line.text))


def _kind(text: str) -> str:
    return "caption" if marks.caption(text) or "".join(text.split()) in ("续表", "(续)", "（续）") else "paragraph"


def blocks_of(columns: Sequence[Column]) -> Iterator[Block]:
    """The blocks of a document from its columns in reading order."""
    flow = _Flow()
    for column in columns:
        margins = column.margins()
        for item in column.items():
            if isinstance(item, TextLine):
                flow.text_line(item, column.page, margins)
            elif isinstance(item, PdfTable):
                flow.table(item, column.page)
            else:
                flow.figure(item, column.page)
        if flow.open_line:  # the next page starts at its top
            flow.open_line.base = float("inf")
    return iter(flow.blocks)
