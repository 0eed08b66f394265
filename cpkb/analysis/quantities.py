"""Quantities (数量): numbers with a unit as exact intervals, so that ≤10蒸吨/h and 每小时10蒸吨及以下 are one thing.

All functions read folded text (see `normalise`): lower case, simplified, m³ as m3, 10³ as 10^3, Ⅱ as ii, ℃ as °c.
Nothing is found inside a number of another kind (`identifiers`), a date or a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cpkb.analysis.dimensions import UNIT, quotient, unit_of
from cpkb.analysis.identifiers import Identifier, find_identifiers
from cpkb.model.numerals import number_of

_DIGIT = "一二三四五六七八九两"
_ARABIC = (  # 5.2.1 and 08 are no values; 千 before 克 or 瓦 is the unit's
    r"(?:(?:[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,2}(?: \d{3}){1,3}(?! ?\d)|0|[1-9]\d{0,11})"
    r"(?:\.\d{1,9})?(?![\d^]|\.\d)"
    r"(?:\s?[×*]\s?10\^[+-]?\d\d?(?!\d))?"
    r"(?:\s?(?:(?<=0)[余多])?[百千]?[万亿]{1,2}|\s?(?:百|千(?![克瓦米帕伏焦])))?(?:(?<=[0百千万亿])[余多])?)"
)
_CHINESE = (  # 百 and 千 need a digit before them, as 千瓦 holds no number; 统一 and 数十 are words, 一年用 a rate
    r"(?:(?:(?<![统同唯单任某逐另其不])(?<!(?<!以)[上下])(?=一(?![年天日][用产排要耗\d]))"
    r"|(?=[二三四五六七八九两])|(?<![几数])(?=十)|(?=零点))"
    rf"(?:[{_DIGIT}](?![{_DIGIT}零])|(?<=[{_DIGIT}])(?:百|千(?![克瓦米帕伏焦]))|[十零万亿]){{1,16}}(?![{_DIGIT}])"
    rf"(?:点[{_DIGIT}零]{{1,6}}[万亿]?)?(?:(?<=[十百千万亿])[余多])?)"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_TO = r"\s?(?:[~〜∼]|--?|至|到)\s?"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"
_ROMANS = "(?:iii|ii|iv|i|vi|v)"
_GRADE = rf"(?:{_ROMANS}(?=(?:{_TO}{_ROMANS})?\s?级))"
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d(?:\s?[-~至到]\s?(?:19|20)?\d\d)?\s?年|\d\d年(?=\s?\d{1,2}\s?月)"
    r"|\d{1,2}\s?月(?:\s?(?:\d{1,2}\s?[日号]?\s?[-~至到]\s?)?\d{1,2}\s?[日号])?)"
    rf"|[{_DIGIT}十]{{1,3}}月(?:[{_DIGIT}十]{{1,3}}[日号])?|[一二][零九][{_DIGIT}零]{{2}}年"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of one dimension (量纲) found in a folded text.

    ``low`` and ``high`` are in the base unit of the dimension (`dimensions.UNITS`, `NAMED`; of any other quotient the
    base unit over the divisor: t/a, m3/h, MJ/t); None is an open side. The span holds number, unit and comparison, but
    no rate word (年产, 每小时) before them.
    """

    dimension: str
    low: Decimal | None
    high: Decimal | None
    start: int
    end: int


def find_quantities(folded: str, numbers: Sequence[Identifier] | None = None) -> list[Quantity]:
    """Every quantity of a folded text, in order and apart from one another; the time taken grows with the length.

    ``numbers`` are the identifiers of the text, where they are known already.
    """
    # Most texts hold no sign of a date, a share or a pH, and are not searched for one.
    is_dated = "年" in folded or "月" in folded
    text = _DATE.sub(lambda date: "\0" * len(date[0]), folded) if is_dated else folded
    patterns = [_PLAIN, *([_SHARE] if "分之" in text else ()), *([_PH] if "ph" in text else ())]
    read = (_quantity(match) for pattern in patterns for match in pattern.finditer(text))
    found = _apart(read, text)
    if not found:
        return []
    inside = _inside(find_identifiers(folded) if numbers is None else numbers, len(folded))
    return [q for q in found if not inside[q.start] and not inside[q.end]]


_PLAIN = re.compile(
    # What any match begins with, looked for first: five times as fast over plain words.
    rf"(?=[第零负\d{_DIGIT}十iv-])"
    rf"(?P<ordinal>第\s?)?(?P<number>(?P<minus>零下|负|(?:(?<![\w)%°-])|(?<=[为到至在于])|(?<=温度))-)?(?<!分之)"
    rf"(?:(?<![\d.^%a-z万亿百千])(?<!\d/)(?=[\da-z])|(?<![{_DIGIT}零十百千万亿点])(?![\da-z]))"
    rf"(?P<low>{_NUMBER}|{_GRADE})(?:{_TO}(?P<high>{_NUMBER}|{_GRADE}))?)[ \n]?(?P<unit>{UNIT})"
)
_SHARE = re.compile(rf"(?P<number>(?P<unit>[百千万]分之)\s?(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?)")
_PH = re.compile(
    r"(?<![a-z])(?P<unit>ph)\s?值?(?:\(无量纲\))?\s?(?:控制|调节?|一般|应|宜|范围){0,3}[至到为在:]?\s?"
    r"[大小高低不于超过等或≤≥<>]{0,6}\s?"
    rf"(?P<number>(?P<low>{_ARABIC})(?:{_TO}(?P<high>{_ARABIC}))?)(?!\s?{UNIT})"
)
_BEFORE = re.compile(
    r"(?:(?P<down>[≤⩽≦≯]|<=?|至多|最多|不足|不满|未满|不到)|(?P<up>[≥⩾≧≮]|>=?|至少|最少)"
    r"|(?P<negated>不得?|不应|不宜|不能|不可|未)?\s?"
    r"(?:(?P<more>[大高多长]\s?于|超\s?[过出])|[小低少短]\s?于)(?:或?等于)?)"
    r"[\s约为:]{0,2}$"
)
_HOLDS = r"(?:\s?\(\s?不?含[^()]{0,8}\))?"
_AFTER = re.compile(
    rf"{_HOLDS}\s?级?\s?[及或和]?[其者]?\s?(?:(?P<up>以上)|以下|范围内|[以之]?内(?![径壁部衬容设外])){_HOLDS}"
)
_RATE = re.compile(
    r"(?:(?:每|(?<![二三十])一)(?P<each>小时|天|日|年)[一-鿿]{0,6}"
    r"|(?P<of>[日年])(?:产|处理|加工|生产|消耗|耗|消费|用|取|利用|处置|排放|收集|焚烧)[一-鿿]{0,8})[\s:]{0,2}$"
)
_RATES = {"小时": "hour", "天": "day", "日": "day", "年": "year"}
_REACH = 14
"""How far before a number its comparison and its rate stand: 年处理生活垃圾能力达到 is eleven characters."""


def _quantity(match: re.Match[str]) -> Quantity | None:
    """What a match of a pattern says together with the words around it; None for an ordinal as 第三级."""
    parts = match.groupdict()
    if parts.get("ordinal"):
        return None
    dimension, worth = unit_of(match["unit"])
    low, high = _ends(match["low"], match["high"])
    if parts.get("minus") and dimension == "temperature":
        low, high = sorted((-low, high if match["high"] else -high))
    start, end, is_least = _compared(match)
    is_open = is_least is not None and not match["high"]  # a range stays one whatever stands beside it
    return Quantity(
        _rated(dimension, match.string[max(0, start - _REACH) : start]),
        None if is_open and not is_least else low * worth,
        None if is_open and is_least else high * worth,
        min(start, match.start("unit")),
        end,
    )


def _compared(match: re.Match[str]) -> tuple[int, int, bool | None]:
    """The span with the words that compare, and whether they give the least value; None where nothing compares."""
    start, end, text = match.start("number"), match.end(), match.string
    after = _AFTER.match(text, end)
    end = after.end() if after else end
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    if before:
        is_least = bool(before["up"]) or bool(before["more"]) != bool(before["negated"])
        is_least = is_least and not before["down"]
        return start - len(before[0]), end, is_least
    return start, end, bool(after["up"]) if after else None


def _rated(dimension: str, before: str) -> str:
    """5万吨 after 年产 is a mass per year."""
    rate = _RATE.search(before) if dimension in ("mass", "volume") else None
    return quotient(dimension, _RATES[rate["each"] or rate["of"]])[0] if rate else dimension


@lru_cache(1024)
def _ends(low: str, high: str | None) -> tuple[Decimal, Decimal]:
    """Both ends of a range in order: 10~20万 is 10万~20万, but 5000~1万 is what it says."""
    first, last = _value(low), _value(high or low)
    shared = re.search(r"(?<=\d)[余多]?[百千]?[万亿]+|[万亿]+$", high or "")
    if shared and not re.search("[万亿]", low) and first * _value(f"1{shared[0]}") <= last:
        first *= _value(f"1{shared[0]}")
    return min(first, last), max(first, last)


def _value(number: str) -> Decimal:
    """An Arabic, Chinese or Roman number with its multipliers: 1.5万, 二百五十万, 3×10^4, iv."""
    number = re.sub(r"[\s,余多]", "", number).replace("*", "×")
    number = re.sub("(亿+)(万+)", r"\2\1", number)  # 3亿万 is 3万亿: what follows multiplies, and adds nothing
    for sign, worth in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = number.rpartition(sign)
        if found:
            return _value(head) * worth + (_value(tail) if tail else 0)
    mantissa, _, exponent = number.partition("×10^")
    return _plain_value(mantissa).scaleb(int(exponent or 0))


def _plain_value(number: str) -> Decimal:
    if number in _ROMAN:
        return Decimal(_ROMAN[number])
    if number[0].isdigit():
        return Decimal(number.rstrip("百千")) * {"百": 100, "千": 1000}.get(number[-1], 1)
    whole, _, decimals = number.partition("点")
    return Decimal(f"{number_of(whole)}.{''.join(str(number_of(c)) for c in decimals) or 0}")


def _apart(read: Iterable[Quantity | None], text: str) -> list[Quantity]:
    """In order; those that give the two ends of one band joined, of two that overlap only the first."""
    apart: list[Quantity] = []
    for quantity in sorted(filter(None, read), key=lambda q: (q.start, -q.end)):
        before = apart[-1] if apart else None
        band = _band(before, quantity, text) if before else None
        if band:
            apart[-1] = band
        elif not before or before.end <= quantity.start:
            apart.append(quantity)
    return apart


def _band(one: Quantity, other: Quantity, text: str) -> Quantity | None:
    """五千吨以上不满一万吨标准煤, ≥10t/h且≤35t/h, 10%~20%: the interval of two neighbours that are its ends."""
    between = text[one.end : other.start]
    dimension = max(one.dimension, other.dimension, key=len)
    # What is said of the second end holds for both: 五千吨 of 标准煤, 5万吨 a year. Such names begin alike.
    is_alike = dimension.startswith(one.dimension) and dimension.startswith(other.dimension)
    if not is_alike or one.low is None or other.high is None or one.low > other.high:
        return None
    are_bounds = one.high is None and other.low is None and re.fullmatch(r"\s?[、,且和并但]?\s?", between)
    are_points = one.low == one.high and other.low == other.high and re.fullmatch(_TO, between)
    return Quantity(dimension, one.low, other.high, one.start, other.end) if are_bounds or are_points else None


def _inside(numbers: Iterable[Identifier], length: int) -> bytearray:
    """Marks where a cut would go through an identifier: 10t/h is a code by its form, 80m in 80m-2 a part of one."""
    inside = bytearray(length + 1)
    for number in numbers:
        inside[number.start + 1 : number.end] = b"\1" * (number.end - number.start - 1)
    return inside
