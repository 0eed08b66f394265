"""Document (文件): its status in words, its outline and every clause at an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.record import Record
from cpkb.model.results import Snippet
from cpkb.pages.citations import effects
from cpkb.pages.clauses import clauses, outline
from cpkb.pages.links import addressed
from cpkb.pages.parameters import only
from cpkb.search.request import SearchRequest
from cpkb.search.snippets import snippet

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
    hits = frozenset(kb.finder.inside(found, wanted.query)) if wanted.text else frozenset[int]()
    shown = clauses(found.body, hits, _marker(wanted, kb))
    texts = [addressed(head) for head in kb.store.same_work(found)]
    return render_template(
        "document.html",
        record=found,
        text=wanted.text,
        facts=[(f.label, f.show(found.fields[n])) for n, f in found.declared.fields.items() if _is_fact(n, found)],
        summary=[found.value(name) for name in ("scope", "summary") if found.value(name)],
        state=kb.finder.validity_of(found, wanted.query),
        is_dated=wanted.is_dated,
        clauses=shown,
        outline=outline(shown),
        steps=Steps(tuple(clause.passage.anchor for clause in shown if clause.is_hit)),
        texts=texts,
        effects=effects(found.relations, kb.store),
        permalink=request.url_root.rstrip("/") + quote(found.address),
    )


def _is_fact(name: str, record: Record) -> bool:
    return name in record.fields and name not in _NOT_IN_HEAD


def _marker(wanted: SearchRequest, kb: KnowledgeBase) -> Callable[[str], Snippet]:
    terms = kb.finder.terms_to_mark(wanted.query)

    def mark(text: str) -> Snippet:
        return snippet(text, terms, kb.analyzer, length=len(text))

    return mark
