"""Glyphs to lines of text, as read: raised and lowered characters in their place, columns one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from cpkb.extract.pdf.page import Glyph

_SMALL = 0.78  # of the usual size: exponents and indices are set at 0.5 to 0.7, notes at 0.85
_FEW = 12  # glyphs: of 10⁽¹⁾ most are small, and still they are the mark of a note
_SAME_LINE = 0.35  # of a glyph's height: baselines of one line differ less, of two lines more
_SPACE_GAP = 0.28  # of a glyph's height: a gap wider than this is a space even when none was typed
_WIDE_GAP = 0.7  # of a glyph's height: between Chinese characters only a gap this wide is meant (表 1　标题)
_RAISED = 0.14  # of the line's height above its baseline: an exponent
_CLEARLY_RAISED = 0.22  # the same, for marks set little smaller than the text
_SUPERSCRIPTS = str.maketrans("0123456789+-－−—abcdefn", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻ᵃᵇᶜᵈᵉᶠⁿ")
_COLUMN_LINES = 12  # lines on both sides before a page counts as set in two columns
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—～·]")
_CLOSING = "，。；：、？！）》」”"
_OPENING = "（《「“"
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9]")


@dataclass(slots=True)
class TextLine:
    """A line of text and where it stands."""

    text: str
    left: float
    right: float
    base: float
    top: float
    size: float
    sureness: float = 1.0

    @property
    def squeezed(self) -> str:
        """The text without white space."""
        return "".join(self.text.split())


def lines_of(glyphs: Sequence[Glyph]) -> list[TextLine]:
    """The lines of a page or of a cell, from the top."""
    return [_line(group) for group in _grouped(glyphs)]


def columns_of(glyphs: Sequence[Glyph], width: float) -> list[list[TextLine]]:
    """The lines of a page by column: one list, or two when the page is clearly set in two columns."""
    groups = _grouped(glyphs)
    middle = _gutter(groups, width)
    if middle is None:
        return [[_line(group) for group in groups]]
    sides = ([glyph for glyph in glyphs if (glyph.left < middle) == is_left] for is_left in (True, False))
    return [lines_of(side) for side in sides]


def _grouped(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by line, from the top; small ones go to the line they stand at."""
    if not glyphs:
        return []
    usual = _usual(glyphs)
    groups: list[list[Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.size >= _SMALL * usual), key=lambda g: -g.base):
        if groups and groups[-1][0].base - glyph.base <= _SAME_LINE * min(glyph.size, groups[-1][0].size):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    _attach([glyph for glyph in glyphs if glyph.size < _SMALL * usual], groups)
    return sorted((sorted(group, key=lambda g: g.left) for group in groups), key=lambda group: -_base(group))


def _usual(glyphs: Sequence[Glyph]) -> float:
    """The size of the text: that of most glyphs, or of the largest where the few others are all raised or lowered."""
    largest = max(glyph.size for glyph in glyphs)
    if len(glyphs) <= _FEW:
        base = _base(glyphs)
        small = [glyph for glyph in glyphs if glyph.size < _SMALL * largest]
        if all(abs(glyph.base - base) > _RAISED * largest for glyph in small):
            return largest
    return median(glyph.size for glyph in glyphs)


def _attach(small: Sequence[Glyph], groups: list[list[Glyph]]) -> None:
    lines = [(_base(group), max(g.size for g in group), group) for group in groups]
    alone: list[list[Glyph]] = []
    for glyph in small:
        y = glyph.middle[1]
        near = [
            (abs(y - base - 0.3 * size), group)
            for base, size, group in lines
            if base - 0.4 * size <= y <= base + 1.0 * size and _is_beside(glyph, group, size)
        ]
        if near:
            min(near, key=lambda pair: pair[0])[1].append(glyph)
        elif alone and abs(alone[-1][0].base - glyph.base) <= _SAME_LINE * glyph.size:
            alone[-1].append(glyph)
        else:
            alone.append([glyph])
    groups += alone


def _is_beside(glyph: Glyph, group: Sequence[Glyph], size: float) -> bool:
    return any(abs(glyph.left - other.right) < size or abs(other.left - glyph.right) < size for other in group)


def _base(group: Sequence[Glyph]) -> float:
    """The baseline most of the line stands on."""
    largest = max(glyph.size for glyph in group)
    return median(glyph.base for glyph in group if glyph.size >= _SMALL * largest)


def _line(group: list[Glyph]) -> TextLine:
    base, size = _base(group), median(sorted((g.size for g in group), reverse=True)[: len(group) // 2 + 1])
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in group:
        if before and glyph.text == before.text and abs(glyph.left - before.left) < 0.1 * size:
            continue  # bold made by printing twice
        if before:
            parts.append(_between(before, glyph, size))
        parts.append(_written(glyph, before, base, size))
        before = glyph
    text = "".join(parts).strip()
    sureness = min(g.sureness for g in group)
    return TextLine(text, group[0].left, max(g.right for g in group), base, max(g.top for g in group), size, sureness)


def _written(glyph: Glyph, before: Glyph | None, base: float, size: float) -> str:
    """The character, as an exponent or the mark of a note where it is raised: m³, CN⁻, ＜180ᵃ."""
    raised = (glyph.base - base) / size
    is_small = glyph.size < _SMALL * size and raised > _RAISED
    if before is None or not (is_small or (glyph.size < 0.95 * size and raised > _CLEARLY_RAISED)):
        return glyph.text
    return glyph.text.translate(_SUPERSCRIPTS)


def _between(before: Glyph, glyph: Glyph, size: float) -> str:
    gap = glyph.left - before.right
    if gap > 4 * size:
        return "\u3000"
    if glyph.text in _CLOSING or before.text in _OPENING:
        return ""
    if _CJK.match(before.text) and _CJK.match(glyph.text):
        return " " if gap > _WIDE_GAP * size else ""
    is_typed = glyph.spaced and gap > 0.04 * size and glyph.size >= _SMALL * size
    return " " if is_typed or gap > _SPACE_GAP * size else ""


def _gutter(groups: Sequence[Sequence[Glyph]], width: float) -> float | None:
    """The x no glyph crosses, near the middle, with enough lines on both sides of it; None for one column."""
    if len(groups) < _COLUMN_LINES:
        return None
    for step in range(40, 61):
        x = width * step / 100
        crossing = sum(1 for group in groups if any(g.left < x < g.right for g in group))
        left = sum(1 for group in groups if _fills(group, 0.0, x))
        right = sum(1 for group in groups if _fills(group, x, width))
        both = sum(1 for group in groups if _fills(group, 0.0, x) and _fills(group, x, width))
        if crossing == 0 and min(left, right) >= _COLUMN_LINES and both >= 0.5 * min(left, right):
            return x
    return None


def _fills(group: Sequence[Glyph], start: float, end: float) -> bool:
    """Whether the text of a line fills most of a column."""
    inside = [glyph for glyph in group if start <= glyph.left < end]
    return bool(inside) and max(g.right for g in inside) - min(g.left for g in inside) > 0.6 * (end - start) * 0.8


def joined(first: str, second: str) -> str:
    """Two lines of a paragraph as one: no space in Chinese, one between words and before 达到 GB 16297."""
    if not first or not second:
        return first or second
    a, b = first[-1], second[0]
    if _WORD.match(a) and _WORD.match(b):
        return f"{first} {second}"
    if (_WORD.match(a) and _IDEOGRAPH.match(b)) or (_IDEOGRAPH.match(a) and _WORD.match(b)):
        return f"{first} {second}"
    is_latin = not _CJK.match(a) and not _CJK.match(b) and a not in "-/（(" and b not in ".,;:)"
    return f"{first} {second}" if is_latin else first + second
