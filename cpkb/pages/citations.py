"""Citations (引证) as links: to the clause in the imported text when there is one, else to what is registered of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cpkb.model.record import RELATIONS, Record, Relation
from cpkb.model.source import Citation
from cpkb.model.validity import DATED
from cpkb.pages.links import addressed
from cpkb.store.store import Store


@dataclass(frozen=True, slots=True)
class Linked:
    """A citation with the address where it is read; '' when this knowledge base does not hold the text."""

    says: str
    address: str
    is_clause: bool
    """Whether the address is the very clause."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a text does to others on one day by one clause: it repeals ten laws."""

    word: str
    on: str
    locator: str
    targets: tuple[tuple[str, str], ...]
    """(title, address or '')."""

    @property
    def anchor(self) -> str:
        """The fragment of the clause that says so."""
        return "".join(self.locator.split())


def effects(relations: Iterable[Relation], store: Store) -> list[Effect]:
    """Relations, those of the same kind, day and clause together."""
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for relation in relations:
        targets = found.setdefault((RELATIONS[relation.kind], relation.on, relation.locator), [])
        targets.append((relation.target, titled(relation.target, store)))
    return [Effect(word, on, locator, tuple(targets)) for (word, on, locator), targets in found.items()]


def linked(citations: Iterable[Citation], store: Store) -> list[Linked]:
    """The citations in order, each with its address."""
    texts: dict[str, list[Record]] = {}
    for citation in citations:
        if citation.document not in texts:
            texts[citation.document] = _texts(citation.document, store)
    return [_link(citation, texts[citation.document]) for citation in citations]


def titled(title: str, store: Store) -> str:
    """The address of a text known by its title, or ''."""
    heads = _heads(title, store)
    return heads[0].address if heads else ""


def _texts(title: str, store: Store) -> list[Record]:
    return [store.record(head.id) if head.is_document else head for head in _heads(title, store)]


def _heads(title: str, store: Store) -> list[Record]:
    """Records of that work without their texts, those that have one first."""
    heads = [addressed(head) for name in DATED for head in store.same_work(Record("", name, title))]
    return sorted(heads, key=lambda head: not head.is_document)


def _link(citation: Citation, texts: list[Record]) -> Linked:
    wanted = "".join(citation.locator.split())
    for text in texts:
        for passage in text.body:
            if wanted and passage.anchor == wanted:
                return Linked(citation.in_words(), f"{text.address}#{passage.anchor}", is_clause=True)
    return Linked(citation.in_words(), texts[0].address if texts else "", is_clause=False)
