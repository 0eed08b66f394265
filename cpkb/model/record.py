"""Records (条目) and documents (文件): what the knowledge base keeps.

A document is a record that has a body: passages read from an imported text. A record without one is shown
by its fields and searched through passages made of them (`passages_of`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cpkb.model.collection import Collection, collection
from cpkb.model.field_types import ReferenceType, Value
from cpkb.model.passage import Passage
from cpkb.model.source import ORIGINS, Citation, Source

RELATIONS = {"repeals": "废止", "amends": "修改", "replaces": "代替", "draft_of": "草案稿", "implements": "贯彻"}
_NOT_PART_OF_A_NAME = re.compile(r"[\s《》〈〉<>“”\"]|[（(][^）)]{0,12}(?:修正|修订|年本|年版)[^）)]{0,6}[）)]")


@dataclass(frozen=True, slots=True)
class Relation:
    """What one text does to another, stated on the acting text: the new one repeals the old one."""

    kind: str
    target: str
    """Title of the other text, as a person would cite it."""
    on: str = ""
    """ISO date from which it holds; empty when the text does not say."""
    locator: str = ""
    """The clause of the acting text that says so."""
    says: str = ""
    """The sentence that says it, or its start."""
    is_proposed: bool = False
    """Read from a form that has other meanings too: shown to be checked, and of no effect on validity."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing known, with its fields, sources and (for a document) its body."""

    id: str
    collection: str
    title: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    relations: tuple[Relation, ...] = ()
    body: tuple[Passage, ...] = ()
    locator: str = ""
    """For a row of a list: its place there (1-1, 336-054-17, 第321行)."""

    @property
    def declared(self) -> Collection:
        """The collection it belongs to."""
        return collection(self.collection)

    @property
    def is_document(self) -> bool:
        """Whether it has a text of its own."""
        return bool(self.body)

    @property
    def source(self) -> Source:
        """The strongest source: edited before imported before shipped."""
        return self.sources[-1]

    @property
    def address(self) -> str:
        """Its stable path on the site."""
        return f"/documents/{self.id}" if self.is_document else f"/records/{self.collection}/{self.id}"

    def at(self, locator: str) -> str:
        """The address of a clause of its text; its own where it has no text or the clause is not named."""
        place = Passage(0, "", locator).anchor if self.is_document and locator else ""
        return f"{self.address}#{place}" if place else self.address

    def value(self, name: str) -> str:
        """A single-valued field as text, or ''."""
        value = self.fields.get(name, "")
        return "" if isinstance(value, tuple) else str(value)

    def shown(self) -> list[tuple[str, str]]:
        """(label, value) of every filled field, in declared order, as a person reads them: without ids of others."""
        filled = [(self.declared.fields[name], value) for name, value in self.fields.items()]
        return [(one.label, one.show(value)) for one, value in filled if not isinstance(one.kind, ReferenceType)]


def addressed(head: tuple[Record, bool]) -> Record:
    """A record read without its body, with whether it has one: it still knows its address, which differs with that."""
    record, has_body = head
    return replace(record, body=(Passage(0, ""),)) if has_body else record


def passages_of(record: Record) -> tuple[Passage, ...]:
    """What is searched of a record: its body, or one passage made of its title and fields."""
    if record.body:
        return record.body
    lines = [record.title, *(f"{label}：{value}" for label, value in record.shown())]
    kind = "row" if record.locator else "record"
    return (Passage(0, "\n".join(lines), locator=record.locator, kind=kind),)


def work_key(title: str) -> str:
    """What all texts and editions of one law or standard share: its name without country, marks and edition.

    《中华人民共和国清洁生产促进法（2012修正）》 and 清洁生产促进法 give the same key.
    """
    name = _NOT_PART_OF_A_NAME.sub("", unicodedata.normalize("NFKC", title))
    return _NOT_PART_OF_A_NAME.sub("", name).removeprefix("中华人民共和国").lower()


def merge(contributions: list[Record]) -> Record:
    """One record from what several sources say of it; the stronger origin wins field by field.

    ``contributions`` are of one id. Sources, citations and relations of all are kept, weakest first.
    """
    ordered = sorted(contributions, key=lambda r: ORIGINS.index(r.source.origin))
    merged = ordered[0]
    for stronger in ordered[1:]:
        fields = dict(merged.fields) | dict(stronger.fields)
        merged = replace(
            stronger,
            title=stronger.title or merged.title,
            fields={name: fields[name] for name in stronger.declared.fields if name in fields},
            sources=(*merged.sources, *stronger.sources),
            citations=tuple(dict.fromkeys((*merged.citations, *stronger.citations))),
            relations=tuple(dict.fromkeys((*merged.relations, *stronger.relations))),
            body=stronger.body or merged.body,
            locator=stronger.locator or merged.locator,
        )
    return merged
