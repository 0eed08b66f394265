"""Dates as Chinese documents write them (日期)."""

from __future__ import annotations

import datetime as dt
import re

CHINESE_DIGITS = {c: str(n % 10) for n, c in enumerate("〇一二三四五六七八九")} | {
    # U+25CB and U+3007 and 零 all stand for zero in printed dates.
    "○": "0", "零": "0", "Ｏ": "0", "O": "0", "元": "1",
}  # fmt: skip
_ARABIC = re.compile(r"(?<!\d)(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)\s*日?")
_CHINESE = re.compile(
    r"([一二三四五六七八九〇○零ＯO]{4})\s*年\s*([元一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)

DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|[一二][〇○零ＯO一二三四五六七八九]{3}年[元一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
"""A full date in running text, as part of a larger pattern."""
DAY = rf"(?:{DATE}|(?<!\d)\d{{4}}(?:\.\d{{1,2}}\.|-\d{{1,2}}-|/\d{{1,2}}/)\d{{1,2}}(?!\.?\d))"
"""A full date in words or in figures alone (2026.8.15)."""


def small_number(text: str) -> int:
    """A Chinese number below one hundred, as months and days are written: 十二 → 12."""
    if "十" not in text:
        return int("".join(CHINESE_DIGITS[c] for c in text))
    tens, _, ones = text.partition("十")
    return int(CHINESE_DIGITS.get(tens, "1")) * 10 + int(CHINESE_DIGITS.get(ones, "0"))


def find_dates(text: str) -> list[dt.date]:
    """Every full date in the text, in order; impossible ones (2月30日) are left out."""
    text = text.translate({ord("０") + n: str(n) for n in range(10)})
    found = [(m.start(), tuple(int(g) for g in m.groups())) for m in _ARABIC.finditer(text)]
    for match in _CHINESE.finditer(text):
        year = int("".join(CHINESE_DIGITS[c] for c in match[1]))
        found.append((match.start(), (year, small_number(match[2]), small_number(match[3]))))
    dates = []
    for _, (year, month, day) in sorted(found):
        try:
            dates.append(dt.date(year, month, day))
        except ValueError:
            continue
    return dates


def find_date(text: str) -> dt.date | None:
    """The first full date in the text."""
    dates = find_dates(text)
    return dates[0] if dates else None


def in_words(date: dt.date) -> str:
    """As running text writes it: 2026年8月15日."""
    return f"{date.year}年{date.month}月{date.day}日"
