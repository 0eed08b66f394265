"""A small library to search in: enough records to see what is found and what is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.ranking import load_ranking
from cpkb.engines.whoosh.engine import WhooshEngine
from cpkb.model.field_types import Value
from cpkb.model.passage import Passage
from cpkb.model.record import Record, Relation
from cpkb.model.results import Hit, Results
from cpkb.model.source import Citation, Source
from cpkb.pipeline.reindex import catch_up
from cpkb.search.confidence import load_confidence
from cpkb.search.find import Finder
from cpkb.search.request import parse_request
from cpkb.store.store import Store, StoredFile
from tests.analysis.shipped import LEXICON, shipped_analyzer

REPEAL = Relation("repeals", "中华人民共和国环境保护法", "2026-08-15", "第1条", "废止")


def technique(record_id: str, title: str, summary: str, **fields: Value) -> Record:
    return Record(record_id, "technology", title, {"summary": summary, **fields})


def text(record_id: str, title: str, *passages: str, relations: tuple[Relation, ...] = (), **fields: Value) -> Record:
    body = tuple(Passage(at, words, f"第{at + 1}条", (), "article") for at, words in enumerate(passages))
    return Record(record_id, "policy", title, fields, relations=relations, body=body)


def motor(record_id: str, model: str) -> Record:
    fields: dict[str, Value] = {"class": "eliminated", "kind": "equipment", "models": (model,)}
    citation = Citation("淘汰目录（第一批）", record_id, "工节〔2009〕第67号")
    return Record(record_id, "elimination", "电动机", fields, citations=(citation,), locator=record_id)


RECORDS = (
    technique("chrome-waste", "含铬废水处理", "化学还原沉淀", industry=("33",), process=("电镀",)),
    technique("chrome-six", "六价铬还原", "亚硫酸钠法", industry=("33",), process=("电镀",)),
    technique("nickel", "镍回收", "离子交换", industry=("33",)),
    technique("sewage", "废水分质收集", "分类收集", industry=("17",)),
    technique("saving", "节水器具", "逆流漂洗", industry=("17", "33")),
    technique("cement", "水泥窑协同处置", "高温焚烧", industry=("30",)),
    technique("mercury", "含汞废物回收", "蒸馏"),
    technique("dry", "干法选矿", "风力分选"),
    technique("vocs-half", "VOCs 收集", "密闭"),
    technique("vocs-full", "ＶＯＣｓ治理", "燃烧"),
    technique("dioxin-1", "二噁英控制", "急冷"),
    technique("dioxin-2", "二恶英监测", "采样"),
    motor("m-1", "Y180M-4"),
    motor("m-2", "Y180M-2"),
    motor("m-3", "JO2-51-4"),
    motor("m-4", "J02-51-4"),
    motor("m-5", "JO2-51-6"),
    text("promotion", "清洁生产促进法", "国家鼓励和促进清洁生产。", "企业可以自愿实施。", effective="2003-01-01"),
    text("wrapped", "推行方案", "全面推行清洁\n生产。", "分行业推进。", issued="2021-10-29"),
    text("comma", "工作要点", "厂区要清洁，生产要安全。", issued="2019-01-01"),
    text("audit", "清洁生产审核办法", "清洁生产审核分为自愿性审核和强制性审核。", issued="2016-05-16"),
    text("old", "环境保护法（2014修订）", "保护和改善环境。", "公民有义务保护环境。", effective="2015-01-01"),
    text("code", "生态环境法典", "保护和改善环境，废止旧法。", relations=(REPEAL,), effective="2026-08-15"),
    text("draft", "生态环境法典（草案）", "保护和改善环境。", status="draft"),
    text("undated", "环境宣言", "保护和改善环境。"),
    text("standard", "电镀可行技术指南", "逆流清洗。", number="HJ 1306—2023", issued="2023-07-01"),
    text("citing", "电镀通知", "按照HJ1306-2023执行。", number="环发〔2003〕60号", issued="2003-04-01"),
)


@dataclass(frozen=True, slots=True)
class Library:
    """The records above, stored, indexed, and ready to be asked."""

    store: Store
    engine: WhooshEngine
    analyzer: Analyzer
    finder: Finder

    def ask(self, q: str = "", **args: str | list[str]) -> Results:
        """Search as the site does, up to a hundred results."""
        given = {name: [value] if isinstance(value, str) else value for name, value in args.items()}
        return self.finder.find(parse_request({"q": [q], "limit": ["100"], **given}).query)

    def passages(self, q: str) -> list[tuple[str, str]]:
        """(record id, locator) of every passage found, ungrouped."""
        found = self.finder.find(parse_request({"q": [q], "limit": ["100"]}, grouped=False).query)
        return [(hit.record.id, hit.passage.locator) for hit in found.hits]

    def ids(self, q: str = "", **args: str | list[str]) -> set[str]:
        return {hit.record.id for hit in self.ask(q, **args).hits}

    def first(self, q: str, **args: str | list[str]) -> Hit:
        return self.ask(q, **args).hits[0]


def build(folder: Path, records: tuple[Record, ...] = RECORDS) -> Library:
    analyzer = shipped_analyzer()
    store = Store(folder / "cpkb.sqlite")
    engine = WhooshEngine(folder / "index", load_ranking(LEXICON / "ranking.toml"), analyzer.fingerprint)
    source = Source("样本", publisher="测试", file="samples/all.md", origin="imported")
    stored = [replace(record, sources=(source,)) for record in records]
    store.put_file(StoredFile("samples/all.md", "0" * 64, 1, "test", "imported"), stored)
    catch_up(store, engine, analyzer)
    return Library(
        store, engine, analyzer, Finder(store, engine, analyzer, load_confidence(LEXICON / "confidence.toml"))
    )
