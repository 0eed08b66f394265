"""From an imported file to its very page, and what an operator sees of the import."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cpkb.cli_texts import bring
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from tests.extract.pdf_writer import Sheet, pdf

RULES = pdf(
    Sheet()
    .text(200, 740, "示例节水办法", size=18)
    .text(80, 700, "第一条　企业应当建立用水台账，逐月统计，并将结果报送主管部门，由主管部门汇总后公布。")
    .text(80, 680, "第二条　企业应当节约用水。"),
    Sheet()
    .text(80, 740, "第三条　镀铬漂洗水应当逐级回用，回用率不低于百分之八十，并保存记录三年，供主管部门检查。")
    .text(80, 720, "第四条　本办法自2026年1月1日起施行。"),
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("journey")
    inbox = folder / "来文"
    inbox.mkdir()
    (inbox / "示例节水办法.pdf").write_bytes(RULES)
    (inbox / "下载不全.pdf").write_bytes(RULES[:500])
    kb = open_knowledge_base(Settings(home=folder / "home", semantic=False))
    bring(kb, [str(inbox)], lambda _: None)
    catch_up(kb.store, kb.engine, kb.analyzer)
    yield kb
    kb.close()


def test_from_a_question_to_the_page_of_the_original(screen: Page) -> None:
    screen.goto("/search?q=镀铬漂洗水回用率")
    screen.locator(".hit").first.get_by_role("link", name="第三条", exact=True).click()
    clause = screen.locator("[id='第三条']")
    expect(clause).to_contain_text("逐级回用")
    link = clause.get_by_role("link", name="第 2 页")
    with screen.expect_response("**/original*") as asked:
        link.click()
    answer = asked.value
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    expect(screen).to_have_url(re.compile(r"/documents/\w+/original#page=2$"))


def test_an_operator_reads_what_became_of_an_import(screen: Page) -> None:
    screen.goto("/about")
    screen.get_by_role("link", name="看每次导入的报告").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("导入任务")
    screen.get_by_role("link", name="第 1 次").click()
    expect(screen.get_by_role("status")).to_contain_text("完成")
    screen.get_by_role("link", name="失败 1").click()
    rows = screen.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("来文/下载不全.pdf")
    expect(rows).to_contain_text("请重新下载")
    assert screen.evaluate("document.documentElement.scrollWidth") <= screen.evaluate("window.innerWidth")
