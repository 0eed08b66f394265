"""Wording (措辞): a text as the row of signs that two wordings of one statement share.

0.5mg/L and 0.5 mg/L, 十万 and 100000, 应 and 应当, full and half width, 2026-08-15 and 2026年8月15日 give the same
signs; nothing else does. What parts or adorns (commas, brackets, 的) gives none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cpkb.analysis.normalise import Folded
from cpkb.analysis.quantities import Quantity, find_quantities
from cpkb.analysis.synonyms import Entry
from cpkb.model.numerals import NUMERAL, number_of

VALUE, WORD = "value", "word"
DUTY = frozenset(("必:应", "必:须", "必:禁止"))
LEAVE = frozenset(("许:可", "许:能", "许:宜", "许:可能"))
_ALIKE = {
    "不得不|不得已": "",
    "应当|应该|(?<![反供响适相对呼效感顺照])应": "必:应",
    "必须|须": "必:须",
    "严禁|禁止|不准|不许|不得": "必:禁止",
    "可能": "许:可能",
    "可以|(?<![许认])可(?![燃溶行靠持视])": "许:可",
    "能够|(?<![节性功职产热电])能(?![源耗力量效级])": "许:能",
    "(?<![适不事便])宜": "许:宜",
    "以及|及|和|与": "、",
    "或者": "或",
    "达到": "达",
}
"""Words → the sign of what they say wherever they stand, '' for themselves; 应 and 宜, 和 and 或 stay apart."""
_SAID = tuple(_ALIKE.values())
_UNSAID = frozenset("的是为其该之,。.:;!“”\"'‘’《》〈〉()[]{}【】「」|·*#_")
"""Characters that give no sign: who adds or leaves them out says the same."""
_DATE = re.compile(
    r"(?<![\d.-])(\d{4}) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})(?![\d.-]) ?[日号]?"
    r"|([一二][一二三四五六七八九零]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_NUMBER = re.compile(rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)*|[{NUMERAL}]+)(?P<times>[万亿]*)")
_STRICTLY = re.compile(
    r"(?<!不)(?<!不[得应宜能可])(?:[大高多长小低少短]于|超[过出])(?!或?等于)|[<>](?!=)|不足|不满|未满|不到|不含"
)
_ABOUT = re.compile(r"约|余|(?<=[\d十百千万亿])多")
_BINDS = re.compile(r"不([得应宜能可])|[应宜须]")
_CASED = re.compile(r"[Mm](?=[WPJV])")  # folding loses the case that tells milli from mega


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a text: what it says, and where it stands there."""

    key: str
    kind: str
    start: int
    end: int


class Wording:
    """Reads texts. ``fold`` folds; ``entries`` are those of the thesaurus, whose other names count as the name."""

    def __init__(self, fold: Callable[[str], Folded], entries: Iterable[Entry]) -> None:
        self._fold = fold
        self._names = _names(entries, lambda text: fold(text).text)
        names = sorted(self._names, key=len, reverse=True)
        self._word = re.compile("|".join((*map(_bounded, names), *(f"({words})" for words in _ALIKE))))

    def signs(self, text: str) -> list[Sign]:
        """The signs of a text, in order."""
        folded = self._fold(text)
        found = [
            Sign(key, kind, folded.origins[start], folded.origins[end - 1] + 1)
            for start, end, key, kind in self._read(folded, text)
        ]
        return [sign for sign in found if sign.key]

    def _read(self, folded: Folded, text: str) -> Iterator[tuple[int, int, str, str]]:
        """(start, end, key, kind) over the whole folded text."""
        at = 0
        for start, end, key in _values(folded, text):
            yield from self._words(folded.text, at, start)
            yield start, end, key, VALUE
            at = end
        yield from self._words(folded.text, at, len(folded.text))

    def _words(self, text: str, start: int, stop: int) -> Iterator[tuple[int, int, str, str]]:
        at = start
        for match in self._word.finditer(text, start, stop):
            yield from ((n, n + 1, _sign_of(text[n]), WORD) for n in range(at, match.start()))
            said = _SAID[match.lastindex - 1] if match.lastindex else self._names[match[0]]
            yield match.start(), match.end(), said or match[0], WORD
            at = match.end()
        yield from ((n, n + 1, _sign_of(text[n]), WORD) for n in range(at, stop))


def _sign_of(character: str) -> str:
    return "" if character.isspace() or character in _UNSAID else character


def _names(entries: Iterable[Entry], fold: Callable[[str], str]) -> dict[str, str]:
    """Other names → the name: those of the thesaurus that stand for one thing only, abbreviations in Latin letters."""
    found: dict[str, str] = {}
    for entry in entries:
        if len(entry.formal) != 1 or entry.kind not in ("same", "abbreviation"):
            continue
        for name in (*entry.formal, *entry.also):
            if entry.kind == "same" or name == entry.formal[0] or re.fullmatch(r"[A-Za-z][A-Za-z0-9-]+", name):
                found.setdefault(fold(name), f"名:{fold(entry.formal[0])}")
    return found


def _bounded(word: str) -> str:
    """A Latin name is found as a whole run only: SS never inside SSC."""
    before = r"(?<![a-z0-9])" if word[0].isascii() else ""
    after = r"(?![a-z0-9])" if word[-1].isascii() else ""
    return f"{before}{re.escape(word)}{after}"


def _values(folded: Folded, text: str) -> list[tuple[int, int, str]]:
    """Dates, quantities and other numbers, apart from one another, each with a key of what it says."""
    dates = [(*match.span(), f"日期:{_day(match)}") for match in _DATE.finditer(folded.text)]
    quantities = [(q.start, q.end, _amount(q, folded, text)) for q in find_quantities(folded.text)]
    numbers = [(*match.span(), _number(match)) for match in _NUMBER.finditer(folded.text)]
    found, taken = [], bytearray(len(folded.text))
    for start, end, key in (*dates, *quantities, *numbers):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, key))
    return sorted(found)


def _day(match: re.Match[str]) -> str:
    return "-".join(str(number_of(part)) for part in match.groups() if part)


def _amount(quantity: Quantity, folded: Folded, text: str) -> str:
    """A quantity with how it is compared: 大于 is not 以上, 约 and 余 not exact, 不得低于 not 不低于."""
    said = folded.text[quantity.start : quantity.end]
    raw = text[folded.origins[quantity.start] : folded.origins[quantity.end - 1] + 1]
    ends = "~".join("" if end is None else f"{end.normalize():f}" for end in (quantity.low, quantity.high))
    manner = [bool(_STRICTLY.search(said)), bool(_ABOUT.search(said))]
    binds, case = _BINDS.search(said), _CASED.findall(raw)
    return f"{quantity.dimension}:{ends}:{manner}:{binds[0] if binds else ''}:{case}"


def _number(match: re.Match[str]) -> str:
    """The value of a number without a unit; 5.2.1 and 054 stay as they are written."""
    number = match["number"].replace(",", "")
    if not number[0].isdigit():
        number = str(number_of(number))
    if not match["times"]:
        return f"数:{number}"
    if number.count(".") > 1:
        return f"数:{number}{match['times']}"
    worth = Decimal(number)
    for times in match["times"]:
        worth *= 10**8 if times == "亿" else 10**4
    return f"数:{worth.normalize():f}"
