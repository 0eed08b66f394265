"""The query syntax, as a table: what is typed and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpkb.model.query import AllOf, AnyOf, InField, Node, Not, Phrase, Words
from cpkb.search.text import QUERY_LENGTH, parse_text

FIELDS = ("标题", "title", "行业")

MEANINGS: list[tuple[str, tuple[Node, ...]]] = [
    ("", ()),
    ("  \n ", ()),
    ("清洁生产", (Words("清洁生产"),)),
    ("清洁生产 审核", (Words("清洁生产 审核"),)),
    ("清洁生产　审核", (Words("清洁生产 审核"),)),
    ('"清洁生产"', (Phrase("清洁生产"),)),
    ("“清洁生产”", (Phrase("清洁生产"),)),
    ("「清洁生产」", (Phrase("清洁生产"),)),
    ("『清洁生产』", (Phrase("清洁生产"),)),
    ('"清洁 生产"', (Phrase("清洁 生产"),)),
    ('审核 "清洁生产" 办法', (Words("审核 办法"), Phrase("清洁生产"))),
    ("-审核", (Not(Phrase("审核")),)),
    ("－审核", (Not(Phrase("审核")),)),
    ('-"强制性 审核"', (Not(Phrase("强制性 审核")),)),
    ("清洁生产 -审核", (Words("清洁生产"), Not(Phrase("审核")))),
    ("Y180M-4", (Words("Y180M-4"),)),
    ("HJ 1306-2023", (Words("HJ 1306-2023"),)),
    ("铬 OR 镍", (AnyOf((Words("铬"), Words("镍"))),)),
    ("铬 | 镍", (AnyOf((Words("铬"), Words("镍"))),)),
    ("铬 OR 镍 OR 锑", (AnyOf((Words("铬"), Words("镍"), Words("锑"))),)),
    ('铬 OR "电镀 污泥"', (AnyOf((Words("铬"), Phrase("电镀 污泥"))),)),
    ("废水 铬 OR 镍", (Words("废水"), AnyOf((Words("铬"), Words("镍"))))),
    ("OR 铬", (Words("OR 铬"),)),
    ("铬 OR", (Words("铬"),)),
    ("铬 or 镍", (Words("铬 or 镍"),)),
    ("标题:废水", (InField("标题", "废水"),)),
    ("标题：废水", (InField("标题", "废水"),)),
    ("title:废水 铬", (InField("title", "废水"), Words("铬"))),
    ('标题:"废水"', (InField("标题", "废水"),)),
    ("-行业:33", (Not(InField("行业", "33")),)),
    ("颜色:红", (Words("颜色:红"),)),
    ("比例 1:2", (Words("比例 1:2"),)),
    ("http://example.org", (Words("http://example.org"),)),
    ("标题:", (Words("标题:"),)),
    ('"', (Words('"'),)),
    ('"没有关上', (Words('"没有关上'),)),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "nodes"), MEANINGS, ids=[typed for typed, _ in MEANINGS])
def test_what_is_typed_means(typed: str, nodes: tuple[Node, ...]) -> None:
    assert parse_text(typed, FIELDS) == AllOf(nodes)


def test_synonyms_can_be_switched_off_for_plain_words() -> None:
    assert parse_text("水银 电池", FIELDS, synonyms=False) == AllOf((Words("水银 电池", synonyms=False),))


def test_a_pasted_page_is_asked_by_its_beginning() -> None:
    (node,) = parse_text("水" * 50_000, FIELDS).nodes
    assert node == Words("水" * QUERY_LENGTH)


@given(st.text())
def test_every_text_can_be_parsed(typed: str) -> None:
    assert isinstance(parse_text(typed, FIELDS), AllOf)


@given(st.text(alphabet='清洁生产"-:：标题OR| “”', max_size=30))
def test_every_tangle_of_signs_can_be_parsed(typed: str) -> None:
    assert all(not isinstance(node, AllOf) for node in parse_text(typed, FIELDS).nodes)
