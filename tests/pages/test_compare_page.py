"""The comparison page: two texts side by side, and the way there from a document."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.pages.look import links, one, page, text
from tests.site import GUIDE, LAW, TECHNOLOGY

COMPARED = f"/compare?a={LAW}@1&b={LAW}"


def test_a_document_leads_to_its_earlier_text_and_the_comparison(client: FlaskClient) -> None:
    found = links(page(client, f"/documents/{LAW}"), ".beside a")
    assert COMPARED in found
    assert f"/documents/{LAW}/versions/1" in found


def test_changed_words_are_marked_on_their_side(client: FlaskClient) -> None:
    tree = page(client, COMPARED)
    assert text(tree, ".lead") == "改了 1 处：1 条有改动；3 条没有变化。"
    changed = one(tree, ".pair.row")
    assert text(changed, ".before del") == "可以"
    assert text(changed, ".after ins") == "应当"
    assert [badge.get_text() for badge in changed.select(".badge")] == ["有改动"]


def test_what_did_not_change_is_folded_and_the_heading_above_a_change_is_not(client: FlaskClient) -> None:
    tree = page(client, COMPARED)
    assert [summary.get_text() for summary in tree.select("details.unchanged summary")] == [
        "2 条没有变化：题注、第一章　总则、第一条",
        "1 条没有变化：第三条",
    ]
    assert text(tree, "main h2.part") == "第二章 义务"


def test_each_clause_leads_to_itself_in_its_text(client: FlaskClient) -> None:
    found = links(page(client, COMPARED), ".pair.row a")
    assert found == [f"/documents/{LAW}/versions/1#第二条", f"/documents/{LAW}#第二条"]


def test_an_earlier_text_stays_at_its_address_and_says_what_it_is(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{LAW}/versions/1")
    assert "镀铬漂洗水可以回用" in text(tree, "[id='第二条']")
    assert "早先文本" in text(tree, ".status")
    assert COMPARED in links(tree, ".status a")


def test_with_one_text_named_the_page_offers_the_others(client: FlaskClient) -> None:
    assert COMPARED in links(page(client, f"/compare?a={LAW}"))
    assert "没有找到它的另一个版本" in page(client, f"/compare?a={GUIDE}").get_text()
    assert page(client, "/compare").select("form input[name=a]")


@pytest.mark.parametrize("pasted", [f"http://localhost/documents/{LAW}", f"/documents/{LAW}?q=x"])
def test_addresses_can_be_pasted(client: FlaskClient, pasted: str) -> None:
    tree = page(client, f"/compare?a={LAW}@1&b={quote(pasted, safe='')}")
    assert len(tree.select(".pair.row")) == 1


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        (f"a={LAW}@9&b={LAW}", 404, "没有第 9 版"),
        (f"a={TECHNOLOGY}&b={LAW}", 400, "只有摘要，没有原文"),
        ("a=nothing&b=nothing", 404, "没有编号为"),
        (f"a={LAW}&b={LAW}&c=1", 400, "可以用：a、b"),
    ],
)
def test_what_cannot_be_compared_is_said(client: FlaskClient, query: str, status: int, says: str) -> None:
    assert says in page(client, f"/compare?{query}", status).get_text()
