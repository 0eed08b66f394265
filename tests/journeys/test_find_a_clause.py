"""An owner's way: from the front page to the clause that says what to do, and back with a citation."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.site import GUIDE, LAW, LISTED, LONG, TECHNOLOGY

pytestmark = pytest.mark.browser
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}
LOOKED_AT = (
    "/",
    "/search?q=示例漂洗",
    "/search?q=示例 镀铬漂洗水应当回用&explain=on",
    "/search?q=奶茶店怎么减少废水&explain=on",
    '/search?q="毫无此词可寻"&collection=technology',
    f"/documents/{GUIDE}?q=示例逆流漂洗",
    f"/documents/{LAW}",
    f"/documents/{LAW}/versions/1",
    f"/compare?a={LAW}@1&b={LAW}",
    "/compare",
    f"/records/technology/{TECHNOLOGY}",
    f"/records/elimination/{LISTED}",
    "/collections",
    "/collections/elimination",
    "/collections/policy",
    "/about",
    "/help",
    "/imports",
    "/relations",
    "/nothing",
)

SCROLLED_AT = """width => new Promise(told => {
  const look = () => innerWidth === width ? told(document.documentElement.scrollWidth) : requestAnimationFrame(look);
  look();
})"""
"""How wide a page is once the window is so wide."""


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport=SMALL_PHONE)
    yield context.new_page()
    context.close()


def test_from_the_front_page_to_a_cited_clause(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_label("查什么").fill("示例 镀铬漂洗水应当回用")
    tab.get_by_role("button", name="搜索").click()
    hit = tab.locator(".hit", has_text="示例清洁生产条例").first
    expect(hit.locator(".clause .locator")).to_have_text("第二条")
    hit.locator("h2 a").click()
    tab.wait_for_url(lambda url: unquote(url).endswith(f"/documents/{LAW}?q=示例 镀铬漂洗水应当回用#第二条"))
    clause = tab.locator("[id='第二条']")
    expect(clause).to_be_in_viewport()
    expect(clause.locator("mark").first).to_be_visible()
    clause.get_by_text("引用").click()
    expect(clause.locator(".cite p")).to_contain_text("《示例清洁生产条例》示例令第1号 第二条")


def test_from_a_technology_to_the_clause_it_rests_on(tab: Page) -> None:
    tab.goto("/search?q=示例逆流漂洗&collection=technology")
    tab.get_by_role("link", name="示例逆流漂洗", exact=True).click()
    tab.get_by_role("link", name="《示例可行技术指南》HJ 9999—2026 5.1.1（第9页）").click()
    expect(tab.locator("[id='5.1.1']")).to_contain_text("漂洗水逐级回用")


def test_narrowing_and_widening(tab: Page) -> None:
    tab.goto("/search?q=示例")
    tab.locator(".wide-only .facet a", has_text="限制淘汰").first.click()
    expect(tab.locator(".chips")).to_contain_text("限制淘汰")
    tab.locator(".chips a").first.click()
    expect(tab.locator(".chips")).to_have_count(0)


def test_why_a_clause_was_found(tab: Page) -> None:
    tab.goto("/search?q=示例 镀铬漂洗水应当回用")
    tab.get_by_role("link", name="解释这些结果").click()
    why = tab.locator(".hit", has_text="示例清洁生产条例").first.locator(".why")
    expect(why).to_contain_text("漂洗水 → ")
    expect(why.locator(".bar").first).to_be_visible()
    why.get_by_text("为什么在这里").click()
    expect(why.locator(".bar").first).to_be_hidden()
    tab.get_by_role("link", name="不再解释").click()
    expect(tab.locator(".why")).to_have_count(0)


def test_results_follow_what_is_typed(desk: Page) -> None:
    desk.goto("/search?q=示例长法典")
    desk.get_by_label("查什么").fill("ZZ9-77")
    expect(desk.locator(".hit h2").first).to_have_text("示例老电机")
    expect(desk).to_have_url(f"{desk.url.partition('/search')[0]}/search?q=ZZ9-77")
    expect(desk.get_by_label("查什么")).to_be_focused()


def test_the_keyboard_is_enough(desk: Page) -> None:
    desk.goto("/about")
    desk.keyboard.press("Tab")
    expect(desk.locator("a.skip")).to_be_focused()
    expect(desk.locator("a.skip")).to_be_in_viewport()
    desk.keyboard.press("/")
    expect(desk.get_by_label("查什么")).to_be_focused()
    desk.keyboard.type("ZZ9-77")
    desk.keyboard.press("Enter")
    expect(desk.locator(".hit h2").first).to_have_text("示例老电机")


def test_a_link_into_the_longest_law_lands_on_its_article(tab: Page) -> None:
    tab.goto(f"/documents/{LONG}#示例第1200条")
    expect(tab.locator("[id='示例第1200条']")).to_be_in_viewport()


def test_the_page_title_follows_what_is_typed(desk: Page) -> None:
    desk.goto("/search?q=示例长法典")
    desk.get_by_label("查什么").fill("ZZ9-77")
    expect(desk).to_have_title("ZZ9-77，搜索 · 清洁生产知识库")


@pytest.mark.parametrize("address", LOOKED_AT)
def test_a_page_is_light_stays_at_home_and_never_scrolls_sideways(phone: Page, server: str, address: str) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(address, wait_until="networkidle")
    assert [line for line in complaints if "404 (NOT FOUND)" not in line] == []
    assert [url for url in asked if not url.startswith(server)] == []
    weights = phone.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('/static/')).map(e => e.decodedBodySize)"
    )
    assert sum(weights) < 150_000
    for width in (SMALL_PHONE["width"], 1000, 1100, 1101, 1280, 1400):
        phone.set_viewport_size({"width": width, "height": 800})
        assert phone.evaluate(SCROLLED_AT, width) <= width
