"""An engine that is open, and how its tests write to it and ask it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cpkb.engines.engine import Engine
from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import MAX_DEPTH, EngineQuery, Match
from tests.engines.passages import passage

Opener = Callable[[Path, str], Engine]
"""(folder, what the terms are made by) → an engine; importable by name, for other processes."""


def fill(engine: Engine, passages: list[IndexedPassage], revision: int = 1, *, rebuild: bool = False) -> None:
    by_record: dict[str, list[IndexedPassage]] = {}
    for made in passages:
        by_record.setdefault(made.record_id, []).append(made)
    with engine.writing(revision, rebuild=rebuild) as writer:
        for record_id, own in by_record.items():
            writer.put(record_id, own)


def ids(engine: Engine, match: Match, **rest: object) -> list[str]:
    """Record ids of what matches, best first."""
    return [hit.record_id for hit in engine.search(EngineQuery(match, **rest)).hits]  # type: ignore[arg-type]


def found(engine: Engine, match: Match, **rest: object) -> set[str]:
    return set(ids(engine, match, limit=MAX_DEPTH, **rest))


def write_and_die(opener: Opener, folder: Path, rebuild: bool) -> None:  # noqa: FBT001 — crosses processes by position
    """Put and drop, then be killed before the end of the block."""
    with opener(folder, "one").writing(99, rebuild=rebuild) as writer:
        for number in range(50):
            writer.put(f"new-{number}", [passage(f"new-{number}", "铬 渣")])
        writer.drop("a")
        os.kill(os.getpid(), signal.SIGKILL)


def write_and_fail(engine: Engine, *, rebuild: bool) -> None:
    with engine.writing(99, rebuild=rebuild) as writer:
        writer.put("b", [passage("b", "铬")])
        writer.drop("a")
        raise ZeroDivisionError


class Opened:
    """Engines of one kind, in a folder of the test's own."""

    opener: Opener

    def open(self, folder: Path, made_by: str = "one") -> Engine:
        return type(self).opener(folder, made_by)

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        engine = self.open(tmp_path / "index")
        yield engine
        engine.close()
