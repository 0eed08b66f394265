"""Records to and from the JSON the tables keep."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from cpkb.model.passage import Passage
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation, Source


def to_document(record: Record) -> dict[str, Any]:
    """A record without its body, as JSON-ready values."""
    return {
        "id": record.id,
        "collection": record.collection,
        "title": record.title,
        "locator": record.locator,
        "fields": {name: list(v) if isinstance(v, tuple) else v for name, v in record.fields.items()},
        "sources": [asdict(source) for source in record.sources],
        "citations": [asdict(citation) for citation in record.citations],
        "relations": [asdict(relation) for relation in record.relations],
    }


def from_document(document: dict[str, Any], body: tuple[Passage, ...] = ()) -> Record:
    """The record of a stored document."""
    return Record(
        id=document["id"],
        collection=document["collection"],
        title=document["title"],
        locator=document["locator"],
        fields={name: tuple(v) if isinstance(v, list) else v for name, v in document["fields"].items()},
        sources=tuple(Source(**source) for source in document["sources"]),
        citations=tuple(Citation(**citation) for citation in document["citations"]),
        relations=tuple(Relation(**relation) for relation in document["relations"]),
        body=body,
    )


def digest(record: Record) -> str:
    """Changes when anything of the record does, its body included."""
    body = [asdict(passage) for passage in record.body]
    text = json.dumps([to_document(record), body], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
