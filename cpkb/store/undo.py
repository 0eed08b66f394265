"""Undoing imports: what a file said before an import stored it, kept and put back.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cpkb.model.record import work_key
from cpkb.store import contributions, tables
from cpkb.store.documents import from_document

_kept, _said, _editions = tables.import_undo, tables.contributions, tables.editions


def remember(connection: Connection, job: int, file: str, changed: Iterable[str], gone: Iterable[str]) -> None:
    """Keep what a file is and says of these records before an import stores it anew."""
    row = connection.execute(select(tables.files).where(tables.files.c.key == file)).mappings().first()
    records = [_before(connection, file, record_id, is_gone=False) for record_id in changed]
    records += [_before(connection, file, record_id, is_gone=True) for record_id in gone]
    before = dict(row) if row else None
    connection.execute(insert(_kept).values(job=job, file=file, before=before, records=records))


def _before(connection: Connection, file: str, record_id: str, *, is_gone: bool) -> dict[str, Any]:
    """One record: what the file says of it, the number of its last earlier text, and these where they will be lost."""
    query = select(_said.c.digest, _said.c.document).where(_said.c.record_id == record_id, _said.c.file == file)
    row = connection.execute(query).mappings().first()
    said = dict(row) if row else None
    if said:
        said["body"] = [asdict(passage) for passage in contributions.body(connection, record_id, file)]
    mine = select(_editions).where(_editions.c.record_id == record_id)
    kept = [dict(edition) for edition in connection.execute(mine).mappings()] if is_gone else []
    last = select(func.max(_editions.c.number)).where(_editions.c.record_id == record_id)
    return {"id": record_id, "said": said, "last": connection.execute(last).scalar() or 0, "editions": kept}


def restore(connection: Connection, job: int, file: str) -> int:
    """Make a file say what it said before an import; returns how many records that changes."""
    undone = (_kept.c.job == job, _kept.c.file == file)
    row = connection.execute(select(_kept).where(*undone)).mappings().one()
    files = tables.files
    if before := row["before"]:
        connection.execute(upsert(files).values(before).on_conflict_do_update(index_elements=["key"], set_=before))
    touched = set[str]().union(*(_put_back(connection, file, record) for record in row["records"]))
    if not before:
        connection.execute(delete(files).where(files.c.key == file))
    contributions.settle(connection, [record["id"] for record in row["records"]], touched)
    for record in row["records"]:
        _restore_editions(connection, record)
    _ask_again(connection, file)
    connection.execute(delete(_kept).where(*undone))
    return len(row["records"])


def _put_back(connection: Connection, file: str, before: Mapping[str, Any]) -> set[str]:
    """What the file said of a record; returns the works whose validity or dates may change."""
    titles = select(tables.records.c.work_key).where(tables.records.c.id == before["id"])
    touched = set(connection.scalars(titles))
    said = before["said"]
    if not said:
        return touched | contributions.remove_contribution(connection, file, before["id"])
    record = from_document(said["document"], tuple(contributions.to_passage(row) for row in said["body"]))
    touched.add(work_key(record.title))
    return touched | contributions.put_contribution(connection, file, record, said["digest"])


def _restore_editions(connection: Connection, before: Mapping[str, Any]) -> None:
    """The earlier text that the import made is the text again; those that went with the record are back."""
    mine = _editions.c.record_id == before["id"]
    connection.execute(delete(_editions).where(mine, _editions.c.number > before["last"]))
    if before["editions"]:
        connection.execute(upsert(_editions).on_conflict_do_nothing(), before["editions"])


def _ask_again(connection: Connection, file: str) -> None:
    """The address that a file is from is asked for whole the next time: what its server last said is not here."""
    asked = tables.addresses
    forgotten = {"etag": "", "modified": "", "sha256": ""}
    connection.execute(asked.update().where(asked.c.file == file.partition("!/")[0]).values(forgotten))
