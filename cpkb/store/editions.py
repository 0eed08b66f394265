"""Earlier texts (早先文本) of documents: kept when a file of the same name brings another text, each at its number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, func, insert, select

from cpkb.errors import NotFoundError
from cpkb.model.passage import Passage
from cpkb.model.record import Record
from cpkb.store import tables
from cpkb.store.database import Database
from cpkb.store.documents import from_document, to_document

_kept = tables.editions


@dataclass(frozen=True, slots=True)
class Edition:
    """An earlier text: its number from 1, the record as it was, and when another text took its place."""

    number: int
    record: Record
    replaced: str


class Editions:
    """Reads earlier texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, record_id: str) -> list[Edition]:
        """The earlier texts of a document without their bodies, oldest first."""
        columns = (_kept.c.number, _kept.c.replaced, _kept.c.document)
        query = select(*columns).where(_kept.c.record_id == record_id).order_by(_kept.c.number)
        with self._database.reading() as connection:
            return [Edition(row.number, from_document(row.document), row.replaced) for row in connection.execute(query)]

    def one(self, record_id: str, number: int) -> Edition:
        """One of them with its body; raises NotFoundError."""
        query = select(_kept).where(_kept.c.record_id == record_id, _kept.c.number == number)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFoundError(f"编号为 {record_id!r} 的文件没有第 {number} 版的早先文本")
        body = tuple(_passage(passage) for passage in row.body)
        return Edition(number, from_document(row.document, body), row.replaced)


def keep(connection: Connection, record: Record) -> None:
    """Keep a record with its body before another text takes its place."""
    last = select(func.max(_kept.c.number)).where(_kept.c.record_id == record.id)
    row = {
        "record_id": record.id,
        "number": (connection.execute(last).scalar() or 0) + 1,
        "replaced": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "document": to_document(record),
        "body": [asdict(passage) for passage in record.body],
    }
    connection.execute(insert(_kept).values(row))


def forget(connection: Connection, record_id: str) -> None:
    """Nothing is left of a record that is gone."""
    connection.execute(delete(_kept).where(_kept.c.record_id == record_id))


def is_new_text(before: Sequence[Passage], after: Sequence[Passage]) -> bool:
    """Whether another text stands there, and not the same one cut or spaced in another way."""
    return bool(before) and _letters(before) != _letters(after)


def _letters(body: Sequence[Passage]) -> str:
    return "".join("".join(passage.text.split()) for passage in body)


def _passage(row: dict[str, object]) -> Passage:
    return Passage(**{**row, "headings": tuple(row["headings"])})  # type: ignore[arg-type]
