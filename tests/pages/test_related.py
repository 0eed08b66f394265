"""What names a record and what was read from it: figures, combinations, limits of a standard, duties of a law."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.pages.look import links, page, text
from tests.site import DUTY, GUIDE, LAW, LIMIT, PARTNER, REGISTERED, TECHNOLOGY


def cells(client: FlaskClient, address: str, selector: str) -> list[list[str]]:
    rows = page(client, address).select(f"{selector} tbody tr")
    return [[" ".join(cell.get_text().split()) for cell in row.select("td")] for row in rows]


def test_figures_are_a_table_of_name_value_and_condition(client: FlaskClient) -> None:
    found = cells(client, f"/records/technology/{TECHNOLOGY}", ".figures")
    assert found == [["节水率", "65%以上", "连续三级"], ["漂洗级数", "3 级", ""]]


def test_what_an_owner_would_say_stands_under_the_title(client: FlaskClient) -> None:
    tree = page(client, f"/records/technology/{TECHNOLOGY}")
    assert text(tree, ".doc-meta") == "示例镀件洗水太费怎么办"
    assert "通俗说法" not in [term.get_text() for term in tree.select(".facts dt")]


def test_a_combination_is_linked_from_both_sides(client: FlaskClient) -> None:
    assert f"/records/technology/{PARTNER}" in links(page(client, f"/records/technology/{TECHNOLOGY}"), ".heads a")
    tree = page(client, f"/records/technology/{PARTNER}")
    assert f"/records/technology/{TECHNOLOGY}" in links(tree, ".heads a")
    assert "也与它组合的技术" in [heading.get_text() for heading in tree.select("h2")]


def test_a_guideline_lists_the_techniques_that_cite_it(client: FlaskClient) -> None:
    for address in (f"/documents/{GUIDE}", f"/records/guideline/{REGISTERED}"):
        tree = page(client, address)
        assert "引用它的技术" in [heading.get_text() for heading in tree.select("h2")]
        assert f"/records/technology/{TECHNOLOGY}" in links(tree, ".heads a")


def test_a_standard_has_a_table_of_its_limits(client: FlaskClient) -> None:
    found = cells(client, f"/records/guideline/{REGISTERED}", ".part-table")
    assert found == [
        ["表1", "总铬", "1.0 mg/L", "现有企业", ""],
        ["表1", "总铬 尚未施行", "0.5 mg/L", "新建企业", "2099-01-01"],
    ]
    assert f"/documents/{GUIDE}#表1" in links(page(client, f"/records/guideline/{REGISTERED}"), ".part-table a")


def test_a_law_has_a_table_of_its_duties_in_the_order_of_its_articles(client: FlaskClient) -> None:
    found = cells(client, f"/documents/{LAW}", ".part-table")
    assert [row[:2] for row in found] == [["第二条", "漂洗水要回用 已废止"], ["第十条", "说明理由"]]


def test_a_limit_holds_while_its_standard_does(client: FlaskClient) -> None:
    address = f"/records/limit/{LIMIT}"
    assert "现行" in text(page(client, address), ".hit-top")
    assert "尚未施行" in text(page(client, f"{address}?as_of=2026-05-31"), ".hit-top")


def test_a_duty_ends_on_its_own_day(client: FlaskClient) -> None:
    address = f"/records/duty/{DUTY}"
    assert "已废止" in text(page(client, address), ".hit-top")
    assert "现行" in text(page(client, f"{address}?as_of=2026-04-30"), ".hit-top")


def test_a_search_tells_the_state_of_a_limit(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=总铬&collection=limit&as_of=2026-06-01").get_json()["hits"]
    states = {hit["id"]: hit["validity"] for hit in found}
    assert (states[LIMIT], states["sample-limit-new"]) == ("现行", "尚未施行")
