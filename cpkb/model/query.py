"""A query is data (查询): parsed once at the door, read by engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text: ranked by how much of it a passage covers."""

    text: str
    synonyms: bool = True
    """Whether reviewed formal terms are searched beside its words."""
    meaning: bool = True
    """Whether passages of the same meaning are searched beside those with its words."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that must stand in a row."""

    text: str


@dataclass(frozen=True, slots=True)
class InField:
    """field:value — the value must match in that field (a facet field, 标题 or 编号)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    """Passages that match the inner node are left out."""

    node: Node


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one branch matches (OR)."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every branch matches; several Words in it are one ranked text."""

    nodes: tuple[Node, ...]


Node = Words | Phrase | InField | Not | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Query:
    """Everything a search asks for."""

    text: AllOf = field(default_factory=lambda: AllOf(()))
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(facet, accepted values): values of one facet are alternatives, facets must all hold."""
    facets: tuple[str, ...] = ()
    as_of: dt.date = field(default_factory=dt.date.today)
    sort: str = "relevance"
    """relevance, newest, effective."""
    offset: int = 0
    limit: int = 10
    grouped: bool = True
    """Whether passages are grouped under their document or record."""
    explained: bool = False
    """Whether every hit is told with the reasons for its place."""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing in particular (browse)."""
        return not self.text.nodes
