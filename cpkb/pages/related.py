"""Related (相关): what names a record, cites it or was read from it: techniques, guides, limits, duties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cpkb.model.field_types import ReferenceType, figure_parts
from cpkb.model.numerals import number_of
from cpkb.model.record import Record
from cpkb.model.validity import DATED, PART_OF, Validity
from cpkb.pages.citations import Linked, Text, linked
from cpkb.pages.excerpts import Marker
from cpkb.pages.links import addressed
from cpkb.pages.tables import Parts
from cpkb.store.store import Store

NAMED_BY = {
    "technology": (
        ("technology", "combines_with", "也与它组合的技术"),
        ("elimination", "replacements", "可以代替的淘汰设备和工艺"),
        ("case", "technologies", "用了它的案例"),
    ),
    "term": (("term", "related", "相关术语"),),
}
"""Collection → (collection and field that name a record of it, how they are headed)."""
CITED_BY = {"technology": "引用它的技术", "organisation": "提到它的机构", "term": "引用它的术语"}
FOLDED = 12  # links of one heading that are shown; more stand in a fold below them
_ARTICLE = re.compile(r"第([一二三四五六七八九十百千零〇\d]+)条(?:之([一二三四五六七八九十]+))?")


@dataclass(frozen=True, slots=True)
class Group:
    """Records under one heading."""

    label: str
    texts: Sequence[Text]

    @property
    def first(self) -> Sequence[Text]:
        """Those that are shown at once."""
        return self.texts if len(self.texts) <= FOLDED + 2 else self.texts[:FOLDED]

    @property
    def more(self) -> Sequence[Text]:
        """Those in the fold."""
        return self.texts[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Part:
    """A limit or a duty in the table on its text's page."""

    record: Record
    state: Validity
    place: Linked | None
    """Where it stands in the text."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        return self.record.value("pollutant") or self.record.title

    @property
    def locator(self) -> str:
        """The clause, table or article alone."""
        return self.record.citations[0].locator if self.record.citations else self.record.locator

    def cell(self, name: str) -> str:
        """A field as people read it, a limit with its unit; or ''."""
        field = self.record.declared.fields[name]
        shown = field.show(self.record.fields[name]) if name in self.record.fields else ""
        return f"{shown} {self.record.value('unit')}".strip() if name == "value" else shown


@dataclass(frozen=True, slots=True)
class PartTable:
    """The limits of a standard for one medium, or the duties of a law, with the columns that any of them fills."""

    label: str
    name_label: str
    columns: Sequence[tuple[str, str]]
    """(field, label)."""
    rows: Sequence[Part]


COLUMNS = {
    "limit": ("value", "applies", "condition", "place", "region", "effective", "repealed", "note"),
    "duty": ("kind", "who", "to_whom", "summary", "deadline", "amount", "region", "effective", "repealed"),
}
"""Beside the name, what is worth a column."""


def figures_of(record: Record, mark: Marker) -> list[tuple[Parts, Parts, Parts]]:
    """(name, value, condition) of every figure."""
    fields = record.declared.fields
    named = [value for name, value in record.fields.items() if fields[name].kind.name == "figure"]
    found = [str(item) for value in named for item in _many(value)]
    return [(mark(name), mark(value), mark(condition)) for name, value, condition in map(figure_parts, found)]


def _many(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple) else (value,)


def groups_of(record: Record, store: Store) -> list[Group]:
    """What the record names, what names it, and what cites it."""
    own = _references(record, store)
    known = {text.record.id for group in own for text in group.texts}
    groups = [*own, *_named_by(record, store, known)]
    if record.collection in DATED:
        texts = [record.title, *(head.title for head, _ in store.same_work(record))]
        cited = ((label, store.citing(name, texts, record.value("number"))) for name, label in CITED_BY.items())
        groups += [Group(label, _texts(sorted(records, key=_order))) for label, records in cited if records]
    if record.collection == "technology":
        alike = [Text(addressed(head)) for head in store.same_work(record)]
        groups += [Group("别的行业的同名技术", alike)] if alike else []
    guides = store.linking("handbook", "text", record.id)
    return [*groups, *([Group("读本里提到它", _texts(guides))] if guides else [])]


def _named_by(record: Record, store: Store, known: set[str]) -> list[Group]:
    found = []
    for collection, field, label in NAMED_BY.get(record.collection, ()):
        records = [other for other in store.naming(collection, field, [record.id]) if other.id not in known]
        if records:
            found.append(Group(label, _texts(records)))
    return found


def _references(record: Record, store: Store) -> list[Group]:
    """The fields that name other records; names that lead nowhere are left out."""
    fields = record.declared.fields
    found = []
    for name, value in record.fields.items():
        if isinstance(fields[name].kind, ReferenceType):
            heads = store.without_bodies([str(item) for item in _many(value)])
            if heads:
                found.append(Group(fields[name].label, [Text(addressed(head)) for head in heads.values()]))
    return found


def _texts(records: Iterable[Record]) -> list[Text]:
    return [Text(record) for record in records]


def parts_of(record: Record, store: Store, state_of: Callable[[Record], Validity]) -> list[PartTable]:
    """The limits or duties read from a text, or from another text of the same work, in its order."""
    if record.collection not in DATED:
        return []
    ids = [record.id, *(head.id for head, _ in store.same_work(record))]
    found: dict[tuple[str, str], list[Record]] = {}
    for collection, field in PART_OF.items():
        for part in store.naming(collection, field, ids) if field == record.collection else ():
            found.setdefault((collection, part.value("medium")), []).append(part)
    return [_table(parts, store, state_of) for _, parts in sorted(found.items())]


def _table(parts: Sequence[Record], store: Store, state_of: Callable[[Record], Validity]) -> PartTable:
    declared, ordered = parts[0].declared, sorted(parts, key=_order)
    wanted = [declared.fields[name] for name in COLUMNS[declared.name] if any(name in part.fields for part in parts)]
    medium = declared.fields["medium"].show(parts[0].value("medium")) if "medium" in declared.fields else ""
    places = iter(linked([part.citations[0] for part in ordered if part.citations], store))
    return PartTable(
        f"{declared.label}：{medium}" if medium else declared.label,
        "污染物" if medium else "名称",
        [(field.name, field.label) for field in wanted],
        [Part(part, state_of(part), next(places) if part.citations else None) for part in ordered],
    )


def _order(part: Record) -> tuple[object, ...]:
    """By the place that is cited first: articles by their number, clauses and tables by theirs."""
    locator = part.citations[0].locator if part.citations else part.locator
    article = _ARTICLE.search(locator)
    number = (number_of(article[1]), number_of(article[2]) if article[2] else 0) if article else (0, 0)
    numbers = tuple(int(n) for n in re.findall(r"\d+", locator)) if not article else ()
    return number, numbers, locator, part.id
