"""/api/v1/ask: the same answer as on the page, as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.consultation.request import parse_ask
from cpkb.consultation.shapes import answer_shape
from cpkb.knowledge_base import KnowledgeBase

api = Blueprint("ask_api", __name__, url_prefix="/api/v1")


@api.get("/ask")
def ask() -> Response:
    """What is known about a question, by sections, every item with its citation."""
    kb: KnowledgeBase = g.kb
    return jsonify(answer_shape(kb.consultant.answer(parse_ask(request.args.to_dict(flat=False)))))
