"""Relations by command line: listed, accepted, rejected, opened again, and what that changes in a search."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cpkb.cli import main
from cpkb.knowledge_base import opened
from cpkb.model.record import Relation
from cpkb.settings import Settings
from tests.store.samples import law, put

STOPS = Relation("repeals", "示例旧办法", "2026-08-15", "第1条", "《示例旧办法》停止执行。", is_proposed=True)
LATER = Relation("repeals", "示例旧办法", "2026-12-01", "第1条", "《示例旧办法》同时废止。")


class Shell:
    """Runs commands in one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(self.home), *words])

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A home of these texts alone."""
    monkeypatch.setenv("CPKB_SEMANTIC", "false")
    monkeypatch.setattr(Settings, "corpus", property(lambda _: tmp_path))
    with opened(Settings(home=tmp_path / "home")) as kb:
        put(kb.store, "in/new.md", law("new", "示例新办法", "第一条　停止执行。", relations=(STOPS,)))
        put(kb.store, "in/old.md", law("old", "示例旧办法", "第一条　漂洗水可以排放。", effective="2003-02-01"))
    return Shell(tmp_path / "home")


def found(shell: Shell) -> str:
    """The validity that a search shows of the old text."""
    (hit,) = shell.json("search", "漂洗水可以排放", "--as-of", "2026-09-01")["hits"]
    return str(hit["validity"])


def test_from_the_list_to_a_search_and_back(shell: Shell) -> None:
    (asked,) = shell.json("relations", "list")
    assert (asked["state"], asked["by"]["title"], asked["relation"]["says"]) == ("proposed", "示例新办法", STOPS.says)
    listed = shell.run("relations", "list").stdout
    assert f"{asked['id']}  待核对  《示例新办法》第1条 2026年8月15日起废止《示例旧办法》" in listed
    assert "读自：《示例旧办法》停止执行。" in listed
    assert found(shell) == "现行"

    told = shell.run("relations", "accept", asked["id"], "--note", "问过发布机关")
    assert told.exit_code == 0, told.output
    assert "已接受：问过发布机关" in told.stdout
    assert found(shell) == "已废止"
    assert [one["id"] for one in shell.json("relations", "list", "--state", "accepted")] == [asked["id"]]
    assert shell.run("relations", "list").stdout == "没有待核对的关系\n"

    assert shell.json("relations", "reopen", asked["id"]) == asked
    assert found(shell) == "现行"
    assert shell.json("relations", "reject", asked["id"])["decided"]["said"] == STOPS.says
    assert found(shell) == "现行"
    assert shell.json("relations", "list") == []


def test_a_decision_brings_the_index_up_to_date_itself(shell: Shell) -> None:
    (asked,) = shell.json("relations", "list")
    shell.run("relations", "accept", asked["id"])
    assert shell.json("status")["index"]["is_current"]


def test_contradictions_are_listed(shell: Shell) -> None:
    assert shell.run("relations", "list", "--contradictions").stdout == "没有说法不一的关系\n"
    with opened(Settings(home=shell.home)) as kb:
        put(kb.store, "in/notice.md", law("notice", "示例通知", "第一条　废止。", relations=(LATER,)))
    (told,) = shell.json("relations", "list", "--contradictions")
    assert (told["title"], [claim["on"] for claim in told["claims"]]) == ("示例旧办法", ["2026-12-01", "2026-08-15"])
    assert shell.run("relations", "list", "--contradictions").stdout.splitlines() == [
        "《示例旧办法》  /documents/old",
        "    2026年12月1日起废止，见《示例通知》第1条",
        "    2026年8月15日起废止（待核对），见《示例新办法》第1条",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("accept", "000000000000"), "没有编号为 '000000000000' 的待核对关系"),
        (("reopen", "\x1b[31m"), "没有编号为"),
        (("accept", "000000000000", "--note", "长" * 501), "备注有 501 个字"),
        (("list", "--state", "open"), "proposed"),
        (("accept",), "ID"),
    ],
)
def test_a_mistake_is_said_plainly(shell: Shell, words: tuple[str, ...], said: str) -> None:
    result = shell.run("relations", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert "\x1b" not in result.stderr
