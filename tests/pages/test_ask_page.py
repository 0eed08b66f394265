"""The page of answers: every state has an address, hostile questions are text, an industry shows its coverage."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from cpkb.knowledge_base import KnowledgeBase
from tests.pages.look import links, one, page, text
from tests.site import HOSTILE

QUESTION = "镀铬漂洗水太多怎么少排点"


def test_the_chips_are_links_to_the_same_question_asked_otherwise(client: FlaskClient) -> None:
    tree = page(client, f"/ask?q={QUESTION}")
    other = next(link for link in links(tree, ".slot.industry .slot-links a") if "industry=17" in link)
    changed = page(client, other)
    assert "纺织业" in text(changed, ".slot.industry summary")
    assert text(changed, "#ask-q") == QUESTION


def test_every_item_has_a_citation_to_copy_and_a_clause_to_open(client: FlaskClient) -> None:
    tree = page(client, f"/ask?q={QUESTION}")
    items = tree.select(".item")
    assert items
    for item in items:
        assert "查看" in one(item, ".cite p").get_text()
        assert one(item, ".quoted").get_text().strip()
        assert links(item, ".item-place a") or "依据" in text(item, ".item-place")


def test_a_date_is_kept_by_the_links_of_an_answer(client: FlaskClient) -> None:
    tree = page(client, "/ask?q=清洁生产促进法 审核&as_of=2026-01-01")
    assert "2026年1月1日" in text(tree, ".dated-note")
    assert all("as_of=2026-01-01" in link for link in links(tree, ".item h3 a"))


def test_where_nothing_is_known_the_page_says_so_and_what_helps(client: FlaskClient) -> None:
    tree = page(client, "/ask?q=石墨烯生产 废酸回收")
    assert "没有答得上" in text(tree, ".empty h2")
    assert tree.select("#person-next")


@pytest.mark.parametrize("question", [HOSTILE, "怎么" * 5000, "<script>" * 1000])
def test_a_hostile_question_is_shown_as_text(client: FlaskClient, question: str) -> None:
    tree = page(client, f"/ask?q={quote(question)}")
    assert not tree.select("main script, main img[src=x]")


def test_a_question_is_answered_as_on_the_page_by_the_api(client: FlaskClient) -> None:
    shape = client.get(f"/api/v1/ask?q={QUESTION}").json
    assert shape is not None
    assert shape["understood"][0] == {"slot": "industry", "value": "33", "label": "金属制品业", "said": "镀铬"}
    assert shape["sections"][0]["kind"] == "technique"
    assert {"document", "locator", "text", "validity", "url"} <= set(shape["citations"][0])
    assert shape["none"] is False


def test_an_industry_shows_what_is_known_and_what_is_not(client: FlaskClient) -> None:
    tree = page(client, "/industries/33")
    assert len(tree.select(".by-process")) > 5
    assert "技术" in text(tree, ".coverage")
    assert page(client, "/industries/99", 404)
    assert "/industries/33" in links(page(client, "/industries"))


def test_a_question_without_answer_is_counted_for_editors(client: FlaskClient, kb: KnowledgeBase) -> None:
    question = "无此词甲乙丙怎么回收"
    client.get(f"/ask?q={question}", buffered=True).close()
    assert question in [counted.text for counted in kb.store.questions.listed()]


def test_an_item_of_a_list_shows_whether_it_is_eliminated(client: FlaskClient) -> None:
    tree = page(client, "/ask?q=老式电机 JO2 还能不能用")
    assert "淘汰" in [badge.get_text(strip=True) for badge in tree.select("#ban .item h3 .badge")]


def test_a_model_that_is_nowhere_is_named_before_what_is_like_it(client: FlaskClient) -> None:
    tree = page(client, "/ask?q=QX9-200L 是不是淘汰")
    assert "没有写着「QX9-200L」" in text(tree, ".unsure")
