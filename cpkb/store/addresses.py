"""Addresses (网页地址) that were fetched or are watched, with what their servers said of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from cpkb.errors import NotFoundError
from cpkb.store.database import Database
from cpkb.store.tables import addresses as table


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the web."""

    address: str
    is_watched: bool = False
    file: str = ""
    """The key of the file it was stored as; '' before the first fetch."""
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    checked: str = ""
    """When it was last asked for (ISO time, UTC)."""
    changed: str = ""
    """When it last said something new."""
    outcome: str = ""
    """What came of the last check, in words."""


class Addresses:
    """Keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, address: str) -> Address:
        """What is known of an address; one that was never asked for has nothing but its name."""
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.address == address)).mappings().first()
        return Address(**row) if row else Address(address)

    def put(self, known: Address) -> None:
        """Keep what is known of an address."""
        row = asdict(known)
        statement = insert(table).values(row)
        with self._database.writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["address"], set_=row))

    def watched(self) -> list[Address]:
        """Those that are checked again and again, by address."""
        query = select(table).where(table.c.is_watched).order_by(table.c.address)
        with self._database.reading() as connection:
            return [Address(**row) for row in connection.execute(query).mappings()]

    def watch(self, address: str) -> None:
        """Check it from now on."""
        self.put(replace(self.get(address), is_watched=True))

    def unwatch(self, address: str) -> None:
        """Check it no longer; what it said stays. Raises NotFoundError."""
        known = self.get(address)
        if not known.is_watched:
            raise NotFoundError(f"没有在关注 {address}；用 cpkb watch list 看有哪些")
        if known.checked:
            self.put(replace(known, is_watched=False))
            return
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.address == address))


def now() -> str:
    """The time as it is kept."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
