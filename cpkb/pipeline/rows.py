"""Rows of declared lists → records: each value mapped, ignored on purpose, or reported with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cpkb.errors import FieldError
from cpkb.extract.mapping import Line, Row, read_table
from cpkb.model.collection import collection
from cpkb.model.record import Record
from cpkb.model.source import Citation, Source

TITLE_LIMIT = 300  # characters: the longest real title has 120
_IDENTITY = re.compile(r"[\w][\w.-]{0,119}")
Declared = Mapping[str, Any]
SourceOf = Callable[[Mapping[str, str]], Source]


def read_rows(
    tables: Sequence[tuple[Declared, Sequence[Line]]], source: SourceOf
) -> tuple[tuple[Record, ...], list[str], bool]:
    """(records, problems, whether the list is another one than declared) of a file's tables and their lines."""
    records: list[Record] = []
    problems: list[str] = []
    is_broken = False
    for table, lines in tables:
        rows, wrong = read_table(table, lines)
        is_broken = is_broken or any(not problem.line for problem in wrong)
        problems += [f"第{p.line}行：{p.what}" if p.line else p.what for p in wrong]
        for row in rows:
            try:
                records.append(_record(row, table, source))
            except FieldError as error:
                problems.append(f"第{row.line}行：{error}")
    return _joined(records), problems, is_broken


def _record(row: Row, table: Declared, source_of: SourceOf) -> Record:
    declared = collection(table["collection"])
    if not _IDENTITY.fullmatch(row.identity):
        raise FieldError(f"编号 {row.identity[:40]!r} 只能用字母、数字、点和横线，最多 120 个字")
    if len(row.title) > TITLE_LIMIT:
        raise FieldError(f"标题有 {len(row.title)} 个字，最多 {TITLE_LIMIT} 个")
    if table.get("adds"):
        fields = {name: declared.fields[name].parse(value) for name, value in row.fields.items()}
    else:
        fields = declared.parse(row.fields)
    source = source_of({"title": row.document} | table.get("source", {}))
    citation = Citation(row.document or source.title, row.locator, row.number or source.number, row.page)
    return Record(row.identity, declared.name, row.title, fields, (source,), (citation,), (), (), row.locator)


def _joined(records: Sequence[Record]) -> tuple[Record, ...]:
    """Rows of one id become one record; texts of a field that several rows give are joined."""
    made: dict[str, Record] = {}
    for record in records:
        before = made.get(record.id)
        if before is None:
            made[record.id] = record
            continue
        fields = dict(before.fields)
        for name, value in record.fields.items():
            if isinstance(value, str) and name in fields and value not in str(fields[name]):
                fields[name] = f"{fields[name]}；{value}"
        made[record.id] = Record(
            before.id, before.collection, before.title, fields, before.sources, before.citations, (), (), before.locator
        )
    return tuple(made.values())
