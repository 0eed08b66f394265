"""What a search gives back (结果)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cpkb.model.passage import Passage
from cpkb.model.record import Record
from cpkb.model.validity import Validity


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of display text cut into (text, is_match) parts; escaping is the template's."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The piece without marks."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching passage of a record."""

    record: Record
    """The record without its body."""
    passage: Passage
    score: float
    snippet: Snippet
    title: Snippet
    validity: Validity
    more: tuple[Hit, ...] = ()
    """Further matching passages of the same record, best first, when results are grouped."""
    twins: tuple[Hit, ...] = ()
    """The same wording in other texts: copies and editions."""

    @property
    def address(self) -> str:
        """Where it is read: the clause in its document."""
        path = self.record.address
        return f"{path}#{self.passage.anchor}" if path.startswith("/documents/") else path


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet and how many results have it."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetResult:
    """A facet with its values, most frequent first."""

    name: str
    label: str
    counts: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results."""

    hits: tuple[Hit, ...]
    total: int
    """How many records (grouped) or passages (not grouped) match."""
    passages: int
    facets: tuple[FacetResult, ...] = ()
    seconds: float = 0.0
    also_searched: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(word of the question, formal terms searched beside it)."""
    nearly: tuple[Hit, ...] = field(default=())
    """When nothing matches: what partly does, marked as such."""
