"""/api/v1/records and /api/v1/documents: one record, or one document with its passages."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.api.answers import document_shape, record_shape
from cpkb.errors import NotFoundError, QueryError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import collection
from cpkb.model.query import Query
from cpkb.search.request import parse_request

api = Blueprint("record_api", __name__, url_prefix="/api/v1")


@api.get("/records/<collection_name>/<record_id>")
def record(collection_name: str, record_id: str) -> Response:
    """One record, without its text when it is a document."""
    query = _dated()
    collection(collection_name)
    kb: KnowledgeBase = g.kb
    found = kb.store.record(record_id)
    if found.collection != collection_name:
        raise NotFoundError(f"“{record_id}”不在这一类里，它在 {found.address}")
    return jsonify(record_shape(found, kb.finder.validity_of(found, query)))


@api.get("/documents/<document_id>")
def document(document_id: str) -> Response:
    """One document with every passage."""
    query = _dated()
    kb: KnowledgeBase = g.kb
    found = kb.store.record(document_id)
    if not found.is_document:
        raise NotFoundError(f"“{document_id}”没有正文；它的条目在 {found.address}")
    return jsonify(document_shape(found, kb.finder.validity_of(found, query)))


def _dated() -> Query:
    for name in request.args:
        if name != "as_of":
            raise QueryError(f"不认识参数“{name[:40]}”；可以用：as_of")
    return parse_request(request.args.to_dict(flat=False)).query
