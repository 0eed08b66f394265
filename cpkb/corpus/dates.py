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
    # Of an amended text the day of issue is the amendment's; what stands in it may hold since the first text.
    starts = min(filter(None, (text.value("issued"), text.value("effective"))), default="")
    if begins and starts and begins < starts:
        yield f"{begins} 施行，早于《{text.title}》的 {starts}"
    end = text.value("repealed") or ends.get(work_key(text.title), "")
    if stops and end and stops > end:
        yield f"{stops} 废止，晚于《{text.title}》的 {end}"
    yield from _of_wording(record, text)
    if record.value("standard") and work_key(record.value("standard")) != work_key(text.value("number")):
        yield f"标准编号是 {record.value('standard')}，《{text.title}》的是 {text.value('number')}"


def _of_wording(record: Record, text: Record) -> Iterable[str]:
    """A duty read from an amended text begins on a day on which its wording is known, and says what day that is."""
    first, amended, day = text.value("effective"), text.value("issued"), record.value("effective")
    if record.collection != "duty" or not first or amended <= first:
        return
    right = {"original": day == first, "edition": first < day < amended, "amended": day == amended}
    if not right.get(record.value("wording")):
        yield f"《{text.title}》{first} 施行、{amended} 修改；{day or '没有日期'} 要与“施行日期说明”（wording）相符"
