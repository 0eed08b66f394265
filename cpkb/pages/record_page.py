"""Record (条目): its facts, sources clause by clause, and what other texts do to it."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cpkb.errors import NotFoundError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.field_types import DIVISIONS
from cpkb.model.record import Record
from cpkb.model.validity import DATED
from cpkb.pages.citations import effects, linked, same_work
from cpkb.pages.excerpts import facts_of, marker
from cpkb.pages.original_page import original_of
from cpkb.pages.parameters import named, only
from cpkb.pages.related import figures_of, groups_of, parts_of
from cpkb.pages.relations_page import decided_at

pages = Blueprint("record_page", __name__)
APART = ("plain_title", "figures")
"""Fields that are shown in a place of their own."""


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
        facts=[fact for fact in facts_of(found, mark) if fact.name not in APART],
        figures=figures_of(found, mark),
        state=kb.finder.validity_of(found, wanted.query),
        is_dated=wanted.is_dated,
        citations=linked(found.citations, kb.store, wanted.query.as_of, kb.settings),
        effects=effects(found.relations, kb.store),
        decided_at=decided_at(found, kb),
        groups=groups_of(found, kb.store),
        tables=parts_of(found, kb.store, lambda part: kb.finder.validity_of(part, wanted.query)),
        others=same_work(found, kb.store) if found.collection in DATED else [],
        industries=_industries(found),
        original=original_of(found, kb.settings),
    )


def _industries(record: Record) -> list[tuple[str, str]]:
    """(code, label) of the industries that a record is about."""
    codes = record.fields.get("industry", ())
    return [(str(code), DIVISIONS[str(code)]) for code in (codes if isinstance(codes, tuple) else (codes,))]
