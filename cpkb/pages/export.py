"""Take away (导出): search results and whole collections as CSV that opens in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flask import Blueprint, Response, g, request

from cpkb.engines.query import MAX_DEPTH
from cpkb.knowledge_base import KnowledgeBase
from cpkb.model.collection import Collection
from cpkb.model.passage import cut
from cpkb.model.record import Record
from cpkb.model.results import Hit
from cpkb.model.validity import HOLDING, STATES
from cpkb.pages.links import addressed
from cpkb.pages.parameters import asked, named, only
from cpkb.search.request import parse_request
from cpkb.search.shapes import document_of

pages = Blueprint("export", __name__)
MARK = "\ufeff"
"""Spreadsheets take a CSV for the system's old encoding unless it begins with this."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 500  # records read at a time
_HEADER = ("类别", "标题", "文号", "所在文件", "位置", "内容", "效力", "发布日期", "施行日期", "来源", "地址")


@pages.get("/search.csv")
def search_csv() -> Response:
    """The results of a search, at most as many as can be turned to."""
    wanted = parse_request({name: values for name, values in asked().items() if name not in ("page", "limit")})
    kb: KnowledgeBase = g.kb
    hits = kb.finder.find(replace(wanted.query, limit=MAX_DEPTH, facets=(), explained=False)).hits
    return _sheet("search", (_HEADER, *(_line(hit) for hit in hits)))


@pages.get("/collections/<name>.csv")
def collection_csv(name: str) -> Response:
    """A whole collection, a column for each declared field."""
    only()
    kb: KnowledgeBase = g.kb
    declared = named(name)
    header = ("编号", "标题", "位置", *(f.label for f in declared.fields.values()), "来源", "可信度", "地址")
    return _sheet(name, (header, *(_row(record, declared) for record in _records(name, kb))))


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(hit: Hit) -> tuple[str, ...]:
    record = hit.record
    return (
        record.declared.label,
        record.title,
        record.value("number"),
        document_of(record),
        hit.passage.locator,
        cut(hit.passage.text),
        STATES[hit.validity.state] if record.collection in HOLDING else "",
        record.value("issued"),
        record.value("effective"),
        record.source.title,
        request.url_root.rstrip("/") + hit.address,
    )


def _row(record: Record, declared: Collection) -> tuple[str, ...]:
    cells = (f.show(record.fields[f.name]) if f.name in record.fields else "" for f in declared.fields.values())
    source = record.source
    address = request.url_root.rstrip("/") + record.address
    return (record.id, record.title, record.locator, *cells, source.title, source.authority, address)


def _records(name: str, kb: KnowledgeBase) -> Iterator[Record]:
    offset = 0
    while heads := kb.store.browse(name, offset, _BATCH):
        yield from map(addressed, heads)
        offset += _BATCH


def _sheet(name: str, rows: Iterable[Sequence[str]]) -> Response:
    text = io.StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    answer = Response(MARK + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="cpkb-{name}.csv"'
    return answer
