"""The database: opened, migrated (with a backup first), and written in immediate transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import OperationalError

from cpkb.errors import DiskFullError, StoreError

FIRMLY = (
    "busy_timeout=30000",  # ms: an import holds the write lock for a file at a time, at most a few seconds
    "synchronous=FULL",  # what was reported as stored survives a power cut
)
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)  # a quota or a limit is told as the latter
_PRIMARY = 0xFF  # the bits of an error code that tell its family
LIGHTLY = ("busy_timeout=250", "synchronous=NORMAL")


class Database:
    """A SQLite file in WAL mode with foreign keys on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # questions and files are the owner's
        self._engine = create_engine(f"sqlite:///{file}")
        event.listen(self._engine, "connect", _prepare)
        self._migrate()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads see one state."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def rows(self, statement: str, **parameters: str) -> list[Any]:
        """What one statement finds, as the driver gives it.

        For what every page asks: the layers above the driver would take half of the time.
        """
        connection = self._engine.raw_connection()
        try:
            found: list[Any] = connection.cursor().execute(statement, parameters).fetchall()
        finally:
            connection.close()
        return found

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that takes the write lock at once and is rolled back on any error.

        Raises DiskFullError where there is no room for it.
        """
        try:
            with self._engine.connect() as connection, _transaction(connection):
                yield connection
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY not in _NO_ROOM:
                raise
            raise DiskFullError("磁盘满了，数据库写不下；请腾出空间再来") from error

    @contextmanager
    def writing_lightly(self) -> Iterator[Connection]:
        """The same for what may be lost: the lock is waited for a moment only, and the disk not at all."""
        with self._engine.connect() as connection:
            _set(connection.exec_driver_sql, LIGHTLY)
            try:
                with _transaction(connection):
                    yield connection
            finally:
                _set(connection.exec_driver_sql, FIRMLY)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        script = ScriptDirectory.from_config(config)
        with self._engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if current == script.get_current_head():
                return
            if current is not None and current not in {step.revision for step in script.walk_revisions()}:
                raise StoreError(f"{self.file}: 数据库的版本是 {current}，比本程序新；请升级程序，或恢复升级前的备份")
            if current is not None:
                self._back_up(current)
        with self.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _back_up(self, current: str) -> None:
        target = self.file.with_name(f"{self.file.stem}-before-{current}.backup.sqlite")
        with sqlite3.connect(self.file) as source, sqlite3.connect(target) as copy:
            source.backup(copy)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _set(execute: Callable[[str], object], pragmas: Iterable[str]) -> None:
    for pragma in pragmas:
        execute(f"PRAGMA {pragma}")


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    _set(connection.execute, (*FIRMLY, "journal_mode=WAL", "foreign_keys=ON"))  # patient from the first
