"""Imports as pages: who may see them, what they tell, and what they never tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cpkb.app import create_app
from cpkb.knowledge_base import KnowledgeBase, opened
from cpkb.pipeline.jobs import ImportJobs
from cpkb.settings import Settings
from cpkb.store.store import StoredFile
from tests.pages.look import links, one, page, text
from tests.site import GUIDE, HOSTILE, LAW


def test_imports_are_listed_with_what_came_of_them(client: FlaskClient) -> None:
    row = one(page(client, "/imports"), "tbody tr")
    assert links(row) == ["/imports/1"]
    told = " ".join(row.get_text().split())
    assert "第 1 次samples、https://example.invalid/notice" in told
    assert "完成" in told
    assert "已入库 1，无变化 1，跳过 120，失败 1" in told


def test_files_that_no_report_tells_of_are_counted(client: FlaskClient, kb: KnowledgeBase) -> None:
    """The samples were stored without a job, but for two that the report of job 1 names."""
    stored = {file.key for file in kb.store.files("imported")}
    told = set(kb.store.imports.told(1))
    assert kb.store.imports.untold() == len(stored - told) > 0
    assert (
        f"库里有 {len(stored - told)} 个导入的文件不在任何一份报告里"
        in one(page(client, "/imports"), "main").get_text()
    )


def test_a_home_older_than_import_jobs_is_not_told_that_nothing_was_imported(tmp_path: Path) -> None:
    with opened(Settings(home=tmp_path, semantic=False)) as kb:
        client = create_app(kb).test_client()
        assert "还没有导入过" in client.get("/imports").text
        kb.store.put_file(StoredFile("old/a.tsv", "0" * 64, 1, "reader-1", "imported"), [])
        told = client.get("/imports").text
    assert "没有导入任务的记录" in told
    assert "<strong>1</strong> 个导入的文件不在任何一份报告里" in told
    assert "还没有导入过" not in told


def test_a_report_tells_of_every_file_in_pages(client: FlaskClient) -> None:
    first, second = page(client, "/imports/1"), page(client, "/imports/1?page=2")
    rows = [*first.select("tbody tr"), *second.select("tbody tr")]
    assert (len(first.select("tbody tr")), len(rows)) == (100, 123)
    assert links(first, ".pager a")[-1] == "/imports/1?page=2"
    told = {one(row, "th").get_text(): " ".join(row.get_text(" ").split()) for row in rows}
    assert "已入库 1 条 4 段，改动 1 条 示例可行技术指南 示例指南：5.1 示例的值没有对上" in told["samples/guide.pdf"]
    assert "失败 PDF 损坏" in told[f"samples/{HOSTILE}.pdf"]


def test_a_report_leads_to_what_each_file_became(client: FlaskClient) -> None:
    told = one(page(client, "/imports/1?page=2"), ".browse-table")
    assert links(told, "td a") == [f"/documents/{GUIDE}", f"/documents/{LAW}"]


def test_a_report_can_be_narrowed_to_one_outcome(client: FlaskClient) -> None:
    tree = page(client, "/imports/1?outcome=failed")
    assert [one(row, "th").get_text() for row in tree.select("tbody tr")] == [f"samples/{HOSTILE}.pdf"]
    assert text(tree, ".chips [aria-current]") == "失败 1"
    assert client.get("/imports/1?outcome=lost").status_code == 400
    for address in ("/imports?page=0", "/imports?page=2", "/imports/1?page=x", "/imports/1?page=3"):
        assert client.get(address).status_code == 400
    assert client.get("/imports/2").status_code == 404


def test_names_of_files_are_shown_and_not_where_they_lie(client: FlaskClient) -> None:
    for address in ("/imports", "/imports/1", "/imports/1?outcome=failed"):
        answer = client.get(address)
        assert "secret" not in answer.text
        assert "<script>alert" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "asks",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.7"}},
        {"environ_base": {"REMOTE_ADDR": "::ffff:10.0.0.1"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
)
def test_another_machine_is_shown_none_and_told_of_none(client: FlaskClient, asks: dict[str, dict[str, str]]) -> None:
    for address in ("/imports", "/imports/1", "/relations"):
        assert client.get(address, **asks).status_code == 404
    assert "/imports" not in client.get("/about", **asks).text


def test_under_a_public_name_none_is_shown(kb: KnowledgeBase) -> None:
    app = create_app(kb)
    app.config["TRUSTED_HOSTS"] = ["example.invalid", "localhost"]
    assert app.test_client().get("/imports", headers={"Host": "example.invalid"}).status_code == 404
    assert app.test_client().get("/imports").status_code == 200


def test_they_can_be_switched_off(kb: KnowledgeBase) -> None:
    settings = kb.settings.model_copy(update={"import_pages": False})
    client = create_app(replace(kb, settings=settings)).test_client()
    assert client.get("/imports").status_code == 404
    assert "/imports" not in client.get("/about").text


@pytest.fixture
def running(kb: KnowledgeBase) -> Iterator[int]:
    """An import that is under way."""
    jobs = ImportJobs(kb.store, kb.settings.imports)
    with jobs.running(["/home/secret/new"]) as number:
        kb.store.imports.expect(number, 8)
        yield number


def test_a_running_import_shows_its_progress_and_asks_again_without_a_script(client: FlaskClient, running: int) -> None:
    for address in ("/imports", f"/imports/{running}"):
        tree = page(client, address)
        assert one(tree, "meta[http-equiv=refresh]")["content"] == "3"
        assert "进行中" in tree.get_text()
    assert "0 / 8 个文件有了结果" in text(page(client, f"/imports/{running}"), "[role=status]")


@pytest.fixture
def stopped(kb: KnowledgeBase) -> Iterator[int]:
    """An import that was cut off."""
    number = kb.store.imports.begin(["/home/secret/cut"])
    yield number
    kb.store.imports.end(number, "undone")
    ImportJobs(kb.store, kb.settings.imports).last_words(number).forget()


def test_an_import_that_stopped_says_why_and_what_to_do(client: FlaskClient, kb: KnowledgeBase, stopped: int) -> None:
    assert "没有来得及说原因" in page(client, f"/imports/{stopped}").get_text()
    words = ImportJobs(kb.store, kb.settings.imports).last_words(stopped)
    words.prepare()
    words.tell("停在 上传/<b>.pdf：磁盘满了，数据库写不下；请腾出空间再来")
    tree = page(client, f"/imports/{stopped}")
    assert "导入没有做完：停在 上传/<b>.pdf：磁盘满了，数据库写不下；请腾出空间再来。已入库的都在" in tree.get_text()
    assert text(tree, "main button") == "接着做"


def test_an_undoing_shows_how_far_it_is(client: FlaskClient, kb: KnowledgeBase, stopped: int) -> None:
    for name in ("c/1.tsv", "c/2.tsv", "c/3.tsv", "c/4.tsv"):
        kb.store.put_file(StoredFile(name, name[2] * 64, 1, "reader-1", "imported"), [], stopped)
    jobs = ImportJobs(kb.store, kb.settings.imports)
    with jobs.taken():
        kb.store.imports.end(stopped, "undoing")
        for name in ("c/1.tsv", "c/2.tsv", "c/3.tsv"):
            kb.store.imports.undo(stopped, name)
        tree = page(client, f"/imports/{stopped}")
        assert "3 / 4 个文件已撤回" in text(tree, "[role=status]")
        assert "3/4" in text(page(client, "/imports"), "tbody tr:first-child")
    assert "3 / 4 个文件已撤回" in text(page(client, f"/imports/{stopped}"), "[role=status]")
    jobs.undo(stopped, kb.settings.originals)
    assert "/ 4" not in text(page(client, f"/imports/{stopped}"), "[role=status]")


def test_an_import_that_is_over_does_not_ask_again(client: FlaskClient) -> None:
    assert page(client, "/imports/1").select("meta[http-equiv]") == []
