"""A reader's guide: readable, with contents, links that carry titles, and sections that a search lands on."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.pages.look import links, one, page, text
from tests.site import HANDBOOK, LAW, PARTNER, TECHNOLOGY

ADDRESS = f"/documents/{HANDBOOK}"


def test_it_has_contents_that_lead_to_its_sections(client: FlaskClient) -> None:
    tree = page(client, ADDRESS)
    assert links(tree, ".outline a") == ["#先省示例水", "#花多少示例钱", "#管住示例铬"]
    assert [one(tree, f"[id='{anchor[1:]}']").name for anchor in links(tree, ".outline a")] == ["section"] * 3


def test_a_link_shows_the_title_of_its_record_or_its_own_words(client: FlaskClient) -> None:
    paragraph = one(page(client, ADDRESS), "#先省示例水 > p")
    assert [(link.get_text(), link["href"]) for link in paragraph.select("a")] == [
        ("示例逆流漂洗", f"/records/technology/{TECHNOLOGY}"),
        ("离子交换", f"/records/technology/{PARTNER}"),
    ]


def test_everything_it_speaks_of_is_listed_at_its_end(client: FlaskClient) -> None:
    found = links(page(client, ADDRESS), ".named a")
    assert found == [f"/records/technology/{TECHNOLOGY}", f"/records/technology/{PARTNER}", f"/documents/{LAW}"]


def test_lists_tables_and_notes_are_what_they_are(client: FlaskClient) -> None:
    tree = page(client, ADDRESS)
    assert len(tree.select("#先省示例水 ul > li")) == 2
    assert [cell.get_text() for cell in tree.select("#花多少示例钱 td")] == ["逆流", "65%", "条例"]
    assert len(tree.select("#管住示例铬 ol > li")) == 2
    assert text(tree, ".guide-note") == "提示：不要混排。"


def test_a_search_finds_the_section(client: FlaskClient) -> None:
    found = links(page(client, "/search?q=花多少示例钱"), ".hit a.locator")
    assert f"{ADDRESS}?q=花多少示例钱#花多少示例钱" in found


def test_what_was_asked_is_marked_in_the_section_that_answers(client: FlaskClient) -> None:
    tree = page(client, f"{ADDRESS}?q=花多少示例钱")
    assert "is-hit" in one(tree, "#花多少示例钱")["class"]
    assert tree.select("#花多少示例钱 h3 mark")


def test_a_record_tells_which_guides_speak_of_it(client: FlaskClient) -> None:
    assert ADDRESS in links(page(client, f"/records/technology/{TECHNOLOGY}"))


@pytest.mark.browser
def test_it_prints_with_its_contents_and_without_what_is_for_screens(server: str, browser: Browser) -> None:
    tab = browser.new_page()
    tab.goto(server + ADDRESS)
    tab.emulate_media(media="print")
    assert tab.locator(".contents").is_visible()
    assert not tab.locator(".outline").is_visible()
    assert not tab.locator(".top").is_visible()
    tab.close()
