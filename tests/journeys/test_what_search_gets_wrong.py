"""The questions that the obvious Chinese search gets wrong, asked at every door: browser, API and command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from cpkb.app import create_app
from cpkb.cli import main
from cpkb.knowledge_base import opened
from cpkb.model.source import Source
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.store import StoredFile
from tests.search.library import RECORDS, technique
from tests.site import served

THOUGHT = technique("thought", "马克思主义", "读书")
ROWS = [
    ("铬", {"chrome-waste", "chrome-six"}),
    ("水", {"chrome-waste", "sewage", "saving", "cement"}),
    ('"清洁生产"', {"promotion", "wrapped", "audit"}),
    ("Y180M-4", {"m-1"}),
    ("JO2", {"m-3", "m-4", "m-5"}),
    ("VOCs", {"vocs-half", "vocs-full"}),
    ("二恶英", {"dioxin-1", "dioxin-2"}),
    ("清洁生产 -审核", {"promotion", "wrapped"}),
    ("马克思", {"thought"}),
]
by_row = pytest.mark.parametrize(("question", "found"), ROWS, ids=[question for question, _ in ROWS])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of these records alone."""
    folder = tmp_path_factory.mktemp("alone")
    source = Source("样本", publisher="测试", file="samples/all.md", origin="imported")
    with opened(Settings(home=folder)) as kb:
        stored = [replace(record, sources=(source,)) for record in (*RECORDS, THOUGHT)]
        kb.store.put_file(StoredFile("samples/all.md", "0" * 64, 1, "test", "imported"), stored)
        catch_up(kb.store, kb.engine, kb.analyzer)
    return folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with opened(Settings(home=home)) as kb, served(create_app(kb)) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@by_row
def test_in_the_browser(tab: Page, question: str, found: set[str]) -> None:
    tab.goto(f"/search?q={quote(question)}")
    links = tab.locator(".hit h2 a")
    shown = {
        (links.nth(at).get_attribute("href") or "").partition("?")[0].rsplit("/", 1)[1] for at in range(links.count())
    }
    assert {name.partition("#")[0] for name in shown} == found


@pytest.mark.browser
def test_what_is_marked_is_the_word_that_was_asked(tab: Page) -> None:
    tab.goto(f"/search?q={quote('马克思')}")
    assert tab.locator(".hit h2 mark").all_inner_texts() == ["马克思"]


@pytest.mark.browser
@by_row
def test_in_the_api(tab: Page, question: str, found: set[str]) -> None:
    answer = tab.request.get(f"/api/v1/search?q={quote(question)}&limit=100").json()
    assert {hit["id"] for hit in answer["hits"]} == found


@by_row
def test_on_the_command_line(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str, found: set[str]
) -> None:
    # The shipped corpus stays out: with it 水 has more than a page of answers.
    monkeypatch.setattr(Settings, "corpus", property(lambda _: tmp_path))
    asked = CliRunner().invoke(main, ["--home", str(home), "search", question, "--json", "--limit", "100"])
    assert {hit["id"] for hit in json.loads(asked.stdout)["hits"]} == found
