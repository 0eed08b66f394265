"""/api/v1/search and /api/v1/complete: the same as on the page, answered as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.knowledge_base import KnowledgeBase
from cpkb.search.request import parse_completion, parse_request
from cpkb.search.shapes import completion_shape, help_shape, results_shape
from cpkb.search.suggestions import Help

api = Blueprint("search_api", __name__, url_prefix="/api/v1")
FRESH = 60  # seconds that completions may be kept: who deletes a letter and types it again asks the same


@api.get("/search")
def search() -> Response:
    """A page of results; where there are none, with questions that were perhaps meant."""
    wanted = parse_request(request.args.to_dict(flat=False))
    kb: KnowledgeBase = g.kb
    with kb.finder.turn:
        results = kb.finder.find(wanted.query)
        given = Help() if results.total else kb.suggester.help(wanted.text, wanted.query)
    return jsonify(results_shape(results, explained=wanted.query.explained) | help_shape(given))


@api.get("/complete")
def complete() -> Response:
    """What may be meant by what was typed so far."""
    typed, limit = parse_completion(request.args.to_dict(flat=False))
    kb: KnowledgeBase = g.kb
    found = kb.completer.complete(typed, limit)
    answer = jsonify({"completions": [completion_shape(completion) for completion in found]})
    # Nothing may also mean that the names are not read yet.
    answer.headers["Cache-Control"] = f"public, max-age={FRESH}" if found else "no-store"
    return answer
