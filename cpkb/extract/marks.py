"""The marks Chinese documents number their parts with: 第一章, 第二十七条, 5.2.1, 附录 A, 表 2, 一、, （一）, 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cpkb.model.numerals import NUMERAL, number_of

PART_LEVELS = {"编": 1, "分编": 2, "章": 3, "节": 4}
_PART = re.compile(rf"第\s*([{NUMERAL}\d]{{1,7}})\s*(分编|编|章|节)(?:[\s　]+(\S.*)|([^\s　的和、，。；].*)|)$")
_ARTICLE = re.compile(rf"第([{NUMERAL}\d]{{1,9}})条(之[{NUMERAL}]{{1,3}})?(.*)$", re.DOTALL)
_NOT_AN_ARTICLE = "第规的和、，至或所及中款项"
"""What follows 第三条 where it is only mentioned: 第三条第二款, 第三条规定."""
_CLAUSE = re.compile(r"((?:[A-H]\.)?\d{1,2}(?:[.．]\d{1,2}){0,5})([.．、]?)([\s　]*)(.*)$", re.DOTALL)
_STARTS_A_TEXT = re.compile(r"[\u4e00-\u9fff（(“《〈〔【A-Za-zα-ωΑ-Ω①-⑳]|\d{1,3}\s?[\u4e00-\u9fff]")
_APPENDIX = re.compile(r"附\s*录\s*([A-H])(?![A-Za-z0-9.、，])[\s　]*([（(][^（）()]{2,12}[）)])?[\s　]*(.*)$")
_ATTACHMENT = re.compile(
    r"附\s*(?:件|表|图)?\s*([\d一二三四五六七八九十]{0,3})(?:[.．、]$|(?![.．、]))\s*[:：]?\s*(.{0,60})$"
)
_TABLE = re.compile(r"(续?)\s*表\s*((?:[A-H]\s*[.．]?\s*)?\d{1,2}(?:[-.—]\d{1,2})?)(?:[\s　]+(\S.*)|([（(].*)|)$")
_FIGURE = re.compile(r"图\s*((?:[A-H]\s*[.．]?\s*)?\d{1,2}(?:[-.—]\d{1,2})?)(?:[\s　]+(\S.*))?$")
_OUTLINE = (
    re.compile(r"([一二三四五六七八九十]{1,3})[、．.]"),
    re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]"),
    re.compile(r"([1-9]\d?)[.．、](?!\s?\d)"),
    re.compile(r"[（(](\d{1,2})[）)]"),
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause head: its number as printed, as parts (A.1.2 → ('A', 1, 2)), and what follows it."""

    number: str
    parts: tuple[str | int, ...]
    rest: str
    is_spaced: bool
    """White space parts number and text, as before a title."""


def part(text: str) -> tuple[int, str] | None:
    """(level, 第二章　污染防治) of a heading of a part, chapter or section; its title may be missing."""
    match = _PART.match(text)
    if not match or len(text) > 60 or text.endswith(("。", "；", "：")):
        return None
    mark = _SPACE.sub("", text[: match.end(2)])
    title = _SPACE.sub(" ", match[3] or match[4] or "")
    if not match[3] and title.startswith(("规定", "第")):
        return None
    return PART_LEVELS[match[2]], f"{mark}　{_unspread(title)}".rstrip("　")


def _unspread(title: str) -> str:
    """Titles printed with space between their characters (总　则) without it."""
    words = title.split(" ")
    return "".join(words) if all(len(word) == 1 for word in words) else title


def article(text: str, previous: int) -> tuple[int, str] | None:
    """(number, 第二十七条) when a paragraph starts an article that can follow article ``previous``."""
    match = _ARTICLE.match(text)
    if not match:
        return None
    number, rest = number_of(match[1]), match[3]
    is_spaced = not rest or rest[0].isspace() or rest[0] in "　【[：:"
    follows = number == previous + 1 or bool(match[2])
    if not follows and not (is_spaced and (number == 1 or number > previous)):
        return None
    if not is_spaced and rest[0] in _NOT_AN_ARTICLE:
        return None
    return number, f"第{match[1]}条{match[2] or ''}"


def clause(text: str) -> Clause | None:
    """The clause head a paragraph may start with; whether it is one depends on the clauses before it."""
    match = _CLAUSE.match(text)
    if not match:
        return None
    number, rest = match[1].replace("．", "."), match[4].strip()
    if rest and not _STARTS_A_TEXT.match(rest):
        return None
    parts = tuple(int(p) if p.isdecimal() else p for p in number.split("."))
    return Clause(number, parts, rest, bool(match[3]) and not match[2])


def appendix(text: str) -> tuple[str, str] | None:
    """(附录A, title) of the head of an appendix."""
    match = _APPENDIX.match(text)
    if not match or len(text) > 60 or text.endswith(("。", "；")):
        return None
    return f"附录{match[1]}", match[3].strip()


def attachment(text: str) -> str:
    """附件1 of the line that starts an attachment, '' for other lines (附件：1.… lists them and starts none)."""
    match = _ATTACHMENT.match(text)
    if not match or len(text) > 40 or match[0].endswith(("。", "；", "，")):
        return ""
    if not match[1] and match[2]:
        return ""
    return _SPACE.sub("", text[: match.end(1)])


def caption(text: str) -> tuple[str, bool] | None:
    """(表2, whether it continues one) of the caption of a table."""
    match = _TABLE.match(text)
    if not match or len(text) > 80 or text.endswith(("。", "；", "，")):
        return None
    return f"表{_SPACE.sub('', match[2])}", bool(match[1])


def figure(text: str) -> str:
    """图3 of the caption of a figure, '' for other lines."""
    match = _FIGURE.match(text)
    return f"图{_SPACE.sub('', match[1])}" if match and len(text) <= 80 and text[-1] not in "。；，" else ""


def outline(text: str) -> tuple[int, int, str] | None:
    """(level 0-3, number, mark) of a paragraph of a notice: 一、 / （一） / 1. / （1）."""
    for level, pattern in enumerate(_OUTLINE):
        if match := pattern.match(text):
            return level, number_of(match[1]), _OUTLINE_MARKS[level].format(match[1])
    return None


_OUTLINE_MARKS = ("{}", "（{}）", "{}", "（{}）")
