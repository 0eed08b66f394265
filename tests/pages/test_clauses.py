"""Texts as they are read: lines, cells, titles and outlines."""

from __future__ import annotations

import pytest

from cpkb.model.passage import Passage
from cpkb.pages.clauses import blocks, clauses, outline, part_of, split, strip_start, without_locator
from cpkb.pages.excerpts import Fact, best_lines
from cpkb.pages.links import Here, pages_around, with_query
from cpkb.pages.tables import Parts, Row, header_of, parted


def plain(text: str) -> Parts:
    return ((text, False),)


def unmarked(text: str) -> Parts:
    return plain(text)


@pytest.mark.parametrize(
    ("parts", "pieces"),
    [
        (plain("a｜b"), [plain("a"), plain("b")]),
        ((("a｜", False), ("b", True), ("c", False)), [plain("a"), (("b", True), ("c", False))]),
        ((("a｜b", True),), [(("a", True),), (("b", True),)]),
        (plain("｜b"), [(), plain("b")]),
        ((), [()]),
    ],
)
def test_parts_are_cut_with_their_marks(parts: Parts, pieces: list[Parts]) -> None:
    assert split(parts, "｜") == pieces


@pytest.mark.parametrize(
    ("parts", "length", "rest"),
    [
        (plain("第一条　为了"), 3, plain("为了")),
        ((("第一", True), ("条 为", False), ("了", True)), 3, (("为", False), ("了", True))),
        (plain("第一条"), 3, ()),
    ],
)
def test_a_number_is_taken_from_the_start(parts: Parts, length: int, rest: Parts) -> None:
    assert strip_start(parts, length) == rest


def test_a_snippet_from_the_middle_keeps_its_start() -> None:
    assert without_locator(plain("…第一条"), "第一条") == plain("…第一条")
    assert without_locator(plain("第一条 为了"), "第一条") == plain("为了")


def test_rows_with_cells_are_tables() -> None:
    assert [b.kind for b in blocks([plain("a｜b｜c"), plain("d"), plain("e｜f")])] == ["table", "paragraph", "table"]
    assert blocks([plain("a｜b｜c"), plain("e｜f")])[0].width == 3


def test_the_first_row_is_a_header_only_in_a_table() -> None:
    lines = [plain("标题"), plain("a｜b"), plain("c｜d")]
    assert [(b.kind, bool(b.header.rows)) for b in blocks(lines, is_table=True)] == [
        ("caption", False),
        ("table", True),
    ]
    assert [(b.kind, bool(b.header.rows)) for b in blocks(lines)] == [("paragraph", False), ("table", False)]


def test_a_clause_title_stands_as_the_heading_of_what_follows() -> None:
    body = (
        Passage(0, "5.1 要求\n文。", "5.1", ("5 技术",)),
        Passage(1, "5.1.1 漂洗\n文。", "5.1.1", ("5 技术", "5.1 要求")),
        Passage(2, "5.2 另外\n文。", "5.2", ("5 技术",)),
    )
    shown = clauses(body, frozenset(), unmarked)
    assert [clause.opens for clause in shown] == [((1, "5 技术"),), (), ()]
    assert [entry.title for entry in outline(shown)[0].inside] == ["5.1 要求", "5.2 另外"]


def test_only_hits_are_marked() -> None:
    body = (Passage(0, "漂洗"), Passage(1, "漂洗"))
    shown = clauses(body, frozenset({1}), lambda text: ((text, True),))
    assert [clause.blocks[0].parts for clause in shown] == [(("漂洗", False),), (("漂洗", True),)]


def test_of_a_record_the_matching_fields_are_said() -> None:
    badge = Fact("class", "类别", (("淘汰", True),))
    model = Fact("models", "型号", (("JO2", True), ("系列", False)))
    reason, summary = Fact("reason", "理由", plain("大")), Fact("summary", "要点", plain("甲"))
    alias = Fact("aliases", "别名", (("丙", True),))
    assert best_lines([model, badge, reason]) == [model.line]
    assert best_lines([reason, alias]) == [alias.line, reason.line]
    assert best_lines([summary, reason]) == [plain("要点：")[:1] + plain("甲")]
    assert best_lines([badge]) == [badge.line]


def cells(*texts: str) -> Row:
    return tuple(plain(text) for text in texts)


def named(rows: list[Row]) -> tuple[str, ...]:
    above, below = parted(rows)
    return header_of(above, below).labels if above else ()


def test_a_name_over_several_columns_belongs_to_each() -> None:
    rows = [cells("序号", "水平", "目标"), cells("序号", "BOD5", "SS", "目标"), cells("1", "80", "50", "间接")]
    assert named(rows) == ("序号", "水平 · BOD5", "水平 · SS", "目标")
    first, second = header_of(*parted(rows)).rows
    assert [(cell.columns, cell.rows) for cell in first] == [(1, 2), (2, 1), (1, 2)]
    assert [cell.column for cell in second] == [1, 2]


def test_a_name_repeated_over_its_columns_is_the_same() -> None:
    rows = [cells("号", "水平", "水平"), cells("号", "BOD5", "SS"), cells("1", "80", "50")]
    assert named(rows) == ("号", "水平 · BOD5", "水平 · SS")
    assert [cell.columns for cell in header_of(*parted(rows)).rows[0]] == [1, 2]


def test_names_side_by_side_are_one_where_those_above_them_are() -> None:
    rows = [cells("号", "直接", "直接", "间接"), cells("号", "限值", "限值", "限值"), cells("1", "a", "b", "c")]
    assert [cell.columns for cell in header_of(*parted(rows)).rows[1]] == [2, 1]
    assert named([cells("税目", "税目", "税额"), cells("固废", "尾矿", "15")]) == ("税目", "税目", "税额")
    only = header_of([cells("税目", "税目", "税额")], [cells("a", "b", "c")]).rows[0]
    assert [cell.columns for cell in only] == [2, 1]


def test_names_that_may_stand_over_any_column_are_not_said() -> None:
    rows = [cells("号", "产品", "行业"), cells("号", "名", "码", "名", "码"), cells("1", "a", "b", "c", "d")]
    assert named(rows) == ("号", "名", "码", "名", "码")
    assert [(cell.columns, cell.is_certain) for cell in header_of(*parted(rows)).rows[0]] == [(1, True), (4, False)]
    assert named([cells("技术", "水平", "条件"), cells("1", "a", "b", "c")]) == ()


@pytest.mark.parametrize("first", [cells("1", "a"), cells("涂装", "5～6"), cells("涂装", "—")])
def test_a_table_that_goes_on_has_no_head(first: Row) -> None:
    assert parted([first, cells("x", "y")]) == ((), (first, cells("x", "y")))


def test_rows_that_all_begin_alike_are_data() -> None:
    assert parted([cells("涂装", str(n)) for n in range(5)] + [cells("总装", "x")])[0] == ()


def test_a_row_that_lost_a_cell_is_not_labelled() -> None:
    table = blocks([plain("a｜b"), plain("c｜d"), plain("分组"), plain("e｜f｜")[:1]], is_table=True)[0]
    assert [len(row) for row in table.rows] == [2, 1, 3]
    assert table.labels(table.rows[0]) == ("", "")
    whole = blocks([plain("a｜b"), plain("c｜d"), plain("分组"), plain("e｜f")], is_table=True)[0]
    assert [whole.labels(row) for row in whole.rows] == [("a", "b"), ("",), ("a", "b")]


def test_a_part_of_a_code_is_named() -> None:
    assert part_of([Passage(0, "题", "", ()), Passage(1, "文", "第一条", ("第五编　附则", "第一章"))]) == "第五编　附则"
    assert part_of([Passage(0, "文", "", ("第一编",)), Passage(1, "文", "", ("第二编",))]) == ""
    assert part_of([Passage(0, "文", "", ("第一章　总则",))]) == ""


def test_links_change_one_thing() -> None:
    here = Here.of("/search", {"q": ["a b"], "kind": ["x", "y"], "page": ["3"], "sort": [""]})
    assert here.plus("kind", "z") == "/search?q=a%20b&kind=x&kind=y&kind=z"
    assert here.minus("kind", "x") == "/search?q=a%20b&kind=y"
    assert here.minus("kind") == "/search?q=a%20b"
    assert here.having("q", "") == "/search?kind=x&kind=y"
    assert here.turned(2) == "/search?q=a%20b&kind=x&kind=y&page=2"
    assert here.turned(1) == "/search?q=a%20b&kind=x&kind=y"
    assert here.at("/search.csv") == "/search.csv?q=a%20b&kind=x&kind=y"
    assert here.hidden("q") == [("kind", "x"), ("kind", "y")]


def test_a_query_goes_before_the_fragment() -> None:
    assert with_query("/documents/x#第一条", q="铬", as_of="") == "/documents/x?q=%E9%93%AC#%E7%AC%AC%E4%B8%80%E6%9D%A1"
    assert with_query("/documents/x") == "/documents/x"


@pytest.mark.parametrize(
    ("current", "last", "row"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 10, [1, None, 3, 4, 5, 6, 7, None, 10]),
        (10, 10, [1, None, 8, 9, 10]),
    ],
)
def test_page_numbers_show_gaps(current: int, last: int, row: list[int | None]) -> None:
    assert pages_around(current, last) == row
