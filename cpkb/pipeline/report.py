"""What an import did: each file stored, unchanged, skipped with the reason, or failed with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cpkb.model.record import Record
from cpkb.store.imports import FileLine

OUTCOMES = {"stored": "已入库", "read": "可以读", "unchanged": "无变化", "skipped": "跳过", "failed": "失败"}


JOB_STATES = {
    "running": "进行中", "interrupted": "中断", "done": "完成", "undoing": "正在撤销", "half_undone": "撤销到一半",
    "undone": "已撤销",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileReport(FileLine):
    """One file, and what a preview shows of it."""

    samples: tuple[Record, ...] = ()
    """Its first records."""
    undeclared: tuple[str, ...] = ()
    """Its tables that no source.toml speaks of, by their columns."""


@dataclass(slots=True)
class ImportReport:
    """A whole run."""

    files: list[FileLine] = field(default_factory=list)
    seconds: float = 0.0
    job: int = 0
    """Its number; 0 of one that was not kept."""

    @property
    def has_failures(self) -> bool:
        """Whether any file failed."""
        return any(f.outcome == "failed" for f in self.files)

    def counts(self) -> dict[str, int]:
        """Files by outcome."""
        counted = Counter(f.outcome for f in self.files)
        return {outcome: counted[outcome] for outcome in OUTCOMES if counted[outcome] or outcome != "read"}


def total(files: Iterable[FileLine], name: str) -> int:
    """Sum of a number over files."""
    return sum(int(getattr(f, name)) for f in files)
