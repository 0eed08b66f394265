"""Shapes (JSON): hits and results as machines read them, the same from the API and the command line."""

from __future__ import annotations

from typing import Any

from cpkb.model.passage import cut
from cpkb.model.record import Record
from cpkb.model.results import FacetResult, Hit, Results, ScorePart
from cpkb.model.source import Citation
from cpkb.model.validity import HOLDING
from cpkb.search.completion import Completion
from cpkb.search.suggestions import Help

Shape = dict[str, Any]


def hit_shape(hit: Hit) -> Shape:
    """One hit: where it stands, what it says (at most 600 characters) and how it is cited."""
    record = hit.record
    return {
        "id": record.id,
        "collection": record.collection,
        "title": record.title,
        "document": document_of(record),
        "file": record.source.file,
        "locator": hit.passage.locator,
        "text": cut(hit.passage.text),
        "score": round(hit.score, 4),
        "validity": hit.validity.label if record.collection in HOLDING else "",
        "url": hit.address,
        "twins": [{"id": twin.record.id, "title": twin.record.title, "url": twin.address} for twin in hit.twins],
        "cites": [cite_shape(citation) for citation in record.citations],
    }


def explained_shape(hit: Hit) -> Shape:
    """One hit with the parts of its score, the largest first, which add up to it."""
    ordered = sorted(hit.parts, key=lambda part: -part.score)
    return hit_shape(hit) | {"parts": [_part(part) for part in ordered]}


def results_shape(results: Results, *, explained: bool = False) -> Shape:
    """A page of results with its totals and facet counts; explained, with the parts of every score."""
    return {
        "confidence": results.confidence,
        "total": results.total,
        "passages": results.passages,
        "hits": [explained_shape(hit) if explained else hit_shape(hit) for hit in results.hits],
        "facets": {facet.name: _counts(facet) for facet in results.facets},
    }


def completion_shape(completion: Completion) -> Shape:
    """A completion or suggestion: what to put in the box, what kind of name it is, and what is said beside it."""
    return {"text": completion.text, "kind": completion.kind, "label": completion.label, "note": completion.note}


def help_shape(given: Help) -> Shape:
    """What is said where nothing was found."""
    return {"suggestions": [completion_shape(meant) for meant in given.meant], "absent_numbers": list(given.absent)}


def document_of(record: Record) -> str:
    """The title of the text a record stands in: its own when it is one, else that of what it was read from."""
    if record.is_document:
        return record.title
    return record.citations[0].document if record.citations else record.source.title


def cite_shape(citation: Citation) -> Shape:
    """A citation: the document, its number, and the clause or row in it."""
    return {"document": citation.document, "number": citation.number, "locator": citation.locator}


def _part(part: ScorePart) -> Shape:
    return {
        "kind": part.kind,
        "label": part.label,
        "term": part.term,
        "zones": list(part.zones),
        "score": round(part.score, 4),
    }


def _counts(facet: FacetResult) -> list[Shape]:
    return [{"value": c.value, "label": c.label, "count": c.count} for c in facet.counts]
