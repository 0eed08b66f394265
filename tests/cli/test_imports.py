"""Imports by command line: listed, shown, gone on with, undone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cpkb import cli_imports, settings
from cpkb.cli import main
from cpkb.knowledge_base import opened
from cpkb.pipeline.ingest import Importer
from cpkb.settings import Settings
from cpkb.store.store import StoredFile
from tests.analysis.shipped import REPO
from tests.cli.test_cli import LAW


class Shell:
    """Runs commands in one home over an empty corpus."""

    def __init__(self, folder: Path) -> None:
        self.home, self.inbox = folder / "home", folder / "inbox"
        self.inbox.mkdir()

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(self.home), *words])

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def bring(self) -> Result:
        return self.run("import", str(self.inbox))

    def write(self, name: str, text: str) -> None:
        (self.inbox / name).write_text(text, encoding="utf-8")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shutil.copytree(REPO / "index", tmp_path / "shipped" / "index")
    shutil.copytree(REPO / "corpus" / "sources", tmp_path / "shipped" / "corpus" / "sources")
    (tmp_path / "shipped" / "corpus" / "records").mkdir()
    monkeypatch.setattr(settings, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("CPKB_SEMANTIC", "false")
    shell = Shell(tmp_path)
    shell.write("a.txt", LAW)
    return shell


def test_imports_are_listed_shown_and_undone(shell: Shell) -> None:
    assert shell.run("imports").stdout == "还没有导入过；用 cpkb import 文件夹\n"
    shell.write("b.pdf", "?")
    told = shell.bring()
    assert told.exit_code == 1
    assert "第 1 次导入；报告：cpkb imports show 1，撤销：cpkb imports undo 1" in told.stdout
    (job,) = shell.json("imports")
    assert (job["number"], job["state"], job["names"]) == (1, "done", ["inbox"])
    assert job["counts"] == {"stored": 1, "failed": 1}
    assert "1  " in shell.run("imports").stdout
    assert "完成  inbox  已入库 1，失败 1" in shell.run("imports").stdout
    shown = shell.json("imports", "show", "1")
    assert [(line["file"], line["outcome"]) for line in shown["files"]] == [
        ("inbox/a.txt", "stored"),
        ("inbox/b.pdf", "failed"),
    ]
    assert "失败 inbox/b.pdf" in shell.run("imports", "show", "1").stdout
    assert str(shell.inbox) not in shell.run("imports", "show", "1").stdout + json.dumps(shown)
    assert "逆流漂洗" in shell.run("search", "逆流漂洗").stdout
    undone = shell.run("imports", "undo", "1")
    assert undone.exit_code == 0, undone.output
    assert "第 1 次导入已撤销，1 条回到导入之前" in undone.stdout
    assert shell.json("search", "逆流漂洗")["total"] == 0
    assert shell.json("status")["documents"] == 0
    assert "已撤销" in shell.run("imports").stdout


def test_files_that_no_report_tells_of_are_not_called_nothing(shell: Shell) -> None:
    with opened(Settings(home=shell.home)) as kb:
        kb.store.put_file(StoredFile("old/a.tsv", "0" * 64, 1, "reader-1", "imported"), [])
    told = shell.run("imports").stdout
    assert "库里有 1 个导入的文件不在任何一份报告里" in told
    assert "还没有导入过" not in told
    shell.bring()
    assert "库里有 1 个导入的文件不在任何一份报告里" in shell.run("imports").stdout


def test_what_cannot_be_undone_or_gone_on_with_says_why(shell: Shell) -> None:
    shell.bring()
    shell.write("a.txt", LAW.replace("逆流漂洗", "喷淋清洗"))
    shell.bring()
    for words, why in {
        ("undo", "1"): "请先撤销第 2 次",
        ("undo", "3"): "没有第 3 次导入",
        ("show", "3"): "没有第 3 次导入",
        ("resume", "2"): "第 2 次导入没有中断",
    }.items():
        told = shell.run("imports", *words)
        assert told.exit_code == 2
        assert why in told.stderr


@pytest.mark.parametrize("words", [("import", "{inbox}"), ("imports", "resume", "1")])
def test_a_stopped_import_says_so_and_goes_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    shell.write("b.txt", LAW.replace("办法", "规定"))
    real = Importer._kept

    def stopped(self: Importer, job: Any, result: Any) -> Any:
        if job.key.endswith("b.txt"):
            raise KeyboardInterrupt
        return real(self, job, result)

    with monkeypatch.context() as patched:
        patched.setattr(Importer, "_kept", stopped)
        told = shell.bring()
    assert told.exit_code == cli_imports.INTERRUPTED
    assert "停在中途：已入库的都在" in told.stderr
    assert shell.json("imports")[0]["state"] == "interrupted"
    assert "中断（1/2）" in shell.run("imports").stdout
    went_on = shell.run(*(word.format(inbox=shell.inbox) for word in words))
    assert went_on.exit_code == 0, went_on.output
    assert "已入库 2" in went_on.stdout
    assert [(job["number"], job["state"]) for job in shell.json("imports")] == [(1, "done")]
    assert shell.json("status")["documents"] == 2
