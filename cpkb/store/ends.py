"""When a text ends: on the day that another copy of the same edition states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cpkb.model.record import Record


def ended(record: Record, others: Sequence[Record]) -> Record:
    """The record with the day of repeal that another text of the same edition states."""
    editions = [o for o in others if o.value("repealed") and _began(o) == _began(record)]
    if record.value("repealed") or not editions:
        return record
    return replace(record, fields={**record.fields, "repealed": editions[0].fields["repealed"]})


def _began(record: Record) -> str:
    return record.value("effective") or record.value("issued")
