"""Lookup: which records a name, a number or a file leads to."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from cpkb.model.record import Record, work_key
from cpkb.store.database import Database
from cpkb.store.documents import from_document
from cpkb.store.tables import contributions, records


class Lookup:
    """Finds records by what points to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known_as(self, name: str) -> list[tuple[Record, bool]]:
        """Records of that title or number without their bodies, each with whether it has one."""
        key = work_key(name)
        named = or_(records.c.work_key == key, records.c.number_key == key)
        query = select(records.c.document, records.c.body_file).where(named).order_by(records.c.id)
        with self._database.reading() as connection:
            return [(from_document(row.document), row.body_file is not None) for row in connection.execute(query)]

    def contributed(self, file: str) -> list[str]:
        """Ids of the records that a file says something of."""
        return self.contributed_by([file])[file]

    def contributed_by(self, files: Iterable[str]) -> dict[str, list[str]]:
        """By file the ids of the records that it says something of; read at once."""
        found: dict[str, list[str]] = {file: [] for file in files}
        query = select(contributions.c.file, contributions.c.record_id).where(contributions.c.file.in_(list(found)))
        with self._database.reading() as connection:
            for row in connection.execute(query.order_by(contributions.c.record_id)):
                found[row.file].append(row.record_id)
        return found
