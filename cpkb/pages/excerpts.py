"""Excerpts (摘录): of a record the fields that answer the question, marked, and short enough to read at a glance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.field_types import ReferenceType
from cpkb.model.query import Query
from cpkb.model.record import Record
from cpkb.pages.tables import Parts
from cpkb.search.snippets import snippet

Marker = Callable[[str], Parts]
"""A text in parts, those that the question matches marked."""
FIRST = ("models", "conditions", "stop_using", "stop_making", "date_meaning", "exceptions", "replacement_source")
"""Of something listed: what decides whether it is one's own, and until when it may be used."""
LEAST = ("class", "kind", "category")
"""What a badge says already."""
LINES = 3
WINDOW = 110  # characters of a field: two lines on a phone beyond its label
_WORDS = {"ocr_doubt": "可能认错的字"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a record as it is shown."""

    name: str
    label: str
    value: Parts

    @property
    def is_match(self) -> bool:
        """Whether the question matches something in it."""
        return any(is_match for _, is_match in self.value)

    @property
    def line(self) -> Parts:
        """The field on one line: 型号：JO2系列."""
        return ((f"{self.label}：", False), *self.value)


def marker(query: Query, kb: KnowledgeBase, window: int = 0) -> Marker:
    """What marks a text for a query, cut around the marks when a window is given."""
    terms = kb.finder.terms_to_mark(query)
    return lambda text: snippet(text, terms, kb.analyzer, length=window or len(text)).parts


def excerpts(query: Query, kb: KnowledgeBase) -> Callable[[Record], list[Parts]]:
    """What cuts the lines out of a record that are shown in results."""
    mark = marker(query, kb, WINDOW)
    return lambda record: best_lines(facts_of(record, mark))


def facts_of(record: Record, mark: Marker) -> list[Fact]:
    """The fields that are facts, what decides first; references are shown as links elsewhere."""
    fields = record.declared.fields
    facts = [
        Fact(name, _WORDS.get(name, fields[name].label), mark(fields[name].show(value)))
        for name, value in record.fields.items()
        if not isinstance(fields[name].kind, ReferenceType)
    ]
    first = FIRST if record.collection == "elimination" else ()
    return sorted(facts, key=lambda fact: first.index(fact.name) if fact.name in first else len(first))


def best_lines(facts: list[Fact]) -> list[Parts]:
    """The fields that match, and where there is room what the record begins with."""
    telling = [fact for fact in facts if fact.name not in LEAST]
    matching = [fact for fact in telling if fact.is_match]
    begins = telling[:1] or facts[:1]
    return list(dict.fromkeys(fact.line for fact in (*matching, *begins)))[:LINES]
