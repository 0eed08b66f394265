"""The page of answers with a language model: asked for on request only, checked, and never in the answer's way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from cpkb.app import create_app
from cpkb.consultation.rewriting import Rewriter
from cpkb.consultation.wording import Wording
from cpkb.knowledge_base import KnowledgeBase
from tests.fetch.models import PATIENT, Behaviour, Endpoint, answering, endpoint, hang, model_at, reply
from tests.pages.look import links, page, text
from tests.site import served

QUESTION = "示例 镀铬漂洗水应当回用"
HONEST = "镀铬漂洗水应当回用"
LIE = "镀铬漂洗水可以不回用"
KEY = "sk-sample-0123456789"


def retelling(found: Endpoint, more: str = "") -> Behaviour:
    """Tells the honest sentence and a lie of the passage that says it, under its number."""

    def behave(handler: object) -> None:
        material = json.loads(found.asked[-1]["messages"][1]["content"])["材料"]
        number = next(one["编号"] for one in material if HONEST in one["原文"])
        answering(reply(f"{HONEST}［{number}］。{LIE}［{number}］。{more}"))(handler)  # type: ignore[arg-type]

    return behave


@pytest.fixture(scope="module")
def found() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


@pytest.fixture
def site(kb: KnowledgeBase, found: Endpoint, request: pytest.FixtureRequest) -> Flask:
    """The site with a model, which is waited for so many seconds."""
    model = model_at(found, replace(PATIENT, total=getattr(request, "param", PATIENT.total)), KEY)
    return create_app(replace(kb, rewriter=Rewriter(model, kb.store, Wording(kb.analyzer.fold, ()))))


@pytest.fixture
def asking(site: Flask) -> FlaskClient:
    return site.test_client()


def answer_of(tree: BeautifulSoup) -> list[str]:
    """What the assembled answer says."""
    return [item.get_text() for item in tree.select(".answer-lead, .item")]


def test_the_answer_stands_there_without_asking_the_model(asking: FlaskClient, found: Endpoint) -> None:
    before = len(found.asked)
    tree = page(asking, f"/ask?q={QUESTION}")
    assert answer_of(tree)
    assert "rewrite=on" in links(tree, "#rewriting a")[0]
    assert "会把问题和摘录发给它" in text(tree, "#rewriting")
    assert len(found.asked) == before


def test_what_holds_is_told_and_what_does_not_is_shown_as_dropped(asking: FlaskClient, found: Endpoint) -> None:
    found.says = retelling(found, "<script>alert(1)</script>［1］。")
    plain, tree = page(asking, f"/ask?q={QUESTION}"), page(asking, f"/ask?q={QUESTION}&rewrite=on")
    assert text(tree, ".rewritten") == f"《示例清洁生产条例》第二条：{HONEST}。"
    assert any(link.endswith("#第二条") for link in links(tree, ".rewritten a"))
    dropped = [item.get_text(" ", strip=True) for item in tree.select(".dropped li")]
    assert dropped[0].startswith(LIE)
    assert "没有说的" in dropped[0]
    assert "<script>alert(1)</script>" in dropped[1]
    assert not tree.select("main script")
    assert answer_of(tree) == answer_of(plain)
    assert KEY not in str(tree)


@pytest.mark.parametrize(
    ("site", "says", "told"),
    [
        (PATIENT.total, answering(b"", 500), "状态 500"),
        (0.3, hang, "0.3 秒没有答完"),
        (PATIENT.total, answering(b"rubbish"), "读不懂"),
    ],
    ids=["down", "slow", "rubbish"],
    indirect=["site"],
)
def test_a_model_that_fails_costs_nothing_but_its_paragraph(
    asking: FlaskClient, found: Endpoint, says: Behaviour, told: str
) -> None:
    found.says = says
    plain, tree = page(asking, f"/ask?q={QUESTION}"), page(asking, f"/ask?q={QUESTION}&rewrite=on")
    assert told in text(tree, "#rewriting")
    assert "下面的回答不受影响" in text(tree, "#rewriting")
    assert answer_of(tree) == answer_of(plain)
    shape = asking.get(f"/api/v1/ask?q={QUESTION}&rewrite=on").json
    assert shape is not None
    assert told in shape["rewriting"]["failure"]
    assert shape["sections"]


def test_a_page_that_is_loaded_ahead_asks_nobody(asking: FlaskClient, found: Endpoint) -> None:
    before = len(found.asked)
    assert asking.get(f"/ask?q={QUESTION}&rewrite=on", headers={"Sec-Purpose": "prefetch"}).status_code == 200
    assert len(found.asked) == before


def test_where_nothing_is_known_the_model_is_not_asked(asking: FlaskClient, found: Endpoint) -> None:
    before = len(found.asked)
    tree = page(asking, "/ask?q=石墨烯生产 废酸回收&rewrite=on")
    assert not tree.select("#rewriting")
    assert len(found.asked) == before


def test_without_a_model_nothing_is_offered(client: FlaskClient) -> None:
    assert not page(client, f"/ask?q={QUESTION}").select("#rewriting")
    assert "没有接语言模型" in text(page(client, f"/ask?q={QUESTION}&rewrite=on"), "#rewriting")


def test_any_other_value_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"/ask?q={QUESTION}&rewrite=yes")
    assert answer.status_code == 400
    assert "只能是 on 或 off" in answer.text


def test_programs_get_the_sentences_with_their_citations(asking: FlaskClient, found: Endpoint) -> None:
    found.says = retelling(found)
    shape = asking.get(f"/api/v1/ask?q={QUESTION}&rewrite=on").json
    assert shape is not None
    (told,) = shape["rewriting"]["told"]
    assert told["text"] == f"{HONEST}。"
    assert told["citation"]["locator"] == "第二条"
    assert [dropped["text"] for dropped in shape["rewriting"]["dropped"]] == [LIE]
    assert "rewriting" not in (asking.get(f"/api/v1/ask?q={QUESTION}").json or {})


def test_the_about_page_says_where_questions_may_go(asking: FlaskClient, client: FlaskClient) -> None:
    assert "发给本站所接的语言模型" in asking.get("/about").text
    assert "语言模型" not in client.get("/about").text


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_person_asks_for_the_paragraph(
    browser: Browser, site: Flask, found: Endpoint, width: int, *, scripts: bool
) -> None:
    found.says = retelling(found)
    with served(site) as address:
        context = browser.new_context(
            base_url=address, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        tab = context.new_page()
        tab.goto(f"/ask?q={QUESTION}")
        tab.get_by_role("link", name="写成一段话").click()
        expect(tab.locator(".rewritten")).to_contain_text(HONEST)
        assert ("rewrite=on" in tab.url) != scripts
        tab.locator(".dropped summary").click()
        expect(tab.locator(".dropped del")).to_have_text(LIE)
        expect(tab.locator(".item").first).to_be_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
