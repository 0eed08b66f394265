"""Many passages at once: made beside this process, whole and in order, and never a wait for a process that died."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing import active_children
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cpkb.engines.engine import Piece
from cpkb.engines.passage import IndexedPassage
from cpkb.engines.query import EngineQuery
from cpkb.engines.whoosh import building
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.errors import CpkbError
from cpkb.pipeline import corpus_texts
from cpkb.pipeline.cutting import Cutting
from cpkb.search import indexing
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.engines.passages import passage, words
from tests.engines.test_whoosh import RANKING, open_whoosh
from tests.store.samples import law, put, technique

T = TypeVar("T")
LONG = " ".join(f"w{number}" for number in range(60))
WAIT = 120.0  # seconds in which processes must end, on a busy machine too


@dataclass(frozen=True)
class Told:
    """Makes passages that tell which process made them."""

    dies: bool = False
    fails: bool = False
    more: str = ""
    """Words that every passage has too."""
    home: int = os.getpid()

    def get_ready(self) -> None:
        pass

    def __call__(self, work: Any) -> list[IndexedPassage]:
        if self.dies and os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fails and os.getpid() != self.home:
            raise ValueError(f"number {work}")
        time.sleep(0.001)
        return [passage(name(work), f"词 p{os.getpid()} n{work} {self.more}")]


def name(number: int) -> str:
    return f"r{number:06}"


def pieces(many: int | None = None) -> Iterator[Piece]:
    return (Piece(name(number), number) for number in (range(many) if many is not None else count()))


@pytest.fixture
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little counts as much, and this process knows itself on two cores."""
    monkeypatch.setattr(building, "MANY", 20)
    monkeypatch.setattr(building, "TOGETHER", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.usefixtures("_many")
def test_few_passages_are_made_in_this_process(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    with engine.writing(1) as writer:
        assert [piece.work for piece in writer.put_all(pieces(15), Told())] == list(range(15))
        assert active_children() == []
    assert engine.search(EngineQuery(words(f"p{os.getpid()}"))).passages == 15


@pytest.mark.usefixtures("_many")
def test_who_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), open_whoosh(tmp_path, "one").writing(1) as writer:
        for number, piece in enumerate(writer.put_all(pieces(), Told())):
            assert piece.work == number, "told in order"
            if number > 1000:
                assert active_children()
                raise KeyboardInterrupt
    deadline = time.monotonic() + WAIT
    while active_children() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert active_children() == []


@pytest.mark.usefixtures("_many")
def test_nothing_is_lost_between_the_processes(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    with engine.writing(1) as writer:
        assert [piece.work for piece in writer.put_all(pieces(2000), Told())] == list(range(2000))
    assert engine.search(EngineQuery()).passages == 2000
    assert engine.search(EngineQuery(words(f"p{os.getpid()}"))).passages == 0, "the others made them all"
    for number in (0, 999, 1999):
        (hit,) = engine.search(EngineQuery(words(f"n{number}"))).hits
        assert hit.record_id == name(number)


@pytest.mark.usefixtures("_many")
def test_what_was_there_before_is_replaced(tmp_path: Path) -> None:
    engine = open_whoosh(tmp_path, "one")
    for revision in (1, 2):
        with engine.writing(revision) as writer:
            for _ in writer.put_all(pieces(600), Told()):
                pass
    assert engine.search(EngineQuery()).passages == 600


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("_many")
def test_a_process_that_dies_is_an_error_and_no_wait(tmp_path: Path) -> None:
    with pytest.raises(CpkbError, match="意外结束"), open_whoosh(tmp_path, "one").writing(1) as writer:
        for _ in writer.put_all(pieces(), Told(dies=True)):
            pass


@pytest.mark.usefixtures("_many")
def test_an_error_in_another_process_is_raised_as_in_this_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"number \d+"), open_whoosh(tmp_path, "one").writing(1) as writer:
        for _ in writer.put_all(pieces(), Told(fails=True)):
            pass


@pytest.mark.usefixtures("_many")
def test_a_build_that_is_cut_off_keeps_what_was_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "processes", lambda: 2)
    engine = WhooshEngine(tmp_path, RANKING, "one", megabytes=1)  # a batch is as much as a process may hold
    with suppress(KeyboardInterrupt), engine.writing(7, rebuild=True) as writer:
        for piece in writer.put_all(pieces(), Told(more=LONG)):
            if piece.work > 1000 and engine.unfinished():
                raise KeyboardInterrupt
    unfinished = engine.unfinished()
    assert unfinished is not None
    held = int(unfinished.last.removeprefix("r"))
    with engine.writing(7, rebuild=True, resume=True) as writer:
        for _ in writer.put_all((Piece(name(n), n) for n in range(held + 1, held + 31)), Told()):
            pass
    assert engine.unfinished() is None
    assert engine.search(EngineQuery()).passages == held + 31


def test_another_process_makes_the_same_of_a_text() -> None:
    analyzer = shipped_analyzer()
    texts = [corpus_texts.Text(str(n), f"第{n}号", f"年产{n}万吨以下的锅炉。\nY{n}M-4 型电动机") for n in range(20)]
    documents = [(text.title, [text]) for text in texts]
    assert made_elsewhere(Cutting.by(analyzer, corpus_texts.cut), documents) == [
        list(corpus_texts.cut(document, analyzer)) for document in documents
    ]


def test_another_process_makes_the_same_of_a_record(tmp_path: Path) -> None:
    store, analyzer = Store(tmp_path / "cpkb.sqlite"), shipped_analyzer()
    put(store, "a.tsv", technique("1"), law("old", "环境保护法", "第一条 年产5万吨以上。"))
    changed = [(record, store.dated(record), store.claims_about(record)) for record in store.changed_since(-1)]
    store.close()
    assert made_elsewhere(Cutting.by(analyzer, indexing.cut_record), changed) == [
        list(indexing.cut_record(record, analyzer)) for record in changed
    ]


def made_elsewhere(make: Cutting, works: list[Any]) -> list[list[IndexedPassage]]:
    """As another process has it: by what can be sent to it, with a cutter of its own."""
    kept = dict(Cutting._cutters)
    Cutting._cutters.clear()
    try:
        sent, own = travelled(make), travelled(works)
        return [list(sent(work)) for work in own]
    finally:
        Cutting._cutters.update(kept)


def travelled(value: T) -> T:
    moved: T = pickle.loads(pickle.dumps(value))  # noqa: S301 — our own
    return moved


@pytest.mark.long
def test_killed_it_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(
        "import os\n"
        "from multiprocessing import active_children\n"
        "from pathlib import Path\n"
        "from cpkb.engines.whoosh import building\n"
        "from tests.engines.test_building import Told, pieces\n"
        "from tests.engines.test_whoosh import open_whoosh\n"
        "if __name__ == '__main__':\n"
        "    building.MANY, os.cpu_count = 100, lambda: 2\n"
        f"    with open_whoosh(Path({str(tmp_path)!r}) / 'index', 'one').writing(1) as writer:\n"
        "        for _ in writer.put_all(pieces(), Told()):\n"
        "            for child in active_children():\n"
        "                print(child.pid, flush=True)\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    ) as process:
        assert process.stdout
        beside = process.stdout.readline().strip()
        process.kill()
        process.wait()
    deadline = time.monotonic() + WAIT
    while Path("/proc", beside).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert beside
    assert not Path("/proc", beside).exists()
