"""Pictures of pages → pages of glyphs and rules, so that scans are read like pages with a text layer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from pypdfium2 import PdfDocument, PdfPage

from cpkb.extract.extractor import Block
from cpkb.extract.ocr import DOUBTFUL, LONGEST_SIDE, Picture, Recognised, Stroke, missing, recognise
from cpkb.extract.pdf.page import Glyph, Page, Rule

SECONDS = 480  # for the pages of one file: some 150 of them; reading it as a whole has more
_MOST_SHOWN = 5  # doubtful places told in the report; each is marked in the text
_SHOWN = 24  # characters of each
_NARROW = 0.55  # of the type's size: how wide letters and digits are
_INK = 0.72  # of a line's box: the reader's boxes have a margin
_ABOVE_BASE = 0.88  # of the type's size: from the baseline to the top of the box
_MARGIN = 0.12  # of a line's height: what its box is wider at each end
_SAME_SIZE = 0.35  # of the usual size: what differs less is measured badly, not set in other type
_WIDE_FROM = 0x2E80  # code point: Chinese characters and their punctuation
_CENTRED = 0.16  # of the page's width: captions stand in its middle
_CAPTION = re.compile(r"^(续?\s?表\s?[A-Z]?\d{1,2}(?:\.\d)?)(?=[\u4e00-\u9fff])")
_EXPONENT = re.compile(r"(?<![\d.])10[−-](\d{1,2})(?=\s?[a-zA-Z])")
_NO_DASH = re.compile(r"(?<![A-Za-z])((?:GB|HJ)(?:/T)?\s?\d{3,5})((?:19|20)\d\d)$")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONG_SIDE_POINTS = 842.0  # a picture is taken as a page of A4


def scanned_page(page: PdfPage, number: int) -> Page:
    """Recognise a page of a PDF."""
    width, height = page.get_size()
    scale = LONGEST_SIDE / max(width, height, 1.0)
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False)
    try:
        picture: Picture = bitmap.to_numpy()[:, :, :3].copy()
    finally:
        bitmap.close()
    return picture_page(picture, number, scale)


def picture_page(picture: Picture, number: int, scale: float = 0.0) -> Page:
    """Recognise a picture; ``scale`` is its pixels a point."""
    height, width = picture.shape[:2]
    scale = scale or max(height, width) / _LONG_SIDE_POINTS
    found, strokes = recognise(picture)
    lines = [replace(line, text=_mended(line, width)) for line in found]
    sizes = [_size(line) for line in lines]
    usual = median(sizes) if sizes else 0.0
    sized = zip(lines, sizes, strict=True)
    glyphs = tuple(
        glyph
        for line, size in sized
        for glyph in _glyphs(line, usual if abs(size - usual) < _SAME_SIZE * usual else size, height, scale)
    )
    rules = tuple(_rule(stroke, height, scale) for stroke in strokes)
    return Page(number, width / scale, height / scale, glyphs, rules, is_scan=True)


def _mended(line: Recognised, width: int) -> str:
    """What recognition is known to lose: the space of a caption, exponents, the dash of a standard's number."""
    text = _EXPONENT.sub(lambda match: "10⁻" + match[1].translate(_RAISED), line.text)
    text = _NO_DASH.sub(r"\1—\2", text)
    is_centred = abs(line.left + line.right - width) < _CENTRED * width
    return _CAPTION.sub(r"\1 ", text) if is_centred else text


def _widths(text: str) -> list[float]:
    return [_NARROW if ord(character) < _WIDE_FROM else 1.0 for character in text]


def _size(line: Recognised) -> float:
    """The size of a line's type in pixels, by its height and by the width of its characters."""
    return min((line.bottom - line.top) * _INK, 1.2 * (line.right - line.left) / max(sum(_widths(line.text)), 1.0))


def _glyphs(line: Recognised, pixels: float, height: int, scale: float) -> Iterator[Glyph]:
    """The characters of a line, spread over its box: how wide each is is not known, only what kind it is."""
    widths = _widths(line.text)
    margin = _MARGIN * (line.bottom - line.top)
    unit, size = max(line.right - line.left - 2 * margin, 1.0) / max(sum(widths), 1.0) / scale, pixels / scale
    middle = (height - (line.top + line.bottom) / 2) / scale
    x, spaced = (line.left + margin) / scale, True  # lines that are read apart are set apart
    for character, width in zip(line.text, widths, strict=True):
        if not character.isspace():
            bottom, top = middle - size / 2, middle + size / 2
            base = top - _ABOVE_BASE * size
            yield Glyph(character, x, x + unit * width, bottom, top, base, size, spaced, line.sureness)
        spaced = character.isspace()
        x += unit * width


def _rule(stroke: Stroke, height: int, scale: float) -> Rule:
    if stroke.is_upright:
        return Rule(stroke.at / scale, (height - stroke.end) / scale, (height - stroke.start) / scale, is_upright=True)
    return Rule((height - stroke.at) / scale, stroke.start / scale, stroke.end / scale, is_upright=False)


def with_scans(pages: Sequence[Page], document: PdfDocument, name: str) -> tuple[list[Page], list[str]]:
    """The pages with those that have no text layer recognised, and what could not be read."""
    bare = [page for page in pages if not page.glyphs and has_picture(document[page.number - 1])]
    if not bare:
        return list(pages), []
    if told := missing():
        return list(pages), [f"{name}：第 {_numbers(bare)} 页没有文字层，是扫描件；{told}"]
    begun, read, left = time.monotonic(), {}, []
    for page in bare:
        if time.monotonic() - begun > SECONDS:
            left.append(page)
        else:
            read[page.number] = scanned_page(document[page.number - 1], page.number)
    told = f"{name}：第 {_numbers(left)} 页没有识别，识别前面的页用完了 {SECONDS} 秒；请拆成小文件"
    return [read.get(page.number, page) for page in pages], [told] if left else []


def has_picture(page: PdfPage) -> bool:
    """Whether anything is drawn on a page: a blank back needs no reading."""
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def doubts(blocks: Sequence[Block], scans: Sequence[int], name: str) -> list[str]:
    """What the report says of recognised pages: which they are, and the places to be checked."""
    if not scans:
        return []
    doubtful = [block for block in blocks if block.confidence < DOUBTFUL]
    shown = "；".join(f"第{block.page}页“{block.text[:_SHOWN]}”" for block in doubtful[:_MOST_SHOWN])
    told = f"{name}：第 {_spans(scans)} 页由图像识别（OCR），用前请核对原件"
    return [f"{told}；{len(doubtful)} 处存疑：{shown}{'……' * (len(doubtful) > _MOST_SHOWN)}" if doubtful else told]


def _numbers(pages: Sequence[Page]) -> str:
    return _spans([page.number for page in pages])


def _spans(numbers: Sequence[int]) -> str:
    """1、3—5."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return "、".join("—".join(map(str, span)) for span in spans)
