"""The site the page tests look at: the shipped corpus, two sample texts and records that try to break a page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from cpkb.consultation.citations import cited_in
from cpkb.consultation.request import parse_ask
from cpkb.consultation.shapes import kept_shape
from cpkb.knowledge_base import KnowledgeBase, open_knowledge_base
from cpkb.model.field_types import Value
from cpkb.model.markup import passages
from cpkb.model.passage import Passage
from cpkb.model.record import Record, Relation
from cpkb.model.source import Citation, Source
from cpkb.pipeline.reindex import catch_up
from cpkb.settings import Settings
from cpkb.store.imports import FileLine, Imports
from cpkb.store.kept import KeptAnswer
from cpkb.store.store import StoredFile
from tests.extract.pdf_writer import Sheet, pdf

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
FORMULA = '=HYPERLINK("http://x.invalid","点我")'
LAW, OLD_LAW, GUIDE, LONG = "sample-law", "sample-old-law", "sample-guide", "sample-long-law"
HANDBOOK, LIMIT, DUTY, PARTNER = "sample-handbook", "sample-limit-chromium", "sample-duty-2", "sample-ion-exchange"
ANSWER = "sample-answer"
TECHNOLOGY, LISTED, HOSTILE_ID, REGISTERED = "sample-rinsing", "sample-motor", "sample-hostile", "sample-guide-register"
LONG_ARTICLES = 1242  # as many as the longest real law

_CHAPTERS = ("第一章　总则", "第二章　义务")


def _source(title: str, file: str, **more: str) -> Source:
    return Source(title, "示例出版者", file=file, sha256="0f" * 32, retrieved="2026-11-01", **more)


def _law() -> Record:
    body = (
        Passage(0, "2025年3月1日通过", "题注", (), "preface"),
        Passage(1, "第一条　为了试验网页，制定本条例。", "第一条", _CHAPTERS[:1], "article"),
        Passage(2, "第二条　镀铬漂洗水应当回用。\n回用有困难的，应当说明理由。", "第二条", _CHAPTERS[1:], "article"),
        Passage(3, "第三条　本条例自2026年1月1日起施行，《示例旧条例》同时废止。", "第三条", _CHAPTERS[1:], "article"),
    )
    return Record(
        LAW,
        "policy",
        "示例清洁生产条例",
        {"number": "示例令第1号", "issuer": "示例机关", "issued": "2025-03-01", "effective": "2026-01-01"},
        (_source("示例清洁生产条例", "samples/law.md", authority="sample"),),
        relations=(
            Relation("repeals", "示例旧条例", "2026-01-01", "第三条", "同时废止"),
            Relation("repeals", "示例停用办法", "", "第二条", "《示例停用办法》停止执行。", is_proposed=True),
        ),
        body=body,
    )


def _earlier_law() -> Record:
    """What the law's file said before it was corrected."""
    law = _law()
    body = tuple(replace(p, text=p.text.replace("应当回用", "可以回用")) for p in law.body)
    return replace(law, body=body, sources=(replace(law.source, sha256="0e" * 32),))


def _old_law() -> Record:
    body = (Passage(0, "第一条　旧的规定。", "第一条", (), "article"),)
    fields = {"issued": "2003-01-01", "effective": "2003-02-01"}
    return Record(OLD_LAW, "policy", "示例旧条例", fields, (_source("示例旧条例", "samples/old.md"),), body=body)


def _guide() -> Record:
    table = (
        "表1 示例可行技术\n可行技术｜排放水平｜适用条件\n示例漂洗｜六价铬 <0.1 mg/L｜挂镀线\n示例交换｜总铬 <0.5 mg/L｜"
    )
    body = (
        Passage(0, "示例标准\nHJ 9999—2026", "封面", (), "preface", 1),
        Passage(1, "5.1 一般要求\n采用示例逆流漂洗。", "5.1", ("5 示例预防技术",), "clause", 9),
        Passage(2, "5.1.1 示例逆流漂洗\n漂洗水逐级回用。", "5.1.1", ("5 示例预防技术", "5.1 一般要求"), "clause", 9),
        Passage(3, table, "表1", ("5 示例预防技术",), "table", 10),
    )
    fields = {"number": "HJ 9999—2026", "issuer": "示例机关", "effective": "2026-06-01", "kind": "available_techniques"}
    return Record(
        GUIDE, "guideline", "示例可行技术指南", fields, (_source("示例指南", "samples/guide.pdf"),), body=body
    )


def _long_law() -> Record:
    text = "县级以上地方人民政府应当组织有关部门对本行政区域内的企业实施监督检查，发现问题的，责令限期改正。" * 2
    body = tuple(
        Passage(at, f"示例第{at + 1}条　{text}", f"示例第{at + 1}条", (f"第{at // 50 + 1}章　示例",), "article")
        for at in range(LONG_ARTICLES)
    )
    source = _source("示例长法典", "samples/long.md")
    return Record(LONG, "policy", "示例长法典", {"effective": "2026-08-15"}, (source,), body=body)


HANDBOOK_TEXT = f"""
这份示例读本给小厂业主看。先做**不花钱的**。

## 先省示例水

漂洗是用水大户，改成 [[{TECHNOLOGY}]]，再配 [[{PARTNER}|离子交换]]。

- 先装水表
- 再改逆流

### 花多少示例钱

| 做法 | 节水 | 见 |
|---|---|---|
| 逆流 | 65% | [[{LAW}|条例]] |

## 管住示例铬

1. 分质收集
2. 还原沉淀

> 提示：不要混排。

去 [搜索](/search?q=六价铬) 再看看。
"""


def _handbook() -> Record:
    summary = "示例读本的要点：先省水，再管铬。"
    fields: dict[str, Value] = {
        "kind": "industry_guide",
        "industry": ("33",),
        "summary": summary,
        "text": HANDBOOK_TEXT,
    }
    source = _source("示例读本", "samples/handbook.md", authority="own_summary")
    return Record(HANDBOOK, "handbook", "示例电镀读本", fields, (source,), body=passages(summary, HANDBOOK_TEXT))


def _parts() -> list[Record]:
    """Limits of the guide and duties of the law; one of each has days of its own."""
    limit: dict[str, Value] = {
        "standard": "HJ 9999—2026", "guideline": GUIDE, "medium": "water", "unit": "mg/L", "pollutant": "总铬",
    }  # fmt: skip
    duty: dict[str, Value] = {"policy": LAW, "who": ("企业",), "kind": "duty"}
    source = (_source("示例限值", "samples/limits.toml", authority="own_summary"),)
    new: dict[str, Value] = {"value": "0.5", "applies": "new", "effective": "2099-01-01"}
    rows = [
        (LIMIT, "limit", "总铬", limit | {"value": "1.0", "applies": "existing"}, "表1"),
        ("sample-limit-new", "limit", "总铬（新建）", limit | new, "表1"),
        ("sample-duty-10", "duty", "说明理由", duty | {"summary": "回用有困难的说明理由。"}, "第十条"),
        (DUTY, "duty", "漂洗水要回用", duty | {"summary": "镀铬漂洗水应回用。", "repealed": "2026-05-01"}, "第二条"),
    ]
    named = {"limit": ("示例可行技术指南", "HJ 9999—2026"), "duty": ("示例清洁生产条例", "示例令第1号")}
    return [
        Record(id_, collection, title, fields, source, (Citation(named[collection][0], place, named[collection][1]),))
        for id_, collection, title, fields, place in rows
    ]


def _records() -> list[Record]:
    technology = Record(
        TECHNOLOGY,
        "technology",
        "示例逆流漂洗",
        {
            "summary": "镀铬漂洗水逐级回用，示例节水。",
            "plain_title": "示例镀件洗水太费怎么办",
            "industry": ("33",),
            "process": ("清洗",),
            "kind": "prevention",
            "figures": ("节水率：65%以上（连续三级）", "漂洗级数：3 级"),
            "combines_with": (PARTNER,),
        },
        (_source("示例指南", "samples/own.toml", authority="own_summary"),),
        (Citation("示例可行技术指南", "5.1.1", "HJ 9999—2026", 9), Citation("没有导入的文件", "第九条")),
    )
    listed = Record(
        LISTED,
        "elimination",
        "示例老电机",
        {"class": "eliminated", "kind": "equipment", "models": ("ZZ9-77",), "ocr_doubt": "ZZ9→229"},
        (_source("示例目录", "samples/list.tsv", authority="ocr"),),
        (Citation("示例目录", "7-7"),),
        locator="7-7",
    )
    hostile = Record(
        HOSTILE_ID,
        "technology",
        f"敌意标题{HOSTILE}",
        {"summary": f"敌意内容{HOSTILE}", "principle": FORMULA, "process": (HOSTILE,)},
        (_source(HOSTILE, HOSTILE, address='https://example.invalid/"><script>'),),
    )
    partner = Record(
        PARTNER,
        "technology",
        "示例离子交换",
        {"summary": "示例回收镍铬。", "industry": ("33",), "kind": "recovery"},
        (_source("示例指南", "samples/partner.toml", authority="own_summary"),),
    )
    register = Record(
        REGISTERED,
        "guideline",
        "示例可行技术指南",
        {"summary": "登记的要点"},
        (_source("登记", "samples/register.toml"),),
    )
    return [
        technology,
        partner,
        listed,
        hostile,
        register,
        _handbook(),
        *_parts(),
        _law(),
        _old_law(),
        _guide(),
        _long_law(),
    ]


def build(home: Path) -> KnowledgeBase:
    """An open home with everything in it, indexed; ``home`` holds the shipped corpus already."""
    kb = open_knowledge_base(Settings(home=home))
    kb.store.put_file(StoredFile("samples/law.md", "01" * 32, 1, "sample-1", "imported"), [_earlier_law()])
    records = _records()
    for file in dict.fromkeys(record.source.file for record in records):
        said = [record for record in records if record.source.file == file]
        kb.store.put_file(StoredFile(file, "00" * 32, 1, "sample-1", "imported"), said)
    _add_originals(kb.settings.originals)
    _add_import(kb.store.imports)
    catch_up(kb.store, kb.engine, kb.analyzer)
    kb.completer.read()
    told = kb.consultant.answer(parse_ask({"q": ["示例 镀铬漂洗水应当回用"], "as_of": ["2026-11-22"]}))
    kept = KeptAnswer(ANSWER, told.question, "2026-11-22", kept_shape(told))
    kb.store.kept.keep(kept, cited_in(told))
    return kb


def _add_originals(originals: Path) -> None:
    """The files that the guide (ten pages), a list and the law's earlier text were read from."""
    guide = pdf(*(Sheet().text(60, 700, f"示例指南第{number}页") for number in range(1, 11)))
    for name, data in ((f"{'0f' * 32}.pdf", guide), (f"{'0f' * 32}.tsv", b"7-7\tZZ9-77\n"), (f"{'0e' * 32}.md", b"1")):
        (originals / name[:2]).mkdir(parents=True, exist_ok=True)
        (originals / name[:2] / name).write_bytes(data)


def _add_import(imports: Imports) -> None:
    """An import with a line of every kind."""
    job = imports.begin(["/home/secret/samples", "https://example.invalid/notice"])
    stored = FileLine("samples/guide.pdf", "stored", 1, 4, 1, ("示例指南：5.1 示例的值没有对上",))
    failed = FileLine(f"samples/{HOSTILE}.pdf", "failed", problems=(f"PDF 损坏{HOSTILE}",))
    imports.note(job, [stored, failed, FileLine("samples/law.md", "unchanged")])
    imports.note(job, [FileLine(f"samples/{at:03}.xyz", "skipped", problems=("不认识的格式",)) for at in range(120)])
    imports.expect(job, 0)
    imports.end(job, "done")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """An app served for real on this machine; its address."""
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}"
    finally:  # a test that fails must not leave a thread that the whole run would wait for
        listening.shutdown()
        thread.join()
        listening.server_close()
