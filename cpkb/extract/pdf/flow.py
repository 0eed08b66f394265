"""Lines to paragraphs: wrapped lines joined, across pages too; captions, tables and figures in their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cpkb.extract import marks
from cpkb.extract.cells import Cell, Row, grid_blocks, row_block
from cpkb.extract.extractor import Block
from cpkb.extract.ocr import DOUBT_MARK, DOUBTFUL
from cpkb.extract.pdf.breaks import OpenTable
from cpkb.extract.pdf.grid import Box
from cpkb.extract.pdf.lines import TextLine, joined
from cpkb.extract.pdf.tables import PdfTable

_FULL = 0.94  # of the width of the text: a line that ends beyond goes on in the next
_NEARLY_FULL = 0.8  # a line that ends beyond, and in no sentence end, does too: 、 and （ are set narrow
_INDENT = 1.0  # of a line's height: the two characters a paragraph is indented by are 1.6
_OTHER_SIZE = 0.18  # a line this much larger or smaller starts a paragraph
_PARAGRAPH_GAP = 2.6  # of a line's height between baselines: usual leading is 1.3 to 1.8
_ENDS_PARAGRAPH = re.compile(r"[。；：:;！？]$|\d{4}\s?-\s?\d\d\s?-\s?\d\d\s?(?:批准|发布|实施)$")
_STARTS_ITEM = re.compile(r"(?:[a-zA-Z][)）]|[（(][a-zA-Z\d]{1,2}[)）]|——|[①-⑳]|注\s*\d?\s*[：:]|\d{1,2}[)）])")
_REFERENCE = re.compile(r"(?:[A-Z]{2,3}\s*(?:/\s*[A-Z])?\s*\d|《)")
_IS_HEADING = re.compile(r"\d{1,2}\s+[\u4e00-\u9fff、（）()]{2,24}")
_CONTINUES_TABLE = re.compile(r"续?表|[（(]?续[)）]?$|单位")
_NOTE = re.compile(r"注\s?\d?\s?[：:]|[GWSN]\d?\s?[—-]{1,2}")
_APPENDIX_HEAD = re.compile(r"[（(](?:规范性|资料性)(?:附录)?[）)]$")
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_SENTENCE = 45  # characters: longer lines are text, shorter ones may be words in a drawing
_STARTS_CLAUSE = re.compile(
    r"(?:[A-H]\.)?\d{1,2}(?:\.\d{1,2}){1,5}(?:\s|[\u4e00-\u9fff]|$)|附\s*录\s*[A-H]|续?表\s*[A-H\d]|图\s*[A-H\d]"
)


@dataclass(slots=True)
class Column:
    """The lines of a column of a page, and the tables between them."""

    page: int
    lines: list[TextLine]
    tables: Sequence[PdfTable] = ()
    others: Sequence[Box] = ()
    """Rules that are no table's: the drawings above the captions of figures."""

    def items(self) -> list[TextLine | PdfTable]:
        """All of it, from the top."""
        found: list[tuple[float, TextLine | PdfTable]] = [(line.top, line) for line in self.lines]
        found += [(table.box.top, table) for table in self.tables]
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
    before: TextLine | None = None
    """The last line, when the paragraph it is in may go on."""
    is_full: bool = False
    open: OpenTable = field(default_factory=OpenTable)
    """The last table: a continued one repeats its header, or has none."""
    is_continued: bool = False
    """Nothing but 续表 and page furniture since the last table."""
    label: str = ""
    """The number of the last caption: 表2."""
    words: str = ""
    """Words of the drawing whose caption was met last: they follow the caption when it is complete."""

    def text_line(self, line: TextLine, page: int, margins: tuple[float, float]) -> None:
        if self._goes_on(line, margins):
            last = self.blocks[-1]
            sureness = min(last.confidence, line.sureness)
            self.blocks[-1] = replace(last, text=joined(last.text, line.text), confidence=sureness)
        else:
            self.end_caption()
            self.blocks.append(Block(line.text, page, kind=_kind(line.text), confidence=line.sureness))
        self.before, self.is_full = line, _is_full(line, margins)
        self.is_continued = self._leaves_table_open(line) and self.is_continued

    def _leaves_table_open(self, line: TextLine) -> bool:
        """Whether what stands below a line may go on with the table above it: 续表, a unit, its caption again."""
        caption = marks.caption(line.text)
        if not caption:
            return _CONTINUES_TABLE.match(line.squeezed) is not None
        before, (self.label, is_rest) = self.label, caption
        return is_rest or self.label == before

    def _goes_on(self, line: TextLine, margins: tuple[float, float]) -> bool:
        before = self.before
        if before is None or not self.is_full or _starts_paragraph(line, before, margins):
            return False
        if before.base - line.base > _PARAGRAPH_GAP * line.size:
            return False
        if line.left <= margins[0] + _INDENT * line.size:
            return True
        text = self.blocks[-1].text
        if self.blocks[-1].kind == "caption" or marks.figure(text):
            return _is_centred(line, margins)
        # Indented: the hanging lines of an item, unless a sentence ended or these are entries of a list.
        is_list = _REFERENCE.match(text) and _REFERENCE.match(line.text)
        return not (_ENDS_PARAGRAPH.search(before.text) or is_list)

    def table(self, table: PdfTable, page: int) -> None:
        self.end_caption()
        form, head, rows = table.parts()
        rest: Row = ()
        if not self.is_continued or form or self.open.is_named_by(head):
            self.open = OpenTable(head, table.columns)
        elif _texts(head) != _texts(self.open.head):
            head, rows = (), self.open.laid(list(table.grid), table.columns)  # what seems its header is none
        if self.open.goes_on_with(rows):
            rest = rows.pop(0)
            self.open.take_rest(rest)
            self._say_last_row_again()
        self.open.carry(rows, rest)
        self.open.add(rows, table.going_on)
        blocks = grid_blocks(_counted([*form, *head, *rows]), len(head), page, len(form))
        self.blocks += [replace(block, text=block.text.rstrip("｜")) for block in blocks]
        self.before, self.is_continued = None, True

    def _say_last_row_again(self) -> None:
        at = next(at for at in range(len(self.blocks) - 1, -1, -1) if self.blocks[at].kind == "row")
        row = self.open.body[-1]
        number = max(cell.row for cell in row)
        block = next(row_block(row, number, is_header=False, page=self.blocks[at].page))
        self.blocks[at] = replace(block, text=block.text.rstrip("｜"))

    def figure(self, words: Sequence[str], caption: TextLine, page: int, margins: tuple[float, float]) -> None:
        self.text_line(caption, page, margins)
        self.words = f"（图中：{'、'.join(words)}）" if words else ""

    def end_caption(self) -> None:
        if self.words:
            last = self.blocks[-1]
            self.blocks[-1] = replace(last, text=last.text + self.words)
            self.words = ""

    def end_page(self) -> None:
        """The next page starts at its top: the distance between its first line and the last one means nothing."""
        if self.before:
            self.before = replace(self.before, base=-float("inf"))


def _texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def _counted(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with their cells counted from the first of them."""
    met: set[Cell] = set()
    for number, row in enumerate(rows):
        for cell in {*row} - met:
            cell.row = number
        met.update(row)
    return rows


def _starts_paragraph(line: TextLine, before: TextLine, margins: tuple[float, float]) -> bool:
    if abs(line.size - before.size) > _OTHER_SIZE * before.size or _STARTS_ITEM.match(line.text):
        return True
    ended = bool(_ENDS_PARAGRAPH.search(before.text))
    if _STARTS_CLAUSE.match(line.text) and ended:
        return True
    is_short = (line.right - margins[0]) < _NEARLY_FULL * (margins[1] - margins[0])
    return is_short and bool(_IS_HEADING.fullmatch(line.text) or marks.caption(line.text) or marks.figure(line.text))


def _is_full(line: TextLine, margins: tuple[float, float]) -> bool:
    reached = (line.right - margins[0]) / max(margins[1] - margins[0], 1.0)
    return reached >= _FULL or (reached >= _NEARLY_FULL and not _ENDS_PARAGRAPH.search(line.text))


def _is_centred(line: TextLine, margins: tuple[float, float]) -> bool:
    return abs((line.left + line.right) - (margins[0] + margins[1])) < 2 * line.size


def _kind(text: str) -> str:
    return "caption" if marks.caption(text) or "".join(text.split()) in ("续表", "(续)", "（续）") else "paragraph"


def blocks_of(columns: Sequence[Column]) -> list[Block]:
    """The blocks of a document from its columns in reading order."""
    flow = _Flow()
    for column in columns:
        margins = column.margins()
        figures = words_in_figures(column)
        inside = {id(line) for found in figures.values() for line in found}
        for item in column.items():
            if isinstance(item, PdfTable):
                flow.table(item, column.page)
            elif id(item) in figures:
                flow.figure(_words(figures[id(item)]), item, column.page, margins)
            elif id(item) not in inside:
                flow.text_line(item, column.page, margins)
        flow.end_page()
    flow.end_caption()
    return [_marked(block) for block in flow.blocks]


def _marked(block: Block) -> Block:
    """A doubtful paragraph says so at its end; in a table each doubtful cell does."""
    is_text = block.kind not in ("header", "row")
    return replace(block, text=block.text + DOUBT_MARK) if is_text and block.confidence < DOUBTFUL else block


def words_in_figures(column: Column) -> dict[int, list[TextLine]]:
    """The lines inside the drawing above each figure's caption, by the caption (its id)."""
    lines = [item for item in column.items() if isinstance(item, TextLine)]
    captions = [at for at, line in enumerate(lines) if marks.figure(line.text)]
    found: dict[int, list[TextLine]] = {}
    start = 0
    for at in captions:
        found[id(lines[at])] = _drawn(lines[start:at], column.others, lines[at])
        start = at + 1
    return found


def _drawn(above: Sequence[TextLine], others: Sequence[Box], caption: TextLine) -> list[TextLine]:
    """Going up from a caption: what is in the drawing, to the line of text before it.

    Drawings pasted as one object show no rules, so the words tell: no sentence ends, no clause or heading starts.
    """
    ceiling = above[0].top if above else 0.0
    top = max((box.top for box in others if caption.top - 5 < box.top < ceiling), default=0.0)
    found: list[TextLine] = []
    for at in range(len(above) - 1, -1, -1):
        line = above[at]
        if line.base > top and _is_text(line, above[at - 1] if at else None):
            break
        if not _NOTE.match(line.text):
            found.insert(0, line)
    return found


def _is_text(line: TextLine, before: TextLine | None) -> bool:
    if _NOTE.match(line.text):
        return False
    if before is not None and _APPENDIX_HEAD.search(before.text):
        return True  # the title under 附录 B （资料性附录）
    numbered = marks.appendix(line.text) or marks.caption(line.text) or marks.clause(line.text)
    is_head = bool(numbered) or bool(_APPENDIX_HEAD.search(line.text))
    is_sentence = len(line.text) > _SENTENCE and "，" in line.text
    return is_head or is_sentence or bool(_ENDS_PARAGRAPH.search(line.text))


def _words(lines: Sequence[TextLine]) -> list[str]:
    """The words of a drawing worth finding: Chinese ones, each once; letters label its streams."""
    words = [word.strip("、，：:；—-") for line in lines for word in line.text.split()]
    return list(dict.fromkeys(word for word in words if _CHINESE_WORD.search(word)))
