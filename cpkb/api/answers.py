"""What the API answers: shapes of records and documents, and errors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify

from cpkb.model.record import Record
from cpkb.model.validity import Validity

Shape = dict[str, Any]


def failed(status: int, says: str) -> Response:
    """An error."""
    answer = jsonify({"error": {"status": status, "message": says}})
    answer.status_code = status
    return answer


def record_shape(record: Record, state: Validity) -> Shape:
    """A record with values as kept (``fields``) and as people read them (``shown``)."""
    return {
        "id": record.id,
        "collection": record.collection,
        "title": record.title,
        "locator": record.locator,
        "url": record.address,
        "is_document": record.is_document,
        "fields": dict(record.fields),
        "shown": dict(record.shown()),
        "validity": validity_shape(state) if state.state else None,
        "sources": [asdict(source) for source in record.sources],
        "citations": [asdict(citation) for citation in record.citations],
        "relations": [asdict(relation) for relation in record.relations],
    }


def document_shape(record: Record, state: Validity) -> Shape:
    """A document: its record and its passages in reading order."""
    passages = [{**asdict(passage), "url": f"{record.address}#{passage.anchor}"} for passage in record.body]
    return {**record_shape(record, state), "passages": passages}


def validity_shape(state: Validity) -> Shape:
    """The state on a date with the statements behind it."""
    return {
        "state": state.state,
        "label": state.label,
        "as_of": state.as_of.isoformat(),
        "reasons": [asdict(reason) for reason in state.reasons],
    }
