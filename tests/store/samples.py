"""Files and records small enough to read in a test."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from cpkb.model.passage import Passage
from cpkb.model.record import Record, Relation
from cpkb.model.source import Source
from cpkb.store.store import Change, Store, StoredFile


def put(store: Store, key: str, *records: Record, origin: str = "imported") -> Change:
    """Store a file that says these records; their source is the file."""
    sha256 = hashlib.sha256(repr((key, records)).encode()).hexdigest()
    file = StoredFile(key, sha256, 10, "reader-1", origin, problems=("第3行：少一格",))
    return store.put_file(file, [replace(r, sources=(Source(key, origin=origin, file=key),)) for r in records])


def technique(record_id: str, summary: str = "多级逆流漂洗节水", **fields: str) -> Record:
    return Record(record_id, "technology", f"技术{record_id}", {"summary": summary, **fields})


def law(record_id: str, title: str, *articles: str, relations: tuple[Relation, ...] = (), **fields: str) -> Record:
    body = tuple(Passage(at, text, f"第{at + 1}条", ("总则",), "article", 1) for at, text in enumerate(articles))
    return Record(record_id, "policy", title, fields, relations=relations, body=body)
