"""Imports as jobs (导入任务): what was asked for, how far each is, and its report, a line a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cpkb.errors import NotFoundError
from cpkb.model.record import Record
from cpkb.store import undo
from cpkb.store.addresses import now
from cpkb.store.database import Database
from cpkb.store.tables import files, import_lines, import_undo
from cpkb.store.tables import import_jobs as jobs

CUT_OFF = {"running": "interrupted", "undoing": "half_undone"}
"""What a job is whose process is gone, by what was last written of it."""
_UNDONE = ("undoing", "half_undone", "undone")
_NAMED = 3  # paths of a job that it is called by: more would be a list
_PLAIN = ("file", "outcome", "records", "passages", "changed")  # columns of a line that are as its fields


@dataclass(frozen=True, slots=True)
class FileLine:
    """What became of one file."""

    file: str
    outcome: str
    records: int = 0
    passages: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()
    """Each names the place and what would be right."""


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One import."""

    number: int
    begun: str
    ended: str
    """When it was done or undone; '' before."""
    state: str
    """running, interrupted, done, undoing, half_undone or undone."""
    paths: tuple[str, ...]
    """What was asked for: whole paths of this machine and addresses. Shown by their names only."""
    total: int
    """Lines that the report will have, as far as is known."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Files by outcome, so far."""
    undone: int = 0
    """Files that were taken back, so far."""
    why: str = ""
    """Why it stopped, of one that was cut off and could say so."""

    @property
    def names(self) -> tuple[str, ...]:
        """What was asked for, without where on this machine it lies."""
        return tuple(path if "://" in path else PurePath(path).name or "/" for path in self.paths)

    @property
    def called(self) -> str:
        """The same in a few words."""
        more = f" 等 {len(self.names)} 处" if len(self.names) > _NAMED else ""
        return "、".join(self.names[:_NAMED]) + more

    @property
    def told(self) -> int:
        """Files that have a line."""
        return sum(self.counts.values())

    @property
    def far(self) -> tuple[int, int] | None:
        """(files done, of how many) of an import or undoing that goes on or was cut off."""
        if self.state in ("running", "interrupted"):
            return self.told, self.total
        return (self.undone, self.counts.get("stored", 0)) if self.state in ("undoing", "half_undone") else None


class Imports:
    """Keeps them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, paths: Sequence[str]) -> int:
        """A new job; its number."""
        row = {"begun": now(), "ended": "", "state": "running", "paths": list(paths), "total": 0}
        with self._database.writing() as connection:
            return int(connection.execute(insert(jobs).values(row).returning(jobs.c.number)).scalar_one())

    def go_on(self, number: int) -> None:
        """An interrupted job runs again; addresses that brought nothing are asked again."""
        asked = (import_lines.c.job == number, import_lines.c.file.like("http%://%"))
        with self._database.writing() as connection:
            connection.execute(delete(import_lines).where(*asked))
            connection.execute(update(jobs).where(jobs.c.number == number).values(state="running"))

    def end(self, number: int, state: str) -> None:
        """A job is over, or is being undone."""
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.number == number).values(state=state, ended=now()))

    def interrupt(self, but: int = 0) -> None:
        """Jobs that are said to run or be undone are not: called by who alone may, for the job ``but``."""
        with self._database.writing() as connection:
            for state, left in CUT_OFF.items():
                left_behind = (jobs.c.state == state, jobs.c.number != but)
                connection.execute(update(jobs).where(*left_behind).values(state=left))

    def expect(self, number: int, lines: int) -> None:
        """So many lines are still to come."""
        told = select(func.count()).where(import_lines.c.job == number).scalar_subquery()
        with self._database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.number == number).values(total=told + lines))

    def note(self, number: int, lines: Sequence[FileLine]) -> None:
        """Write lines of files that brought nothing; those that did are written with what they brought."""
        with self._database.writing() as connection:
            note(connection, number, lines)

    def get(self, number: int) -> ImportJob:
        """One job; raises NotFoundError."""
        found = self._found(jobs.c.number == number)
        if not found:
            raise NotFoundError(f"没有第 {number} 次导入；用 cpkb imports 看有哪些")
        return found[0]

    def newest(self, limit: int, offset: int = 0) -> list[ImportJob]:
        """So many jobs, newest first."""
        return self._found(jobs.c.number > 0, limit, offset)

    def count(self) -> int:
        """How many there are."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(jobs)).scalar_one())

    def untold(self) -> int:
        """Imported files that no report has a line of: they came in before imports were jobs."""
        told = select(import_lines.c.file)
        query = select(func.count()).where(files.c.origin == "imported", files.c.key.not_in(told))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def interrupted(self, paths: Sequence[str]) -> ImportJob | None:
        """The newest interrupted job of these paths."""
        return next((job for job in self._found(jobs.c.state == "interrupted") if job.paths == tuple(paths)), None)

    def are_moving(self) -> bool:
        """Whether a job is said to run or to be undone."""
        query = select(jobs.c.number).where(jobs.c.state.in_(CUT_OFF)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def unfinished_paths(self) -> list[str]:
        """The paths of all jobs that run or can be gone on with."""
        query = select(jobs.c.paths).where(jobs.c.state.in_(("running", "interrupted")))
        with self._database.reading() as connection:
            return [path for paths in connection.scalars(query) for path in paths]

    def lines(self, number: int, outcome: str = "", limit: int = -1, offset: int = 0) -> list[FileLine]:
        """The report of a job, by file, whole or a part; of one outcome or of all."""
        query = select(import_lines).where(import_lines.c.job == number).order_by(import_lines.c.file)
        query = query.limit(limit).offset(offset)
        if outcome:
            query = query.where(import_lines.c.outcome == outcome)
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query).mappings()]

    def told(self, number: int) -> dict[str, str]:
        """Files that have a line, each with its outcome."""
        query = select(import_lines.c.file, import_lines.c.outcome).where(import_lines.c.job == number)
        with self._database.reading() as connection:
            return {row.file: row.outcome for row in connection.execute(query)}

    def replaced(self, number: int) -> set[str]:
        """Files whose earlier content a job replaced, as long as it can be undone."""
        was_there = func.json_type(import_undo.c.before) == "object"
        query = select(import_undo.c.file).where(import_undo.c.job == number, was_there)
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    # undoing

    def built_upon(self, number: int) -> list[tuple[str, int]]:
        """(file, job) of later imports that stored anew what this one stored, newest first."""
        later = import_undo.alias()
        query = (
            select(later.c.file, later.c.job)
            .join(import_undo, (import_undo.c.file == later.c.file) & (import_undo.c.job == number))
            .where(later.c.job > number)
            .order_by(later.c.job.desc(), later.c.file)
        )
        with self._database.reading() as connection:
            return [(row.file, row.job) for row in connection.execute(query)]

    def undoable(self, number: int) -> list[str]:
        """Files that a job stored and that are not undone yet."""
        query = select(import_undo.c.file).where(import_undo.c.job == number).order_by(import_undo.c.file)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def undo(self, number: int, file: str) -> int:
        """Make a file say what it said before a job, in one transaction; returns how many records that changes."""
        with self._database.writing() as connection:
            return undo.restore(connection, number, file)

    def _found(self, condition: Any, limit: int = -1, offset: int = 0) -> list[ImportJob]:
        query = select(jobs).where(condition).order_by(jobs.c.number.desc()).limit(limit).offset(offset)
        counted = select(import_lines.c.job, import_lines.c.outcome, func.count().label("files"))
        counted = counted.group_by(import_lines.c.job, import_lines.c.outcome)
        left = select(import_undo.c.job, func.count().label("files")).group_by(import_undo.c.job)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            numbers = [row["number"] for row in rows]
            counts = connection.execute(counted.where(import_lines.c.job.in_(numbers))).all()
            undoing = [row["number"] for row in rows if row["state"] in _UNDONE]
            kept = {row.job: row.files for row in connection.execute(left.where(import_undo.c.job.in_(undoing)))}
        by_job = {number: {row.outcome: row.files for row in counts if row.job == number} for number in numbers}
        return [_job(row, by_job[row["number"]], kept.get(row["number"], 0)) for row in rows]


def note(connection: Connection, number: int, lines: Iterable[FileLine]) -> None:
    """Write lines of a job's report, inside the caller's transaction."""
    for line in lines:
        row = {"job": number, "problems": list(line.problems)} | {name: getattr(line, name) for name in _PLAIN}
        statement = upsert(import_lines).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["job", "file"], set_=row))


def passages_in(records: Sequence[Record]) -> int:
    """Passages that records are searched by."""
    return sum(max(len(record.body), 1) for record in records)


def _job(row: Mapping[Any, Any], counts: Mapping[str, int], left: int) -> ImportJob:
    """A job; ``left``: files that an undoing has still to take back."""
    undone = counts.get("stored", 0) - left if row["state"] in _UNDONE else 0
    total = max(row["total"], sum(counts.values()))  # addresses are not expected, and have lines
    return ImportJob(**{**row, "paths": tuple(row["paths"]), "total": total}, counts=counts, undone=undone)


def _line(row: Mapping[Any, Any]) -> FileLine:
    return FileLine(**{name: row[name] for name in _PLAIN}, problems=tuple(row["problems"]))
