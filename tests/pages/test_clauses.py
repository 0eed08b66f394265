"""Texts as they are read: lines, cells, titles and outlines."""

from __future__ import annotations

import pytest

from cpkb.model.passage import Passage
from cpkb.model.results import Snippet
from cpkb.pages.clauses import Parts, blocks, clauses, gist, outline, split, strip_start, without_locator
from cpkb.pages.links import Here, pages_around, with_query


def plain(text: str) -> Parts:
    return ((text, False),)


def unmarked(text: str) -> Snippet:
    return Snippet(plain(text))


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


def test_rows_of_unequal_length_are_evened() -> None:
    table = blocks([plain("a｜b｜c"), plain("d")[:1], plain("e｜f")])
    assert [block.kind for block in table] == ["table", "paragraph", "table"]
    assert len(blocks([plain("a｜b｜c"), plain("e｜f")])[0].rows[1]) == 3


def test_the_first_row_is_a_header_only_in_a_table() -> None:
    lines = [plain("标题"), plain("a｜b"), plain("c｜d")]
    assert [(b.kind, b.has_header) for b in blocks(lines, is_table=True)] == [("caption", False), ("table", True)]
    assert [(b.kind, b.has_header) for b in blocks(lines)] == [("paragraph", False), ("table", False)]


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
    shown = clauses(body, frozenset({1}), lambda text: Snippet(((text, True),)))
    assert [clause.blocks[0].parts for clause in shown] == [(("漂洗", False),), (("漂洗", True),)]


def test_of_a_record_the_matching_fields_are_said() -> None:
    parts: Parts = (("…机　批次：第一批　型号：", False), ("JO2", True), ("系列　理由：大", False))
    assert gist(parts) == [(("型号：", False), ("JO2", True), ("系列", False))]
    assert gist(plain("要点：甲　行业：乙")) == [plain("要点：甲")]
    assert gist((("要点：甲　行业：乙　别名：", False), ("丙", True))) == [
        plain("要点：甲"),
        (("别名：", False), ("丙", True)),
    ]


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
