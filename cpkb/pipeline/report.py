"""What an import did: each file stored, unchanged, skipped with the reason, or failed with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cpkb.model.record import Record

OUTCOMES = {"stored": "已入库", "read": "可以读", "unchanged": "无变化", "skipped": "跳过", "failed": "失败"}


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file."""

    file: str
    outcome: str
    records: int = 0
    passages: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()
    """Each names the place and what would be right."""
    samples: tuple[Record, ...] = ()
    """In a preview, the first records of the file."""
    undeclared: tuple[str, ...] = ()
    """In a preview, its tables that no source.toml speaks of, by their columns."""


@dataclass(slots=True)
class ImportReport:
    """A whole run."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def has_failures(self) -> bool:
        """Whether any file failed."""
        return any(f.outcome == "failed" for f in self.files)

    def counts(self) -> dict[str, int]:
        """Files by outcome."""
        counted = Counter(f.outcome for f in self.files)
        return {outcome: counted[outcome] for outcome in OUTCOMES if counted[outcome] or outcome != "read"}


def total(files: Iterable[FileReport], name: str) -> int:
    """Sum of a number over files."""
    return sum(int(getattr(f, name)) for f in files)
