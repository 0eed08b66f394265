"""Questions that found nothing or little (没搜到的问题), kept for editors without anything about who asked."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from cpkb.store.database import Database
from cpkb.store.tables import poor_questions as table

MOST_KEPT = 5000  # questions: more than editors read in a year, less than a megabyte, ordered in milliseconds
TOLD_EVERY = 100  # questions that could not be written: a flood of them must not fill the log

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PoorQuestion:
    """A question, what became of it the last time, how often it was asked, and on which days first and last."""

    text: str
    kind: str
    times: int
    first: str
    last: str


class QuestionLog:
    """Counts questions. Several processes may write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dropped = 0
        """Questions this process did not keep because the database could not be written."""

    def note(self, text: str, kind: str, day: dt.date) -> None:
        """Count a question. Never raises: what cannot be written in a moment is dropped, with a line in the log."""
        try:
            with self._database.writing_lightly() as connection:
                _count(connection, PoorQuestion(text, kind, 1, day.isoformat(), day.isoformat()))
                _make_room(connection, day)
        except SQLAlchemyError as error:
            self.dropped += 1
            if self.dropped % TOLD_EVERY == 1:
                # Only what the driver says: the error itself would quote the question.
                reason = getattr(error, "orig", None) or type(error).__name__
                _log.warning("a question without answer was not counted (%d so far): %s", self.dropped, reason)

    def listed(self, kind: str = "", limit: int = MOST_KEPT) -> list[PoorQuestion]:
        """The questions of a kind, or all, most frequent first, then the latest."""
        query = select(table).order_by(table.c.times.desc(), table.c.last.desc(), table.c.text).limit(limit)
        if kind:
            query = query.where(table.c.kind == kind)
        with self._database.reading() as connection:
            return [PoorQuestion(**row) for row in connection.execute(query).mappings()]

    def forget(self, text: str) -> bool:
        """Delete a question; False when it was not there."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(table).where(table.c.text == text)).rowcount)


def _count(connection: Connection, asked: PoorQuestion) -> None:
    again: dict[str, Any] = {"kind": asked.kind, "times": table.c.times + 1, "last": asked.last}
    connection.execute(insert(table).values(asdict(asked)).on_conflict_do_update(index_elements=["text"], set_=again))


def _make_room(connection: Connection, today: dt.date) -> None:
    """The rarest and oldest go: a day without being asked takes away as much as one asking gave.

    By number alone, old questions that nobody asks any more would keep new ones out for good.
    """
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    if count <= MOST_KEPT:
        return
    worth = table.c.times + func.julianday(table.c.last) - func.julianday(today.isoformat())
    weakest = select(table.c.text).order_by(worth, func.random()).limit(count - MOST_KEPT)
    connection.execute(delete(table).where(table.c.text.in_(weakest)))
