"""Marks: what starts a part, an article, a clause, a table, and what only looks so."""

from __future__ import annotations

import pytest

from cpkb.extract import marks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第一章　总则", (3, "第一章　总则")),
        ("第二编 污染防治", (1, "第二编　污染防治")),
        ("第一分编　通则", (2, "第一分编　通则")),
        ("第 三 节 示例", (4, "第三节　示例")),
        ("第三节 示例", (4, "第三节　示例")),
        ("第八章 附 则", (3, "第八章　附则")),
        ("第六章", (3, "第六章")),
        ("第一章规定的示例。", None),
        ("第二章的示例", None),
    ],
)
def test_a_part_is_known_by_its_mark(text: str, found: tuple[int, str] | None) -> None:
    assert marks.part(text) == found


@pytest.mark.parametrize(
    ("text", "previous", "found"),
    [
        ("第一条　示例。", 0, (1, "第一条")),
        ("第一条【目的】示例。", 0, (1, "第一条")),
        ("第一条为了示例。", 0, (1, "第一条")),
        ("第二条之一　示例。", 2, (2, "第二条之一")),
        ("第十二条 示例。", 9, (12, "第十二条")),
        ("第一条 另一文本。", 40, (1, "第一条")),
        ("第三条第二款规定的示例。", 2, None),
        ("第三条规定的示例。", 2, None),
        ("第三条 示例。", 7, None),
        ("第三条、第四条的示例。", 2, None),
    ],
)
def test_an_article_must_follow_the_one_before(text: str, previous: int, found: tuple[int, str] | None) -> None:
    assert marks.article(text, previous) == found


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("5 污染预防技术", "5", "污染预防技术"),
        ("5.2.1 逆流清洗", "5.2.1", "逆流清洗"),
        ("5.2. 新建工地", "5.2", "新建工地"),
        ("1．2  示例", "1.2", "示例"),
        ("A.1.2 示例", "A.1.2", "示例"),
        ("3.4", "3.4", ""),
        ("6.2.4 VOCs 治理", "6.2.4", "VOCs 治理"),
        ("4.3 98 示例产品", "4.3", "98 示例产品"),
    ],
)
def test_a_clause_head_is_read(text: str, number: str, rest: str) -> None:
    found = marks.clause(text)
    assert found is not None
    assert (found.number, found.rest) == (number, rest)


@pytest.mark.parametrize("text", ["5～10 mg/L", "2.5～3；沉淀", "10，反应后", "0.5 0.6 0.7", "示例", "2031-05-06"])
def test_quantities_are_no_clause_heads(text: str) -> None:
    assert marks.clause(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("表 1 示例温度", ("表1", False)),
        ("表 A.1 示例", ("表A.1", False)),
        ("表2（示例）", ("表2", False)),
        ("续表 3", ("表3", True)),
        ("表 1 中的方法应当采用。", None),
        ("表面处理", None),
    ],
)
def test_a_table_caption_is_told_from_a_sentence(text: str, found: tuple[str, bool] | None) -> None:
    assert marks.caption(text) == found


@pytest.mark.parametrize(
    ("text", "name"), [("附件", "附件"), ("附件1", "附件1"), ("附件 2：", "附件2"), ("附表一 示例", "附表一")]
)
def test_an_attachment_starts(text: str, name: str) -> None:
    assert marks.attachment(text) == name


@pytest.mark.parametrize("text", ["附件：1.示例表", "附则", "附件所列的方法应当采用。", "附近的示例"])
def test_a_list_of_attachments_starts_none(text: str) -> None:
    assert marks.attachment(text) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、示例", (0, 1, "一")),
        ("（十五）示例", (1, 15, "（十五）")),
        ("3.示例", (2, 3, "3")),
        ("3、示例", (2, 3, "3")),
        ("(2)示例", (3, 2, "（2）")),
        ("0. 02", None),
        ("3.5 示例", None),
        ("一是示例", None),
    ],
)
def test_an_item_of_a_notice_is_known_by_its_mark(text: str, found: tuple[int, int, str] | None) -> None:
    assert marks.outline(text) == found
