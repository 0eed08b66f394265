"""Reader's guide (读本): a text to read and print, its sections at the addresses where a search finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from flask import g, render_template

from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.markup import Inline, Section, linked_records, sections
from cpkb.model.passage import Passage
from cpkb.model.record import Record
from cpkb.pages.citations import linked
from cpkb.pages.excerpts import Marker, marker
from cpkb.pages.links import addressed
from cpkb.pages.tables import Parts
from cpkb.search.request import SearchRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with its address in the page, and whether the question matches it."""

    section: Section
    title: Parts
    anchor: str
    is_hit: bool


@dataclass(slots=True)
class Heading:
    """A heading in the table of contents."""

    title: str
    anchor: str
    inside: list[Heading] = field(default_factory=list)


def guide_page(guide: Record, wanted: SearchRequest) -> str:
    """The page of a guide."""
    kb: KnowledgeBase = g.kb
    text = guide.value("text")
    hits = frozenset(kb.finder.inside(guide, wanted.query)) if wanted.text else frozenset[int]()
    mark = marker(wanted.query, kb)
    shown = [
        _shown(section, passage, hits, mark) for section, passage in zip(sections(text), guide.body[1:], strict=True)
    ]
    heads = kb.store.without_bodies(linked_records(text))
    records = {id_: addressed(heads[id_]) for id_ in linked_records(text) if id_ in heads}
    return render_template(
        "guide.html",
        record=guide,
        text=wanted.text,
        shown=shown,
        contents=_contents(shown),
        records=records,
        by_collection=_by_collection(records.values()),
        said=_sayer(records, mark),
        hits=[item.anchor for item in shown if item.is_hit],
        citations=linked(guide.citations, kb.store, wanted.query.as_of, kb.settings),
        facts=[(f.label, f.show(guide.fields[f.name])) for f in guide.declared.facets if f.name in guide.fields],
    )


def _shown(section: Section, passage: Passage, hits: frozenset[int], mark: Marker) -> Shown:
    """A section beside the passage that is made of it (`markup.passages`)."""
    is_hit = passage.ordinal in hits
    return Shown(section, mark(section.title) if is_hit else ((section.title, False),), passage.anchor, is_hit)


def _contents(shown: Sequence[Shown]) -> list[Heading]:
    found: list[Heading] = []
    for item in shown:
        heading = Heading(item.section.title, item.anchor)
        if not heading.title:
            continue
        if item.section.level > 2 and found:
            found[-1].inside.append(heading)
        else:
            found.append(heading)
    return found


def _by_collection(records: Iterable[Record]) -> list[tuple[str, str, list[Record]]]:
    """(collection, its label, records) in the order of the collections."""
    grouped: dict[str, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.collection, []).append(record)
    ordered = sorted(grouped.values(), key=lambda group: group[0].declared.order)
    return [(group[0].collection, group[0].declared.label, group) for group in ordered]


def _sayer(records: dict[str, Record], mark: Marker) -> Callable[[Inline, bool], Parts]:
    """What a run of text says, marked where the question matches its section."""

    def said(run: Inline, is_hit: bool) -> Parts:  # noqa: FBT001 — called by templates
        text = run.text or (records[run.record].title if run.record in records else run.record)
        return mark(text) if is_hit else ((text, False),)

    return said
