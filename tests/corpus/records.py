"""Small wrong records, one fault each, and the whole shipped corpus."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cpkb.corpus.faults import Fault, read_corpus
from cpkb.model.field_types import Value
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation, Source
from tests.analysis.shipped import REPO

GUIDE = "示例可行技术指南"
CITATION = Citation(GUIDE, "5.1", "HJ 9999—2026", 9)


@cache
def shipped() -> list[Record]:
    return read_corpus(REPO / "corpus")


def sample(
    id_: str = "sample",
    collection: str = "technology",
    title: str = "示例",
    citations: tuple[Citation, ...] = (CITATION,),
    relations: tuple[Relation, ...] = (),
    locator: str = "",
    more: Mapping[str, Value] = MappingProxyType({}),
    **fields: Value,
) -> Record:
    source = Source(GUIDE, number="HJ 9999—2026", origin="shipped", file="corpus/records/samples.toml")
    first: dict[str, Value] = {"summary": "要点"} if collection == "technology" else {}
    return Record(id_, collection, title, first | fields | dict(more), (source,), citations, relations, (), locator)


def guideline(**fields: Value) -> Record:
    return sample("guide", "guideline", GUIDE, number="HJ 9999—2026", summary="要点", more=fields)


def said(faults: list[Fault]) -> list[str]:
    return [f"{fault.record}: {fault.says}" for fault in faults]
