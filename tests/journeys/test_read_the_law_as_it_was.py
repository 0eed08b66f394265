"""A consultant's way with real texts: what the issued notice changed of its draft, and what the law is on a day."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.pipeline.ingest import Importer
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings

SHARED = Path(__file__).resolve().parents[3] / "shared"
NOTICE = SHARED / "seeds" / "沪府办发2003-41号.txt"
LAWS = SHARED / "sources" / "laws_2026"
TEXTS = (
    NOTICE,
    LAWS / "economic__cleaner-production-promotion-law__README.md",
    LAWS / "ecological-environment__ecological-environment-code__05-legal-liability-and-supplementary.md",
)
IN_FORCE, REPEALED = "2026-01-01", "2026-08-15"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sources,
    pytest.mark.skipif(
        not all(file.is_file() for file in TEXTS),
        reason=f"{SHARED} is absent: real documents are not in the repository",
    ),
]


@pytest.fixture(scope="module")
def library(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    home = shutil.copytree(shipped_home, tmp_path_factory.mktemp("real") / "home")
    kb = open_knowledge_base(Settings(home=home, semantic=False))
    report = Importer(kb.store, kb.settings.corpus / "sources", kb.settings.originals).run(TEXTS)
    assert not report.has_failures
    catch_up(kb.store, kb.engine, kb.analyzer)
    yield kb
    kb.close()


def document_named(kb: KnowledgeBase, title: str) -> str:
    heads = (kb.store.record(record.id) for record in kb.store.named() if record.title == title)
    return next(record.address for record in heads if record.is_document)


def test_what_the_issued_notice_changed_of_its_draft(screen: Page, library: KnowledgeBase) -> None:
    title = "上海市人民政府办公厅转发市经委等三部门关于本市贯彻《中华人民共和国清洁生产促进法》实施意见的通知"
    screen.goto(document_named(library, title))
    beside = screen.locator(".beside section", has_text="与另一版本对照")
    beside.get_by_role("link", name="关于本市贯彻《中华人民共和国清洁生产促进法》的实施意见").click()
    expect(screen.get_by_role("status")).to_contain_text("10 条有改动；3 条只差虚词或字序")
    change = screen.locator(".pair.row", has_text="定期发布有关信息")
    expect(change.locator("del", has_text="限制、淘汰的生产技术、工艺、设备及产品")).to_be_visible()
    expect(change.locator(".after")).not_to_contain_text("淘汰")
    assert screen.evaluate("document.documentElement.scrollWidth") <= screen.evaluate("window.innerWidth")
    is_wide = screen.evaluate("window.innerWidth") > 1000
    boxes = [change.locator(side).bounding_box() for side in (".before", ".after")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    is_beside = boxes[1]["x"] > boxes[0]["x"] and boxes[1]["y"] == boxes[0]["y"]
    is_under = boxes[1]["x"] == boxes[0]["x"] and boxes[1]["y"] > boxes[0]["y"]
    assert is_beside if is_wide else is_under
    change.locator(".before .place a").click()
    expect(screen.locator("[id='七（二）']")).to_be_in_viewport()


def test_the_law_on_a_day_before_its_repeal_and_today(screen: Page, library: KnowledgeBase) -> None:
    screen.goto(document_named(library, "中华人民共和国清洁生产促进法"))
    status = screen.locator(".doc-head .status")
    expect(status.locator(".today .badge")).to_have_text("已废止")
    expect(status).to_contain_text("2026年8月15日起废止，见《生态环境法典》")
    expect(screen.locator("h1")).to_have_class("struck")
    screen.get_by_label("看某一天是否有效").fill(IN_FORCE)
    status.get_by_role("button", name="查看").click()
    expect(status.locator(".today")).to_contain_text("2026年1月1日 现行")
    expect(screen.locator("h1")).not_to_have_class("struck")
    screen.get_by_label("看某一天是否有效").fill(REPEALED)
    status.get_by_role("button", name="查看").click()
    expect(status.locator(".today .badge")).to_have_text("已废止")
