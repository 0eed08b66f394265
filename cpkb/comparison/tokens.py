"""What of a text is compared: characters, words of letters, numbers; not spacing, punctuation or numeral style."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cpkb.analysis.normalise import Folded
from cpkb.model.numerals import number_of

Fold = Callable[[str], Folded]
"""Width, case, traditional forms and variants made one, with where each character came from."""
_NUMERAL = "[零一二三四五六七八九十百千两]"
_TOKEN = re.compile(
    rf"(?P<date>(?P<year>\d{{4}})[-./](?P<month>\d{{1,2}})[-./](?P<day>\d{{1,2}})(?![\d.]))"
    rf"|百分之(?P<percent>{_NUMERAL}+)"
    rf"|(?P<figure>\d+(?:,\d{{3}})*(?:\.\d+)?)"
    rf"|(?P<numeral>{_NUMERAL}+)"
    rf"|(?P<word>[a-z]+)"
    rf"|(?P<sign>[+=≤≥≦≧×÷±%‰°/^&@#$￥√∑]|[<>](?=\s*[\d=.]))"  # elsewhere < and > are brackets of titles
    rf"|(?P<other>[^\W_])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One unit of comparison and where it stands in the text as written."""

    key: str
    """Equal keys say the same: 27, 二十七 and ２７ have one."""
    start: int
    end: int


def tokens(text: str, fold: Fold) -> tuple[Token, ...]:
    """The tokens of a text in order. 2003-11-10 gives what 二○○三年十一月十日 gives, 15% what 百分之十五 gives."""
    folded = fold(text)
    found: list[Token] = []
    for match in _TOKEN.finditer(folded.text):
        start, end = folded.origins[match.start()], folded.origins[match.end() - 1] + 1
        found.extend(Token(key, start, end) for key in _keys(match))
    return tuple(found)


def said(text: str, fold: Fold) -> Iterator[str]:
    """The keys alone: a whole library is read this way."""
    for match in _TOKEN.finditer(fold(text).text):
        if match.lastgroup in ("other", "word"):
            yield match[0]
        else:
            yield from _keys(match)


def _keys(match: re.Match[str]) -> Sequence[str]:
    kind = match.lastgroup
    if match["date"]:
        return [str(int(match["year"])), "年", str(int(match["month"])), "月", str(int(match["day"])), "日"]
    if match["percent"]:
        return [_value(match["percent"]), "%"]
    if kind == "figure":
        return [match["figure"].replace(",", "").lstrip("0") or "0"]
    return [_value(match[0]) if kind == "numeral" else match[0]]


def _value(numeral: str) -> str:
    return str(number_of(numeral))


def keys(found: Sequence[Token]) -> tuple[str, ...]:
    """What is compared of tokens."""
    return tuple(token.key for token in found)
