"""One PDF page as glyphs and ruling lines, in points with y upwards: all that is asked of pypdfium2."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2.raw as raw
from pypdfium2 import PdfPage, PdfTextPage

_THIN = 2.5  # points: a filled path thinner than this is drawn as a line
_SHORTEST = 2.5  # points: Word draws the borders of a cell in pieces, corners are squares of half a point
_SEGMENT_LIMIT = 64  # segments of a path looked at: a frame has five, curves and letters drawn as paths have many
GLYPH_LIMIT = 20_000  # glyphs of a page: a full page of 7-point type has 9,000
OBJECT_LIMIT = 200_000  # objects of a page: the densest drawing in 120 real files has 6,000
FORM_DEPTH = 4  # forms in forms: one, where a page was placed as a whole
_SMALLEST = 1.0  # points: smaller type is not meant to be read
_OVERSIZE = 3.0  # of a glyph's size: its box is wrong, PDFium forgets the scale of type set downwards
_WHITE = 255  # of red, green and blue
_HYPHEN = 2  # PDFium's mark for a hyphen at a line's end


@dataclass(slots=True)
class Glyph:
    """A character, its box, its baseline and whether white space stands before it."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    size: float
    """Size of the type as drawn; the box is 1.0 to 1.4 times as high, by font."""
    spaced: bool = False
    sureness: float = 1.0
    """How sure the recogniser is of its line; 1 for what the file itself says."""

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: ``at`` y (or x when upright), from ``start`` to ``end``."""

    at: float
    start: float
    end: float
    is_upright: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is drawn on a page."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    is_scan: bool = False
    """Whether it was recognised from a picture."""


def read_page(page: PdfPage, number: int) -> Page:
    """Read a page; ``number`` counts from 1."""
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        glyphs = tuple(_glyphs(text))
    finally:
        text.close()
    return Page(number, width, height, glyphs, tuple(_rules(page)))


def _glyphs(text: PdfTextPage) -> Iterator[Glyph]:
    box, x, y, matrix = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    spaced = False
    for index in range(min(text.count_chars(), GLYPH_LIMIT)):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        character = "-" if code == _HYPHEN else chr(code) if 31 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else " "
        if character.isspace() or character in "\u200b\ufeff\ufffe\uffff":
            spaced = True
            continue
        raw.FPDFText_GetLooseCharBox(text.raw, index, box)
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        raw.FPDFText_GetMatrix(text.raw, index, matrix)
        size = raw.FPDFText_GetFontSize(text.raw, index) * math.hypot(matrix.c, matrix.d)
        if size > _SMALLEST:
            if box.right - box.left > _OVERSIZE * size < box.top - box.bottom:
                _tighten(text, index, box)
            yield Glyph(character, box.left, box.right, box.bottom, box.top, y.value, size, spaced)
        spaced = False


def _tighten(text: PdfTextPage, index: int, box: raw.FS_RECTF) -> None:
    """Give the box of what is drawn in place of the box of the type."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if raw.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top):
        box.left, box.right, box.bottom, box.top = left.value, right.value, bottom.value, top.value


Matrix = tuple[float, float, float, float, float, float]
_AS_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _rules(page: PdfPage) -> Iterator[Rule]:
    """The rules that are seen: white ones only on a page with shaded areas, which they may part."""
    white: list[Rule] = []
    is_shaded = False
    for item, matrix in _drawn(page):
        rules, is_area = _rules_of(item, matrix)
        is_white = bool(rules or is_area) and _is_white(item)
        is_shaded = is_shaded or (is_area and not is_white)
        if is_white:
            white += rules
        else:
            yield from rules
    yield from white if is_shaded else ()


def _rules_of(item: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> tuple[list[Rule], bool]:
    """The rules that a path draws, and whether it fills an area."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return [], False
    x0, y0 = _moved(left.value, bottom.value, matrix)
    x1, y1 = _moved(right.value, top.value, matrix)
    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    width, height = x1 - x0, y1 - y0
    if height <= _THIN and width >= _SHORTEST:
        return [Rule((y0 + y1) / 2, x0, x1, is_upright=False)], False
    if width <= _THIN and height >= _SHORTEST:
        return [Rule((x0 + x1) / 2, y0, y1, is_upright=True)], False
    if width > _THIN and height > _THIN:
        return list(_sides(item, matrix)), _modes(item)[0]
    return [], False


def _modes(item: raw.FPDF_PAGEOBJECT) -> tuple[bool, bool]:
    """Whether a path is filled, and whether its outline is drawn."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(fill.value), bool(stroke.value)


def _is_white(item: raw.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, _ = parts = tuple(ctypes.c_uint() for _ in range(4))
    colour = raw.FPDFPageObj_GetStrokeColor if _modes(item)[1] else raw.FPDFPageObj_GetFillColor
    return bool(colour(item, *parts)) and red.value == green.value == blue.value == _WHITE


def _drawn(page: PdfPage) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Matrix]]:
    """The paths of a page and of the forms set into it, and how each is moved; whole pages come as one form."""
    items = [
        raw.FPDFPage_GetObject(page.raw, at) for at in range(min(raw.FPDFPage_CountObjects(page.raw), OBJECT_LIMIT))
    ]
    level = [(item, _AS_IS) for item in items]
    for _ in range(FORM_DEPTH):
        inner: list[tuple[raw.FPDF_PAGEOBJECT, Matrix]] = []
        for item, matrix in level:
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                yield item, matrix
            elif kind == raw.FPDF_PAGEOBJ_FORM:
                own, count = _within(_matrix(item), matrix), raw.FPDFFormObj_CountObjects(item)
                room = range(min(count, OBJECT_LIMIT - len(inner)))
                inner += [(raw.FPDFFormObj_GetObject(item, at), own) for at in room]
        level = inner


def _matrix(item: raw.FPDF_PAGEOBJECT) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _within(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that moves by ``inner`` and then by ``outer``."""
    a, b, c, d, e, f = inner
    m, n, o, p, q, r = outer
    return a * m + b * o, a * n + b * p, c * m + d * o, c * n + d * p, e * m + f * o + q, e * n + f * p + r


def _sides(item: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[Rule]:
    """The straight sides of a stroked path."""
    count = raw.FPDFPath_CountSegments(item)
    if not _modes(item)[1] or count > _SEGMENT_LIMIT:
        return
    points = _points(item, count, _within(_matrix(item), matrix))
    for (x0, y0, _), (x1, y1, starts) in pairwise(points):
        if starts:
            continue
        if abs(y1 - y0) < 1 <= abs(x1 - x0) - _SHORTEST:
            yield Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1), is_upright=False)
        elif abs(x1 - x0) < 1 <= abs(y1 - y0) - _SHORTEST:
            yield Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1), is_upright=True)


def _points(item: raw.FPDF_PAGEOBJECT, count: int, matrix: Matrix) -> list[tuple[float, float, bool]]:
    """(x, y, whether the pen moved there without drawing) of a path, closed where it says so."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float, bool]] = []
    start = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        at = _moved(x.value, y.value, matrix)
        moves = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO
        start = at if moves else start
        points.append((*at, moves))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append((*start, False))
    return points
