"""The scorer on made-up samples: what counts as right and what as wrong; and today's readers against their floors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from cpkb.extract.extractor import Block
from cpkb.model.passage import Passage
from cpkb.model.record import Record, Relation
from cpkb.model.source import Source
from tests.gold import score
from tests.gold.facts import Gold, Outcome, clauses, documents, relations
from tests.gold.reading import SHARED, Reading, fold
from tests.gold.scans import distance
from tests.gold.tables import cells, tables_of

FLOORS = Path(__file__).with_name("floors.toml")
real = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent: real documents are not in the repository")


def record(title: str = "某技术指南", **fields: str) -> Record:
    return Record("r1", "guideline", title, fields, (Source(title),))


def of_text(*passages: tuple[str, str]) -> Reading:
    body = tuple(Passage(at, text, locator) for at, (locator, text) in enumerate(passages))
    return Reading((Record("r1", "policy", "某办法", {}, (Source("某办法"),), (), (), body),))


def of_blocks(*blocks: tuple[str, str, int]) -> Reading:
    return Reading(blocks=tuple(Block(text, page, kind=kind) for kind, text, page in blocks))


def right(outcomes: list[Outcome]) -> dict[str, bool]:
    return {outcome.row: outcome.is_right for outcome in outcomes}


@pytest.mark.parametrize(
    ("name", "wanted", "got", "is_right"),
    [
        ("title", "某标准（试行）", "某标准 (试行)", True),
        ("title", "某标准（试行）", "某标准", False),
        ("number", "HJ 1306—2023", "HJ1306-2023", True),
        ("number", "环发〔2003〕60号", "环发[2003]60号", True),
        ("number", ["国务院令第1号", "中华人民共和国国务院令第1号"], "国务院令第1号", True),
        ("number", "HJ 1306—2023", "HJ 1306—2013", False),
        ("issuer", "甲部、乙局", "甲部", False),
        ("issued", "2023-08-25", "2023-08-25", True),
        ("effective", None, "", True),
        ("effective", None, "2023-08-25", False),
    ],
)
def test_a_field_is_right_when_equal_but_for_white_space_and_width(
    name: str, wanted: str | list[str] | None, got: str, *, is_right: bool
) -> None:
    fields = {} if name == "title" else {name: got}
    found = Reading((record(got if name == "title" else "某标准", **fields),))
    gold = {"file": "a.pdf", "title": "某标准"} | {name: wanted}
    assert right(documents([gold], lambda _: found))[f"documents: {name}"] is is_right


def test_a_field_the_gold_leaves_out_is_not_judged() -> None:
    rows = right(documents([{"file": "a.pdf", "title": "某标准"}], lambda _: Reading((record(),))))
    assert list(rows) == ["documents: title"]


def test_a_file_that_is_refused_is_wrong_in_every_field_even_where_none_is_stated() -> None:
    found = documents([{"file": "a.doc", "title": "表", "issued": None}], lambda _: Reading(failure="不认识的格式"))
    assert [(outcome.is_right, outcome.got) for outcome in found] == [(False, "不认识的格式")] * 2


CLAUSE = {"file": "a", "locator": "5.2.1", "start": "连续逆流清洗适用于挂镀", "end": "节水65%以上。"}


@pytest.mark.parametrize(
    ("passages", "wanted"),
    [
        ([("5.2.1", "5.2.1 连续逆流清洗\n适用于挂镀……节水 65％ 以上。")], (True, True)),
        ([("5.2.1", "5.2.1 连续逆流清洗\n适用于挂镀"), ("5.2.1（续1）", "节水65%以上。")], (True, True)),
        ([("5.2.1", "5.2.1 连续逆流清洗\n适用于挂镀……节水65%以上。\n5.2.2 间歇逆流清洗")], (True, False)),
        ([("5.2.1", "HJ 1306\n5.2.1 连续逆流清洗\n适用于挂镀……节水65%以上。")], (False, True)),
        ([("5.2.2", "5.2.2 连续逆流清洗\n适用于挂镀……节水65%以上。")], (False, False)),
    ],
)
def test_a_clause_is_judged_by_where_its_own_text_starts_and_ends(
    passages: list[tuple[str, str]], wanted: tuple[bool, bool]
) -> None:
    rows = right(clauses([CLAUSE], lambda _: of_text(*passages)))
    assert (rows["clauses: start"], rows["clauses: end"]) == wanted
    assert rows["clauses: both"] is all(wanted)


@pytest.mark.parametrize(
    ("locator", "read_as", "text"),
    [
        ("第十二条", "第十二条", "第十二条　某某应当备案。"),
        ("一（二）", "一（二）", "（二）某某应当备案。"),
        ("一（二）1", "一（二） 1", "1.某某应当备案。"),
        ("二", "二、", "二、某某应当备案。"),
        ("（七）", "（七）〔2〕", "（七）某某应当备案。"),
    ],
)
def test_a_clause_is_found_by_how_it_is_cited_and_judged_without_its_number(
    locator: str, read_as: str, text: str
) -> None:
    gold = {"file": "a", "locator": locator, "start": "某某应当备案。", "end": "某某应当备案。"}
    assert right(clauses([gold], lambda _: of_text((read_as, text))))["clauses: both"]


def test_a_heading_without_text_may_stand_above_the_clauses_below_it() -> None:
    passage = Passage(0, "5.2.1 连续逆流清洗", "5.2.1", ("5 污染预防技术", "5.2 清洗水减量化技术"))
    found = Reading((Record("r1", "guideline", "某指南", {}, (Source("某指南"),), (), (), (passage,)),))
    headings = {"5.2": "清洗水减量化技术", "5.3": "清洗水减量化技术"}
    golds = [{"file": "a", "locator": locator, "heading": title} for locator, title in headings.items()]
    assert [outcome.is_right for outcome in clauses(golds, lambda _: found)] == [True, False]


TABLE = (
    ("caption", "表 1 排放限值", 3),
    ("header", "序号｜项目｜限值｜位置", 3),
    ("header", "序号｜项目｜直接｜间接｜位置", 3),
    ("row", "1｜悬浮物｜70｜400｜总排放口", 3),
    ("caption", "续表 1", 4),
    ("row", "2｜氨氮｜25｜", 4),
)


@pytest.mark.parametrize(
    ("row", "column", "value", "page", "is_right"),
    [
        (["悬浮物"], ["限值", "直接"], "70", 3, True),
        (["悬浮物"], ["限值", "间接"], "70", 3, False),
        (["1", "悬浮物"], ["位置"], "总排放口", 3, True),
        (["悬浮物"], ["浓度", "直接"], "70", 3, False),  # a head the table has not
        (["氨氮"], ["限值", "直接"], "25", 4, True),  # a row of the continued table
        (["氨氮"], ["限值", "间接"], "", 4, True),
        (["氨氮"], ["限值", "直接"], "25", 3, False),  # on another page
        (["总磷"], ["限值", "直接"], "1.0", 3, False),
    ],
)
def test_a_cell_is_found_by_page_row_and_head(
    row: list[str], column: list[str], value: str, page: int, *, is_right: bool
) -> None:
    gold = {"file": "a", "page": page, "table": "表1", "caption": "", "row": row, "column": column, "value": value}
    assert right(cells([gold], lambda _: of_blocks(*TABLE)))["cells"] is is_right


def test_a_head_that_fits_two_columns_is_right_only_where_both_hold_the_value() -> None:
    found = of_blocks(("header", "项目｜左｜右", 1), ("header", "项目｜X｜Y｜X｜Y", 1), ("row", "D1｜1｜5｜2｜5", 1))
    golds = [
        {"file": "a", "caption": "", "row": ["D1"], "column": [side, axis], "value": value}
        for side, axis, value in (("左", "X", "1"), ("左", "Y", "5"))
    ]
    assert [outcome.is_right for outcome in cells(golds, lambda _: found)] == [False, True]


def test_a_head_that_stands_over_each_of_its_columns_tells_them_apart() -> None:
    heads = (("header", "项目｜左｜左｜右｜右", 1), ("header", "项目｜X｜Y｜X｜Y", 1))
    found = of_blocks(*heads, ("row", "D1｜1｜5｜2｜5", 1))
    golds = [
        {"file": "a", "caption": "", "row": ["D1"], "column": column, "value": value}
        for column, value in ((["左", "X"], "1"), (["右", "X"], "2"), (["左", "X"], "2"), (["X"], "1"), (["Y"], "5"))
    ]
    assert [outcome.is_right for outcome in cells(golds, lambda _: found)] == [True, True, False, False, True]


def test_a_long_value_is_given_by_its_ends_and_its_length() -> None:
    found = of_blocks(("header", "代码｜废物", 1), ("row", "900-250-12｜使用有机溶剂进行喷漆过程中产生的废物", 1))
    wanted = [{"start": "使用有机", "end": "的废物", "length": length} for length in (18, 19)]
    golds = [
        {"file": "a", "caption": "", "row": ["900-250-12"], "column": ["废物"], "value": value} for value in wanted
    ]
    assert [outcome.is_right for outcome in cells(golds, lambda _: found)] == [True, False]


def test_a_caption_or_another_header_after_rows_starts_a_table() -> None:
    blocks = of_blocks(
        *TABLE, ("header", "甲｜乙", 4), ("row", "a｜b", 4), ("caption", "表 2 另一表", 4), ("row", "c", 4)
    )
    assert [(table.caption, len(table.rows)) for table in tables_of(blocks.blocks)] == [
        ("表1排放限值", 2), ("", 1), ("表2另一表", 1),
    ]  # fmt: skip


def related(*found: Relation) -> Reading:
    return Reading((Record("r1", "policy", "某法典", {}, (Source("某法典"),), (), found),))


STATED: list[Gold] = [
    {"file": "a", "place": "第九条", "kind": "repeals", "target": "旧法", "on": "2026-08-15"},
    {"file": "a", "place": "第九条", "kind": "repeals", "target": ["旧办法", "GB 1—2001"]},
    {"file": "a", "place": "第二条", "not": "repeals", "target": "别的法"},
]


def test_relations_are_judged_by_kind_target_and_date_and_by_what_is_claimed_beside_them() -> None:
    read = related(
        Relation("repeals", "《旧法》", "2026-08-16"), Relation("replaces", "旧办法"), Relation("repeals", "别的法")
    )
    assert score.table(relations(STATED, lambda _: read)) == {
        "relations: recall": (1, 2),
        "relations: date": (0, 1),
        "relations: not claimed": (0, 1),
        "relations: precision": (1, 3),
    }


def test_a_number_is_as_good_as_the_title_where_the_gold_gives_both() -> None:
    read = related(Relation("repeals", "旧法", "2026-08-15"), Relation("repeals", "GB 1-2001"))
    assert all(outcome.is_right for outcome in relations(STATED, lambda _: read))


@pytest.mark.parametrize(
    ("line", "page", "edits"),
    [
        ("恶臭污染物", "见恶臭污染物排放", 0),
        ("恶臭污染物", "见恶臭污梁物排放", 1),
        ("恶臭", "", 2),
        ("甲乙丙", "甲丙", 1),
    ],
)
def test_a_line_of_a_scan_is_sought_anywhere_on_its_page(line: str, page: str, edits: int) -> None:
    assert distance(line, page) == edits


def test_the_table_adds_up_weights_and_misses_name_the_place() -> None:
    outcomes = [
        Outcome(row="cells", is_right=True, place="a p1", wanted="70"),
        Outcome(row="cells", is_right=False, place="a p2", wanted="80", got="90"),
        Outcome(row="scans: characters", is_right=False, place="b p1", wanted="一行文字", got="", weight=10, right=8),
    ]
    assert score.table(outcomes) == {"cells": (1, 2), "scans: characters": (8, 10)}
    assert score.missed(outcomes)[0] == "cells\ta p2\n    wanted 80\n    got    90"
    assert score.lines({"cells": (1, 2)}) == ["cells                        1 of     2   50.0%"]


@pytest.mark.parametrize("name", score.PARTS)
def test_every_fact_of_the_gold_names_its_file_and_quotes_little(name: str) -> None:
    facts = score.gold(name)
    least = {"documents": 60, "clauses": 300, "cells": 600, "held": 120, "relations": 100, "scans": 6}
    assert len(facts) >= least[name]
    for fact in facts:
        assert fact["file"]
        assert longest_quote(fact) <= 24, fact


def longest_quote(fact: Gold) -> int:
    """Characters of the longest stretch of an original's text in a fact (titles, names and numbers are none)."""
    value = fact.get("value", "")
    parts = [str(fact.get("start", "")), str(fact.get("end", ""))]
    parts += [str(value[end]) for end in ("start", "end")] if isinstance(value, Mapping) else [str(value)]
    return max(len(fold(part)) for part in parts)


def test_every_repeal_of_the_code_is_in_the_gold() -> None:
    last = [fact for fact in score.gold("relations") if fact["place"] == "第一千二百四十二条"]
    assert len([fact for fact in last if fact["kind"] == "repeals" and fact["on"] == "2026-08-15"]) == 10


@real
@pytest.mark.sources
@pytest.mark.long  # some minutes: the scans are recognised
@pytest.mark.timeout(900)
def test_the_importers_read_no_less_of_the_gold_than_they_did() -> None:
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["right"]
    measured = score.table(score.judged())
    assert {row: (measured[row][0], floor) for row, floor in floors.items() if measured[row][0] < floor} == {}
    assert set(measured) == set(floors)


@real
@pytest.mark.sources
@pytest.mark.long
@pytest.mark.timeout(900)
def test_one_command_prints_the_table_and_the_misses() -> None:
    ran = CliRunner().invoke(score.main, ["--only", "scans", "--misses"])
    assert ran.exit_code == 0
    assert ran.output.startswith("scans: characters")
    assert " of  4484 " in ran.output
