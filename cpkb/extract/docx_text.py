"""What the parts of a Word file say as they are read on paper: insertions, fields, controls and text boxes included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from cpkb.extract.raised import raised

_SPACE_OF_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = {
    qn(f"w:{name}")
    for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "bdo", "dir")
}
"""Elements that only wrap what they hold; what was deleted or moved away (del, moveFrom) is not among them."""
_PARAGRAPH, _TABLE, _RUN, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "r", "tr", "tc"))
_BOX = qn("w:txbxContent")
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_DEPTH_LIMIT = 30  # wrappers in wrappers: real files have three


def blocks_in(element: Any, depth: int = 0) -> Iterator[Any]:
    """The paragraphs and tables (w:p, w:tbl) directly in a body, cell or box, in order."""
    yield from _inside(element, (_PARAGRAPH, _TABLE), depth)


def rows_in(table: Any) -> list[Any]:
    """The rows of a table (w:tr) but for those that were deleted."""
    return [row for row in _inside(table, (_ROW,)) if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]


def cells_in(row: Any) -> list[Any]:
    """The cells of a row (w:tc), also of those in a content control."""
    return list(_inside(row, (_CELL,)))


def text_of(paragraph: Any) -> str:
    """The text of a paragraph as it is printed; raised figures (m³) stay raised."""
    return "".join(_run_text(run) for run in _inside(paragraph, (_RUN,)))


def boxes_in(paragraph: Any) -> list[Any]:
    """The text boxes (w:txbxContent) drawn at a paragraph; the copy for old programs is left out."""
    found = paragraph.iter(_BOX)
    return [box for box in found if not _is_fallback(box, paragraph)]


def _inside(element: Any, wanted: tuple[str, ...], depth: int = 0) -> Iterator[Any]:
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _TRANSPARENT and depth < _DEPTH_LIMIT:
            yield from _inside(child, wanted, depth + 1)


def _run_text(run: Any) -> str:
    style = run.find(qn("w:rPr"))
    if style is not None and _is_on(style.find(qn("w:vanish"))):
        return ""
    text = "".join(
        (child.text or "") if child.tag == qn("w:t") else _SIGNS.get(child.tag, "")
        for child in run
        if child.get(qn("w:type")) != "page"
    )
    return raised(text) if style is not None and _is_raised(style) else text


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(qn("w:val"), "true") not in ("0", "false", "off")


def _is_raised(style: Any) -> bool:
    place = style.find(qn("w:vertAlign"))
    return place is not None and place.get(qn("w:val")) == "superscript"


def _is_fallback(box: Any, paragraph: Any) -> bool:
    for above in box.iterancestors():
        if above is paragraph:
            return False
        if above.tag in (f"{_SPACE_OF_MARKUP}Fallback", _BOX):  # a box in a box is read with its own paragraph
            return True
    return False
