"""Record (条目): its facts, sources clause by clause, and what other texts do to it."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cpkb.errors import NotFoundError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.field_types import DIVISIONS, ReferenceType
from cpkb.model.record import Record
from cpkb.pages.citations import Text, effects, linked, same_work
from cpkb.pages.excerpts import facts_of, marker
from cpkb.pages.links import addressed
from cpkb.pages.parameters import named, only

pages = Blueprint("record_page", __name__)


@pages.get("/records/<collection_name>/<record_id>")
def record(collection_name: str, record_id: str) -> str | Response:
    """One record; a document is read at its own address."""
    wanted = only("q", "as_of")
    kb: KnowledgeBase = g.kb
    named(collection_name)
    found = kb.store.record(record_id)
    if found.collection != collection_name:
        raise NotFoundError(f"“{found.title}”不在这一类里，它在 {found.address}")
    if found.is_document:
        address = url_for("document_page.document", document_id=record_id)
        return redirect(f"{address}?{request.query_string.decode()}".rstrip("?"))
    mark = marker(wanted.query, kb)
    return render_template(
        "record.html",
        record=found,
        text=wanted.text,
        title=mark(found.title),
        facts=facts_of(found, mark),
        state=kb.finder.validity_of(found, wanted.query),
        is_dated=wanted.is_dated,
        citations=linked(found.citations, kb.store),
        effects=effects(found.relations, kb.store),
        references=_references(found, kb),
        others=same_work(found, kb.store),
        industries=_industries(found),
    )


def _industries(record: Record) -> list[tuple[str, str]]:
    """(code, label) of the industries that a record is about."""
    codes = record.fields.get("industry", ())
    return [(str(code), DIVISIONS[str(code)]) for code in (codes if isinstance(codes, tuple) else (codes,))]


def _references(record: Record, kb: KnowledgeBase) -> list[tuple[str, list[Text]]]:
    """(label, records) of the fields that name other records; names that lead nowhere are left out."""
    fields = record.declared.fields
    found = []
    for name, value in record.fields.items():
        if isinstance(fields[name].kind, ReferenceType):
            heads = kb.store.without_bodies([str(item) for item in (value if isinstance(value, tuple) else (value,))])
            if heads:
                found.append((fields[name].label, [Text(addressed(head)) for head in heads.values()]))
    return found
