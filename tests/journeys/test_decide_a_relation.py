"""An editor's way: from a text that may end another to a decision that outlives the next import, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cpkb.cli_texts import bring
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.settings import Settings

NEW = """示例节水新办法

第一条　企业应当节约用水。
第二条　企业应当建立用水台账。
第三条　本办法自2026年8月15日起施行，《示例节水旧办法》停止执行。
"""
OLD = """示例节水旧办法

第一条　漂洗水可以直接排放。
第二条　本办法自2003年2月1日起施行。
"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journey") / "来文"
    folder.mkdir()
    (folder / "旧办法.txt").write_text(OLD, encoding="utf-8")
    (folder / "新办法.txt").write_text(NEW, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def library(inbox: Path) -> Iterator[KnowledgeBase]:
    kb = open_knowledge_base(Settings(home=inbox.parent / "home", semantic=False))
    bring(kb, [str(inbox)], lambda _: None)
    yield kb
    kb.close()


def test_from_the_text_to_a_decision_that_outlives_an_import(screen: Page, library: KnowledgeBase, inbox: Path) -> None:
    named = {record.title: library.store.record(record.id).address for record in library.store.named()}
    screen.goto(named["示例节水新办法"])
    screen.get_by_role("link", name="待核对", exact=True).click()
    shown = screen.locator(".item")
    expect(shown.locator("blockquote")).to_contain_text("《示例节水旧办法》停止执行")
    shown.get_by_text("附一句理由").click()
    shown.get_by_label("理由").fill("问过发布机关")
    shown.get_by_role("button", name="接受").click()
    expect(screen.get_by_role("status")).to_contain_text("已接受")
    assert screen.evaluate("document.documentElement.scrollWidth") <= screen.evaluate("window.innerWidth")

    state = screen.locator(".status .today .badge")
    screen.goto(f"{named['示例节水旧办法']}?as_of=2026-09-01")
    expect(state).to_have_text("已废止")
    longer = NEW.replace("用水台账。", f"用水台账，保存{screen.evaluate('window.innerWidth')}日。")
    (inbox / "新办法.txt").write_text(longer, encoding="utf-8")
    bring(library, [str(inbox)], lambda _: None)
    screen.reload()
    expect(state).to_have_text("已废止")

    screen.goto("/imports")
    screen.get_by_role("link", name="待核对的关系").click()
    screen.get_by_role("link", name="已接受 1").click()
    expect(screen.locator(".item")).to_contain_text("问过发布机关")
    screen.get_by_role("button", name="重新打开").click()
    expect(screen.get_by_role("status")).to_contain_text("已重新打开")
    screen.goto(f"{named['示例节水旧办法']}?as_of=2026-09-01")
    expect(state).to_have_text("现行")
