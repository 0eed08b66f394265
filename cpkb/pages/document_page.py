"""Document (文件): its status in words, its outline and every clause at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cpkb.comparison.versions import Version, version, versions
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.record import Record
from cpkb.model.validity import validity
from cpkb.pages.citations import citation_text, effects, same_work, state_text
from cpkb.pages.clauses import clauses, outline, part_of
from cpkb.pages.excerpts import marker
from cpkb.pages.guide_page import guide_page
from cpkb.pages.original_page import original_of
from cpkb.pages.parameters import only
from cpkb.pages.related import groups_of, parts_of
from cpkb.pages.relations_page import decided_at

pages = Blueprint("document_page", __name__)
_NOT_IN_HEAD = ("summary", "scope", "number", "issuer", "issued", "effective", "repealed", "status")


@dataclass(frozen=True, slots=True)
class Steps:
    """The hits inside a document: the anchor before and after each, and how many there are."""

    anchors: tuple[str, ...]

    def before(self, anchor: str) -> str:
        """The hit before this one, or ''."""
        at = self.anchors.index(anchor)
        return self.anchors[at - 1] if at else ""

    def after(self, anchor: str) -> str:
        """The hit after this one, or ''."""
        at = self.anchors.index(anchor)
        return self.anchors[at + 1] if at + 1 < len(self.anchors) else ""

    def number(self, anchor: str) -> int:
        """Its place among the hits, from 1."""
        return self.anchors.index(anchor) + 1


@pages.get("/documents/<document_id>")
def document(document_id: str) -> str | Response:
    """One document, whole, so that a link to a clause works without a script."""
    wanted = only("q", "as_of")
    kb: KnowledgeBase = g.kb
    found = kb.store.record(document_id)
    if not found.is_document:
        address = url_for("record_page.record", collection_name=found.collection, record_id=found.id)
        return redirect(f"{address}?{request.query_string.decode()}".rstrip("?"))
    if found.value("text"):
        return guide_page(found, wanted)
    hits = frozenset(kb.finder.inside(found, wanted.query)) if wanted.text else frozenset[int]()
    shown = clauses(found.body, hits, marker(wanted.query, kb))
    texts = same_work(found, kb.store)
    state = kb.finder.validity_of(found, wanted.query)
    in_words = state_text(found, state, kb.store) + (f"（按 {state.as_of}）" if wanted.is_dated else "")
    return render_template(
        "document.html",
        record=found,
        text=wanted.text,
        facts=[(f.label, f.show(found.fields[n])) for n, f in found.declared.fields.items() if _is_fact(n, found)],
        summary=[found.value(name) for name in ("scope", "summary") if found.value(name)],
        state=state,
        here=Version(found.id, found),
        versions=versions(found, kb.store),
        part=part_of(found.body) if any(text.record.is_document for text in texts) else "",
        cited=lambda passage: citation_text(found, passage, in_words, g.today),
        is_dated=wanted.is_dated,
        clauses=shown,
        outline=outline(shown),
        steps=Steps(tuple(clause.passage.anchor for clause in shown if clause.is_hit)),
        texts=texts,
        effects=effects(found.relations, kb.store),
        decided_at=decided_at(found, kb),
        groups=groups_of(found, kb.store),
        tables=parts_of(found, kb.store, lambda part: kb.finder.validity_of(part, wanted.query)),
        permalink=request.url_root.rstrip("/") + quote(found.address),
        original=original_of(found, kb.settings),
    )


@pages.get("/documents/<document_id>/versions/<int:number>")
def earlier(document_id: str, number: int) -> str:
    """An earlier text of a document, as it was; search and validity speak of the text that stands."""
    only()
    kb: KnowledgeBase = g.kb
    found = version(f"{document_id}@{number}", kb.store)
    shown = clauses(found.record.body, frozenset(), lambda text: ((text, False),))
    until = f"早先文本，{found.replaced} 前"
    return render_template(
        "earlier.html",
        version=found,
        here=Version(document_id, kb.store.record(document_id)),
        record=found.record,
        state=validity(found.record, (), g.today),
        part="",
        clauses=shown,
        tables=(),
        outline=outline(shown),
        steps=Steps(()),
        cited=lambda passage: citation_text(found.record, passage, until, g.today),
        permalink=request.url_root.rstrip("/") + found.address,
        original=original_of(found.record, kb.settings, found.address),
    )


def _is_fact(name: str, record: Record) -> bool:
    return name in record.fields and name not in _NOT_IN_HEAD
