"""Imports killed (kill -9) at random moments: what was reported is there, whole, and the same import goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from cpkb.knowledge_base import opened
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.jobs import ImportJobs
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.store import Store
from tests.analysis.shipped import REPO
from tests.extract.documents import archive
from tests.extract.office_writer import mail, workbook
from tests.pipeline.hostile import SOUND
from tests.pipeline.test_ingest import DECLARATION, LAW, LIST

SEEDS = (1, 2, 3, 4)
WAIT = 120.0  # seconds in which reading processes must end after the import they read for, on a busy machine too
TABLES = {
    "files": ("key", "sha256", "size", "reader", "origin", "problems"),
    "contributions": ("file", "record_id", "digest", "document"),
    "passages": ("file", "record_id", "ordinal", "locator", "kind", "page", "headings", "text"),
    "records": ("id", "collection", "title", "work_key", "number_key", "body_file", "is_imported", "document"),
    "relations": ("record_id", "position", "kind", "target", "on_date", "says"),
    "editions": ("record_id", "number", "document", "body"),
    "import_lines": ("file", "job", "outcome", "records", "passages", "changed", "problems"),
    "import_undo": ("file", "job", "records"),
}
"""What must come out the same, killed or not: all but when and in which order it was stored."""
OF_A_FILE = ("files", "contributions", "passages", "import_lines", "import_undo")


def law(number: int, what: str = "逆流漂洗") -> str:
    return LAW.replace("示例", f"第{number}号示例").replace("逆流漂洗", what)


def write(inbox: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content.encode() if isinstance(content, str) else content)


BEFORE: dict[str, str | bytes] = {
    **{f"law-{number}.txt": law(number) for number in range(4)},
    "list.tsv": LIST, "source.toml": DECLARATION, "页.html": SOUND[".html"], "rows.jsonl": SOUND[".jsonl"],
}  # fmt: skip
NOW: dict[str, str | bytes] = {
    **{f"law-{number}.txt": law(number, "喷淋清洗") for number in range(8)},
    "list.tsv": LIST.replace("Y180M-4", "Y180M-6") + "3\t风机\tT35\n",
    "rows.jsonl": SOUND[".jsonl"].replace("示例应当真实".encode(), "示例应当准确".encode()),
    "包.zip": archive(**{"甲.txt": law(20).encode(), "内.zip": archive(**{"乙.md": SOUND[".md"]}), "坏.pdf": b"1"}),
    "信.eml": mail("关于示例的通知", law(21), {"清单.xlsx": workbook({"表": (("名称", "数值"), ("甲", 1))})}),
    "文.docx": SOUND[".docx"],
    "文.pdf": SOUND[".pdf"],
    "同.txt": law(3, "喷淋清洗"),
    "坏.docx": b"PK\x03\x04" + b"\0" * 99,
    "图.xyz": b"?",
}


def bring(home: Path, inbox: Path, said: Connection | None = None) -> None:
    """Import a folder as the command does; ``said`` hears of every file that is done."""
    os.setpgrp()
    store = Store(home / "cpkb.sqlite")
    jobs = ImportJobs(store, home / "imports")
    with jobs.running([str(inbox)]) as job:
        importer = Importer(store, REPO / "corpus" / "sources", home / "originals", job=job, room=jobs.unpacked)
        importer.run([inbox], lambda key, _done, _of: said.send(key) if said else None)
    store.close()


def state(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of the tables, in one order."""
    with sqlite3.connect(home / "cpkb.sqlite") as connection:
        return {
            table: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)  # noqa: S608 — names of our own
            for table, columns in TABLES.items()
        }


def of_files(found: dict[str, list[tuple[Any, ...]]], files: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables say of these files."""
    return {table: [row for row in found[table] if row[0] in files] for table in OF_A_FILE}


def stored_now(home: Path) -> set[str]:
    """Files that the second import reported as stored."""
    return {row[0] for row in state(home)["import_lines"] if row[1:3] == (2, "stored")}


class Laboratory:
    """A home that held an import before, the folder's next import, and what it comes to when nothing disturbs it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox, self.base = folder, folder / "inbox", folder / "base"
        write(self.inbox, BEFORE)
        self.spawned(self.base).join()
        write(self.inbox, NOW)
        self.undisturbed = self.home("undisturbed")
        begun = time.monotonic()
        self.spawned(self.undisturbed).join()
        self.seconds = time.monotonic() - begun
        self.wanted = state(self.undisturbed)

    def home(self, name: str) -> Path:
        return Path(shutil.copytree(self.base, self.folder / name))

    def spawned(self, home: Path, said: Connection | None = None) -> Any:
        process = get_context("spawn").Process(target=bring, args=(home, self.inbox, said))
        process.start()
        return process

    def killed(self, home: Path, after: float) -> bool:
        """Kill an import after so many seconds, with what it reported checked; False when it was over before."""
        hears, says = get_context("spawn").Pipe(duplex=False)
        begun = time.monotonic()
        process = self.spawned(home, says)
        says.close()
        process.join(after)
        if process.exitcode is not None:
            assert process.exitcode == 0
            self.seconds = min(self.seconds, time.monotonic() - begun)  # the machine is less busy than it was
            return False
        process.kill()
        process.join()
        reported = set(heard(hears))
        told = stored_now(home)
        assert {key for key in reported if key in stored_now(self.undisturbed)} <= told
        assert of_files(state(home), told) == of_files(self.wanted, told), "what is reported as stored is whole"
        assert process.exitcode == -signal.SIGKILL
        assert is_gone(process.pid), "nobody reads on for the dead"
        return True


def is_over(home: Path) -> bool:
    """Whether the second import is done."""
    with sqlite3.connect(home / "cpkb.sqlite") as connection:
        return ("done",) in connection.execute("SELECT state FROM import_jobs WHERE number = 2").fetchall()


def heard(hears: Connection) -> Iterator[str]:
    try:
        while True:
            yield hears.recv()
    except EOFError:
        return


def is_gone(group: int) -> bool:
    """Whether no process of a group is left, within a while."""
    until = time.monotonic() + WAIT
    while (lives := group in living_groups()) and time.monotonic() < until:
        time.sleep(0.05)
    return not lives


def living_groups() -> Iterator[int]:
    """The group of every process but those that ended: not every machine's first process asks orphans how."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, _parent, group = file.read_text(encoding="latin-1").rpartition(")")[2].split()[:3]
            if state not in "ZX":
                yield int(group)


@pytest.mark.parametrize(("kills", "seed"), [(4, 0), *(pytest.param(50, at, marks=pytest.mark.long) for at in SEEDS)])
def test_killed_anywhere_an_import_comes_to_the_same_end(tmp_path: Path, kills: int, seed: int) -> None:
    laboratory, chance = Laboratory(tmp_path), random.Random(seed)  # noqa: S311 — the same moments every time
    done = homes = 0
    while done < kills:
        home = laboratory.home(f"home-{homes}")
        while done < kills and not is_over(home):
            done += laboratory.killed(home, chance.uniform(0.2, 1.0) * laboratory.seconds)
        if not is_over(home):
            laboratory.spawned(home).join()
        assert is_over(home)
        assert state(home) == laboratory.wanted
        check_the_index(home)
        shutil.rmtree(home)
        homes += 1


def check_the_index(home: Path) -> None:
    """What was imported is found, all of it and nothing else."""
    with opened(Settings(home=home, semantic=False)) as kb:
        catch_up(kb.store, kb.engine, kb.analyzer)
        passages = sum(max(len(record.body), 1) for record in kb.store.changed_since(-1))
        assert kb.engine.status().passages == passages > 30
        assert kb.store.imports.count() == 2
        assert not list((home / "originals").rglob("*.partial"))
