"""How files change records: what each file contributes, and the effective record made of it.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from cpkb.model.passage import Passage
from cpkb.model.record import Record, merge, work_key
from cpkb.model.validity import PART_OF
from cpkb.store import decisions, editions, tables
from cpkb.store.documents import from_document, to_document


def last_revision(connection: Connection) -> int:
    """The number of the last change."""
    row = connection.execute(select(tables.meta.c.value).where(tables.meta.c.key == "revision")).first()
    return int(row.value) if row else 0


def next_revision(connection: Connection) -> int:
    """Count one change further; everything of a transaction carries this number."""
    revision = last_revision(connection) + 1
    row = {"key": "revision", "value": str(revision)}
    connection.execute(insert(tables.meta).values(row).on_conflict_do_update(index_elements=["key"], set_=row))
    return revision


def digests(connection: Connection, file: str) -> dict[str, str]:
    """Digest of everything a file contributed, by record id."""
    contributed = tables.contributions
    query = select(contributed.c.record_id, contributed.c.digest).where(contributed.c.file == file)
    return {row.record_id: row.digest for row in connection.execute(query)}


def put_contribution(connection: Connection, file: str, record: Record, made: str) -> set[str]:
    """Replace what a file says of a record; returns the works its relations spoke or speak of."""
    touched = remove_contribution(connection, file, record.id)
    connection.execute(
        insert(tables.contributions).values(record_id=record.id, file=file, digest=made, document=to_document(record))
    )
    rows = [
        {
            "record_id": record.id, "file": file, "ordinal": p.ordinal, "locator": p.locator, "kind": p.kind,
            "page": p.page, "headings": list(p.headings), "text": p.text,
        }
        for p in record.body
    ]  # fmt: skip
    if rows:
        connection.execute(insert(tables.passages), rows)
    return touched | {work_key(relation.target) for relation in record.relations}


def keep_edition(connection: Connection, file: str, record: Record) -> None:
    """Keep what a file said of a document, if other bytes now bring another text; a better reader makes no edition."""
    said = tables.contributions
    query = select(said.c.document).where(said.c.record_id == record.id, said.c.file == file)
    row = connection.execute(query).first()
    if row is None:
        return
    known = from_document(row.document, body(connection, record.id, file))
    is_same_file = known.source.sha256 and known.source.sha256 == record.source.sha256
    if not is_same_file and editions.is_new_text(known.body, record.body):
        editions.keep(connection, known)


def body(connection: Connection, record_id: str, file: str) -> tuple[Passage, ...]:
    """The passages that a file gives of a record."""
    found = tables.passages
    query = select(found).where(found.c.record_id == record_id, found.c.file == file).order_by(found.c.ordinal)
    return tuple(to_passage(row) for row in connection.execute(query).mappings())


def to_passage(row: Mapping[Any, Any]) -> Passage:
    """A row of the passages as a value."""
    return Passage(
        ordinal=row["ordinal"], text=row["text"], locator=row["locator"], headings=tuple(row["headings"]),
        kind=row["kind"], page=row["page"],
    )  # fmt: skip


def remove_contribution(connection: Connection, file: str, record_id: str) -> set[str]:
    """Forget what a file says of a record; returns the works the record's relations spoke of."""
    relations = tables.relations
    spoken = connection.execute(select(relations.c.target_key).where(relations.c.record_id == record_id))
    touched = {row.target_key for row in spoken}
    contributed = tables.contributions
    connection.execute(delete(contributed).where(contributed.c.record_id == record_id, contributed.c.file == file))
    return touched


def refresh(connection: Connection, record_id: str, revision: int) -> set[str]:
    """Make the effective record of what is now contributed; returns the work keys whose validity may change."""
    contributed = tables.contributions
    query = select(contributed).where(contributed.c.record_id == record_id).order_by(contributed.c.file)
    rows = connection.execute(query).mappings().all()
    connection.execute(delete(tables.relations).where(tables.relations.c.record_id == record_id))
    if not rows:
        removed = connection.execute(
            delete(tables.records).where(tables.records.c.id == record_id).returning(tables.records.c.work_key)
        ).all()
        editions.forget(connection, record_id)
        gone = {"record_id": record_id, "revision": revision}
        statement = insert(tables.removals).values(gone)
        connection.execute(statement.on_conflict_do_update(index_elements=["record_id"], set_=gone))
        return {row.work_key for row in removed}
    connection.execute(delete(tables.removals).where(tables.removals.c.record_id == record_id))
    record = merge([from_document(row["document"]) for row in rows])
    _put_record(connection, decisions.applied(connection, record), _body_file(connection, record), revision)
    _put_relations(connection, record)
    return {work_key(relation.target) for relation in record.relations}


def settle(connection: Connection, record_ids: Iterable[str], touched: set[str]) -> None:
    """Make records anew whose contributions changed; they and what they touch are indexed again."""
    revision = next_revision(connection)
    for record_id in record_ids:
        touched |= refresh(connection, record_id, revision)
    touch(connection, touched, revision)


def touch(connection: Connection, work_keys: set[str], revision: int) -> None:
    """Records whose validity another text changed are indexed again, and what was read from them."""
    records = tables.records
    keys = work_keys - {""}
    for key in keys:
        named = or_(records.c.work_key == key, records.c.number_key == key)
        connection.execute(update(records).where(named).values(revision=revision))
    texts = select(records.c.id).where(or_(records.c.work_key.in_(keys), records.c.number_key.in_(keys)))
    connection.execute(update(records).where(records.c.part_of.in_(texts)).values(revision=revision))


def _body_file(connection: Connection, record: Record) -> str | None:
    """The file whose passages are the body: that of the strongest source that has any."""
    query = select(tables.passages.c.file).where(tables.passages.c.record_id == record.id).distinct()
    having = {row.file for row in connection.execute(query)}
    return next((source.file for source in reversed(record.sources) if source.file in having), None)


def _put_record(connection: Connection, record: Record, body_file: str | None, revision: int) -> None:
    row = {
        "id": record.id, "collection": record.collection, "title": record.title,
        "work_key": work_key(record.title), "number_key": work_key(record.value("number")),
        "body_file": body_file, "is_imported": record.source.origin != "shipped", "document": to_document(record),
        "revision": revision, "part_of": record.value(PART_OF.get(record.collection, "")) or None,
    }  # fmt: skip
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    statement = insert(tables.records).values(row | {"added": now})
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))


def _put_relations(connection: Connection, record: Record) -> None:
    rows = [
        {
            "record_id": record.id, "position": position, "kind": r.kind, "target": r.target,
            "target_key": work_key(r.target), "on_date": r.on, "locator": r.locator, "says": r.says,
            "is_proposed": r.is_proposed,
        }
        for position, r in enumerate(record.relations)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(tables.relations), rows)
