"""Every route answers, is linked from somewhere, and refuses what it does not know."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pages.look import page, paths, text
from tests.site import ANSWER, GUIDE, LAW, LISTED, TECHNOLOGY

EXAMPLES = {
    "/": "/",
    "/search": "/search?q=漂洗",
    "/search.csv": "/search.csv?q=漂洗",
    "/ask": "/ask?q=镀铬漂洗水怎么回用",
    "/ask.docx": "/ask.docx?q=镀铬漂洗水怎么回用",
    "/ask.pdf": "/ask.pdf?q=镀铬漂洗水怎么回用",
    "/answers": "/answers?q=镀铬漂洗水怎么回用",
    "/answers/<answer_id>": f"/answers/{ANSWER}",
    "/industries": "/industries",
    "/industries/<code>": "/industries/33",
    "/records/<collection_name>/<record_id>": f"/records/technology/{TECHNOLOGY}",
    "/documents/<document_id>": f"/documents/{GUIDE}",
    "/documents/<record_id>/original": f"/documents/{GUIDE}/original",
    "/documents/<record_id>/versions/<int:number>/original": f"/documents/{LAW}/versions/1/original",
    "/records/<collection_name>/<record_id>/original": f"/records/elimination/{LISTED}/original",
    "/documents/<document_id>/versions/<int:number>": f"/documents/{LAW}/versions/1",
    "/compare": f"/compare?a={LAW}@1&b={LAW}",
    "/collections": "/collections",
    "/collections/<name>": "/collections/elimination",
    "/collections/<name>.csv": "/collections/elimination.csv",
    "/about": "/about",
    "/imports": "/imports",
    "/imports/<int:number>": "/imports/1",
    "/imports/<int:number>/undo": "/imports/1/undo",
    "/relations": "/relations",
    "/help": "/help",
    "/robots.txt": "/robots.txt",
    "/favicon.ico": "/favicon.ico",
    "/api/v1/search": "/api/v1/search?q=漂洗",
    "/api/v1/ask": "/api/v1/ask?q=镀铬漂洗水怎么回用",
    "/api/v1/complete": "/api/v1/complete?q=漂洗",
    "/api/v1/records/<collection_name>/<record_id>": f"/api/v1/records/elimination/{LISTED}",
    "/api/v1/documents/<document_id>": f"/api/v1/documents/{LAW}",
    "/api/v1/documents/<document_id>/versions": f"/api/v1/documents/{LAW}/versions",
    "/api/v1/compare": f"/api/v1/compare?a={LAW}@1&b={LAW}",
    "/api/v1/collections": "/api/v1/collections",
    "/api/v1/openapi.json": "/api/v1/openapi.json",
}
"""One address for each route."""
GIVEN_OUT = {"/answers/<answer_id>"}
"""Only who keeps an answer is told where it stands."""
NEVER_BARE = {"/api/v1/compare", "/ask.docx", "/ask.pdf"}
"""Addresses that mean nothing without parameters."""
ASKED_BY_BROWSERS = {"/robots.txt", "/favicon.ico", "/api/v1/complete"}
PAGES = [
    *(example for route, example in EXAMPLES.items() if not re.search(r"csv|\.|api|original", route)),
    f"/documents/{LAW}",
    f"/records/elimination/{LISTED}",
]


def test_every_route_has_an_example(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert rules == set(EXAMPLES)


@pytest.mark.parametrize("address", EXAMPLES.values())
def test_it_answers(client: FlaskClient, address: str) -> None:
    assert client.get(address, buffered=True).status_code == 200


def test_every_route_is_linked(app: Flask, client: FlaskClient) -> None:
    linked = set().union(*(paths(page(client, address)) for address in PAGES))
    matcher = app.url_map.bind("localhost")
    rules = {matcher.match(path, return_rule=True)[0].rule for path in linked if not path.startswith("/static/")}
    assert rules >= set(EXAMPLES) - ASKED_BY_BROWSERS - GIVEN_OUT


def test_no_link_on_any_page_is_dead(client: FlaskClient) -> None:
    linked = set().union(*(paths(page(client, address)) for address in PAGES)) - NEVER_BARE
    assert {
        path for path in linked if client.get(path, follow_redirects=True, buffered=True).status_code != 200
    } == set()


@pytest.mark.parametrize(
    "address", [*PAGES, "/search.csv", "/collections/policy.csv", "/ask.docx?q=漂洗", "/ask.pdf?q=漂洗"]
)
def test_an_unknown_parameter_is_refused_by_name(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}nonsense=1")
    assert answer.status_code == 400
    assert "“nonsense”" in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_what_all_pages_have(client: FlaskClient, address: str) -> None:
    tree = page(client, address)
    assert tree.html is not None
    assert tree.html["lang"] == "zh-CN"
    assert text(tree, "title").endswith("清洁生产知识库")
    assert len(tree.select("h1")) == 1
    assert tree.select_one("a.skip[href='#main']") is not None
    assert tree.select_one("main#main") is not None
    assert tree.select_one("form[role=search] input[name=q]") is not None
    labelled = {str(label["for"]) for label in tree.select("label[for]")}
    assert {str(field["id"]) for field in tree.select("input:not([type=hidden])")} <= labelled


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_no_other_host_and_carries_no_inline_code(client: FlaskClient, address: str) -> None:
    tree = page(client, address)
    loaded = [str(tag[name]) for name in ("src", "data") for tag in tree.select(f"[{name}]")]
    loaded += [str(tag["href"]) for tag in tree.select("link[href], use[href]")]
    assert all(item.startswith("/static/") for item in loaded)
    assert not tree.select("style, [style], script:not([src]), iframe, object, embed")
    assert not [name for tag in tree.select("*") for name in tag.attrs if name.startswith("on")]
