"""An answer (答复): what the knowledge base says about a question, every sentence with the passage it rests on.

Values only. `cpkb.consultation` makes them; pages, the API and the writers of memos show them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpkb.model.results import Snippet
from cpkb.model.source import Citation as Source
from cpkb.model.validity import Validity

SECTIONS: Mapping[str, str] = {
    "technique": "可用技术",
    "ban": "限制与淘汰",
    "duty": "必须履行的义务与期限",
    "limit": "排放限值",
    "money": "资金与优惠",
    "case": "案例",
    "person": "可以请教的人和机构",
    "definition": "术语与定义",
}
"""The sections of an answer, in the order they stand in when the question leaves it open."""
INTENTS: Mapping[str, str] = {
    "technique": "怎么做",
    "ban": "能不能用",
    "duty": "要做什么",
    "limit": "限值多少",
    "money": "钱和优惠",
    "person": "找谁",
    "definition": "什么意思",
    "comparison": "哪个好",
}
"""What a question wants to know."""
SLOTS: Mapping[str, str] = {
    "industry": "行业",
    "process": "工序",
    "pollutant": "污染物",
    "waste": "废物",
    "material": "原料",
    "equipment": "设备",
    "quantity": "数量",
    "region": "地区",
    "intent": "想知道",
}
"""What is understood of a question."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing understood: 电镀 as industry 33."""

    name: str
    """One of SLOTS."""
    value: str
    """A code or a formal term."""
    label: str
    """As people read it."""
    said: str = ""
    """The words of the question that say it; '' for what was chosen by hand."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a stored passage, at one version of its document."""

    record_id: str
    ordinal: int
    """Of the passage in the record."""
    document: str
    """The title as one cites it."""
    number: str
    locator: str
    page: int | None
    quoted: str
    """A stretch of the passage, word for word."""
    version: str
    """The content hash of the file the record was read from; of a shipped record, its own."""
    validity: Validity
    authority: str
    address: str
    """Where it is read: the clause in its document."""
    file: str = ""
    """The file it was read from, by which lists without a title are known."""

    @property
    def digest(self) -> str:
        """SHA-256 of the quoted words: tells later whether the passage still says them."""
        return hashlib.sha256(self.quoted.encode()).hexdigest()

    def in_words(self) -> str:
        """《示例清洁生产条例》示例令第1号 第二条."""
        return " ".join(part for part in (f"《{self.document}》{self.number}", self.locator) if part)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure lifted out of a passage or a field: 去除率 80%～90% （进水≤500 mg/L）."""

    name: str
    value: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Rest:
    """A clause that a summary in own words rests on (依据)."""

    citation: Source
    address: str = ""
    """Where it is read here; '' while the text is not held."""
    is_clause: bool = False
    """Whether the address is the very clause."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing an answer says."""

    title: str
    text: Snippet
    """The quoted words, with the decisive ones marked."""
    citation: Citation
    figures: tuple[Figure, ...] = ()
    twins: tuple[Citation, ...] = ()
    """The same wording in other texts."""
    against: tuple[Citation, ...] = ()
    """Passages that say otherwise about the same thing."""
    rests: tuple[Rest, ...] = ()
    """Of a summary in own words, the clauses it was read out of."""
    collection: str = ""
    kind: str = ""
    """Of a technology, whether it prevents, recovers or treats: the value of its field."""
    listed: str = ""
    """Of a row of a list, how: the value of its field `class` (淘汰 forbids, 高污染高环境风险 does not)."""
    score: float = 0.0
    """How well it answers; comparable within one answer."""
    is_elsewhere: bool = False
    """Whether it is of another industry or province than the one asked about."""

    @property
    def whole(self) -> Snippet:
        """All its quoted words; what decides is marked as in the text."""
        quoted = self.citation.quoted
        decisive = {piece for piece, is_match in self.text.parts if is_match and piece.strip()}
        if not decisive:
            return Snippet(((quoted, False),))
        pattern = "|".join(re.escape(piece) for piece in sorted(decisive, key=len, reverse=True))
        pieces = re.split(f"({pattern})", quoted)
        return Snippet(tuple((piece, at % 2 == 1) for at, piece in enumerate(pieces) if piece))


@dataclass(frozen=True, slots=True)
class Section:
    """Items of one kind; without any, what would help."""

    kind: str
    """One of SECTIONS."""
    items: tuple[Item, ...]
    helps: str = ""

    @property
    def label(self) -> str:
        """Its heading."""
        return SECTIONS[self.kind]


@dataclass(frozen=True, slots=True)
class Used:
    """A text that an answer rests on, and the numbers of the items that do."""

    document: str
    number: str
    address: str
    """Where it is read here; '' while the text is not held."""
    items: tuple[int, ...]
    """From 1, in the order of the answer."""
    citation: Citation | None = None
    """One of its citations; None for a text that was read for a summary in own words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about a question on a day."""

    question: str
    as_of: dt.date
    understood: tuple[Slot, ...]
    sections: tuple[Section, ...]
    lead: tuple[Item, ...] = ()
    """At most three sentences, each taken whole from the passage it cites."""
    confidence: str = "sure"
    """sure, perhaps or none, as of `Results`."""
    nearly: tuple[Item, ...] = ()
    """When nothing answers: what comes nearest, marked as such."""
    absent: tuple[str, ...] = ()
    """Numbers and models of the question that no text holds, as they were typed."""

    @property
    def none(self) -> bool:
        """Whether nothing stored answers the question."""
        return self.confidence == "none"

    def items(self) -> Iterator[Item]:
        """All items, in order."""
        for section in self.sections:
            yield from section.items

    def told(self) -> list[tuple[int, Item]]:
        """Every item that is shown, with its number from 1; of an answer without any, those that come nearest."""
        return list(enumerate(tuple(self.items()) or self.nearly, 1))

    def sources(self) -> list[Used]:
        """The texts that its items quote or rest on, in the order in which they are first named."""
        found: dict[tuple[str, str], Used] = {}
        for at, item in self.told():
            for one in _used(at, item):
                first = found.setdefault((one.document, one.number), one)
                items = tuple(dict.fromkeys((*first.items, at)))
                found[one.document, one.number] = replace(first, items=items, citation=first.citation or one.citation)
        return list(found.values())

    def ranked(self) -> list[Item]:
        """All items, those that answer best first, whatever their section."""
        return sorted(self.items(), key=lambda item: -item.score)

    def slot(self, name: str) -> str:
        """The first value understood of a slot, or ''."""
        return next((slot.value for slot in self.understood if slot.name == name), "")


def _used(at: int, item: Item) -> Iterator[Used]:
    """The texts behind one item; an address leads to the text, not to the clause."""
    for citation in (item.citation, *item.twins, *item.against):
        address = citation.address.partition("#")[0]
        yield Used(citation.document, citation.number, address, (at,), citation)
    for rest in item.rests:
        yield Used(rest.citation.document, rest.citation.number, rest.address.partition("#")[0], (at,))


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a rewriting that holds: it says what one passage says."""

    text: str
    """Without the words that name where it stands: the title is shown before it."""
    title: str
    """What the passage is called."""
    citation: Citation


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence of a language model that is not told, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An answer as a language model put it (改写), sentence by sentence checked against the passages it names."""

    told: tuple[Told, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    failure: str = ""
    """Why there is none, in words for users."""
