"""From an imported file to its very page, and what an operator sees of the import."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from cpkb.app import create_app
from cpkb.cli_texts import bring
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from tests.extract.pdf_writer import Sheet, pdf
from tests.site import served

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
GUIDE = pdf(
    Sheet().text(60, 700, "1 总则").text(60, 680, "1.1 示例企业应当节约用水，建立用水台账，逐月统计。"),
    Sheet().text(60, 700, "2 技术").text(60, 680, "2.1 镀铬漂洗水应当逐级回用，回用率不低于百分之八十。"),
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("journey")
    inbox = folder / "来文"
    inbox.mkdir()
    (inbox / "示例节水指南.pdf").write_bytes(GUIDE)
    (inbox / "下载不全.pdf").write_bytes(GUIDE[:500])
    kb = open_knowledge_base(Settings(home=folder / "home", semantic=False))
    bring(kb, [str(inbox)], lambda _: None)
    catch_up(kb.store, kb.engine, kb.analyzer)
    yield kb
    kb.close()


@pytest.fixture(scope="module")
def site(library: KnowledgeBase) -> Iterator[str]:
    with served(create_app(library)) as address:
        yield address


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def tab(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport=request.param)
    yield context.new_page()
    context.close()


def test_from_a_question_to_the_page_of_the_original(tab: Page) -> None:
    tab.goto("/search?q=镀铬漂洗水回用率")
    tab.get_by_role("link", name="2.1").first.click()
    clause = tab.locator("[id='2.1']")
    expect(clause).to_contain_text("逐级回用")
    link = clause.get_by_role("link", name="第 2 页")
    with tab.expect_response("**/original*") as asked:
        link.click()
    answer = asked.value
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    expect(tab).to_have_url(re.compile(r"/documents/\w+/original#page=2$"))


def test_an_operator_reads_what_became_of_an_import(tab: Page) -> None:
    tab.goto("/about")
    tab.get_by_role("link", name="看每次导入的报告").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("导入任务")
    tab.get_by_role("link", name="第 1 次").click()
    expect(tab.get_by_role("status")).to_contain_text("完成")
    tab.get_by_role("link", name="失败 1").click()
    rows = tab.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("来文/下载不全.pdf")
    expect(rows).to_contain_text("请重新下载")
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.evaluate("window.innerWidth")
