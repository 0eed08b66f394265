"""Chinese numerals (中文数字) of articles and lists: 一千二百四十二 → 1242."""

from __future__ import annotations

NUMERAL = "一二三四五六七八九十百千零〇○两"
"""The characters a numeral of an article or chapter is written with."""
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(text: str) -> int:
    """The value of a Chinese or Arabic numeral below ten thousand; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    if not text or any(c not in NUMERAL for c in text):
        return 0
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit
