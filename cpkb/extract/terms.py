"""期限: terms that are counted from another day (自公布之日起三十日后施行) and those a text holds for (有效期五年)."""

from __future__ import annotations

import datetime as dt
import re

from cpkb.model.dates import DAY, find_date
from cpkb.model.numerals import NUMERAL, number_of

_COUNT = rf"([{NUMERAL}\d]{{1,4}})\s*(?:个\s*)?(工作日|日|天|月|年)"
_AFTER_PUBLICATION = re.compile(
    rf"自(?:公布|发布|印发|颁布)之日起(?:满)?\s*{_COUNT}\s*(?:(?:后|之后|期满后?)\s*)?(?:起\s*)?(?:施行|实施|生效|执行)"
)
_OF_A_TEXT = "(?<![证书可])(?<![证书可]的)"  # what stands before 有效期: a permit (许可证) has one too
_BEGINS = "(?:施行|试行|实施|执行)"
_HOLDS_UNTIL = re.compile(
    rf"{_OF_A_TEXT}有效期(?:限)?(?:截止|延续)?\s*(?:自[^。；]{{0,30}}?)?(?:至|到)\s*({DAY})|"
    rf"起(?:正式)?{_BEGINS}(?:[，,]有效期[^。；，,]{{1,8}})?[，,]?\s*(?:{_BEGINS}|有效)?(?:至|到)\s*({DAY})\s*(?:止|废止|失效)|"
    rf"(?:^|[，,；])\s*(?:(?:至|到|于|自)\s*)?({DAY})\s*(?:起)?(?:自行|自动)?(?:废止|失效|终止)(?!原?《)"
)
_HOLDS_FOR = re.compile(
    rf"(?:(?:^|[，,；\s]|本[^，。；]{{1,6}}?)的?{_OF_A_TEXT}(?:有效期|试行期)限?|(?:起|[，,；])试行)\s*(?:(?:为|是|：|:)\s*)?{_COUNT}(?!前|内|以)"
)
_END = dt.date.max.toordinal()
_LAST_DAY = ("废止", "失效", "终止")
"""What ends a text on the day named; 至…止 names the last day it holds."""


def after_publication(sentence: str, issued: str) -> str:
    """The day (ISO) of 自公布之日起三十日后施行, counted from the day of publication; '' where nothing says so."""
    match = _AFTER_PUBLICATION.search(sentence)
    return _later(issued, number_of(match[1]), match[2]) if match and issued else ""


def names_a_term(sentence: str) -> bool:
    """Whether a sentence says that a text takes effect so long after its publication."""
    return bool(_AFTER_PUBLICATION.search(sentence))


def ends_on(sentence: str, effective: str) -> tuple[str, bool]:
    """(first day on which a text no longer holds (ISO) or '', whether the sentence names a term at all)."""
    if match := _HOLDS_UNTIL.search(sentence):
        date = find_date(next(day for day in match.groups() if day))
        days = 0 if match[0].endswith(_LAST_DAY) else 1
        ends = _days_later(date, days) if date else ""
        return ends, bool(ends or not date)
    match = _HOLDS_FOR.search(sentence)
    return (_later(effective, number_of(match[1]), match[2]) if match and effective else ""), bool(match)


def _later(day: str, count: int, unit: str) -> str:
    """The day so many days, months or years later (ISO); '' for what cannot be counted (working days)."""
    start = dt.date.fromisoformat(day)
    if unit in ("日", "天"):
        return _days_later(start, count)
    months = {"月": count, "年": 12 * count}.get(unit, 0)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return _in_month(year, month + 1, start.day) if months and year < dt.MAXYEAR else ""


def _days_later(day: dt.date, count: int) -> str:
    """The day so many days later (ISO); '' beyond the calendar: 9999-12-31 stands for no end."""
    return dt.date.fromordinal(last).isoformat() if (last := day.toordinal() + count) <= _END else ""


def _in_month(year: int, month: int, day: int) -> str:
    """A day of a month, the first of the next where it has no such day (29 February): its last day is within a term."""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return dt.date(year, month + 1, 1).isoformat()
