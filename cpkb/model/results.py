"""What a search gives back (结果)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cpkb.model.passage import Passage
from cpkb.model.record import Record
from cpkb.model.validity import Validity

PARTS: Mapping[str, str] = {
    "words": "含有的词",
    "grams": "字面相合",
    "synonyms": "近义说法",
    "coverage": "符合的份额",
    "number": "编号型号",
    "quantity": "数值",
    "phrase": "连着的字",
    "meaning": "意思相近",
    "title": "文件名称",
    "document": "同一文件",
    "ended": "已失效",
    "aside": "没有问到的一类",
    "draft": "草案",
}
"""The kinds of parts that a score is made of; the last two take away."""
ZONE_LABELS: Mapping[str, str] = {"title": "标题", "heading": "条目标题", "text": "正文"}
"""Where in a passage a term can stand."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of display text cut into (text, is_match) parts; escaping is the template's."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The piece without marks."""
        return "".join(text for text, _ in self.parts)


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part of a hit's score."""

    kind: str
    """One of PARTS."""
    term: str
    """What is met: the word, number or value; of coverage the share of the question; '' where there is none."""
    zones: tuple[str, ...]
    """Where the term stands (ZONE_LABELS), for words and grams."""
    score: float

    @property
    def label(self) -> str:
        """Its kind in Chinese."""
        return PARTS[self.kind]


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
    parts: tuple[ScorePart, ...] = ()
    """What its score is made of, where the query asks for it."""

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
    """When nothing answers: what comes nearest, marked as such."""
    confidence: str = "sure"
    """sure, perhaps or none: whether the hits answer the question (`search.confidence`); none has no hits."""
    by_meaning: bool = False
    """Whether passages were also found and ordered by likeness of meaning."""
