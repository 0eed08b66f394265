"""Importing from the web and watching pages, by command line, over a real site on this machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpkb import cli_texts, settings
from cpkb.cli import main
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.web import NEW, SAME, WebImporter
from tests.analysis.shipped import REPO
from tests.fetch.sites import Answer, Site, client_for, serving

PAGE = """<title>通知</title><body><h1>关于示例的通知</h1>
<p>一、示例企业应当{what}，并保存记录。</p><p>二、自发布之日起执行。</p></body>"""


class Shell:
    """Runs commands in one home over an empty corpus, which may reach one site of this machine."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site, self.page = folder, site, site.url("/t1.html")

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(self.folder / "home"), *words])

    def says(self, what: str) -> None:
        self.site.pages["/t1.html"] = Answer(PAGE.format(what=what).encode())


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    shutil.copytree(REPO / "index", tmp_path / "shipped" / "index")
    shutil.copytree(REPO / "corpus" / "sources", tmp_path / "shipped" / "corpus" / "sources")
    (tmp_path / "shipped" / "corpus" / "records").mkdir()
    monkeypatch.setattr(settings, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("CPKB_SEMANTIC", "false")
    with serving({}) as site:

        def reaching_the_site(kb: KnowledgeBase, importer: Importer) -> WebImporter:
            return WebImporter(kb.store, client_for(site), importer)

        monkeypatch.setattr(cli_texts, "web_importer", reaching_the_site)
        shell = Shell(tmp_path, site)
        shell.says("回用漂洗水")
        yield shell


def test_an_address_is_imported_and_found(shell: Shell) -> None:
    ran = shell.run("import", shell.page)
    assert ran.exit_code == 0, ran.output
    assert "已入库 1" in ran.output
    assert "关于示例的通知" in shell.run("search", "回用漂洗水").output


def test_a_watched_page_is_checked_again_and_its_change_can_be_compared(shell: Shell) -> None:
    assert shell.run("watch", "add", shell.page).exit_code == 0
    assert "还没看过" in shell.run("watch", "list").output
    assert shell.run("watch", "run").exit_code == 0
    shell.says("回用漂洗水和清洗水")
    report = json.loads(shell.run("watch", "run", "--json").stdout)
    assert report["counts"]["stored"] == 1
    (known,) = json.loads(shell.run("watch", "list", "--json").stdout)
    assert (known["address"], known["outcome"]) == (shell.page, NEW)
    record_id = json.loads(shell.run("search", "清洗水", "--json").stdout)["hits"][0]["id"]
    assert "⟦和清洗水⟧" in shell.run("compare", f"{record_id}@1", record_id).output
    shell.says("回用全部的水")
    printed = shell.run("watch", "run").output
    assert f"关于示例的通知有改动，对照：cpkb compare {record_id}@2 {record_id}" in printed
    assert shell.run("watch", "run").exit_code == 0
    assert SAME in shell.run("watch", "list").output


def test_a_page_that_is_gone_is_a_failure_and_what_it_said_stays(shell: Shell) -> None:
    shell.run("watch", "add", shell.page)
    shell.run("watch", "run")
    del shell.site.pages["/t1.html"]
    ran = shell.run("watch", "run")
    assert ran.exit_code == 1
    assert "404（没有这一页）" in ran.output
    assert "关于示例的通知" in shell.run("search", "回用漂洗水").output


def test_a_page_is_no_longer_watched(shell: Shell) -> None:
    shell.run("watch", "add", shell.page)
    assert shell.run("watch", "remove", shell.page).exit_code == 0
    assert "还没有关注网页" in shell.run("watch", "list").output
    ran = shell.run("watch", "remove", shell.page)
    assert ran.exit_code == 2
    assert "没有在关注" in ran.output


@pytest.mark.parametrize("address", ["ftp://site.test/a", "www.site.test", "http://user@site.test/", "http://127.1/"])
def test_what_cannot_be_an_address_is_not_watched(shell: Shell, address: str) -> None:
    assert shell.run("watch", "add", address).exit_code == 2


def test_a_path_that_is_no_address_is_a_file(shell: Shell) -> None:
    ran = shell.run("import", "no-such-file.txt")
    assert ran.exit_code == 2
    assert "没有这个文件或文件夹" in ran.output
