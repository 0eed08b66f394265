"""/api/v1/search: the same question as on the page, answered as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.knowledge_base import KnowledgeBase
from cpkb.search.request import parse_request
from cpkb.search.shapes import results_shape

api = Blueprint("search_api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """A page of results."""
    wanted = parse_request(request.args.to_dict(flat=False))
    kb: KnowledgeBase = g.kb
    return jsonify(results_shape(kb.finder.find(wanted.query)))
