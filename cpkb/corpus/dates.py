"""Dates (日期): a limit or a duty does not hold before or after the text it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cpkb.corpus.faults import Fault, fault
from cpkb.model.record import Record, work_key
from cpkb.model.validity import PART_OF


def check(records: Sequence[Record]) -> list[Fault]:
    """Faults of dates and of what ties a part to its text."""
    by_id = {record.id: record for record in records}
    ends = _ends(records)
    return [fault(record, says) for record in records for says in _of(record, by_id, ends)]


def _ends(records: Iterable[Record]) -> dict[str, str]:
    """The day on which another text ends a work."""
    return {
        work_key(relation.target): relation.on
        for record in records
        for relation in record.relations
        if relation.kind in ("repeals", "replaces") and relation.on
    }


def _of(record: Record, by_id: dict[str, Record], ends: dict[str, str]) -> Iterable[str]:
    begins, stops = record.value("effective") or record.value("issued"), record.value("repealed")
    if begins and stops and stops <= begins:
        yield f"{stops} 废止，却 {begins} 才施行"
    text = by_id.get(record.value(PART_OF.get(record.collection, "")))
    if text is None:
        return
    starts = text.value("issued") or text.value("effective")
    if begins and starts and begins < starts:
        yield f"{begins} 施行，早于《{text.title}》的 {starts}"
    end = text.value("repealed") or ends.get(work_key(text.title), "")
    if stops and end and stops > end:
        yield f"{stops} 废止，晚于《{text.title}》的 {end}"
    if record.value("standard") and work_key(record.value("standard")) != work_key(text.value("number")):
        yield f"标准编号是 {record.value('standard')}，《{text.title}》的是 {text.value('number')}"
