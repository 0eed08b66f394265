"""Files that were read: stored with what they say, forgotten with it.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert

from cpkb.model.record import Record, work_key
from cpkb.model.validity import DATED
from cpkb.store import contributions, tables, undo
from cpkb.store.documents import digest


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was read."""

    key: str
    sha256: str
    size: int
    reader: str
    origin: str
    imported: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What storing a file changed, in records."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """Records that are not as they were."""
        return self.added + self.changed + self.removed


def put(connection: Connection, file: StoredFile, records: Sequence[Record], job: int = 0) -> Change:
    """Store a file and what it says, replacing what it said before; of an import ``job`` so that it can be undone."""
    known = contributions.digests(connection, file.key)
    made = {record.id: digest(record) for record in records}
    changed = [record for record in records if known.get(record.id) != made[record.id]]
    gone = [record_id for record_id in known if record_id not in made]
    if job:
        undo.remember(connection, job, file.key, [record.id for record in changed], gone)
    row = {
        "key": file.key, "sha256": file.sha256, "size": file.size, "reader": file.reader, "origin": file.origin,
        "imported": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "problems": list(file.problems),
    }  # fmt: skip
    connection.execute(insert(tables.files).values(row).on_conflict_do_update(index_elements=["key"], set_=row))
    touched: set[str] = set()
    for record in changed:
        contributions.keep_edition(connection, file.key, record)
        touched |= contributions.put_contribution(connection, file.key, record, made[record.id])
    for record_id in gone:
        touched |= contributions.remove_contribution(connection, file.key, record_id)
    # Another text of a changed work may take its dates from it (see `Store.dated`).
    touched |= {work_key(record.title) for record in changed if record.collection in DATED}
    contributions.settle(connection, (*(record.id for record in changed), *gone), touched)
    added = sum(record.id not in known for record in changed)
    return Change(added, len(changed) - added, len(records) - len(changed), len(gone))


def remove(connection: Connection, key: str) -> Change:
    """Forget a file and what only it said."""
    gone = list(contributions.digests(connection, key))
    touched = set[str]().union(*(contributions.remove_contribution(connection, key, record_id) for record_id in gone))
    connection.execute(delete(tables.files).where(tables.files.c.key == key))
    contributions.settle(connection, gone, touched)
    return Change(removed=len(gone))
