"""Facets (分面): what results are counted and filtered by. Values are as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cpkb.errors import QueryError
from cpkb.model.collection import collections
from cpkb.model.field_types import DIVISIONS, PROVINCES
from cpkb.model.record import Record
from cpkb.model.source import ORIGINS
from cpkb.model.validity import DATED, STATES

COMMON = {
    "collection": "类别",
    "validity": "效力",
    "class": "限制淘汰",
    "industry": "行业",
    "region": "地区",
    "issuer": "发布机关",
    "year": "年份",
}
"""Facets that every search shows, in this order; a collection adds its own."""
HIDDEN = {"origin": "来历"}
SAMPLE = "sample"
"""What shipped samples (示例) are indexed by, and the collection of each: they are left out beside real records."""


@cache
def facets_by_label() -> Mapping[str, str]:
    """Facet names by every label they have: 对象, 种类 and 效力级别 are all ``kind``."""
    declared = {f.label: f.name for c in collections().values() for f in c.facets}
    return declared | {label: name for name, label in (COMMON | HIDDEN).items()}


@cache
def facet_labels() -> Mapping[str, str]:
    """Every facet there is, with its label."""
    declared = {f.name: f.label for c in collections().values() for f in c.facets}
    return declared | COMMON | HIDDEN


def shown_for(chosen_collections: tuple[str, ...]) -> tuple[str, ...]:
    """Facets to count: the common ones, and those of the collection when just one is chosen."""
    if len(chosen_collections) != 1:
        return tuple(COMMON)
    own = [f.name for f in collections()[chosen_collections[0]].facets if f.name not in COMMON]
    return (*COMMON, *own)


def label_of(name: str, collection_names: tuple[str, ...] = ()) -> str:
    """The facet's label, in the words of the chosen collection when there is one."""
    if len(collection_names) == 1 and name not in COMMON:
        return collections()[collection_names[0]].fields[name].label
    return facet_labels()[name]


def value_label(name: str, value: str) -> str:
    """A facet value as people read it."""
    if name == "collection":
        return collections()[value].label
    return STATES[value] if name == "validity" else value


def checked_value(name: str, raw: str) -> str:
    """A value from a request: codes and labels are both understood; raises QueryError for what cannot be."""
    tables = {"collection": {n: c.label for n, c in collections().items()}, "validity": STATES}
    if name == "origin":
        tables["origin"] = {origin: origin for origin in ORIGINS}
    if name in ("industry", "region"):
        return {"industry": DIVISIONS, "region": PROVINCES}[name].get(raw, raw)
    if name not in tables:
        return raw
    for code, label in tables[name].items():
        if raw in (code, label):
            return code
    accepted = "、".join(f"{code}（{label}）" for code, label in tables[name].items())
    raise QueryError(f"{facet_labels()[name]}没有“{raw}”；可以选：{accepted}")


def values_of(record: Record) -> dict[str, tuple[str, ...]]:
    """The facet values of a record, as the index keeps them."""
    values: dict[str, tuple[str, ...]] = {"collection": (record.collection,), "origin": _origins(record)}
    for field in record.declared.facets:
        if field.name in record.fields:
            value = record.fields[field.name]
            items = value if isinstance(value, tuple) else (value,)
            values[field.name] = tuple(field.kind.show(item, field.options) for item in items)
    issued = record.value("issued") or record.value("effective")
    if issued and record.collection in DATED:
        values["year"] = (issued[:4],)
    if record.source.authority == "sample" and record.source.origin == "shipped":
        values[SAMPLE] = (record.collection,)
    return values


def _origins(record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.origin for source in record.sources))
