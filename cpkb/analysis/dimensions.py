"""Dimensions (量纲) and units (单位) of quantities: which units measure one thing, and what each is worth.

Two writings of one thing have one dimension (量纲); what only looks alike has two:

- A boiler's 蒸吨 is a tonne of steam an hour, and texts write the same boiler in t/h: both are ``mass_per_hour``.
  A boiler in MW stays ``power``, because 0.7 MW for 1 t/h is a rule of thumb and no unit.
- An hour, a day and a year of output are dimensions of their own, because plants do not run all hours of the year.
- mg/L (``concentration``) and mg/m3 (``concentration_air``) are apart: water and waste gas have limits of their own.
- Standard coal (标准煤) is told by the year whether or not a text says so: tce and tce/a are both ``mass_coal``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache

UNITS = {
    "mass": {
        "t 吨 公吨": "1",
        "kg 千克 公斤": "1e-3",
        "g 克": "1e-6",
        "mg 毫克": "1e-9",
        "μg ug 微克": "1e-12",
        "ng 纳克": "1e-15",
        "斤": "0.0005",
    },
    "mass_coal": {
        "tce 吨标准煤 吨标煤 t标准煤 t标煤": "1",
        "kgce 千克标准煤 千克标煤 公斤标准煤 kg标准煤 kg标煤": "1e-3",
        "gce 克标准煤 克标煤 g标准煤": "1e-6",
    },
    "mass_per_hour": {"蒸吨 蒸吨/h 蒸吨/小时 蒸吨/时 蒸吨每小时": "1"},
    "teq": {"ngteq": "1", "μgteq": "1e3", "pgteq": "1e-3"},
    "volume": {"m3 nm3 立方米 标立方米 标准立方米 立方": "1", "l 升": "1e-3", "ml 毫升": "1e-6"},
    "area": {"亩": "1", "m2 平方米 平米": "0.0015", "ha hm2 公顷": "15", "km2 平方公里 平方千米": "1500"},
    "length": {
        "m 米": "1",
        "km 公里 千米": "1e3",
        "dm 分米": "0.1",
        "cm 厘米": "0.01",
        "mm 毫米": "1e-3",
        "μm um 微米": "1e-6",
        "nm 纳米": "1e-9",
    },
    "percent": {"%": "1", "百分之": "1", "‰ 千分之": "0.1", "万分之": "0.01"},
    "ph": {"ph": "1"},
    "power": {"kw 千瓦": "1", "mw 兆瓦": "1e3", "gw 吉瓦": "1e6", "w 瓦": "1e-3"},
    "power_apparent": {"kva 千伏安": "1", "mva 兆伏安": "1e3"},
    "energy": {
        "mj 兆焦": "1",
        "kwh 千瓦时 千瓦小时 度电": "3.6",
        "mwh 兆瓦时": "3600",
        "wh 瓦时": "0.0036",
        "gj 吉焦": "1e3",
        "kj 千焦": "1e-3",
    },
    "temperature": {"°c 摄氏度 度": "1"},
    "pressure": {"pa 帕": "1", "kpa 千帕": "1e3", "mpa 兆帕": "1e6"},
    "voltage": {"v 伏 伏特": "1", "kv 千伏": "1e3", "mv 毫伏": "1e-3"},
    "sound": {"db(a) db 分贝": "1"},
    "time": {
        "s 秒 秒钟": "1",
        "min 分钟": "60",
        "h 小时 个小时": "3600",
        "d 天 日": "86400",
        "个月": "2592000",
        "年": "31536000",
    },
    "workdays": {"工作日 个工作日": "1"},
    "money": {"元": "1"},
    "grade": {"级": "1"},
    "multiple": {"倍": "1"},
    "animals": {"头 羽 只": "1"},
    "people": {"人": "1"},
}
"""Dimension → its units by what each is worth in the base unit, which is the one worth 1.

Bases are chosen so that every unit is an exact decimal of them: a square metre is 0.0015 亩, but a 亩 is no decimal of
square metres; a kWh is 3.6 MJ. Of time the base is the second; 个月 counts as 30 days and 年 as 365, as periods in
law are compared with periods in days. Folding loses the case of mW and mV: mw is read as MW, mv as mV.
"""
PER = {
    "litre": {"l 升": "1"},
    "m3": {"m3 nm3 立方米 标立方米 标准立方米": "1"},
    "m2": {"m2 平方米": "1"},
    "tonne": {"t 吨": "1", "kg 千克 公斤": "1e-3"},
    "kwh": {"kwh 千瓦时 度电": "1"},
    "second": {"s 秒": "1"},
    "minute": {"min 分钟 分": "1"},
    "hour": {"h 小时 时": "1"},
    "day": {"d 天 日": "1"},
    "month": {"月": "1"},
    "year": {"a 年": "1"},
}
"""What a unit may be divided by; 5 t/a is ``mass_per_year``."""
NAMED = {
    "mass_per_litre": ("concentration", Decimal("1e9")),
    "mass_per_m3": ("concentration_air", Decimal("1e9")),
    "mass_per_tonne": ("content", Decimal("1e6")),
    "mass_coal_per_year": ("mass_coal", Decimal(1)),
}
"""Quotients that have names: their bases are mg/L, mg/m3, mg/kg and tonnes of standard coal."""
_GOES_ON = {
    "年": "度版代初末底",
    "天": "然气津",
    "日": "常均益照本生",
    "元": "素件器",
    "头": "部孢在",
    "升": "级高温降流至压华",
    "米": "粉饭糠",
    "克": "服隆",
    "人": "员民工造体均类",
    "级": "别联配",
    "度": "数量过",
    "瓦": "楞斯",
    "倍": "数频",
    "只": "能要有是需允限对在应可用得作为适将会",
    "d": "打",
    "g": "网通基",
    "s": "管",
}
"""Characters after which a unit was none but the start of a word: 3 天然气, 五日生化需氧量, 5 s管理."""


def _spellings(table: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, Decimal]]:
    rows = ((name, names, worth) for name, units in table.items() for names, worth in units.items())
    return {spelling: (name, Decimal(worth)) for name, names, worth in rows for spelling in names.split()}


_WORTH, _DIVISORS = _spellings(UNITS), _spellings(PER)


def _spelling_pattern(spelling: str) -> str:
    """Reads kw·h for kwh, m^3^ for m3, ng i-teq for ngteq; does not read the start of a longer word or code."""
    pattern = r"[·^]?".join(map(re.escape, spelling)).replace("g[·^]?t", r"g[\s-]?(?:i-)?t")
    beyond = _GOES_ON.get(spelling, "")
    if spelling[-1].isascii() and spelling[-1].isalnum():
        return rf"{pattern}\^?(?![a-zμω0-9^{beyond}])"
    return pattern + (f"(?![{beyond}])" if beyond else "")


def _any_of(spellings: Iterable[str]) -> str:
    return "(?:" + "|".join(map(_spelling_pattern, sorted(spellings, key=len, reverse=True))) + ")"


# 二元 and 三元 are chemistry, as sums in law are tens and more. Divided by what is not known, nothing is read.
UNIT = (
    r"(?<![一二三四五六七八九两](?=元))"
    rf"{_any_of(_WORTH)}(?:\s?(?:/|每)\s?每?{_any_of(_DIVISORS)})?(?!\s?(?:/\S|·))"
)
"""Matches a unit, simple or divided, in folded text."""


@cache
def unit_of(written: str) -> tuple[str, Decimal]:
    """The dimension of what `UNIT` matched and what one of it is worth in the base unit of the dimension."""
    spelling = re.sub(r"i-|[\s·^-]", "", written)
    if spelling in _WORTH:
        return _WORTH[spelling]
    counted, divisor = re.split("[/每]+", spelling, maxsplit=1)
    (dimension, worth), (per, size) = _WORTH[counted], _DIVISORS[divisor]
    name, scale = quotient(dimension, per)
    return name, worth / size * scale


def quotient(dimension: str, per: str) -> tuple[str, Decimal]:
    """The dimension of one over a divisor of `PER`, and how many of its base unit the plain quotient is worth."""
    name = f"{dimension}_per_{per}"
    return NAMED.get(name, (name, Decimal(1)))
