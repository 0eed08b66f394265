"""Coverage (覆盖): how many techniques are known for each industry and group of pollutants."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpkb.model.field_types import DIVISIONS
from cpkb.model.record import Record
from cpkb.store.store import Store

GROUPS = (
    (
        "有机物",
        r"COD|BOD|有机碳|AOX|挥发酚|^酚|苯胺|抗生素|有机磷|药物|PVA|PFOS|氯代有机|多氯联苯|吡啶|特征污染物|^尿素",
    ),
    ("氮、磷", r"氨氮|总氮|总磷"),
    ("悬浮物、色度、油", r"悬浮物|色度|浊度|石油类|动植物油|大肠菌群|^纤维$"),
    ("重金属", r"(?:总|六价|三价)?[铬镍铜锌铅镉汞砷银锑锰钴锡铊](?:及.*)?$|重金属|配位化合物"),
    ("氰、氟、硫、盐、酸碱", r"氰化物|氟化物|硫化物|(?<!废)盐|氯化物|氯离子|酸碱|^碱|硬度|综合毒性"),
    ("废水", r"水$|渗滤液"),
    ("颗粒物、烟雾", r"颗粒物|漆雾|油雾|油烟|粉尘|扬尘|纤维尘|木屑|荒煤气"),
    ("二氧化硫、氮氧化物", r"二氧化硫|氮氧化物|氧化硫"),
    ("VOCs", r"VOCs|苯系物|非甲烷总烃|甲醇|卤代烃|二噁英|苯并|^苯$|三乙胺|胺类|氯甲烷|二氯甲烷|制冷剂|发泡剂"),
    ("恶臭、酸雾和其他废气", r"恶臭|^氨$|硫化氢|[酸]雾|氯化氢|氰化氢|氯气|臭氧|废气|还原性硫|沼气"),
    ("固体废物", r"固体废物|危险废物|污泥|泥$|渣|粪便|垃圾|厨余|灰$|脱硫石膏|焦油|废液|碎玻璃|金属|荧光粉|^废"),
    ("噪声", r"噪声"),
)
"""(group, what is in the names of its pollutants): the first that fits is taken."""
OTHER = "其他"
_PATTERNS = tuple((label, re.compile(pattern)) for label, pattern in GROUPS)
MOST = 10_000  # techniques that are counted: more than all guides of the ministry hold


@dataclass(frozen=True, slots=True)
class Cell:
    """One industry and one group: how many techniques, and by which pollutants they are found."""

    count: int = 0
    pollutants: tuple[str, ...] = ()
    shade: int = 0
    """How many of the steps below its count reaches: the more, the darker."""


_STEPS = (1, 4, 10, 25)
"""The least count of each shade: few, some, many, very many."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """An industry with its cells, one a group, and all its techniques."""

    industry: str
    label: str
    total: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Techniques by industry and group of pollutants."""

    groups: tuple[str, ...]
    rows: tuple[CoverageRow, ...]


def group_of(pollutant: str) -> str:
    """The group of a pollutant."""
    return next((label for label, pattern in _PATTERNS if pattern.search(pollutant)), OTHER)


def coverage(store: Store) -> Coverage:
    """What the techniques of a home cover; a technique of two industries counts in both."""
    by_industry: defaultdict[str, list[Record]] = defaultdict(list)
    for record, _ in store.browse("technology", 0, MOST):
        for industry in _many(record, "industry"):
            by_industry[industry].append(record)
    labels = [label for label, _ in GROUPS]
    used = {group_of(p) for records in by_industry.values() for record in records for p in _many(record, "pollutant")}
    groups = tuple(label for label in (*labels, OTHER) if label in used)
    return Coverage(groups, tuple(_row(code, by_industry[code], groups) for code in sorted(by_industry)))


def industries_covered(store: Store) -> tuple[str, ...]:
    """The industries that any technique speaks of."""
    return tuple(row.label for row in coverage(store).rows)


def _row(industry: str, records: Sequence[Record], groups: Sequence[str]) -> CoverageRow:
    found: Mapping[str, set[str]] = defaultdict(set)
    held: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        for pollutant in _many(record, "pollutant"):
            found[group_of(pollutant)].add(pollutant)
            held[group_of(pollutant)].add(record.id)
    cells = (Cell(len(held[group]), tuple(sorted(found[group])), _shade(len(held[group]))) for group in groups)
    return CoverageRow(industry, DIVISIONS.get(industry, industry), len(records), tuple(cells))


def _shade(count: int) -> int:
    return sum(count >= least for least in _STEPS)


def _many(record: Record, name: str) -> tuple[str, ...]:
    value = record.fields.get(name, ())
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
