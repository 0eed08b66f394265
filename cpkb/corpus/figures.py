"""Figures (数据): every number of a figure has a unit that is known, and says what it measures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cpkb.analysis.dimensions import PER, UNITS
from cpkb.analysis.normalise import Folder
from cpkb.corpus.faults import Fault, fault, values
from cpkb.model.field_types import figure_parts
from cpkb.model.record import Record

PROCESS_UNITS = (
    # counted things
    "级 倍 次 层 段 台 套 个 目 遍 道 格 组 根 片 条 张 件 块 面 户 班 支 种 处 份 车 座 批 点 成 半 分 步"
    " 年 个月 周 万元 亿元 只 双 对 副 万 孔 林格曼级 英寸 每秒 每小时 每分钟 每天 每日 每年"
    # electricity and light
    " a ma ah μa ω mω ω·cm mω·cm μs/cm ms/cm hz khz lx kvar"
    # solutions and gases
    " mol mmol μmol mol/l mmol/l cfu ppm ppb ppmv n meq °be ° ntu 度 lel %lel ev bq"
    # motion, pressure and heat
    " r/min rpm n·m mmhg mmh2o bar kn w/(m2·k) kcal cal s-1 μs ms g值 mpa·s °sr"
    # area and volume beside those of dimensions
    " cm2 dm2 mm2 cm3 dm3 km3 万m3 万t 万吨 万kw μl 立方厘米 平方厘米"
    # without a dimension
    " 无量纲 ph"
)
"""Units of the process guides that `analysis.dimensions` has no need of, in folded spelling."""
SUBSTANCES = (
    r"(?:(?:cod(?:cr)?|bod5?|mlss|mlvss|vss|ss|tn|tp|nh3-n|n|p|no3-n|nox|so2|o2|o3|h2o2|co2|h2o|cl2?|cr(?:6\+)?|ni|cu|tvoc|vocs?|caco3|cao|"
    r"naoh|fe2\+|ds|pac|pam|nmhc|ac|di?o|th|tds|干泥|[一-鿿]{1,10})(?:\([一-鿿]{1,10}\))?)"
)
"""What may stand in a unit beside it: kgBOD5/(kgMLSS·d), m3/t原皮, 元/t水."""
_NUMBER = (
    r"±?(?:10\^[+-]?\d+|\d[\d,]*(?:\.\d+)?(?:\s?[×x*]\s?10(?:\^?[+-]?\d+)?)?"
    r"(?:\s?[余多])?(?:\s?(?:千万|百万|万|亿|千(?![瓦克米帕卡])|百))?(?:\s?[余多])?)"
)
_RANGE = re.compile(rf"[+-]?{_NUMBER}(?:\s?(?:[~〜-]|至|到|或|、|/|:|∶|×|\+|±)\s?[+-]?{_NUMBER})*")
_RATIO = re.compile(rf"{_NUMBER}(?:\s?[:∶]\s?(?:\(?{_NUMBER}(?:\s?[~-]\s?{_NUMBER})?\)?))+")
_NAME = re.compile(r"(?<![a-z])(?:ph|orp 比|bod5?/cod(?:cr)?|c/n|b/c)|比|系数|指数|级数|比值|倍数|无量纲|个数|次数")
"""Names of figures that have no dimension."""
_STANDARD = re.compile(r"(?:gb|hj|db|cj|hg|qb|fz|aq|iso|en)(?:/t|j/t|\d\d)?\s?\d[\d.-]*|(?:第|表|式)\s?\d+")
"""Numbers that measure nothing, like those that a letter stands before (BOD5, m3, DN50)."""
_LETTER_BEFORE = re.compile(r"(?<!ph)[a-z^]-?$")
_PH_BEFORE = re.compile(r"ph\s?值?\s?(?:[≤≥<>]|为|约|在|控制|大于|小于|高于|低于|至|到|调){0,3}\s?$")
_SAYS_SO = re.compile(r"[^\d,;；。]{0,6}\(无量纲\)")
_REMARK = re.compile(r"\((?!无量纲)[^()]*[一-鿿≤≥<>~%][^()]*\)")
"""Brackets that tell a condition; those of a unit (m3/(m2·h), dB(A)) stay."""


def check(records: Sequence[Record]) -> list[Fault]:
    """Faults of all figures; a number that follows no known unit is named."""
    folder = Folder({})
    limits = [fault(record, says) for record in records if (says := _of_limit(record, folder))]
    return limits + [
        fault(record, f"{record.declared.fields[name].label}“{value}”：{says}")
        for record in records
        for name, field in record.declared.fields.items()
        if field.kind.name == "figure"
        for value in values(record, name)
        if (says := what_is_wrong(str(value), folder))
    ]


def _of_limit(record: Record, folder: Folder) -> str:
    """What the value of a limit lacks; value and unit stand in two fields."""
    if record.collection != "limit":
        return ""
    value, unit = record.value("value"), record.value("unit")
    figure = f"{record.value('pollutant')}：{value} {unit}"
    has_number = any(character.isdigit() for character in value)
    return f"限值“{figure}”：{says}" if has_number and (says := what_is_wrong(figure, folder)) else ""


def what_is_wrong(figure: str, folder: Folder) -> str:
    """What a figure lacks; '' where nothing."""
    name, value, condition = (folder.text(part) for part in figure_parts(figure))
    whole = _STANDARD.sub(lambda number: "字" * len(number[0]), value)
    bare = _REMARK.sub("", whole) if _numbers(_REMARK.sub("", whole)) else whole
    found = _numbers(bare)
    if not found:
        return "" if _WRITTEN.search(bare) else "没有带单位的数；写成“名称：数值 单位（条件）”"
    if _NAME.search(name) or "无量纲" in condition:
        return ""
    without = _without_unit(bare, found)
    lacking = f"{'、'.join(without)} 没有认得的单位；单位见 cpkb/corpus/figures.py，没有量纲的写“无量纲”"
    return lacking if without else ""


def _numbers(text: str) -> list[re.Match[str]]:
    return [number for number in _RANGE.finditer(text) if not _LETTER_BEFORE.search(text[: number.start()])]


def _without_unit(value: str, found: Sequence[re.Match[str]]) -> list[str]:
    """The numbers of a value that bear no unit, nor does any after them: the last of a row (20、30、40 mg/L) bears it.

    After a semicolon the same is told of another condition, and the unit need not be said again.
    """
    with_unit = [number for number in found if _has_unit(value, number)]
    last = max((number.start() for number in with_unit), default=-1)
    end = re.search("[;；]", value[last:]) if with_unit else None
    reach = last + end.start() if end else len(value)
    return [n[0] for n in found if last < n.start() < reach and not _is_bare(value, n)]


def _has_unit(text: str, number: re.Match[str]) -> bool:
    return bool(_UNIT.match(text[number.end() :]))


def _is_bare(text: str, number: re.Match[str]) -> bool:
    """Whether it measures without a unit: a ratio, a fraction, a pH, or what says so."""
    fraction = re.fullmatch(r"(\d+)/(\d+)(?:\s?[~-]\s?\d+/\d+)?", number[0])
    is_fraction = bool(fraction and int(fraction[1]) < int(fraction[2]))
    says_so = _SAYS_SO.match(text[number.end() :]) or _PH_BEFORE.search(text[: number.start()])
    return bool(is_fraction or says_so or _RATIO.fullmatch(number[0]))


def _units() -> str:
    declared = " ".join(names for table in (UNITS, PER) for units in table.values() for names in units)
    spellings = sorted({*declared.split(), *PROCESS_UNITS.split()}, key=len, reverse=True)
    return "|".join(r"[·\s]?".join(map(re.escape, spelling)) for spelling in spellings)


_TERM = rf"(?:{_units()})(?:\s?\^?-?[23])?(?:[\s-]?{SUBSTANCES})?"
_UNIT = re.compile(
    rf"\s?(?:{_TERM})(?:\s?(?:/|·|每|\*)\s?\(?(?:{_TERM}|{SUBSTANCES})(?:\s?(?:·|/|\*)\s?(?:{_TERM}|{SUBSTANCES}))*\)?)*(?![a-z])"
)
_WRITTEN = re.compile(rf"[一二两三四五六七八九十百千万半几]+(?:{_UNIT.pattern})|一半|[一二三四五六七八九]成")
"""Chinese numerals with a unit: 三级, 两年, 八成."""
