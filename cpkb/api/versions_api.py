"""/api/v1/compare and /api/v1/documents/<id>/versions: two texts clause by clause, and what can be compared."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from cpkb.comparison.compare import compare
from cpkb.comparison.shapes import comparison_shape, versions_shape
from cpkb.comparison.versions import key_of, version, versions
from cpkb.errors import QueryError
from cpkb.knowledge_base import KnowledgeBase

api = Blueprint("versions_api", __name__, url_prefix="/api/v1")


@api.get("/compare")
def comparison() -> Response:
    """Two texts compared."""
    _only("a", "b")
    kb: KnowledgeBase = g.kb
    keys = [key_of(request.args.get(name, "")) for name in ("a", "b")]
    if not all(keys):
        raise QueryError("要对照哪两份：a 和 b 都要给，写文件编号或地址，早先的文本写成 编号@1")
    before, after = (version(key, kb.store) for key in keys)
    found = compare(before.record.body, after.record.body, kb.analyzer.fold)
    return jsonify(comparison_shape(before, after, found))


@api.get("/documents/<document_id>/versions")
def of_document(document_id: str) -> Response:
    """What a document can be compared with."""
    _only()
    kb: KnowledgeBase = g.kb
    return jsonify({"versions": versions_shape(versions(version(document_id, kb.store).record, kb.store))})


def _only(*names: str) -> None:
    for name in request.args:
        if name not in names:
            raise QueryError(f"不认识参数“{name[:40]}”；可以用：{'、'.join(names) or '（没有）'}")
