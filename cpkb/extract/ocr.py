"""Text recognition (文字识别, OCR): a picture of a page → the lines of text in it, each with how sure it is.

The only module that imports rapidocr and OpenCV, which come with the extra ``[ocr]``; the models (PP-OCRv6) are inside
the package, nothing is fetched. Without the extra, a scan is refused with what to install.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height × width × 3, blue first as OpenCV has it."""
LONGEST_SIDE = 2000
"""Pixels that a page is rendered to: the reader makes larger ones smaller; 10-point type is then 24 high."""
DOUBTFUL = 0.85
"""Lines less sure than this are marked: of 315 lines of six scanned pages 7 are, and 5 of those are wrong."""
DOUBT_MARK = "〔识别存疑〕"
_SKEWED = 0.4  # degrees: from here on lines of a page run into one another
_MOST_SKEWED = 15.0  # degrees: beyond, the lines seen are no lines of text
_DARK = 140  # of 255: ink and ruling lines are darker, shadows of the paper are not
_RULE_LENGTH = 36  # pixels: a shorter run is no side of a cell
_PIECE = 14  # pixels: what is left of a worn rule between two gaps
_RULE_GAP = 9  # pixels: ruling lines of old prints are broken
_BRIDGE = 28  # pixels: less than a line of text is high
_OF_TYPE = 1.3  # of a line's height: no stroke of a character is longer
_RULE_THICK = 12  # pixels: what is thicker is a bar or a picture


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line of text, its box in pixels from the top left, and how sure the reader is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sureness: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling line in pixels: at ``at`` from the top (or from the left when upright), from ``start`` to ``end``."""

    at: float
    start: float
    end: float
    is_upright: bool


def missing() -> str:
    """Why scans cannot be recognised here, as a person is told; '' when they can."""
    lacking = [name for name in ("rapidocr", "onnxruntime") if importlib.util.find_spec(name) is None]
    return "没有装文字识别；请装上再导入：pip install 'cpkb[ocr]'" if lacking else ""


def recognise(picture: Picture) -> tuple[list[Recognised], list[Stroke]]:
    """The lines of text and the ruling lines of a page; a page that lies crooked is turned first."""
    found = _lines(picture)
    angle = _angle(found)
    if abs(angle) >= _SKEWED:
        picture = _turned(picture, angle)
        found = _lines(picture)
    lines = [_recognised(*line) for line in found]
    rules = [_bridged(_rules(picture, lines, is_upright=is_upright), lines) for is_upright in (False, True)]
    return lines, [*rules[0], *rules[1]]


_Line = tuple[str, float, NDArray[np.float32]]


def _lines(picture: Picture) -> list[_Line]:
    result = _engine()(picture, use_cls=False)
    if result.txts is None or result.boxes is None:
        return []
    lines = zip(result.txts, result.scores, result.boxes, strict=True)
    return [(text, float(score), box) for text, score, box in lines if text.strip()]


@cache
def _engine() -> Any:
    """The reader with one thread: two processes read two files on two cores."""
    _cv2().setNumThreads(1)
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return importlib.import_module("rapidocr").RapidOCR(params={"Global.log_level": "critical", **threads})


@cache
def _cv2() -> Any:
    return importlib.import_module("cv2")


def _angle(lines: Sequence[_Line]) -> float:
    """How far the lines of a page lean, in degrees: the middle one of the long ones."""
    angles = []
    for text, _, box in lines:
        (x0, y0), (x1, y1) = box[0], box[1]
        if len(text) > 8 and x1 - x0 > 1:
            angles.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    angle = median(angles) if len(angles) > 2 else 0.0
    return angle if abs(angle) <= _MOST_SKEWED else 0.0


def _turned(picture: Picture, angle: float) -> Picture:
    height, width = picture.shape[:2]
    matrix = _cv2().getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned: Picture = _cv2().warpAffine(picture, matrix, (width, height), borderValue=(255, 255, 255))
    return turned


def _recognised(text: str, score: float, box: NDArray[np.float32]) -> Recognised:
    left, top = (float(value) for value in box.min(axis=0))
    right, bottom = (float(value) for value in box.max(axis=0))
    return Recognised(text, left, top, right, bottom, score)


def _rules(picture: Picture, lines: Sequence[Recognised], *, is_upright: bool) -> list[Stroke]:
    """Dark runs longer than strokes of characters, gaps of bad print closed."""
    cv2 = _cv2()
    ink = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) < _DARK).astype(np.uint8)
    ink = ink.T.copy() if is_upright else ink
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _RULE_GAP), np.uint8))
    long = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, _PIECE), np.uint8))
    merged = cv2.dilate(long, np.ones((3, 3), np.uint8))  # a line that leans is a stair of runs
    _, _, boxes, _ = cv2.connectedComponentsWithStats(merged, connectivity=8)
    strokes = []
    for x, y, width, height, _ in boxes[1:]:
        if height <= _RULE_THICK and width >= _PIECE:
            strokes.append(Stroke(float(y + height / 2), float(x + 1), float(x + width - 1), is_upright))
    return [stroke for stroke in strokes if not any(_is_of_a_character(stroke, line) for line in lines)]


def _is_of_a_character(stroke: Stroke, line: Recognised) -> bool:
    """Whether a dark run is a stroke of large type: inside a line of text and no longer than the type is high."""
    middle = (stroke.start + stroke.end) / 2
    x, y = (stroke.at, middle) if stroke.is_upright else (middle, stroke.at)
    is_inside = line.left <= x <= line.right and line.top <= y <= line.bottom
    return is_inside and stroke.end - stroke.start <= _OF_TYPE * (line.bottom - line.top)


def _bridged(strokes: Sequence[Stroke], lines: Sequence[Recognised]) -> list[Stroke]:
    """Broken rules whole: pieces in one line are joined where no text stands between them."""
    joined: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: s.start):
        near = [s for s in joined if abs(s.at - stroke.at) <= _RULE_THICK / 2 and stroke.start - s.end <= _BRIDGE]
        before = max(near, key=lambda s: s.end, default=None)
        if before and not _is_written(before.end, stroke.start, stroke, lines):
            joined.remove(before)
            joined.append(Stroke(before.at, before.start, max(before.end, stroke.end), stroke.is_upright))
        else:
            joined.append(stroke)
    return [stroke for stroke in joined if stroke.end - stroke.start >= _RULE_LENGTH]


def _is_written(start: float, end: float, rule: Stroke, lines: Sequence[Recognised]) -> bool:
    """Whether a line of text stands in the gap of a rule."""
    inset = _RULE_THICK / 2  # the boxes of lines have a margin
    for line in lines:
        along, across = (line.top, line.bottom), (line.left, line.right)
        if not rule.is_upright:
            along, across = across, along
        if across[0] + inset < rule.at < across[1] - inset and along[0] < end and start < along[1]:
            return True
    return False
