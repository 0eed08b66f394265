"""Fingerprints: a sample of hashes of what each document says, by which texts that say nearly the same are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cpkb.store import tables
from cpkb.store.database import Database

_kept = tables.fingerprints
_REVISION = "fingerprinted"  # the store's revision up to which they are made


class Fingerprints:
    """Keeps and compares them. They are made of the passages and can be made again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """The store's revision they were made for; -1 before the first."""
        query = select(tables.meta.c.value).where(tables.meta.c.key == _REVISION)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return int(row.value) if row else -1

    def put(self, made: Iterable[tuple[str, Sequence[int]]], revision: int) -> None:
        """Replace the fingerprints of these records; empty ones are forgotten. One transaction."""
        with self._database.writing() as connection:
            for record_id, hashes in made:
                connection.execute(delete(_kept).where(_kept.c.record_id == record_id))
                if hashes:
                    connection.execute(insert(_kept), [{"record_id": record_id, "hash": one} for one in hashes])
            row = {"key": _REVISION, "value": str(revision)}
            statement = upsert(tables.meta).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))

    def of(self, record_id: str) -> list[int]:
        """Those of one record, smallest first."""
        query = select(_kept.c.hash).where(_kept.c.record_id == record_id).order_by(_kept.c.hash)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def sharing(self, record_id: str, least: int) -> list[str]:
        """Other records that share at least so many, most first."""
        mine = select(_kept.c.hash).where(_kept.c.record_id == record_id)
        query = (
            select(_kept.c.record_id)
            .where(_kept.c.hash.in_(mine), _kept.c.record_id != record_id)
            .group_by(_kept.c.record_id)
            .having(func.count() >= least)
            .order_by(func.count().desc(), _kept.c.record_id)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def all(self) -> list[str]:
        """Every record that has any."""
        with self._database.reading() as connection:
            return list(connection.execute(select(_kept.c.record_id).distinct().order_by(_kept.c.record_id)).scalars())
