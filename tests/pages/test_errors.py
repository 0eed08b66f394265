"""Errors say what happened, what was kept and what to do, with the search box; never a traceback."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cpkb.errors import CpkbError, DeclarationError, IndexBusyError, NotFoundError, QueryError, StoreError
from cpkb.knowledge_base import KnowledgeBase
from cpkb.pages.errors import failure_of
from cpkb.search.find import Finder
from tests.pages.look import one, page, text

STATUSES = [
    (QueryError("x"), 400),
    (NotFoundError("x"), 404),
    (IndexBusyError("x"), 503),
    (StoreError("x"), 503),
    (DeclarationError("x"), 500),
    (CpkbError("x"), 500),
    (ZeroDivisionError("secret detail"), 500),
]


@pytest.mark.parametrize(("error", "status"), STATUSES)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    assert failure_of(error).status == status


def test_what_was_not_meant_for_people_is_not_repeated() -> None:
    assert "secret" not in failure_of(ZeroDivisionError("secret detail")).says


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/search?q=电镀&sort=best", 400, "排序没有“best”"),
        ("/search?q=电镀&as_of=昨天", 400, "日期应写成"),
        ("/search?q=电镀&page=0", 400, "page 应是正整数"),
        ("/search?q=电镀&page=101", 400, "只能翻到第 100 页"),
        ("/search?q=电镀&limit=1000", 400, "limit 最多 100"),
        ("/search?collection=nonsense", 400, "类别没有“nonsense”"),
        ("/records/technology/nothing", 404, "没有编号为"),
        ("/documents/nothing", 404, "没有编号为"),
        ("/collections/nope", 404, "没有“nope”这一类"),
        ("/records/nope/x", 404, "没有“nope”这一类"),
        ("/nothing", 404, "没有这个页面"),
    ],
)
def test_the_page_says_what_happened_and_what_to_do(client: FlaskClient, address: str, status: int, says: str) -> None:
    tree = page(client, address, status)
    assert says in text(tree, "main .says")
    assert "资料没有变动" in text(tree, "main dl")
    assert tree.select_one("form[role=search]") is not None


def test_the_question_is_kept(client: FlaskClient) -> None:
    tree = page(client, "/search?q=电镀废水&sort=best", 400)
    assert one(tree, "#q")["value"] == "电镀废水"


@pytest.mark.parametrize("address", ["/api/v1/search?sort=best", "/api/v1/documents/nothing", "/api/v1/nothing"])
def test_the_api_answers_errors_as_json(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (400, 404)
    assert answer.json is not None
    assert answer.json["error"]["status"] == answer.status_code
    assert answer.json["error"]["message"]


def test_a_wrong_date_is_not_carried_on(client: FlaskClient) -> None:
    assert not page(client, "/documents/sample-law?as_of=昨天", 400).select("#search-form input[type=hidden]")


def test_a_wrong_method_is_told_so(client: FlaskClient) -> None:
    assert client.delete("/about").status_code in (400, 405)


@pytest.mark.parametrize("address", ["/search?q=x", "/api/v1/search?q=x"])
def test_an_unexpected_error_shows_no_traceback(
    app: Flask, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/home/secret/path")

    assert isinstance(kb.finder, Finder)
    monkeypatch.setattr(Finder, "find", broken)
    answer = app.test_client().get(address)
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "/home/secret" not in answer.text
