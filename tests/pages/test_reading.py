"""Documents, records and collections: status in words, clauses at their addresses, citations that lead there."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient

from tests.pages.look import links, one, page, text
from tests.site import GUIDE, LAW, LISTED, LONG, LONG_ARTICLES, OLD_LAW, REGISTERED, TECHNOLOGY


def test_a_document_says_its_status_with_the_text_that_says_so(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{OLD_LAW}?as_of=2026-11-01")
    assert "2026年1月1日起废止，见《示例清洁生产条例》第三条" in text(tree, ".status .reasons")
    assert f"/documents/{LAW}?as_of=2026-11-01#第三条" in links(tree, ".status a")
    assert one(tree, "h1")["class"] == ["struck"]


def test_the_same_document_was_in_force_before(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{OLD_LAW}?as_of=2020-01-01")
    assert "现行" in text(tree, ".status .today")
    assert not one(tree, "h1").get("class")


def test_each_clause_has_an_address_and_a_citation(client: FlaskClient) -> None:
    before = dt.date.today()  # noqa: DTZ011 — as the program does
    clause = one(page(client, f"/documents/{GUIDE}"), "[id='5.1.1']")
    days = (before, dt.date.today())  # noqa: DTZ011 — midnight may have passed
    cited = text(clause, ".cite p")
    assert links(clause, ".label a") == ["#5.1.1"]
    assert any(f"《示例可行技术指南》HJ 9999—2026 5.1.1（第 9 页；现行；{day} 查看）" in cited for day in days)
    assert f"http://localhost/documents/{GUIDE}#5.1.1" in cited


def test_headings_open_once(client: FlaskClient) -> None:
    law = page(client, f"/documents/{LAW}")
    guide = page(client, f"/documents/{GUIDE}")
    assert [h.get_text() for h in law.select(".part")] == ["第一章　总则", "第二章　义务"]
    assert [h.get_text() for h in guide.select(".part")] == ["5 示例预防技术"]


def test_the_outline_leads_to_clauses(client: FlaskClient) -> None:
    outline = one(page(client, f"/documents/{GUIDE}"), ".outline-open")
    assert links(outline) == ["#5.1", "#5.1", "#5.1.1"]
    assert [link.get_text() for link in outline.select("a")] == ["5 示例预防技术", "5.1 一般要求", "5.1.1 示例逆流漂洗"]


def test_a_number_is_not_said_twice(client: FlaskClient) -> None:
    clause = one(page(client, f"/documents/{LAW}"), "[id='第二条']")
    assert [p.get_text() for p in clause.select(":scope > p, :scope > .label")] == [
        "第二条",
        "镀铬漂洗水应当回用。",
        "回用有困难的，应当说明理由。",
    ]


def test_a_table_is_a_table(client: FlaskClient) -> None:
    table = one(page(client, f"/documents/{GUIDE}"), "[id='表1'] table")
    assert [cell.get_text() for cell in table.select("thead th")] == ["可行技术", "排放水平", "适用条件"]
    rows = [[cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")]
    assert rows == [["示例漂洗", "六价铬 <0.1 mg/L", "挂镀线"], ["示例交换", "总铬 <0.5 mg/L", ""]]
    assert table.select("td")[1]["data-label"] == "排放水平"


def test_a_question_is_marked_and_stepped_through(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{GUIDE}?q=示例逆流漂洗")
    hits = [str(hit["id"]) for hit in tree.select(".is-hit")]
    assert len(hits) >= 2
    assert tree.select(".is-hit mark")
    assert f"#{hits[1]}" in links(tree, f"[id='{hits[0]}'] .steps a")
    assert f"#{hits[0]}" in links(tree, f"[id='{hits[1]}'] .steps a")
    assert f"在本文有 {len(hits)} 处相符" in text(tree, ".inside")


def test_without_a_question_nothing_is_marked(client: FlaskClient) -> None:
    assert not page(client, f"/documents/{GUIDE}").select("mark, .is-hit, .inside")


def test_a_document_says_what_it_changed(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{LAW}")
    assert "2026年1月1日起废止，见 第三条：" in text(tree, ".effect:first-of-type").replace("见第三条", "见 第三条")
    assert f"/documents/{OLD_LAW}" in links(tree, ".beside a")


def test_what_is_only_proposed_is_shown_with_its_sentence_to_be_checked(client: FlaskClient) -> None:
    shown = text(page(client, f"/documents/{LAW}"), ".beside")
    assert "废止，见第二条（待核对，不计入效力）：" in shown.replace("见 第二条", "见第二条")
    assert "读自：《示例停用办法》停止执行。" in shown


def test_provenance_is_said(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{LAW}")
    said = text(tree, ".beside .source")
    assert "示例出版者" in said
    assert "示例 未复核" in said
    folded = text(tree, ".beside details.technical")
    assert "samples/law.md" in folded
    assert "0f0f0f0f0f0f" in folded


def test_other_texts_of_the_work_are_linked(client: FlaskClient) -> None:
    assert f"/records/guideline/{REGISTERED}" in links(page(client, f"/documents/{GUIDE}"), ".beside a")
    assert f"/documents/{GUIDE}" in links(page(client, f"/records/guideline/{REGISTERED}"), ".beside a")


def test_the_longest_law_is_one_page(client: FlaskClient) -> None:
    answer = client.get(f"/documents/{LONG}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 150_000
    tree = page(client, f"/documents/{LONG}")
    assert len(tree.select(".clause-row")) == LONG_ARTICLES
    assert tree.find(id=f"示例第{LONG_ARTICLES}条") is not None


def test_a_document_is_read_at_its_own_address(client: FlaskClient) -> None:
    answer = client.get(f"/records/guideline/{GUIDE}?q=x")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/documents/{GUIDE}?q=x"


def test_a_record_is_not_a_document(client: FlaskClient) -> None:
    answer = client.get(f"/documents/{TECHNOLOGY}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/records/technology/{TECHNOLOGY}"


def test_a_record_shows_facts_and_cites_the_clause(client: FlaskClient) -> None:
    tree = page(client, f"/records/technology/{TECHNOLOGY}")
    facts = {dt.get_text(): dt.find_next("dd") for dt in tree.select(".facts dt")}
    assert facts["行业"] is not None
    assert facts["行业"].get_text() == "金属制品业"
    assert f"/documents/{GUIDE}#5.1.1" in links(tree, ".cited a")
    assert "本库还没有导入这份文件的全文" in text(tree, ".cited")


def test_a_listed_thing_is_badged_with_its_doubt_and_the_warning(client: FlaskClient) -> None:
    tree = page(client, f"/records/elimination/{LISTED}")
    assert [badge.get_text() for badge in tree.select(".sheet .hit-top .badge")] == [
        "淘汰",
        "扫描识别，可能有错字",
        "有字可能认错",
    ]
    assert all(badge.select("svg") for badge in tree.select(".sheet .hit-top .badge"))
    assert "未列入清单不等于合规" in text(tree, ".sheet .warning")


def test_a_record_is_not_found_in_another_collection(client: FlaskClient) -> None:
    tree = page(client, f"/records/policy/{LISTED}", 404)
    assert f"/records/elimination/{LISTED}" in text(tree, "main .says")


def test_a_collection_can_be_turned_to_its_end(client: FlaskClient) -> None:
    tree = page(client, "/collections/elimination")
    last = int(tree.select(".pager ol a")[-1].get_text())
    total = int(text(tree, ".total strong").replace(",", ""))
    rows = page(client, f"/collections/elimination?page={last}").select(".browse-table tbody tr")
    assert (last - 1) * 50 + len(rows) == total


def test_a_collection_is_narrowed_by_its_facets(client: FlaskClient) -> None:
    tree = page(client, "/collections/technology?industry=33&process=清洗")
    assert "示例逆流漂洗" in {row.get_text(strip=True) for row in tree.select(".browse-table tbody th a")}
    assert "行业：金属制品业" in text(tree, ".chips")
    assert links(tree, ".chips a") == [
        "/collections/technology?process=清洗",
        "/collections/technology?industry=金属制品业",
    ]


def test_the_date_is_kept_from_page_to_page(client: FlaskClient) -> None:
    asked = "as_of=2020-01-01"
    law = page(client, f"/documents/{LAW}?{asked}")
    assert f"/documents/{OLD_LAW}?{asked}" in links(law, ".beside .heads a")
    assert one(law, "#search-form input[type=hidden]")["value"] == "2020-01-01"
    record = page(client, f"/records/technology/{TECHNOLOGY}?q=漂洗&{asked}")
    assert f"/documents/{GUIDE}?{asked}#5.1.1" in links(record, ".cited a")
    assert f"/search?q=漂洗&{asked}" in links(record, ".inside a")
    assert f"/records/guideline/{REGISTERED}?{asked}" in links(page(client, f"/documents/{GUIDE}?{asked}"), ".beside a")


def test_a_record_marks_what_matched_and_says_first_what_decides(client: FlaskClient) -> None:
    tree = page(client, f"/records/elimination/{LISTED}?q=ZZ9-77")
    assert next(dt.get_text() for dt in tree.select(".facts dt")) == "型号"
    assert text(tree, ".facts dd mark") == "ZZ9-77"
    assert not page(client, f"/records/elimination/{LISTED}").select("mark, .inside")


def test_a_printed_link_is_whole_and_without_the_question(client: FlaskClient) -> None:
    tree = page(client, "/search?q=示例 镀铬漂洗水应当回用")
    assert f"http://localhost/documents/{LAW}#第二条" in [str(a["data-print"]) for a in tree.select(".hit h2 a")]
    assert "查的是：示例 镀铬漂洗水应当回用" in text(tree, ".found .print-only")


def test_a_clause_label_is_a_heading_below_its_section(client: FlaskClient) -> None:
    tree = page(client, f"/documents/{GUIDE}")
    assert [(h.name, h.get_text(" ", strip=True)) for h in tree.select(".clauses > .part, .label")] == [
        ("h2", "5 示例预防技术"),
        ("h3", "5.1 一般要求"),
        ("h4", "5.1.1 示例逆流漂洗"),
        ("h3", "表1"),
    ]
    assert text(one(tree, "[id='5.1.1']"), ".cite summary") == "引用 5.1.1"
    heads = [h.name for h in tree.select("h1, h2, h3, h4, h5, h6")]
    assert heads[0] == "h1"


def test_past_the_last_page_of_a_collection(client: FlaskClient) -> None:
    for address in ("/collections/elimination?page=99", "/collections/technology?q=示例逆流漂洗&page=5"):
        tree = page(client, address)
        assert text(tree, ".empty h2") == "这一页后面没有了"
        assert not tree.select(".pager")


def test_nothing_found_in_a_collection_leads_to_the_same_search_everywhere(client: FlaskClient) -> None:
    tree = page(client, '/collections/technology?q="毫无此词可寻"&as_of=2020-01-01')
    assert "没有找到" in text(tree, ".empty h2")
    assert '/search?q="毫无此词可寻"&as_of=2020-01-01' in links(tree, ".empty a")


def test_an_empty_collection_says_so(client: FlaskClient) -> None:
    assert "还没有资料" in text(page(client, "/collections/question"), ".empty h2")


def test_home_counts_what_there_is(client: FlaskClient) -> None:
    tree = page(client, "/")
    counted = [int(number.get_text().replace(",", "")) for number in tree.select(".counts .number")]
    assert f"共 {sum(counted):,} 条" in text(tree, ".known .note")
    assert len(tree.select(".tile")) == 6
    assert len(tree.select(".examples a")) == 3


def test_each_example_question_finds_something(client: FlaskClient) -> None:
    for link in page(client, "/").select(".examples a"):
        assert page(client, str(link["href"])).select(".hit"), link.get_text()


def test_every_line_of_the_help_can_be_tried(client: FlaskClient) -> None:
    for link in page(client, "/help").select(".syntax a"):
        assert client.get(str(link["href"])).status_code == 200, link.get_text()
