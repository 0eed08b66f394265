"""The database: crashes, migrations and their backup, and programs that are too old for it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Table, create_engine

from cpkb.errors import DiskFullError, StoreError
from cpkb.model.record import Record
from cpkb.store import database, tables
from cpkb.store.database import Database
from cpkb.store.store import Store
from tests.store.samples import law, put, technique


class Fuse(dict[str, Any]):
    """Fields that end the process when they are read for the second time: in the middle of being written."""

    times = 0

    def items(self) -> Any:
        self.times += 1
        if self.times > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().items()


def put_and_die(file: Path) -> None:
    """Store a file in peace; be killed in the middle of the next, when some of its records are already written."""
    store = Store(file)
    put(store, "b.tsv", technique("3"))
    burning = replace(technique("9"), fields=Fuse(summary="要点"))
    put(store, "a.tsv", technique("1", "改了"), technique("4"), burning)


def test_what_is_read_together_is_of_one_moment(tmp_path: Path) -> None:
    database, count = Database(tmp_path / "cpkb.sqlite"), "SELECT count(*) FROM import_jobs"
    row = {"begun": "", "ended": "", "state": "done", "paths": [], "total": 0}
    with database.reading() as reading:
        assert reading.exec_driver_sql(count).scalar() == 0
        with database.writing() as writing:
            writing.execute(tables.import_jobs.insert().values(row))
        assert reading.exec_driver_sql(count).scalar() == 0
    with database.reading() as reading:
        assert reading.exec_driver_sql(count).scalar() == 1
    database.close()


def test_a_full_disk_is_told_as_that_and_nothing_is_written(tmp_path: Path) -> None:
    database, row = Database(tmp_path / "cpkb.sqlite"), {"begun": "", "ended": "", "state": "done", "total": 0}
    with database.writing() as writing:
        writing.exec_driver_sql("PRAGMA max_page_count=1")  # no more pages than there are
    with pytest.raises(DiskFullError, match="磁盘满了，数据库写不下"), database.writing() as writing:
        writing.execute(tables.import_jobs.insert().values({**row, "paths": ["x" * 100_000]}))
    with database.reading() as reading:
        assert reading.exec_driver_sql("SELECT count(*) FROM import_jobs").scalar() == 0
    database.close()


def test_a_kill_in_the_middle_of_a_transaction_leaves_the_last_state(tmp_path: Path) -> None:
    file = tmp_path / "cpkb.sqlite"
    store = Store(file)
    put(store, "a.tsv", technique("1"), technique("2"))
    process = get_context("spawn").Process(target=put_and_die, args=(file,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert [(record.id, record.value("summary")) for record in store.changed_since(-1)] == [
        ("1", "多级逆流漂洗节水"),
        ("2", "多级逆流漂洗节水"),
        ("3", "多级逆流漂洗节水"),
    ]
    assert [f.key for f in store.files()] == ["a.tsv", "b.tsv"]
    assert put(store, "a.tsv", technique("1")).removed == 1, "nobody holds the lock of the dead"
    store.close()


def test_an_error_in_a_transaction_leaves_the_last_state(tmp_path: Path) -> None:
    opened = Database(tmp_path / "cpkb.sqlite")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(opened)
    with opened.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta").scalar_one() == 0
    opened.close()


def write_and_fail(opened: Database) -> None:
    with opened.writing() as connection:
        connection.execute(tables.meta.insert().values(key="revision", value="9"))
        raise ZeroDivisionError


def test_migrations_make_the_tables_that_the_program_uses(tmp_path: Path) -> None:
    Database(tmp_path / "cpkb.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'cpkb.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("table", tables.metadata.tables.values(), ids=lambda table: table.name)
def test_what_goes_with_a_row_is_found_without_looking_at_every_other(table: Table) -> None:
    keys = [tuple(column.name for column in table.primary_key)]
    keys += [tuple(column.name for column in index.columns) for index in table.indexes]
    for constraint in table.foreign_key_constraints:
        own = tuple(column.name for column in constraint.columns)
        assert any(key[: len(own)] == own for key in keys), f"no index begins with {own}"


def test_a_database_that_is_newer_than_the_program_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "cpkb.sqlite"
    Database(file).close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"cpkb\.sqlite: .*9999.*比本程序新.*升级程序"):
        Database(file)
    assert file.read_bytes() == before


NEXT_STEP = '''
"""A step of tomorrow."""
from alembic import op
revision = "9998"
down_revision = "{head}"
def upgrade() -> None:
    op.execute("CREATE TABLE tomorrow (id INTEGER)")
'''


def head(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    connection.close()
    return str(found)


def test_a_migration_leaves_a_backup_of_what_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cpkb.sqlite"
    store = Store(file)
    put(store, "a.tsv", technique("1"))
    store.close()
    shipped = head(file)
    steps = shutil.copytree(Path(database.__file__).parent / "migrations", tmp_path / "program" / "migrations")
    (steps / "versions" / "s9998_tomorrow.py").write_text(NEXT_STEP.format(head=shipped), encoding="utf-8")
    monkeypatch.setattr(database, "__file__", str(tmp_path / "program" / "database.py"))
    again = Store(file)
    assert again.record("1").title == "技术1"
    again.close()
    assert head(file) == "9998"
    (backup,) = tmp_path.glob("*.backup.sqlite")
    assert backup.name == f"cpkb-before-{shipped}.backup.sqlite"
    monkeypatch.undo()
    restored = Store(backup)
    assert restored.record("1").title == "技术1"
    restored.close()


def taken_back(file: Path, revision: str) -> None:
    """Make a database what an older program left."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    opened = Database(file)
    with opened.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    opened.close()


def columns(file: Path, table: str) -> set[str]:
    with sqlite3.connect(file) as connection:
        found = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    connection.close()
    return found


def test_limits_and_duties_of_an_older_database_are_still_found_by_their_text(tmp_path: Path) -> None:
    file = tmp_path / "cpkb.sqlite"
    store = Store(file)
    put(store, "law.md", law("law", "示例法", "第一条　旧。"))
    duties = [Record(f"duty-{name}", "duty", "示例义务", {"policy": name} if name else {}) for name in ("law", "x", "")]
    put(store, "duties.tsv", *duties, Record("limit", "limit", "示例限值", {"guideline": "law"}))
    store.close()
    taken_back(file, "0007")
    assert (head(file), "part_of" in columns(file, "records")) == ("0007", False)
    store = Store(file)
    before = store.revision()
    put(store, "law.md", law("law", "示例法", "第一条　新。"))
    assert [record.id for record in store.changed_since(before)] == ["duty-law", "law", "limit"]
    store.close()


def test_opening_what_is_up_to_date_makes_no_backup(tmp_path: Path) -> None:
    for _ in range(2):
        Store(tmp_path / "cpkb.sqlite").close()
    assert list(tmp_path.glob("*.backup.sqlite")) == []


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2)])
def test_connections_are_set_to_survive_crashes_and_to_check_references(
    tmp_path: Path, pragma: str, value: object
) -> None:
    opened = Database(tmp_path / "cpkb.sqlite")
    with opened.reading() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    opened.close()
