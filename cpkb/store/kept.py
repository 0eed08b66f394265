"""What is kept (留存): answers as they were told, and the citations that anything kept rests on."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from cpkb.errors import NotFoundError, StoreError
from cpkb.model.answer import Citation
from cpkb.model.validity import Validity
from cpkb.store import tables
from cpkb.store.database import Database

MOST_ANSWERS = 2000  # of about 40 kB each: who may keep is not known, and a disk must not fill up
ID_BYTES = 16  # 128 bits: an address that nobody guesses
_answers, _citations = tables.kept_answers, tables.citations


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that somebody kept."""

    id: str
    question: str
    kept: str
    """The day (ISO)."""
    shape: Mapping[str, Any]
    """What was told, as `consultation.shapes` writes it."""

    @property
    def address(self) -> str:
        """Its stable path on the site."""
        return f"/answers/{self.id}"


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_urlsafe(ID_BYTES)


class Kept:
    """Keeps answers and citations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, answer: KeptAnswer, citations: Iterable[Citation]) -> KeptAnswer:
        """Keep an answer with what it cites; where the same is kept already, that one is given back.

        Raises StoreError when there is no room.
        """
        same = select(_answers).where(_answers.c.question == answer.question)
        with self._database.writing() as connection:
            for row in connection.execute(same).mappings():
                if row["document"] == answer.shape:
                    return _answer(row)
            if connection.execute(select(func.count()).select_from(_answers)).scalar_one() >= MOST_ANSWERS:
                raise StoreError(f"这里最多留存 {MOST_ANSWERS} 份答复，已经满了；可以打印这一页，或请管理员清理")
            made = {"id": answer.id, "question": answer.question, "kept": answer.kept, "document": dict(answer.shape)}
            connection.execute(insert(_answers).values(made))
            _cite(connection, answer.address, citations)
        return answer

    def answer(self, answer_id: str) -> KeptAnswer:
        """One of them; raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(select(_answers).where(_answers.c.id == answer_id)).mappings().first()
        if row is None:
            raise NotFoundError("没有留存这份答复，或者已经删掉了")
        return _answer(row)

    def answers(self) -> list[KeptAnswer]:
        """All, latest first."""
        query = select(_answers).order_by(_answers.c.kept.desc(), _answers.c.id)
        with self._database.reading() as connection:
            return [_answer(row) for row in connection.execute(query).mappings()]

    def forget(self, answer_id: str) -> None:
        """Delete an answer and what it cites; raises NotFoundError."""
        address = self.answer(answer_id).address
        with self._database.writing() as connection:
            connection.execute(delete(_citations).where(_citations.c.cited_by == address))
            connection.execute(delete(_answers).where(_answers.c.id == answer_id))

    def cite(self, cited_by: str, citations: Iterable[Citation]) -> None:
        """Keep what something at an address cites, in the place of what it cited before."""
        with self._database.writing() as connection:
            connection.execute(delete(_citations).where(_citations.c.cited_by == cited_by))
            _cite(connection, cited_by, citations)

    def citations(self, cited_by: str = "") -> list[tuple[str, Citation]]:
        """(what cites, citation) of one address or of all, those of one record together."""
        query = select(_citations).order_by(_citations.c.record_id, _citations.c.cited_by, _citations.c.position)
        if cited_by:
            query = query.where(_citations.c.cited_by == cited_by)
        with self._database.reading() as connection:
            return [(row.cited_by, _citation(row.document)) for row in connection.execute(query)]


def _cite(connection: Connection, cited_by: str, citations: Iterable[Citation]) -> None:
    rows = [
        {"cited_by": cited_by, "position": at, "record_id": citation.record_id, "document": _row(citation)}
        for at, citation in enumerate(dict.fromkeys(citations))
    ]
    if rows:
        connection.execute(insert(_citations), rows)


def _row(citation: Citation) -> dict[str, Any]:
    """A citation without the reasons of its validity, which are computed anew."""
    state = {"state": citation.validity.state, "as_of": citation.validity.as_of.isoformat()}
    return asdict(citation) | {"validity": state}


def _citation(row: Mapping[str, Any]) -> Citation:
    state = Validity(row["validity"]["state"], dt.date.fromisoformat(row["validity"]["as_of"]))
    return Citation(**{**row, "validity": state})


def _answer(row: Mapping[Any, Any]) -> KeptAnswer:
    return KeptAnswer(row["id"], row["question"], row["kept"], row["document"])
