"""Hundreds of malformed files in one import: each ends in its line, within its limits, and nothing else is touched."""

from __future__ import annotations

import resource
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.read_file import MEMORY_LIMIT
from cpkb.pipeline.report import OUTCOMES
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.pipeline.bombs import BOMBS
from tests.pipeline.hostile import SOUND, hostile

SEED = 20260301
OF_MANY = (".zip", ".eml", ".tar", ".gz", ".tgz")  # their members have lines of their own


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.long)])
def test_every_malformed_file_ends_in_one_line(tmp_path: Path, count: int) -> None:
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of processes that ended before, as browsers
    store = Store(tmp_path / "home" / "cpkb.sqlite")
    jobs = ImportJobs(store, tmp_path / "home" / "imports")
    good = tmp_path / "good"
    good.mkdir()
    for suffix in (".md", ".docx", ".pdf"):
        (good / f"good{suffix}").write_bytes(SOUND[suffix])
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, data in hostile(count, SEED):
        (inbox / name).write_bytes(data)
    for folder in (good, inbox):
        with jobs.running([str(folder)]) as job:
            sources, originals = REPO / "corpus" / "sources", tmp_path / "home" / "originals"
            Importer(store, sources, originals, job=job, room=jobs.unpacked).run([folder])
    stored = {file.key for file in store.files()}
    assert {f"good/good{suffix}" for suffix in (".md", ".docx", ".pdf")} <= stored
    lines = store.imports.lines(2)
    assert {line.outcome for line in lines} <= set(OUTCOMES)
    assert all(line.problems for line in lines if line.outcome in ("failed", "skipped"))
    assert stored - {f"good/good{suffix}" for suffix in (".md", ".docx", ".pdf")} == {
        line.file for line in lines if line.outcome == "stored"
    }
    told = Counter(line.file.removeprefix("inbox/").partition("!")[0] for line in lines)
    names = {file.name for file in inbox.iterdir()}
    assert set(told) == names, "every file has a line"
    many = {name for name, number in told.items() if number > 1}
    assert {name for name in many if not _holds_files(inbox / name)} == set(), "and one only"
    assert not [line for line in lines if "秒还没读完" in "".join(line.problems)], "none has to be waited for"
    assert not [line for line in lines if str(tmp_path) in "".join((line.file, *line.problems))]
    texts = "".join(passage.text for record in store.changed_since(-1) for passage in record.body)
    assert "root:" not in texts, "no file of this machine was read"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= max(MEMORY_LIMIT, others * 1024)
    assert {one.name for one in jobs.room.iterdir()} == {"gate", "lock"}, "what was unpacked is gone"
    with sqlite3.connect(tmp_path / "home" / "cpkb.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()


def _holds_files(path: Path) -> bool:
    """Whether a file is an archive or a mail, under whatever name."""
    return path.suffix in OF_MANY or path.read_bytes().startswith((b"PK\x03\x04", b"From:", b"\x1f\x8b"))


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(hostile(9, 7)) == list(hostile(9, 7))
    assert list(hostile(9, 7)) != list(hostile(9, 8))
    assert {suffix for suffix, _ in BOMBS.values()} >= set(SOUND) - {".doc"} | {".xls", ".csv"}
