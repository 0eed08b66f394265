"""Cutting for the index: in order, beside this process where there is much, and never a wait for one that died."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from itertools import count
from multiprocessing import active_children
from pathlib import Path
from typing import TypeVar

import pytest

from cpkb.analysis.cutter import Cutter
from cpkb.engines.engine import IndexedPassage
from cpkb.errors import CpkbError
from cpkb.pipeline import corpora, cutting, reindex
from cpkb.pipeline.cutting import cut_in_order
from cpkb.store.store import Store
from tests.analysis.shipped import shipped_analyzer
from tests.store.samples import law, put, technique

T = TypeVar("T")
HERE = os.getpid()
TEXTS = [corpora.Text(str(n), f"第{n}号", f"年产{n}万吨以下的锅炉。\nY{n}M-4 型电动机") for n in range(50)]


def told(number: int, _: Cutter) -> list[IndexedPassage]:
    """A passage that tells which process cut it."""
    time.sleep(0.001)
    return [IndexedPassage(str(os.getpid()), number, {}, (), (), "", {}, None)]


def unnumbered(_: None, cutter: Cutter) -> list[IndexedPassage]:
    return told(0, cutter)


def dying(number: int, cutter: Cutter) -> list[IndexedPassage]:
    """Cut here, but the end of any other process."""
    if os.getppid() == int(os.environ["CUTTING_TEST"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return told(number, cutter)


def faulty(number: int, cutter: Cutter) -> list[IndexedPassage]:
    if os.getppid() == int(os.environ["CUTTING_TEST"]):
        raise ValueError(f"number {number}")
    return told(number, cutter)


@pytest.fixture
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little counts as much, and this process knows itself on two cores."""
    monkeypatch.setattr(cutting, "MANY", 20)
    monkeypatch.setattr(cutting, "BATCH", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setenv("CUTTING_TEST", str(HERE))


@pytest.mark.usefixtures("_many")
def test_few_texts_are_cut_in_this_process() -> None:
    cut = [passages for _, passages in cut_in_order(range(cutting.BATCH), told, shipped_analyzer())]
    assert {passage.record_id for (passage,) in cut} == {str(HERE)}
    assert active_children() == []


@pytest.mark.usefixtures("_many")
def test_many_texts_are_cut_beside_this_process_and_come_in_order() -> None:
    seen: list[int] = []
    beside = 0
    done = cut_in_order(count(), told, shipped_analyzer())
    for number, (passage,) in done:
        assert passage.ordinal == number
        seen.append(number)
        beside += passage.record_id != str(HERE)
        if beside == 200:
            break
    assert seen == list(range(len(seen)))
    done.close()  # type: ignore[attr-defined]
    assert active_children() == [], "who stops early leaves no process behind"


@pytest.mark.usefixtures("_many")
def test_only_what_is_needed_is_read_ahead() -> None:
    read: list[int] = []
    work = map(read.append, count())
    for number, (_, (passage,)) in enumerate(cut_in_order(work, unnumbered, shipped_analyzer())):
        assert len(read) - number <= 20 + 5 * 10, "what it holds back, and two batches a process"
        if passage.record_id != str(HERE):
            break


@pytest.mark.timeout(60)
@pytest.mark.usefixtures("_many")
def test_a_process_that_dies_is_an_error_and_no_wait() -> None:
    with pytest.raises(CpkbError, match="意外结束"):
        for _ in cut_in_order(count(), dying, shipped_analyzer()):
            pass


@pytest.mark.usefixtures("_many")
def test_an_error_in_another_process_is_raised_as_in_this_one() -> None:
    with pytest.raises(ValueError, match=r"number \d+"):
        for _ in cut_in_order(count(), faulty, shipped_analyzer()):
            pass


def test_another_process_makes_the_same_of_a_text() -> None:
    analyzer = shipped_analyzer()
    documents = [(text.title, [text]) for text in TEXTS]
    here = [list(corpora._cut(document, analyzer)) for document in documents]
    assert travelled(cutting._cut(travelled(documents), corpora._cut, analyzer.made_of)) == here


def test_another_process_makes_the_same_of_a_record(tmp_path: Path) -> None:
    store, analyzer = Store(tmp_path / "cpkb.sqlite"), shipped_analyzer()
    put(store, "a.tsv", technique("1"), law("old", "环境保护法", "第一条 年产5万吨以上。"))
    changed = [(store.dated(record), store.claims_about(record)) for record in store.changed_since(-1)]
    store.close()
    here = [list(reindex._cut(record, analyzer)) for record in changed]
    assert travelled(cutting._cut(travelled(changed), reindex._cut, analyzer.made_of)) == here


def travelled(value: T) -> T:
    moved: T = pickle.loads(pickle.dumps(value))  # noqa: S301 — our own
    return moved


@pytest.mark.long
def test_killed_it_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "cut.py"
    script.write_text(
        "import itertools, os\n"
        "from cpkb.pipeline import cutting\n"
        "from tests.analysis.shipped import shipped_analyzer\n"
        "from tests.pipeline.test_cutting import told\n"
        "if __name__ == '__main__':\n"
        "    cutting.MANY, os.cpu_count = 100, lambda: 2\n"
        "    for _, (passage,) in cutting.cut_in_order(itertools.count(), told, shipped_analyzer()):\n"
        "        print(passage.record_id, flush=True)\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    ) as process:
        assert process.stdout
        beside = next(line.strip() for line in process.stdout if line.strip() != str(process.pid))
        process.kill()
        process.wait()
    deadline = time.monotonic() + 10
    while Path("/proc", beside).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path("/proc", beside).exists()
