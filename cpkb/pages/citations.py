"""Citations (引证) as links: to the clause in the imported text when there is one, else to what is registered of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cpkb.consultation.citations import ended_text
from cpkb.model.numerals import number_of
from cpkb.model.passage import Passage
from cpkb.model.record import RELATIONS, Record, Relation
from cpkb.model.source import Citation
from cpkb.model.validity import DATED, Validity, interval
from cpkb.pages.clauses import part_of
from cpkb.pages.links import addressed
from cpkb.pages.original_page import original_of
from cpkb.settings import Settings
from cpkb.store.store import Store


@dataclass(frozen=True, slots=True)
class Linked:
    """A citation with the address where it is read; '' when this knowledge base does not hold the text."""

    says: str
    address: str
    is_clause: bool
    """Whether the address is the very clause."""
    page: int | None = None
    original: str = ""
    """Where the original of that text opens at the page."""
    ended: str = ""
    """The state of a text that has lost its force on the day looked at, else ''."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a text does to others on one day by one clause: it repeals ten laws."""

    word: str
    on: str
    locator: str
    targets: tuple[tuple[str, str], ...]
    """(title, address or '')."""
    to_check: str = ""
    """The sentence it was read from, where it is only proposed."""

    @property
    def anchor(self) -> str:
        """The fragment of the clause that says so."""
        return "".join(self.locator.split())


@dataclass(frozen=True, slots=True)
class Text:
    """A record in a list of records, and the part that it is of a work in several texts; '' for a whole one."""

    record: Record
    part: str = ""


def same_work(record: Record, store: Store) -> list[Text]:
    """The other texts of a work; several are told apart by the parts that they are."""
    found = [addressed(head) for head in store.same_work(record)]
    texts = [Text(other, part_of(store.record(other.id).body) if other.is_document else "") for other in found]
    return sorted(texts, key=lambda text: (not text.part, number_of(text.part.partition("编")[0].lstrip("第"))))


def citation_text(record: Record, passage: Passage, state: str, viewed: dt.date) -> str:
    """A clause as a report cites it: 《名称》编号 第二十七条（第 9 页；现行；2026-11-22 查看）."""
    name = f"《{record.title}》{record.value('number')}"
    place = f"{' ' if record.value('number') else ''}{passage.locator}" if passage.locator else ""
    page = f"第 {passage.page} 页" if passage.page else ""
    return f"{name}{place}（{'；'.join(part for part in (page, state, f'{viewed.isoformat()} 查看') if part)}）"


def state_text(record: Record, state: Validity, store: Store) -> str:
    """A validity in a citation: 2026-08-15 废止; with the date it was looked at for when that is not today."""
    if record.collection not in DATED:
        return ""
    span = interval(store.dated(record), store.claims_about(record))
    ends = span.ends.isoformat() if span.ends and span.ends > dt.date.min else ""
    end = f"{ends} {'被代替' if span.end_state == 'superseded' else '废止'}" if ends else ""
    if state.state in ("repealed", "superseded"):
        return end or state.label
    if state.state == "not_yet" and span.starts:
        return f"{span.starts.isoformat()} 施行"
    return f"{state.label}，{end}" if end else state.label


def effects(relations: Iterable[Relation], store: Store) -> list[Effect]:
    """Relations, those of the same kind, day and clause together; each proposed one with its sentence."""
    found: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for relation in relations:
        to_check = relation.says if relation.is_proposed else ""
        targets = found.setdefault((RELATIONS[relation.kind], relation.on, relation.locator, to_check), [])
        targets.append((relation.target, titled(relation.target, store)))
    return [Effect(word, on, where, tuple(targets), check) for (word, on, where, check), targets in found.items()]


def linked(
    citations: Iterable[Citation], store: Store, as_of: dt.date | None = None, originals: Settings | None = None
) -> list[Linked]:
    """The citations in order, each with its address.

    With a day also whether the text has ended by then, with the settings of a home also where its original opens.
    """
    texts: dict[str, list[Record]] = {}
    ended: dict[Citation, str] = {}
    found = []
    for citation in citations:
        if citation.document not in texts:
            texts[citation.document] = _texts(citation.document, store)
        found.append(_link(citation, texts[citation.document], originals))
        if as_of:
            named = replace(citation, locator="", page=None)
            ended[named] = ended[named] if named in ended else ended_text(named, store, as_of)
            found[-1] = replace(found[-1], ended=ended[named])
    return found


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


def _link(citation: Citation, texts: list[Record], originals: Settings | None) -> Linked:
    wanted = "".join(citation.locator.split())
    clauses = ((text, passage) for text in texts for passage in text.body if wanted and passage.anchor == wanted)
    text, passage = next(clauses, (texts[0] if texts else None, None))
    if text is None:
        return Linked(citation.in_words(), "", is_clause=False)
    address = f"{text.address}#{passage.anchor}" if passage else text.address
    page = citation.page or (passage.page if passage else None)
    original = original_of(text, originals) if page and originals else None
    opened = original.at(page) if original and original.has_pages else ""
    return Linked(citation.in_words(), address, bool(passage), page, opened)
