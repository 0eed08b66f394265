"""Citations as text, and the texts of a work told apart."""

from __future__ import annotations

import datetime as dt
from typing import cast

from cpkb.model.passage import Passage
from cpkb.model.record import Record
from cpkb.model.source import Source
from cpkb.pages.citations import citation_text, same_work
from cpkb.store.store import Store

DAY = dt.date(2026, 11, 22)


class Parts:
    """A store that holds a code in parts, and an entry about it."""

    def __init__(self, *parts: str) -> None:
        self.records = {name: Record(name, "policy", "示例法典", body=_body(name)) for name in parts}
        self.entry = Record("entry", "policy", "示例法典", sources=(Source("登记"),))

    def same_work(self, _: Record) -> list[tuple[Record, bool]]:
        return [(self.entry, False), *((Record(name, "policy", "示例法典"), True) for name in self.records)]

    def record(self, name: str) -> Record:
        return self.records[name]


def _body(part: str) -> tuple[Passage, ...]:
    return (Passage(0, "文", "第一条", (part, "第一章　总则")), Passage(1, "文", "第二条", (part,)))


def test_parts_of_a_code_are_told_apart_and_in_order() -> None:
    store = Parts("第十编　附则", "第二编　防治", "第一章　全文")
    texts = same_work(store.entry, cast("Store", store))
    assert [text.part for text in texts] == ["第二编　防治", "第十编　附则", "", ""]


def test_a_citation_says_validity_and_the_day_it_was_looked_at() -> None:
    law = Record("x", "policy", "示例法")
    guide = Record("x", "guideline", "示例指南", {"number": "HJ 1—2026"})
    clause = Passage(0, "文", "第二十七条")
    assert (
        citation_text(law, clause, "2026-08-15 废止", DAY) == "《示例法》第二十七条（2026-08-15 废止；2026-11-22 查看）"
    )
    paged = Passage(0, "文", "5.1", page=9)
    assert citation_text(guide, paged, "现行", DAY) == "《示例指南》HJ 1—2026 5.1（第 9 页；现行；2026-11-22 查看）"
    assert citation_text(guide, Passage(0, "文"), "", DAY) == "《示例指南》HJ 1—2026（2026-11-22 查看）"
