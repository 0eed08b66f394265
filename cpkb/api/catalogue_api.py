"""/api/v1/collections and /api/v1/openapi.json: what there is, and how to ask for it."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify

from cpkb.api.openapi import description
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import Collection, collections

api = Blueprint("catalogue_api", __name__, url_prefix="/api/v1")


@api.get("/collections")
def catalogue() -> Response:
    """Every collection with its fields and how many records it holds."""
    kb: KnowledgeBase = g.kb
    counts = kb.store.counts()
    return jsonify({"collections": [_shape(c, counts.get(name, 0)) for name, c in collections().items()]})


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API."""
    return jsonify(description())


def _shape(declared: Collection, count: int) -> dict[str, object]:
    fields = [
        {
            "name": f.name,
            "label": f.label,
            "type": f.kind.name,
            "many": f.many,
            "facet": f.facet,
            "required": f.required,
            "options": dict(f.options),
        }
        for f in declared.fields.values()
    ]
    return {
        "name": declared.name,
        "label": declared.label,
        "label_en": declared.label_en,
        "description": declared.description,
        "count": count,
        "fields": fields,
    }
