"""DOCX: a paper as a Word document with real headings, tables and page numbers, on A4, with Chinese fonts set."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from cpkb.writers.blocks import Paper, Paragraph, Run, Table

SONG, HEI, TIMES, ARIAL = "宋体", "黑体", "Times New Roman", "Arial"
"""Fonts that every Chinese Windows, macOS and WPS has or knows a stand-in for; none is put into the file."""
_BUILT_IN = {"title": "Title", "section": "Heading 1", "item": "Heading 2", "text": "Normal", "quote": "Quote"}
_LOOKS: dict[str, tuple[str, float, float, float]] = {
    "Title": (HEI, 18, 0, 10),
    "Heading 1": (HEI, 14, 14, 6),
    "Heading 2": (HEI, 11.5, 10, 3),
    "Normal": (SONG, 10.5, 0, 4),
    "Quote": (SONG, 10.5, 0, 3),
    "出处": (SONG, 9, 0, 3),
    "说明": (SONG, 9, 4, 6),
    "Header": (SONG, 9, 0, 0),
    "Footer": (SONG, 9, 0, 0),
}
"""Style → font of Chinese characters, points, points before and after."""
_TEXT_WIDTH = 16.5  # centimetres: A4 less margins of 2.25 cm
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can tell; the paper's own date stands in its properties


def as_docx(paper: Paper) -> bytes:
    """The bytes of a Word document; the same paper gives the same bytes."""
    document = Document()
    _style(document)
    _set_page(document.sections[0], paper)
    _describe(document.core_properties, paper)
    for block in paper.blocks:
        _table(document, block) if isinstance(block, Table) else _paragraph(document, block)
    file = io.BytesIO()
    document.save(file)
    return _repacked(file.getvalue())


def _style(document: Any) -> None:
    """The looks of all styles, and the language that breaks lines as Chinese does."""
    for name in ("出处", "说明"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    for name, (font, size, before, after) in _LOOKS.items():
        style = document.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), True if font == HEI else None, None
        style.font.color.rgb = RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.3
        _set_fonts(style.element.get_or_add_rPr(), font)
        _drop(style.element.rPr, "w:spacing")  # Chinese is never letter-spaced
        _drop(style.element, "w:link")  # some programs take looks from the character style linked to
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _set_fonts(defaults, SONG)
    defaults.find(qn("w:lang")).set(qn("w:val"), "zh-CN")
    defaults.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    document.styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    _rule(document.styles["Quote"].element.get_or_add_pPr(), "left")
    _drop(document.styles["Title"].element.get_or_add_pPr(), "w:pBdr")
    for side in document.styles["Table Grid"].element.xpath(".//w:tblCellMar/*[self::w:top or self::w:bottom]"):
        side.set(qn("w:w"), "40")  # twentieths of a point


def _set_fonts(properties: Any, chinese: str) -> None:
    """Both fonts by name: where a theme decides, Chinese falls back to what the theme says."""
    _drop(properties, "w:rFonts")
    fonts = OxmlElement("w:rFonts")
    latin = ARIAL if chinese == HEI else TIMES
    for name, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", chinese), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), value)
    properties.insert(0, fonts)


def _drop(parent: Any, name: str) -> None:
    for child in parent.findall(qn(name)):
        parent.remove(child)


def _rule(properties: Any, side: str) -> None:
    """A thin grey line at one side of a paragraph."""
    border, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", "999999")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _set_page(section: Any, paper: Paper) -> None:
    """A4; above the product and the day, below the reminder and the number of the page."""
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.2)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    _run(head, Run(f"{paper.product}　{paper.title}　效力按 {paper.dated.isoformat()}"))
    _run(foot, Run(f"{paper.reminder}　第 "))
    _field(foot, "PAGE")
    _run(foot, Run(" 页，共 "))
    _field(foot, "NUMPAGES")
    _run(foot, Run(" 页"))
    head.alignment = foot.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _field(paragraph: Any, name: str) -> None:
    """A number that the reader's program counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)  # noqa: SLF001 — python-docx has no fields
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)


def _describe(properties: Any, paper: Paper) -> None:
    day = dt.datetime.combine(paper.dated, dt.time(), dt.UTC).replace(tzinfo=None)  # python-docx writes no zones
    properties.title, properties.subject = f"{paper.title}：{paper.subject}"[:255], paper.product
    properties.author = properties.last_modified_by = paper.product
    properties.created = properties.modified = day
    properties.language, properties.comments, properties.keywords = "zh-CN", paper.reminder, ""
    properties.revision = 1


def _paragraph(document: Any, block: Paragraph) -> None:
    style = _BUILT_IN.get(block.style) or {"place": "出处", "note": "说明"}[block.style]
    paragraph = document.add_paragraph(style=style)
    for run in block.runs:
        _run(paragraph, run)


def _run(paragraph: Any, run: Run) -> None:
    """Text, never markup; the hint has quotation marks and dashes set in the Chinese font."""
    made = paragraph.add_run(run.text)
    made.bold = True if run.is_bold else None
    fonts = made._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 — python-docx has no hint
    fonts.set(qn("w:hint"), "eastAsia")
    if run.link:
        _link(paragraph, made, run.link)


def _link(paragraph: Any, made: Any, address: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    made._r.addprevious(link)  # noqa: SLF001 — python-docx has no links to write
    link.append(made._r)  # noqa: SLF001


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.shares), style="Table Grid")
    table.autofit = False
    for column, share in zip(table.columns, block.shares, strict=True):
        column.width = Cm(_TEXT_WIDTH * share / 100)
    if block.head:
        _row(table, block, tuple((Run(name, is_bold=True),) for name in block.head))
        _mark(table.rows[0], "w:tblHeader")
    for cells in block.rows:
        _row(table, block, cells)
    document.add_paragraph(style="说明")  # two tables in a row would become one


def _row(table: Any, block: Table, cells: tuple[tuple[Run, ...], ...]) -> None:
    row = table.add_row()
    _mark(row, "w:cantSplit")
    for cell, share, runs in zip(row.cells, block.shares, cells, strict=True):
        cell.width = Cm(_TEXT_WIDTH * share / 100)
        paragraph = cell.paragraphs[0]
        paragraph.style = "出处"
        for run in runs:
            _run(paragraph, run)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 — python-docx has neither of the marks


def _repacked(document: bytes) -> bytes:
    """The same parts in the same order, without the time of packing."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, _ZIP_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()
