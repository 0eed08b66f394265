"""Sample answers (示例): one with each thing an answer can hold, two without items, one that tries to break a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cpkb.model.answer import Answer, Citation, Figure, Item, Rest, Section, Slot
from cpkb.model.results import Snippet
from cpkb.model.source import Citation as Source
from cpkb.model.validity import Reason, Validity
from cpkb.writers.memo import Occasion

DAY = dt.date(2026, 11, 22)
OCCASION = Occasion(dt.date(2026, 11, 23), "http://127.0.0.1:8000", "/ask?q=%E9%95%80%E9%93%AC&as_of=2026-11-22")
RARE = "𠮷"
"""A character of the second plane, which the fonts of the product lack."""
ATTACK = '<b>&amp;</b>]]><w:p/><font color="red">"\'\\ %s {0} =1+1\x00\x07\x1b[31m\u202e\u200b\ufffe\ud800'
LAW = "第二条　镀铬漂洗水（含六价铬）应当回用，浓度不超过 0.5 mg/L。\n回用有困难的，应当说明理由。"


def citation(record: str, text: str, **more: object) -> Citation:
    """A citation of a sample law unless told otherwise."""
    validity = Validity(str(more.get("state", "in_force")), DAY, tuple(more.get("reasons", ())))  # type: ignore[arg-type]
    locator = str(more.get("locator", "第二条"))
    document, number = str(more.get("document", "示例清洁生产条例")), str(more.get("number", "示例令第1号"))
    page = more.get("page")
    return Citation(
        record, 2, document, number, locator, page if isinstance(page, int) else None, text, "0f" * 32, validity,
        str(more.get("authority", "official")), f"/documents/{record}#{locator}",
    )  # fmt: skip


def item(cited: Citation, title: str, *marked: str, **more: object) -> Item:
    """An item whose text begins with the decisive words."""
    return Item(title, Snippet((*((word, True) for word in marked), ("……", False))), cited, **more)  # type: ignore[arg-type]


def full() -> Answer:
    """Figures, clauses that a summary rests on, a twin, two clauses that disagree, two sections without items."""
    law = citation("sample-law", LAW, page=9)
    guide = citation(
        "sample-guide", "5.1.1 示例逆流漂洗\n漂洗水逐级回用，渗透系数 ≤10⁻⁷ cm/s，少排 CO₂。",
        document="示例可行技术指南", number="HJ 9999—2026", locator="5.1.1", page=10, authority="ocr",
    )  # fmt: skip
    old = citation(
        "sample-old", f"第一条　{RARE}镀铬漂洗水可以不回用。", document="示例旧条例", number="", locator="第一条",
        state="repealed", reasons=(Reason("2026年1月1日起废止，见《示例清洁生产条例》第三条"),),
    )  # fmt: skip
    own = citation(
        "sample-rinsing", "示例逆流漂洗\n概要：镀铬漂洗水逐级回用，示例节水。", document="示例逆流漂洗", number="",
        locator="", state="", authority="own_summary",
    )  # fmt: skip
    figures = (Figure("节水率", "65%以上", "连续三级"), Figure("漂洗级数", "3 级"))
    rests = (
        Rest(Source("示例可行技术指南", "5.1.1", "HJ 9999—2026", 9), "/documents/sample-guide#5.1.1", is_clause=True),
        Rest(Source("没有导入的文件", "第九条")),
    )
    technique = item(own, "示例逆流漂洗", "逐级回用", figures=figures, rests=rests, collection="technology")
    sections = (
        Section("technique", (technique, item(guide, "5.1 示例一般要求", is_elsewhere=True))),
        Section("duty", (item(law, "示例清洁生产条例 第二条", "漂洗水", "回用", twins=(guide,), against=(old,)),)),
        Section("ban", (item(old, "示例旧条例 第一条", "可以不回用", against=(law,)),)),
        Section("money", (), "说出所在省份和要做的改造。"),
        Section("case", (), "本库还没有这方面的案例。"),
    )
    understood = (Slot("industry", "33", "金属制品业", "镀铬"), Slot("process", "镀铬", "镀铬", "镀铬"))
    return Answer("镀铬漂洗水太多，怎么少排点", DAY, understood, sections, (item(law, "示例条例", "回用"),), "perhaps")


def nothing() -> Answer:
    """A question that nothing answers, with what comes nearest."""
    near = item(citation("sample-law", LAW), "示例清洁生产条例 第二条", "回用")
    return Answer("石墨烯废酸", DAY, (), (), (), "none", (near,))


def bare() -> Answer:
    """Nothing asked, nothing understood, nothing found."""
    return Answer("", DAY, (), (), (), "none")


def hostile() -> Answer:
    """Ten thousand characters of a question, names without end, and an attack in every text."""
    cited = citation(
        f"x{ATTACK}", f"{ATTACK}\n" * 20, document=f"{ATTACK}{'长' * 2000}", number=ATTACK * 20, locator=ATTACK,
        authority="repost",
    )  # fmt: skip
    lines = citation("lines", "行\n" * 900)
    figures = (Figure(ATTACK * 20, "9" * 4000, ATTACK),) * 6
    rests = (Rest(Source(ATTACK, ATTACK, ATTACK), f"javascript:{ATTACK}"), Rest(Source("无" * 900), ATTACK))
    items = (
        item(cited, f"{ATTACK}{'题' * 3000}", ATTACK[:3], figures=figures, rests=rests, against=(lines,)),
        item(lines, "W" * 4000, "行", twins=(cited,) * 30, against=(cited,)),
    )
    understood = (Slot("material", ATTACK, ATTACK, ATTACK),)
    return Answer(f"{ATTACK}{'问' * 10_000}", DAY, understood, (Section("duty", items),), items[:1])


ANSWERS = {"full": full, "nothing": nothing, "bare": bare, "hostile": hostile}


def quoted(answer: Answer) -> Iterator[Citation]:
    """Every citation whose words a memo quotes."""
    for one in (*answer.lead, *(item for _, item in answer.told())):
        yield one.citation
        yield from one.against
