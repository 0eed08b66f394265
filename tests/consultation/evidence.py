"""Passages that are retold in tests: all of them made up (示例), in a real store, as an answer cites them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cpkb.consultation.citations import version_of
from cpkb.model.answer import Answer, Citation, Figure, Item, Section
from cpkb.model.passage import Passage
from cpkb.model.record import Record, passages_of
from cpkb.model.results import Snippet
from cpkb.model.source import Source
from cpkb.model.validity import Validity
from cpkb.store.store import Store, StoredFile

DAY = dt.date(2026, 11, 22)
LAW, GUIDE, TECHNOLOGY, LIMIT = "law", "guide", "technology", "limit"
ARTICLES = (
    ("第二条", "第二条　镀铬漂洗水应当回用。\n回用有困难的，应当说明理由。"),
    (
        "第五条",
        "第五条　年用水量十万吨以上的企业，应当自2026年8月15日起按月向县级主管部门报告用水量，不得瞒报；"
        "但停产企业除外。",
    ),
    ("第七条", "第七条　禁止使用含氰镀锌工艺。军品镀锌除外。"),
    ("第九条", "第九条　企业不公布能耗信息的，由县级主管部门责令公布，可以处十万元以下的罚款。"),
    ("第十条", "第十条　重点企业应当每五年实施一次清洁生产审核，并将结果报省级主管部门。"),
    (
        "第十一条",
        "第十一条　有下列情形之一的企业，应当实施强制性清洁生产审核：\n"
        "（一）污染物排放超过标准的；\n（二）使用有毒原料进行生产的。",
    ),
    (
        "第十三条",
        "第十三条　同时符合下列条件的企业，可以申请补助：\n（一）完成审核；\n（二）没有受过处罚。\n"
        "补助不超过投资的30%。",
    ),
)
CLAUSES = (
    (
        "5.1.1",
        "5.1.1 逆流漂洗\n连续三级逆流漂洗可节水65%以上，适用于挂镀线。间歇逆流漂洗的节水率为40%～60%。",
    ),
    ("5.2", "5.2 离子交换\n离子交换适用于含镍废水，进水悬浮物应低于20 mg/L，镍回收率可达98%。"),
    ("6.1", "6.1 排放水平\n新建企业六价铬排放浓度为0.1 mg/L，现有企业六价铬排放浓度为0.2 mg/L。"),
    ("6.2", "6.2 总铬\n电镀企业总铬排放浓度不超过0.5 mg/L，自2027年1月1日起执行。"),
    ("6.3", "6.3 皮革\n制革企业总铬排放浓度不超过1.5 mg/L，化学需氧量去除率为85%。"),
)


def records() -> list[Record]:
    """A law, a guide, a technique and a limit."""
    law = Record(LAW, "policy", "示例节水条例", {"number": "示例令第7号", "effective": "2026-01-01"})
    guide = Record(GUIDE, "guideline", "示例可行技术指南", {"number": "SL 1—2026", "effective": "2026-01-01"})
    technique = Record(
        TECHNOLOGY,
        "technology",
        "示例蒸发回收",
        {
            "summary": "镀槽溶液蒸发浓缩后回槽，铬酐用量减少。",
            "conditions": "只用于镀铬槽。",
            "figures": ("铬酐用量：减少 30%（常压蒸发）",),
        },
    )
    limit = Record(
        LIMIT,
        "limit",
        "示例标准 总镍",
        {"guideline": GUIDE, "pollutant": "总镍", "value": "0.5", "unit": "mg/L", "applies": "new", "medium": "water"},
    )
    bodied = [
        replace(law, body=_body(ARTICLES, "article")),
        replace(guide, body=_body(CLAUSES, "clause")),
        technique,
        limit,
    ]
    return [replace(r, sources=(Source("示例", file="sample.md", sha256="ab" * 32),)) for r in bodied]


def _body(texts: tuple[tuple[str, str], ...], kind: str) -> tuple[Passage, ...]:
    return tuple(Passage(at, text, locator, kind=kind) for at, (locator, text) in enumerate(texts))


def put(store: Store, *given: Record) -> None:
    """Store records as one file says them."""
    store.put_file(StoredFile("sample.md", "ab" * 32, 1, "sample-1", "imported"), list(given))


def answer(given: list[Record], question: str = "示例问题", state: str = "in_force") -> Answer:
    """An answer that cites every passage, in their order: the first has the number 1."""
    items = [_item(record, passage, state) for record in given for passage in passages_of(record)]
    return Answer(question, DAY, (), (Section("technique", tuple(items)),))


def _item(record: Record, passage: Passage, state: str) -> Item:
    citation = Citation(
        record.id, passage.ordinal, record.title, record.value("number"), passage.locator, None, passage.text,
        version_of(record, passage), Validity(state, DAY), "repost", f"{record.address}#{passage.anchor}", "sample.md",
    )  # fmt: skip
    figures = {
        TECHNOLOGY: (Figure("铬酐用量", "减少 30%", "常压蒸发"),),
        LIMIT: (Figure("总镍", "0.5 mg/L", "新建企业"),),
    }.get(record.id, ())
    title = f"{record.title} {passage.locator}" if record.collection == "policy" else record.title
    text = Snippet(((passage.text, False),))
    return Item(title, text, citation, figures=figures, collection=record.collection)
