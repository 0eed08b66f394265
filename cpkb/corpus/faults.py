"""Faults (差错): what is wrong with one shipped record, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cpkb.model.field_types import Scalar
from cpkb.model.record import Record
from cpkb.pipeline.shipped import read_shipped, shipped_files


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is and what it says."""

    file: str
    record: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.says}"


def fault(record: Record, says: str) -> Fault:
    """A fault of a record."""
    return Fault(record.source.file, record.id, says)


def values(record: Record, name: str) -> tuple[Scalar, ...]:
    """The values of a field, many or one or none."""
    value = record.fields.get(name, ())
    return value if isinstance(value, tuple) else (value,)


def read_corpus(corpus: Path) -> list[Record]:
    """Every shipped record, file by file in its order; raises DeclarationError as `read_shipped` does."""
    return [record for key, file in shipped_files(corpus) for record in read_shipped(file, key)]
