"""PDF: a paper on A4 with embedded Chinese fonts, text that can be copied, bookmarks, links and page numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, LongTable, PageTemplate, Spacer

from cpkb.writers.blocks import Block, Paper, Paragraph, Run, Table
from cpkb.writers.pdf_text import REGULAR, RULE, SOFT, Look, Text, registered, spelled

LOOKS = {
    "title": Look(18, after=10, level=0),
    "section": Look(13.5, before=12, after=5, level=0),
    "item": Look(11, before=7, after=3, level=1),
    "text": Look(10, after=4),
    "quote": Look(10, after=4, indent=12),
    "place": Look(8.5, after=3, color=SOFT),
    "note": Look(9, before=4, after=4),
}
CELL = Look(8.5)
_SIDE, _TOP, _FOOT = 2.25 * cm, 2.2 * cm, 2.0 * cm
_PADDING = 4  # points beside and below the text of a cell
_ROOM = 3 * cm  # below the place of a heading: itself and the first lines of what it is about
_MOST_ROOM = 14 * cm  # more is not kept together
_TOTAL = "total"
_TOTAL_WIDTH = 20  # points: up to two digits and 页 in the size of the foot
_MISSING = "〔U+…〕是本文件的字体里没有的字，写的是它的统一码；DOCX 版里是原字。"


def as_pdf(paper: Paper, fonts: Path) -> bytes:
    """The bytes of a PDF; the same paper gives the same bytes. ``fonts`` is the folder of the two font files."""
    covered = registered(fonts)
    file = io.BytesIO()
    document = _Document(file, paper)
    document.build(list(_story(paper.blocks, covered, document.width)), canvasmaker=_canvas(paper))
    return file.getvalue()


def _story(blocks: Sequence[Block], covered: frozenset[int], width: float) -> Iterator[Flowable]:
    """The blocks one below the other; no heading stands alone at the foot of a page."""
    if any(ord(c) not in covered and c != "\n" for run in _runs(blocks) for c in run.text):
        blocks = (*blocks, Paragraph("note", (Run(_MISSING),)))
    made = [_grid(b, covered, width) if isinstance(b, Table) else _text(b, covered) for b in blocks]
    for one, after in zip(made, [*made[1:], None], strict=True):
        if isinstance(one, _Grid):
            yield one.table
            yield Spacer(1, 6)
            continue
        if one.look.level is not None:
            yield CondPageBreak(min(_ROOM + (after.least if isinstance(after, _Grid) else 0), _MOST_ROOM))
        yield one


def _runs(blocks: Sequence[Block]) -> Iterator[Run]:
    for block in blocks:
        for runs in [block.runs] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]:
            yield from runs


def _text(block: Paragraph, covered: frozenset[int]) -> Text:
    """A paragraph; all of a heading is bold."""
    look = LOOKS[block.style]
    return Text(spelled([replace(r, is_bold=r.is_bold or look.level is not None) for r in block.runs], covered), look)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table with thin lines; its head is repeated on every page, a row breaks only where it is longer than a page."""

    table: LongTable
    least: float
    """Points that the head and the first row take."""


def _grid(block: Table, covered: frozenset[int], width: float) -> _Grid:
    widths = [width * share / 100 for share in block.shares]
    head = [tuple((Run(name, is_bold=True),) for name in block.head)] if block.head else []
    rows = [[Text(spelled(runs, covered), CELL) for runs in row] for row in (*head, *block.rows)]
    first = [[c.wrap(w - 2 * _PADDING, 0)[1] for c, w in zip(r, widths, strict=True)] for r in rows[: len(head) + 1]]
    table = LongTable(rows, widths, repeatRows=len(head), splitInRow=1, style=_grid_style(has_head=bool(head)))
    return _Grid(table, sum(map(max, first)) + 2 * _PADDING * len(first))


def _grid_style(*, has_head: bool) -> list[tuple[Any, ...]]:
    """Cells draw themselves; their font is named all the same, else the file names one that is not inside."""
    everywhere = ((0, 0), (-1, -1))
    return [
        ("FONTNAME", *everywhere, REGULAR),
        ("GRID", *everywhere, 0.5, RULE),
        ("VALIGN", *everywhere, "TOP"),
        ("TOPPADDING", *everywhere, _PADDING / 2),
        ("BOTTOMPADDING", *everywhere, _PADDING),
        ("LEFTPADDING", *everywhere, _PADDING),
        ("RIGHTPADDING", *everywhere, _PADDING),
        *([("BACKGROUND", (0, 0), (-1, 0), HexColor("#eeeeee"))] if has_head else []),
    ]


class _Document(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A4 with its margins, and what stands above and below every page."""

    def __init__(self, file: io.BytesIO, paper: Paper) -> None:
        super().__init__(
            file, pagesize=A4, leftMargin=_SIDE, rightMargin=_SIDE, topMargin=_TOP, bottomMargin=_FOOT, invariant=1,
            title=f"{paper.title}：{paper.subject}", author=paper.product, subject=paper.reminder, lang="zh-CN",
            creator=paper.product, displayDocTitle=1,
        )  # fmt: skip
        self._paper = paper
        frame = Frame(_SIDE, _FOOT, self.width, self.height, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furnish))

    def _furnish(self, canvas: Any, _document: Any) -> None:
        """The product and the day above, the reminder and the number of the page below."""
        paper, right, top, foot = self._paper, A4[0] - _SIDE, A4[1] - 1.4 * cm, 1.1 * cm
        canvas.setFillColor(SOFT)
        canvas.setStrokeColor(RULE)
        canvas.setFont(REGULAR, 8)
        canvas.drawString(_SIDE, top, f"{paper.product}　{paper.title}")
        canvas.drawRightString(right, top, f"效力按 {paper.dated.isoformat()}")
        canvas.setLineWidth(0.5)
        canvas.line(_SIDE, top - 6, right, top - 6)
        canvas.drawString(_SIDE, foot, paper.reminder)
        canvas.drawRightString(right - _TOTAL_WIDTH, foot, f"第 {canvas.getPageNumber()} 页，共")
        canvas.saveState()
        canvas.translate(right - _TOTAL_WIDTH, foot)
        canvas.doForm(_TOTAL)
        canvas.restoreState()


def _canvas(paper: Paper) -> type[Canvas]:
    """A canvas whose pages tell how many they are, which is known when the last one is drawn."""

    class Counted(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"initialFontName": REGULAR})  # else one that is not inside the file
            self.setDateFormatter(lambda *_now: f"D:{paper.dated:%Y%m%d}000000Z")

        def save(self) -> None:
            total = self.getPageNumber() - 1
            self.beginForm(_TOTAL)
            self.setFillColor(SOFT)
            self.setFont(REGULAR, 8)
            self.drawRightString(_TOTAL_WIDTH, 0, f"{total} 页")
            self.endForm()
            super().save()

    return Counted
