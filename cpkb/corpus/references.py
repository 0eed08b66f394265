"""References (指引): what a record names by id or title is there: other records, replaced texts, links in a guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cpkb.corpus.faults import Fault, fault, values
from cpkb.model.markup import inlines, linked_records, sections
from cpkb.model.record import Record, work_key

_MAY_BE_UNKNOWN = ("repeals", "replaces")
"""A new text ends old ones that nobody looks up any more; every other relation names a text that is registered."""


def check(records: Sequence[Record]) -> list[Fault]:
    """Faults of reference fields and relations."""
    known = {record.id for record in records}
    texts = {work_key(name) for record in records for name in (record.title, record.value("number")) if name}
    return [fault(record, says) for record in records for says in (*_fields(record, known), *_relations(record, texts))]


def _fields(record: Record, known: set[str]) -> Iterable[str]:
    for name, field in record.declared.fields.items():
        for target in _targets(record, name):
            if target == record.id:
                yield f"{field.label}（{name}）指向自己"
            elif target not in known:
                yield f"{field.label}（{name}）指向 {target!r}，没有这个条目"
        if field.kind.name == "markup":
            yield from (f"链接 [[{run}]] 要写文字：[[{run}|文字]]" for run in _wordless(record.value(name)))


def _wordless(text: str) -> list[str]:
    """Links that say nothing where a sentence of the guide is found or quoted alone."""
    return [run.record for run in inlines(sections(text)) if run.record and not run.text]


def _targets(record: Record, name: str) -> Iterable[object]:
    kind = record.declared.fields[name].kind.name
    if kind == "markup":
        return linked_records(record.value(name))
    return values(record, name) if kind == "reference" else ()


def _relations(record: Record, texts: set[str]) -> Iterable[str]:
    for relation in record.relations:
        if relation.kind not in _MAY_BE_UNKNOWN and work_key(relation.target) not in texts:
            yield f"关系 {relation.kind} 指向《{relation.target}》，没有登记这份文件"
