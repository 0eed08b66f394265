"""Poor questions: counted by day, bounded, written by several processes, and never in the way of a search."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from cpkb.store import database, question_log
from cpkb.store.question_log import PoorQuestion
from cpkb.store.store import Store

DAY = dt.date(2026, 11, 20)
TIMES = 40
PATIENTLY = ("busy_timeout=120000", "synchronous=NORMAL")


def note(store: Store, text: str, times: int = 1, day: dt.date = DAY) -> None:
    for _ in range(times):
        store.questions.note(text, "nothing", day)


def texts(store: Store) -> list[str]:
    return [question.text for question in store.questions.listed()]


def test_a_question_is_counted_with_its_first_and_last_day_and_nothing_else(store: Store, tmp_path: Path) -> None:
    store.questions.note("缸水", "nothing", DAY)
    store.questions.note("缸水", "poor", DAY + dt.timedelta(days=2))
    assert store.questions.listed() == [PoorQuestion("缸水", "poor", 2, "2026-11-20", "2026-11-22")]
    with sqlite3.connect(tmp_path / "cpkb.sqlite") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(poor_questions)")]
        with pytest.raises(sqlite3.OperationalError, match="rowid"):  # it would tell the order within a day
            connection.execute("SELECT rowid FROM poor_questions")
    connection.close()
    assert columns == ["text", "kind", "times", "first", "last"]


def test_the_most_frequent_come_first(store: Store) -> None:
    note(store, "一次")
    note(store, "三次", 3)
    store.questions.note("近似", "poor", DAY)
    assert texts(store) == ["三次", "一次", "近似"]
    assert [question.text for question in store.questions.listed("poor")] == ["近似"]
    assert len(store.questions.listed(limit=2)) == 2


def test_a_question_can_be_forgotten(store: Store) -> None:
    note(store, "张三家的水", 2)
    assert store.questions.forget("张三家的水")
    assert not store.questions.forget("张三家的水")
    assert texts(store) == []


def test_counting_changes_no_revision(store: Store) -> None:
    before = store.revision()
    note(store, "缸水")
    assert store.revision() == before


def test_when_there_are_too_many_the_rarest_and_oldest_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_log, "MOST_KEPT", 3)
    note(store, "常问", 9)
    note(store, "旧的一次", day=DAY - dt.timedelta(days=30))
    note(store, "昨天一次", day=DAY - dt.timedelta(days=1))
    note(store, "今天两次", 2)
    assert texts(store) == ["常问", "今天两次", "昨天一次"]


def test_what_nobody_asks_any_more_makes_room_for_what_is_asked_today(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log, "MOST_KEPT", 2)
    note(store, "从前甲", 5, DAY - dt.timedelta(days=10))
    note(store, "从前乙", 6, DAY - dt.timedelta(days=10))
    note(store, "今天")
    assert texts(store) == ["从前乙", "今天"]


def test_a_locked_database_costs_a_moment_and_the_question_is_dropped_unquoted(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(tmp_path / "cpkb.sqlite") as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.perf_counter()
        with caplog.at_level(logging.WARNING):
            note(store, "缸水", 2)
        assert time.perf_counter() - begun < 25, "other writers wait for thirty seconds each"
        other.rollback()
    other.close()
    assert store.questions.dropped == 2
    assert "1 so far): database is locked" in caplog.text
    assert "缸水" not in caplog.text
    assert len(caplog.messages) == 1, "the next line comes after a hundred more"
    note(store, "缸水")
    assert texts(store) == ["缸水"]


@pytest.mark.parametrize(("pragma", "value"), [("busy_timeout", 30_000), ("synchronous", 2)])
def test_what_is_written_lightly_leaves_no_lightness_behind(store: Store, pragma: str, value: int) -> None:
    note(store, "缸水")
    with store._database.reading() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def note_many(file: Path, lightly: tuple[str, str]) -> None:
    """Ends with the number of questions it had to drop."""
    database.LIGHTLY = lightly
    store = Store(file)
    for at in range(TIMES):
        store.questions.note("缸水", "nothing", DAY)
        store.questions.note(f"问题{at}", "nothing", DAY)
    store.close()
    sys.exit(store.questions.dropped)


@pytest.mark.parametrize("lightly", [database.LIGHTLY, PATIENTLY], ids=["as shipped", "patiently"])
def test_two_processes_count_together_and_what_is_lost_is_known(
    store: Store, tmp_path: Path, lightly: tuple[str, str]
) -> None:
    args = (tmp_path / "cpkb.sqlite", lightly)
    processes = [get_context("spawn").Process(target=note_many, args=args) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    dropped = sum(process.exitcode or 0 for process in processes)
    counted = {question.text: question.times for question in store.questions.listed()}
    assert sum(counted.values()) == 2 * 2 * TIMES - dropped
    if lightly is PATIENTLY:  # how much is lost within a quarter of a second is up to the machine
        assert (dropped, counted["缸水"]) == (0, 2 * TIMES)
