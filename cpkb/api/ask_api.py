"""/api/v1/ask: the same answer as on the page, as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.consultation.request import parse_ask
from cpkb.consultation.rewriting import rewritten
from cpkb.consultation.shapes import answer_shape, rewriting_shape
from cpkb.knowledge_base import KnowledgeBase

api = Blueprint("ask_api", __name__, url_prefix="/api/v1")


@api.get("/ask")
def ask() -> Response:
    """What is known about a question, by sections, every item with its citation."""
    kb: KnowledgeBase = g.kb
    wanted = parse_ask(request.args.to_dict(flat=False))
    answer = kb.consultant.answer(wanted)
    shape = answer_shape(answer)
    if wanted.rewrites:
        shape["rewriting"] = rewriting_shape(rewritten(answer, kb.rewriter))
    return jsonify(shape)
