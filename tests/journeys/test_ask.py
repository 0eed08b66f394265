"""An owner asks, changes what was understood, opens the clause it rests on, and goes back."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
QUESTION = "示例 镀铬漂洗水应当回用"


def test_ask_change_a_chip_open_the_clause_and_go_back(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("link", name="我要咨询").click()
    tab.get_by_label("你的问题").fill(QUESTION)
    tab.get_by_role("button", name="问一问").click()
    expect(tab.locator(".slot.process", has_text="镀铬")).to_be_visible()
    tab.locator(".slot.intent summary").click()
    tab.locator(".slot.intent").get_by_role("link", name="要做什么", exact=True).click()
    tab.wait_for_url(lambda url: "intent=duty" in url)
    expect(tab.locator(".answer-section h2").first).to_have_text("必须履行的义务与期限")
    asked = tab.url
    item = tab.locator("#duty .item", has_text="示例清洁生产条例").first
    item.locator(".whole summary").click()
    expect(item.locator(".quoted")).to_contain_text("镀铬漂洗水应当回用")
    item.locator(".cite summary").click()
    expect(item.locator(".cite p")).to_contain_text("《示例清洁生产条例》示例令第1号 第二条")
    item.locator(".item-place a").first.click()
    tab.wait_for_url(lambda url: unquote(url).endswith("#第二条"))
    expect(tab.locator("[id='第二条']")).to_be_in_viewport()
    tab.go_back()
    expect(tab).to_have_url(asked)


def test_the_same_question_on_two_days_has_the_duties_of_each(tab: Page) -> None:
    tab.goto("/ask?q=不做清洁生产审核要罚多少钱&as_of=2026-01-01")
    places = tab.locator("#duty .item .item-place")
    expect(places.filter(has_text="清洁生产促进法").filter(has_text="第三十九条").first).to_be_visible()
    tab.get_by_label("按这一天的效力").fill("2026-09-01")
    tab.get_by_role("button", name="问一问").click()
    tab.wait_for_url(lambda url: "as_of=2026-09-01" in url)
    expect(places.filter(has_text="生态环境法典").first).to_be_visible()
    expect(places.filter(has_text="清洁生产促进法").filter(has_text="第三十九条")).to_have_count(0)


def test_a_chip_that_is_taken_away_stays_away(tab: Page) -> None:
    tab.goto(f"/ask?q={QUESTION}")
    tab.get_by_role("link", name="去掉：行业 金属制品业").click()
    tab.wait_for_url(lambda url: "industry=-" in url)
    expect(tab.locator(".slot.industry")).to_have_count(0)


@pytest.mark.parametrize("address", [f"/ask?q={QUESTION}", "/ask?q=石墨烯生产 废酸回收", "/industries/33", "/ask"])
def test_nothing_scrolls_sideways_on_a_small_phone(browser: Browser, server: str, address: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    phone = context.new_page()
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_a_printed_answer_has_the_question_and_no_forms(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    paper = context.new_page()
    paper.emulate_media(media="print")
    paper.goto(f"/ask?q={QUESTION}")
    expect(paper.locator("p.print-only").first).to_contain_text(QUESTION)
    for left_out in (".ask-form", ".take-along", ".answer-index", ".item-foot summary", ".top"):
        for there in paper.locator(left_out).all():
            expect(there).to_be_hidden()
    expect(paper.locator(".quoted").first).to_be_visible()
    expect(paper.locator(".sources li").first).to_be_visible()
    expect(paper.locator(".onward .warning")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("name", "begins"), [("DOCX", b"PK"), ("PDF", b"%PDF-")])
def test_an_answer_is_taken_along_as_a_file(tab: Page, tmp_path: Path, name: str, begins: bytes) -> None:
    tab.goto(f"/ask?q={QUESTION}")
    tab.get_by_role("link", name="带走").click()
    with tab.expect_download() as downloading:
        tab.locator(".take-along").get_by_role("link", name=name, exact=True).click()
    assert downloading.value.suggested_filename.startswith("cpkb-memo-20")
    downloading.value.save_as(tmp_path / "memo")
    assert (tmp_path / "memo").read_bytes().startswith(begins)


def test_citation_and_address_are_copied_with_a_button(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"/ask?q={QUESTION}&intent=duty")
    item = tab.locator("#duty .item", has_text="示例清洁生产条例").first
    item.locator(".cite summary").click()
    item.locator(".cite button").click()
    expect(item.locator(".cite button")).to_have_text("已复制")
    assert "——《示例清洁生产条例》示例令第1号 第二条（" in tab.evaluate("navigator.clipboard.readText()")
    tab.locator(".address button").click()
    expect(tab.locator(".address button")).to_have_text("已复制")
    tab.goto(tab.evaluate("navigator.clipboard.readText()"))
    expect(tab.locator("#ask-q")).to_have_value(QUESTION)
    context.close()
