"""Identity (同一性): no id twice, no technique twice, lists in their order, and a summary that says what it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from cpkb.corpus.faults import Fault, fault, values
from cpkb.model.record import Record, work_key

_COUNTED = re.compile(r"第(\d+)(?:-\d+)?行")


def check(records: Sequence[Record]) -> list[Fault]:
    """Faults of ids, titles, order and summaries."""
    return [*_twice(records), *_same_technique(records), *_unsorted(records), *_without_summary(records)]


def _twice(records: Sequence[Record]) -> list[Fault]:
    seen: dict[str, Record] = {}
    faults = []
    for record in records:
        first = seen.setdefault(record.id, record)
        if first is not record:
            faults.append(fault(record, f"编号与 {first.source.file} 里的《{first.title}》相同"))
    return faults


def _same_technique(records: Sequence[Record]) -> list[Fault]:
    """Techniques of one title that share an industry, read out of one text; two guides have figures of their own."""
    titled: defaultdict[str, list[Record]] = defaultdict(list)
    faults = []
    for record in records:
        if record.collection != "technology":
            continue
        for other in titled[work_key(record.title)]:
            shared = set(values(record, "industry")) & set(values(other, "industry"))
            if shared and record.source.title == other.source.title:
                faults.append(fault(record, f"与 {other.id} 同名且同属行业 {'、'.join(map(str, sorted(shared)))}"))
                break
        titled[work_key(record.title)].append(record)
    return faults


def _unsorted(records: Sequence[Record]) -> list[Fault]:
    """Rows of a list that do not stand in the order of their places."""
    return [
        fault(later, f"应排在 {earlier.id} 前面")
        for earlier, later in pairwise(records)
        if earlier.source.file == later.source.file and _is_before(later, earlier)
    ]


def _is_before(one: Record, other: Record) -> bool:
    row, before = _COUNTED.fullmatch(one.locator), _COUNTED.fullmatch(other.locator)
    return bool(row and before and int(row[1]) < int(before[1]))


def _without_summary(records: Sequence[Record]) -> list[Fault]:
    return [
        fault(record, "没有要点（summary）")
        for record in records
        if "summary" in record.declared.fields and not record.value("summary")
    ]
