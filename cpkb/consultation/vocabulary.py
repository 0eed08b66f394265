"""The words a question is understood by: index/understanding.toml, widened by the thesaurus and the collections."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cpkb.errors import DeclarationError
from cpkb.model.answer import INTENTS
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.model.record import Record

TERMS = ("process", "pollutant", "waste", "material", "equipment")
"""Slots whose values are formal terms."""
_TABLES = ("industry", "weak_industry", *TERMS, "intent", "region")
_WASTE = re.compile(r"废(?![水气])|[渣泥灰粪]$")
_TOO_PLAIN = frozenset(
    "废水处理 废气治理 环境管理 固废管理 公用设备 固废处置 污水处理 污泥处理 投料 过滤 研磨 焚烧 蒸发 调配 储存 配料 预处理 分选 "
    "备料 提取 输送 废气收集 固废贮存 固废利用 前处理 清理 运输 合成反应 深度处理 监测 废水收集 噪声治理 堆场 成型 储运 产品设计 "
    "原料贮存 离心 加热 混合 辅助设备 收集 分离 利用 回用 种植 园区管理 中和 原料选择 分散 用水管理 废液处理 装载 循环水 原料 浓缩 "
    "实验室 排水 规划 拆卸 处置 再生 转移 包装 净化 卸料 装卸 入厂 检疫 分割 调pH 沉淀 制剂 分装 氧化还原 养殖 筛选 精制 燃烧 "
    "废水 废气 固体废物 一般工业固体废物 特征污染物 土壤污染 废液 有机固体废物 地下水 pH 硬度 铁 浊度".split()
)
"""Values of technologies that stand in any question and tell nothing."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded words with what they stand for."""

    terms: Mapping[str, tuple[tuple[str, str], ...]]
    """word → (slot, formal term)."""
    trades: Mapping[str, str]
    """word → division code, where the word alone names the trade."""
    weak_trades: Mapping[str, str]
    regions: Mapping[str, str]
    intents: tuple[tuple[str, int, re.Pattern[str]], ...]
    """(intent, weight, phrases)."""
    longest: int
    """Characters of the longest word."""


Fold = Callable[[str], str]
Lay = Mapping[str, tuple[str, ...]]
"""Words of owners → the formal terms they lead to."""


def read_declaration(file: Path) -> Mapping[str, Any]:
    """Read and check understanding.toml; raises DeclarationError naming the table or key that is not known."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{file.name}: not valid TOML ({error})") from error
    if set(raw) != set(_TABLES):
        raise DeclarationError(f"{file.name}: tables are {sorted(raw)}; they must be {sorted(_TABLES)}")
    known = {"industry": DIVISIONS, "weak_industry": DIVISIONS, "region": PROVINCES, "intent": INTENTS}
    for table, keys in known.items():
        for key in raw[table]:
            if key not in keys:
                raise DeclarationError(f"{file.name}: [{table}] {key!r} is not one of {', '.join(keys)}")
    return raw


def build(raw: Mapping[str, Any], technologies: Iterable[Record], lay: Lay, fold: Fold) -> Vocabulary:
    """The vocabulary of a declaration, widened by technologies and lay words."""
    technologies = tuple(technologies)
    weak = _codes(raw["weak_industry"], fold)
    strong = {word: code for word, code in _codes(raw["industry"], fold).items() if word not in weak}
    names = {fold(name.removesuffix("业").removesuffix("制造")): code for code, name in DIVISIONS.items()}
    terms = _terms(raw, technologies, lay, fold)
    lay_trades = {fold(word): strong[goal] for word, goals in lay.items() for g in goals if (goal := fold(g)) in strong}
    trades = names | {word: code for word, code in lay_trades.items() if word not in terms} | strong
    weak = _only_trades(technologies, fold) | weak
    regions = {fold(name): code for code, name in PROVINCES.items()} | _codes(raw["region"], fold)
    return Vocabulary(
        terms={word: tuple(sorted(found)) for word, found in terms.items()},
        trades=trades,
        weak_trades={word: code for word, code in weak.items() if word not in trades},
        regions=regions,
        longest=max(map(len, (*terms, *trades, *weak, *regions))),
        intents=tuple(
            (name, int(weight), re.compile("|".join(fold(phrase) for phrase in phrases)))
            for name, weights in raw["intent"].items()
            for weight, phrases in weights.items()
        ),
    )


def _codes(table: Mapping[str, list[str]], fold: Fold) -> dict[str, str]:
    return {fold(word): code for code, words in table.items() for word in words}


def _terms(raw: Mapping[str, Any], technologies: Iterable[Record], lay: Lay, fold: Fold) -> dict[str, set[tuple[str, str]]]:
    """Words of the declaration, then values of technologies that it does not know, then what leads to either."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for slot in TERMS:
        for formal, said in raw[slot].items():
            for word in (said or []):
                found[fold(word)].add((slot, formal))
            if said:
                found[fold(formal)].add((slot, formal))
    declared = set(found)
    for record in technologies:
        for name in ("process", "pollutant"):
            for value in record.fields.get(name, ()):  # type: ignore[union-attr]
                word = fold(str(value))
                if word not in declared and value not in _TOO_PLAIN and len(word) > 1:
                    found[word].add(("waste" if _WASTE.search(str(value)) else name, str(value)))
    for word, goals in lay.items():
        if fold(word) not in found and len(word) > 1:
            for goal in goals[:1]:
                found[fold(word)] |= found.get(fold(goal), set())
    return {word: slots for word, slots in found.items() if slots}


def _only_trades(technologies: Iterable[Record], fold: Fold) -> dict[str, str]:
    """Processes that technologies of one trade only have."""
    trades: dict[str, set[str]] = defaultdict(set)
    for record in technologies:
        for process in record.fields.get("process", ()):  # type: ignore[union-attr]
            trades[str(process)] |= {str(code) for code in record.fields.get("industry", ())}  # type: ignore[union-attr]
    return {
        fold(process): next(iter(codes))
        for process, codes in trades.items()
        if len(codes) == 1 and len(process) > 1 and process not in _TOO_PLAIN
    }
