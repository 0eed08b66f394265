"""A memo of an answer: everything the answer holds, each with its place; what is not known; nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpkb.model.answer import Answer
from cpkb.writers.blocks import Paper, Paragraph, Run, Table
from cpkb.writers.memo import REMINDER, Occasion, memo
from tests.writers.answers import ANSWERS, DAY, OCCASION, bare, full, hostile, nothing, quoted


def headings(paper: Paper) -> list[str]:
    return [b.text for b in paper.blocks if isinstance(b, Paragraph) and b.style in ("section", "item")]


def table_under(paper: Paper, heading: str) -> list[list[str]]:
    at = next(n for n, b in enumerate(paper.blocks) if isinstance(b, Paragraph) and b.text == heading)
    table = paper.blocks[at + 1]
    assert isinstance(table, Table)
    return [["".join(run.text for run in cell) for cell in row] for row in table.rows]


def runs_of(paper: Paper) -> list[Run]:
    cells = [cell for block in paper.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    texts = [block.runs for block in paper.blocks if isinstance(block, Paragraph)]
    return [run for runs in (*cells, *texts) for run in runs]


def test_it_has_a_heading_for_every_section_and_every_item() -> None:
    assert headings(memo(full(), OCCASION)) == [
        "要点",
        "可用技术",
        "1. 示例逆流漂洗",
        "2. 5.1 示例一般要求（别的行业或地区）",
        "必须履行的义务与期限",
        "3. 示例清洁生产条例 第二条",
        "限制与淘汰",
        "4. 示例旧条例 第一条",
        "数据一览",
        "说法不一的地方",
        "没有找到的方面",
        "资料来源",
    ]


def test_what_was_asked_and_understood_stands_above() -> None:
    facts = memo(full(), OCCASION).blocks[1]
    assert isinstance(facts, Table)
    assert [["".join(run.text for run in cell) for cell in row] for row in facts.rows] == [
        ["问题", "镀铬漂洗水太多，怎么少排点"],
        ["理解为", "行业：金属制品业；工序：镀铬"],
        ["效力按", "2026年11月22日"],
        ["成文", "2026年11月23日，清洁生产知识库"],
        ["网址", "http://127.0.0.1:8000/ask?q=镀铬&as_of=2026-11-22"],
    ]


def test_every_quotation_is_whole_and_its_decisive_words_are_bold() -> None:
    paper = memo(full(), OCCASION)
    quotes = [block for block in paper.blocks if isinstance(block, Paragraph) and block.style == "quote"]
    assert [q.text for q in quotes] == [
        item.citation.quoted for item in (*full().lead, *(item for _, item in full().told()))
    ]
    assert [run.text for run in quotes[3].runs if run.is_bold] == ["漂洗水", "回用", "回用"]


def test_a_place_names_document_number_clause_page_validity_authority_and_address() -> None:
    places = [b.text for b in memo(full(), OCCASION).blocks if isinstance(b, Paragraph) and b.style == "place"]
    assert (
        "出处：《示例清洁生产条例》示例令第1号 第二条，第 9 页；2026年11月22日现行；官方发布。\n"
        "地址：http://127.0.0.1:8000/documents/sample-law#第二条"
    ) in places
    assert (
        "依据：《示例可行技术指南》HJ 9999—2026 5.1.1（第9页），http://127.0.0.1:8000/documents/sample-guide#5.1.1；"
        "《没有导入的文件》 第九条（本库没有全文）"
    ) in places
    assert "同样的条文还见于：《示例可行技术指南》HJ 9999—2026 5.1.1" in places
    assert "说法不一：另有 1 处说得不同，见“说法不一的地方”。" in places


def test_figures_stand_in_a_table_with_units_and_conditions() -> None:
    assert table_under(memo(full(), OCCASION), "数据一览") == [
        ["1", "示例逆流漂洗", "节水率", "65%以上", "连续三级"],
        ["1", "示例逆流漂洗", "漂洗级数", "3 级", ""],
    ]


def test_what_disagrees_stands_side_by_side_once() -> None:
    rows = table_under(memo(full(), OCCASION), "说法不一的地方")
    assert len(rows) == 1
    assert "应当回用" in rows[0][0]
    assert "可以不回用" in rows[0][1]


def test_what_was_not_found_is_said_with_what_would_help() -> None:
    rows = table_under(memo(full(), OCCASION), "没有找到的方面")
    assert rows == [["资金与优惠", "说出所在省份和要做的改造。"], ["案例", "本库还没有这方面的案例。"]]


def test_sources_are_told_once_with_why_they_hold_and_where_they_are_used() -> None:
    rows = table_under(memo(full(), OCCASION), "资料来源")
    assert [row[1].splitlines()[0] for row in rows] == [
        "《示例逆流漂洗》",
        "《示例可行技术指南》HJ 9999—2026",
        "《没有导入的文件》",
        "《示例清洁生产条例》示例令第1号",
        "《示例旧条例》",
    ]
    assert [row[4] for row in rows] == ["1", "1、2、3", "1", "3、4", "3、4"]
    assert rows[4][2:4] == ["官方发布\n版本 0f0f0f0f0f0f", "已废止：2026年1月1日起废止，见《示例清洁生产条例》第三条"]


def test_an_answer_of_nothing_says_so_and_shows_what_comes_nearest() -> None:
    paper = memo(nothing(), OCCASION)
    assert headings(paper)[:3] == ["没有找到", "最接近的几条（不一定相关）", "1. 示例清洁生产条例 第二条"]
    assert "这不等于没有规定" in " ".join(b.text for b in paper.blocks if isinstance(b, Paragraph))
    assert headings(memo(bare(), OCCASION)) == ["没有找到"]


def test_a_doubtful_answer_says_so() -> None:
    def doubts(answer: Answer) -> bool:
        return any("不一定答得上" in run.text for run in runs_of(memo(answer, OCCASION)))

    assert doubts(full())
    assert not doubts(replace(full(), confidence="sure"))


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
def test_it_is_dated_and_says_that_it_is_no_legal_advice(make: object) -> None:
    paper = memo(make(), OCCASION)  # type: ignore[operator]
    assert paper.dated == DAY
    assert paper.reminder == REMINDER == "只摘录本库已有的文字，不是法律意见；未列入清单不等于合规。"


def test_a_question_of_ten_thousand_characters_is_shortened_visibly() -> None:
    facts = memo(hostile(), OCCASION).blocks[1]
    assert isinstance(facts, Table)
    question = facts.rows[0][1][0].text
    assert len(question) < 560
    assert question.endswith("字，这里是前 500 字）")


def test_only_addresses_of_the_site_are_links() -> None:
    links = {run.link for run in runs_of(memo(hostile(), OCCASION)) if run.link}
    assert links
    assert all(link.startswith("http://127.0.0.1:8000/") and link.isascii() and link.isprintable() for link in links)
    without_site = memo(full(), Occasion(OCCASION.made))
    assert not [run for run in runs_of(without_site) if run.link]


def test_every_citation_is_quoted() -> None:
    text = "".join(run.text for run in runs_of(memo(full(), OCCASION)))
    assert all(citation.quoted in text for citation in quoted(full()))
