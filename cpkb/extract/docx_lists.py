"""Numbers of lists in Word files (自动编号): Word keeps how a list counts, not the numbers themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

_LEVELS = 9  # of a list, as the format has them
_PLACE = re.compile(r"%([1-9])")
_DIGITS = "零一二三四五六七八九"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_HIGHEST = 3_999  # beyond, a number is written in digits: no list is that long


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    text: str
    """第%1条, %1.%2: each % stands for the number of a level."""
    written: str
    """How its number is written: decimal, chineseCounting, lowerLetter, bullet …"""


class Numbering:
    """Counts the lists of one document as its paragraphs are met in order."""

    def __init__(self, document: Document) -> None:
        self._levels = _declared(document)
        self._counts: dict[str, list[int]] = {}

    def mark(self, paragraph: Paragraph) -> str:
        """The number a paragraph carries (第三条　, 1.2 ), '' for none and for bullets."""
        at = _place(paragraph)
        levels = self._levels.get(at[0]) if at else None
        if at is None or levels is None or at[1] not in levels:
            return ""
        counts = self._counts.setdefault(at[0], [0] * _LEVELS)
        here = at[1]
        counts[here] = counts[here] + 1 if counts[here] else levels[here].start
        counts[here + 1 :] = [0] * (_LEVELS - here - 1)
        if levels[here].written in ("bullet", "none"):
            return ""
        text = _PLACE.sub(lambda match: _number(int(match[1]) - 1, levels, counts), levels[here].text)
        return f"{text} " if text else ""


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """(list, level) of a paragraph, its own or its style's."""
    found = paragraph._p.pPr  # noqa: SLF001 — python-docx has no other way to a paragraph's list
    if found is None or found.numPr is None:
        style = paragraph.style
        found = style.element.find(qn("w:pPr")) if style is not None else None
    numbered = found.find(qn("w:numPr")) if found is not None else None
    number, level = (_value(numbered, tag) if numbered is not None else "" for tag in ("w:numId", "w:ilvl"))
    at = int(level) if level.isdecimal() else 0
    return (number, at) if number not in ("", "0") and at < _LEVELS else None


def _declared(document: Document) -> dict[str, Mapping[int, _Level]]:
    """The levels of each list, as the numbering part declares them; no part, no lists."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    kinds = {kind.get(qn("w:abstractNumId")): _levels(kind) for kind in root.findall(qn("w:abstractNum"))}
    lists = {item.get(qn("w:numId")): _value(item, "w:abstractNumId") for item in root.findall(qn("w:num"))}
    return {number: kinds[kind] for number, kind in lists.items() if kind in kinds}


def _levels(kind: Any) -> dict[int, _Level]:
    found = {}
    for item in kind.findall(qn("w:lvl")):
        at, start = item.get(qn("w:ilvl"), ""), _value(item, "w:start")
        if at.isdecimal():
            first = int(start) if start.isdecimal() else 1
            found[int(at)] = _Level(first, _value(item, "w:lvlText"), _value(item, "w:numFmt"))
    return found


def _value(item: Any, tag: str) -> str:
    found = item.find(qn(tag))
    return str(found.get(qn("w:val"), "")) if found is not None else ""


def _number(at: int, levels: Mapping[int, _Level], counts: list[int]) -> str:
    level = levels.get(at)
    count = counts[at] or (level.start if level else 1)
    write = _WRITTEN.get(level.written if level else "", str)
    return write(count) if 0 < count <= _HIGHEST else str(count)


def _chinese(number: int) -> str:
    """12 → 十二, 105 → 一百零五."""
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += _DIGITS[digit] + name
        elif text and not text.endswith("零") and number % unit:
            text += "零"
    return text.removeprefix("一") if 10 <= number < 20 else text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26) if number <= 26 * 8 else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text, number = text + letters * (number // value), number % value
    return text


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if number <= 20 else f"({number})"


_WRITTEN: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalZero": lambda number: f"{number:02}",
}
