"""Figures (数据) lifted out of fields and passages, as they are written there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cpkb.analysis.analyzer import Analyzer
from cpkb.analysis.cutter import numbers
from cpkb.model.answer import Figure
from cpkb.model.record import Record

MOST = 6  # of one item: a table of more is read in its clause
_STATED = (
    "investment",
    "cost",
    "payback",
    "saving",
    "reduction",
    "deadline",
    "amount",
    "stop_making",
    "stop_using",
    "conditions",
)
"""Fields that state a figure, when they hold a digit."""
_FIGURE = re.compile(r"(?P<name>[^：]+)：(?P<value>[^（]+)(?:（(?P<condition>.+)）)?$")
_BEFORE = re.compile(r"[^，。；：、（）\s|｜]{2,16}$")
_COMPARING = re.compile(
    r"(?:不(?:应)?(?:大于|小于|高于|低于|超过|少于|宜)|大于|小于|高于|低于|超过|约为?|可达到?|达到?|为|≤|≥|<|>|＜|＞|至少)+$"
)
_DIGIT = re.compile(r"\d")  # 三级逆流 and 一年 are words as often as values
LONGEST = 60  # characters of a field that is a figure; longer ones are text


def of_record(record: Record) -> tuple[Figure, ...]:
    """The figures that a record's fields state."""
    return tuple(_of_fields(record))[:MOST]


def _of_fields(record: Record) -> Iterator[Figure]:
    if record.collection == "limit":
        unit = record.value("unit")
        yield Figure(record.value("pollutant"), f"{record.value('value')} {unit}".strip(), _applies(record))
    for stated in record.fields.get("figures", ()):  # type: ignore[union-attr]
        if match := _FIGURE.match(str(stated)):
            yield Figure(match["name"], match["value"].strip(), match["condition"] or "")
    for name in _STATED:
        value = record.value(name)
        if value and len(value) <= LONGEST and re.search(r"\d", value):
            yield Figure(record.declared.fields[name].label, value)


def _applies(record: Record) -> str:
    declared = record.declared.fields
    parts = [declared[n].show(record.fields[n]) for n in ("applies", "condition", "place") if n in record.fields]
    return "；".join(parts)


def of_text(text: str, analyzer: Analyzer) -> tuple[Figure, ...]:
    """The values with units of a clause, each with the words before it: 去除率：80%～90%."""
    folded = analyzer.fold(text)
    found: dict[str, Figure] = {}
    for quantity in numbers(folded.text)[1]:
        start, end = folded.origins[quantity.start], folded.origins[quantity.end - 1] + 1
        head = text[:start].rstrip()
        compared = _COMPARING.search(head)
        before = _BEFORE.search(head[: compared.start()] if compared else head)
        if before and _DIGIT.search(text[start:end]):
            value = (compared[0] if compared and compared[0] not in ("为", "达", "可达", "达到") else "") + text[
                start:end
            ].strip()
            found.setdefault(before[0], Figure(before[0], value))
    return tuple(found.values())[:MOST]
