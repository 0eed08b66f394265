"""The results page: the question, counts, conditions, hits with their clauses, and help when there is nothing."""

from __future__ import annotations

import csv
import io
import threading
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from cpkb.knowledge_base import KnowledgeBase
from tests.pages.look import links, one, page, text
from tests.site import FORMULA, GUIDE, LAW


def test_the_question_stays_in_the_box(client: FlaskClient) -> None:
    assert one(page(client, "/search?q=示例漂洗"), "#q")["value"] == "示例漂洗"


def test_a_hit_shows_its_clause_and_leads_to_it(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例 镀铬漂洗水应当回用")
    hit = next(h for h in tree.select(".hit") if "示例清洁生产条例" in h.get_text())
    assert text(hit, ".clause .locator") == "第二条"
    assert not text(hit, ".clause").startswith("第二条 第二条")
    assert f"/documents/{LAW}?q=示例 镀铬漂洗水应当回用#第二条" in links(hit)
    assert hit.select(".clause mark")
    assert "示例机关 · 示例令第1号 · 2026-01-01 施行" in text(hit, ".hit-foot")


def test_the_best_clause_is_said_and_the_others_are_folded(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例逆流漂洗 类别:指南标准")
    hit = next(h for h in tree.select(".hit") if h.select_one(f"a[href^='/documents/{GUIDE}']"))
    assert hit.select("details.further li")


def test_a_validity_is_a_word_and_an_icon(client: FlaskClient) -> None:
    badge = page(client, "/search?q=标题:示例清洁生产条例").select_one(".hit .badge.green-outline")
    assert badge is not None
    assert badge.get_text(strip=True) == "现行"
    assert badge.select("svg")


def test_a_date_changes_what_is_in_force(client: FlaskClient) -> None:
    now = page(client, "/search?q=标题:示例旧条例&as_of=2026-11-01")
    then = page(client, "/search?q=标题:示例旧条例&as_of=2020-01-01")
    assert "已废止" in text(now, ".hit .hit-top")
    assert now.select(".hit h2 .struck")
    assert "现行" in text(then, ".hit .hit-top")
    assert "2020年1月1日" in text(then, ".dated-note")


def test_hits_keep_the_date_and_the_question(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例旧条例&as_of=2020-01-01&collection=policy")
    assert any("q=示例旧条例&as_of=2020-01-01#" in link for link in links(tree, ".hit h2 a"))


def test_facets_persist_and_can_be_taken_away(client: FlaskClient) -> None:
    tree = page(client, "/search?q=电镀&collection=technology&sort=newest")
    facet = links(tree, ".wide-only .facet a")
    assert all("sort=newest" in link and "q=电镀" in link for link in facet)
    assert "/search?q=电镀&sort=newest" in facet
    assert "/search?q=电镀&sort=newest" in links(tree, ".chips a")


def test_counts_are_what_choosing_gives(client: FlaskClient) -> None:
    tree = page(client, "/search?q=电镀")
    value = tree.select(".wide-only .facet a")[0]
    promised = int(text(value, ".count").replace(",", ""))
    chosen = page(client, str(value["href"]))
    assert int(text(chosen, ".total strong").replace(",", "")) == promised


def test_pages_can_be_turned(client: FlaskClient) -> None:
    first = page(client, "/search?q=电镀&limit=5")
    second = page(client, str(one(first, ".pager a[rel=next]")["href"]))
    assert text(second, ".pager [aria-current]") == "2"
    assert not {t.get_text() for t in first.select(".hit h2")} & {t.get_text() for t in second.select(".hit h2")}
    assert one(second, ".hits")["start"] == "6"


def test_form_fields_carry_the_conditions(client: FlaskClient) -> None:
    tree = page(client, "/search?q=电镀&collection=technology")
    hidden = one(tree, "#search-form input[type=hidden]")
    assert (hidden["name"], hidden["value"]) == ("collection", "technology")


def test_a_fresh_search_asks_for_no_date(client: FlaskClient) -> None:
    assert one(page(client, "/search?q=电镀"), "#as_of")["value"] == ""


def test_nothing_found_says_what_was_tried_and_what_to_do(client: FlaskClient) -> None:
    tree = page(client, '/search?q="毫无此词可寻"&collection=technology')
    assert "没有找到" in text(tree, ".empty h2")
    assert "未列入清单不等于合规" in text(tree, ".empty .warning")
    ways = links(tree, ".empty a")
    assert '/search?q="毫无此词可寻"' in ways
    assert "/collections/technology" in ways


def test_nothing_found_asks_back_what_was_meant_and_keeps_the_conditions(client: FlaskClient) -> None:
    tree = page(client, "/search?q=HJ 9998-2026&collection=guideline")
    assert "「HJ 9998-2026」" in text(tree, ".empty")
    assert links(tree, ".meant a") == ["/search?collection=guideline&q=HJ 9999—2026"]
    inside = page(client, "/collections/guideline?q=HJ 9998-2026")
    assert links(inside, ".meant a") == ["/collections/guideline?q=HJ 9999—2026"]
    elsewhere = page(client, "/search?q=HJ 9998-2026&collection=organisation")
    assert not elsewhere.select(".meant")


def test_htmx_gets_the_results_alone(client: FlaskClient) -> None:
    answer = client.get("/search?q=电镀&sort=", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<title>电镀，搜索 · 清洁生产知识库</title>")
    assert '<div class="wrap results" id="results">' in answer.text
    assert "<html" not in answer.text
    assert answer.headers["HX-Replace-Url"] == f"/search?q={quote('电镀')}"
    assert "HX-Request" in answer.headers["Vary"]


def test_exports_keep_the_question(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例逆流漂洗&collection=technology&page=1")
    assert {f"{path}?q=示例逆流漂洗&collection=technology" for path in ("/search.csv", "/api/v1/search")} <= set(
        links(tree, ".exports a")
    )


def test_a_table_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    answer = client.get("/search.csv?q=示例逆流漂洗")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header[:2] == ["类别", "标题"]
    assert "示例逆流漂洗" in [row[1] for row in rows]
    assert all(row[-1].startswith("http://localhost/") for row in rows)


def test_no_cell_is_a_formula(client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/collections/technology.csv").data.decode("utf-8-sig"))))
    assert any(f"'{FORMULA}" in row for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("question", ["", "  ", "，。", "的", "-", '"', "标题:", "😀", "a" * 5000])
def test_any_question_gets_a_page(client: FlaskClient, question: str) -> None:
    page(client, f"/search?q={quote(question)}")


def test_a_page_is_drawn_in_turn(client: FlaskClient, kb: KnowledgeBase) -> None:
    with kb.finder.turn:
        other = client.application.test_client()
        waiting = threading.Thread(target=lambda: page(other, "/search?q=示例漂洗 轮流"))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive(), "another thread draws"
        assert client.get("/about").status_code == 200, "what is no search does not wait"
    waiting.join(30)
    assert not waiting.is_alive()
