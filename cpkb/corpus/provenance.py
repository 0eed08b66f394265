"""Provenance (出处): every record cites a document and the place in it, and the number of a document that has one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from cpkb.corpus.faults import Fault, fault
from cpkb.model.record import Record, work_key
from cpkb.model.source import Citation
from cpkb.model.validity import DATED

_CITES_NOTHING = ("handbook",)
"""A reader's guide leads to records, and they cite."""

_PROVINCE = re.compile(r"（\w+[省市区]）$")
"""After the name of a standard in the register; the standard itself does not print it there."""


def check(records: Sequence[Record]) -> list[Fault]:
    """Faults of sources and citations."""
    numbers = _numbers(records)
    return [fault(record, says) for record in records for says in _of(record, numbers)]


def _numbers(records: Iterable[Record]) -> dict[str, list[str]]:
    """The numbers of every guideline by the work that has them: a standard and that of a province may share a name.

    Laws and policies are cited without theirs.
    """
    numbers: dict[str, list[str]] = {}
    for record in records:
        if record.collection == "guideline" and record.value("number"):
            name = _PROVINCE.sub("", record.title)
            numbers.setdefault(work_key(name), []).append(record.value("number"))
    return numbers


def _of(record: Record, numbers: Mapping[str, Sequence[str]]) -> Iterable[str]:
    if not record.source.title.strip():
        yield "没有来源；在 [source] 写 title"
    if not record.citations and record.collection not in _CITES_NOTHING:
        yield "没有引用；在 citations 写 document、number、locator"
    for citation in record.citations:
        yield from _of_citation(citation, numbers, is_text=record.collection in DATED)


def _of_citation(citation: Citation, numbers: Mapping[str, Sequence[str]], *, is_text: bool) -> Iterable[str]:
    known = numbers.get(work_key(citation.document), ())
    is_known = work_key(citation.number) in map(work_key, known)
    if not citation.document.strip():
        yield "引用没有文件名（document）"
    elif not citation.locator.strip() and not is_text:
        yield f"引用《{citation.document}》没有写哪一条、哪一行或哪张表（locator）"
    elif known and not is_known and (citation.number or _is_standard(known[0])):
        yield f"引用《{citation.document}》的编号是“{citation.number}”，应是“{'”或“'.join(known)}”"
    if citation.page is not None and citation.page < 1:
        yield f"引用《{citation.document}》的页码 {citation.page} 不对"


def _is_standard(number: str) -> bool:
    return number.startswith(("GB", "HJ", "DB"))
