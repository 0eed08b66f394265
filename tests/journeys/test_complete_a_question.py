"""An owner types the beginning of something, and takes what is offered: by keyboard, by mouse, by finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport=PHONE, has_touch=True)
    yield context.new_page()
    context.close()


def type_in(tab: Page, text: str) -> None:
    """Types into the empty box as keys or an input method do."""
    tab.get_by_label("查什么").fill("")
    tab.get_by_label("查什么").press_sequentially(text)


def asking(text: str) -> re.Pattern[str]:
    """The address of the results of a question, with whatever else the form carries."""
    return re.compile(rf"/search\?q={re.escape(quote(text))}(&|$)")


@pytest.mark.parametrize("start", ["/", "/search?q=漂洗", "/about"])
def test_from_a_few_characters_to_the_results(desk: Page, start: str) -> None:
    desk.goto(start)
    box = desk.get_by_role("combobox", name="查什么")
    expect(box).to_have_attribute("aria-expanded", "false")
    type_in(desk, "示例可行")
    option = desk.get_by_role("option", name="示例可行技术指南")
    expect(option).to_contain_text("HJ 9999—2026")
    expect(option).to_contain_text("标题")
    expect(box).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    expect(box).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(asking("示例可行技术指南"))
    expect(desk.locator(".hit h2").first).to_have_text("示例可行技术指南")
    expect(desk.get_by_role("listbox")).to_be_hidden()


def test_pinyin_is_enough(desk: Page) -> None:
    desk.goto("/")
    type_in(desk, "slnlpx")
    desk.get_by_role("option", name="示例逆流漂洗").click()
    expect(desk).to_have_url(asking("示例逆流漂洗"))
    expect(desk.get_by_label("查什么")).to_have_value("示例逆流漂洗")


def test_arrows_go_round_and_past_the_ends_back_to_what_was_typed(desk: Page) -> None:
    desk.goto("/")
    type_in(desk, "示例")
    options = desk.get_by_role("option")
    options.first.wait_for()
    desk.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[role=option][aria-selected=true]")).to_have_count(0)
    desk.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(desk.get_by_label("查什么")).to_have_value("示例")


def test_escape_closes_the_list_and_keeps_what_was_typed(desk: Page) -> None:
    desk.goto("/")
    type_in(desk, "示例")
    desk.get_by_role("option").first.wait_for()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    expect(desk.get_by_label("查什么")).to_have_value("示例")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(asking("示例"))


def test_enter_without_a_choice_asks_what_was_typed(desk: Page) -> None:
    desk.goto("/")
    type_in(desk, "示例可行")
    desk.get_by_role("option").first.wait_for()
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(asking("示例可行"))


def test_a_finger_is_enough(phone: Page) -> None:
    phone.goto("/search?q=漂洗")
    type_in(phone, "zz9")
    option = phone.get_by_role("option", name="ZZ9-77")
    expect(option).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    option.tap()
    expect(phone).to_have_url(asking("ZZ9-77"))
    expect(phone.locator(".hit h2").first).to_have_text("示例老电机")


def test_results_follow_below_the_open_list(desk: Page) -> None:
    desk.goto("/search?q=示例长法典")
    type_in(desk, "ZZ9-7")
    desk.get_by_role("option", name="ZZ9-77").wait_for()
    desk.keyboard.type("7")
    expect(desk.locator(".hit h2").first).to_have_text("示例老电机")
    expect(desk.get_by_label("查什么")).to_be_focused()
    expect(desk.get_by_role("option", name="ZZ9-77")).to_be_visible()


def test_nothing_is_asked_while_characters_are_composed(desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(unquote(request.url)))
    desk.goto("/")
    desk.get_by_label("查什么").focus()
    keyboard = desk.context.new_cdp_session(desk)
    keyboard.send("Input.imeSetComposition", {"text": "shi'li", "selectionStart": 6, "selectionEnd": 6})
    desk.wait_for_timeout(500)
    assert [url for url in asked if "/complete" in url] == []
    keyboard.send("Input.insertText", {"text": "示例"})
    desk.get_by_role("option").first.wait_for()
    assert [url.rpartition("=")[2] for url in asked if "/complete" in url] == ["示例"]


def test_an_answer_that_comes_too_late_is_not_shown(desk: Page) -> None:
    held: list[Route] = []
    desk.route("**/complete?q=%E7%A4%BA%E4%BE%8B", lambda route: held.append(route))
    desk.goto("/")
    with desk.expect_request("**/complete?q=%E7%A4%BA%E4%BE%8B"):
        type_in(desk, "示例")
    desk.keyboard.type("可行")
    expect(desk.get_by_role("option")).to_have_count(1)
    assert len(held) == 1
    held[0].fulfill(json={"completions": [{"text": "迟到的", "note": "", "label": "标题"}]})
    desk.wait_for_timeout(200)
    expect(desk.get_by_role("option")).to_have_text(["示例可行技术指南HJ 9999—2026标题"])


def test_without_scripts_the_box_is_a_plain_box(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/")
    type_in(tab, "示例可行")
    expect(tab.get_by_role("listbox")).to_have_count(0)
    tab.keyboard.press("Enter")
    expect(tab.locator(".hit h2").first).to_have_text("示例可行技术指南")
    context.close()


def test_a_slip_is_asked_back(desk: Page) -> None:
    desk.goto("/search?q=HJ 9998-2026")
    expect(desk.locator(".empty")).to_contain_text("本库里哪儿都没有提到「HJ 9998-2026」")
    desk.get_by_role("link", name="HJ 9999—2026").click()
    expect(desk.locator(".hit h2").first).to_have_text("示例可行技术指南")
