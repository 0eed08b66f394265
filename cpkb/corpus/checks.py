"""All checks (全部检查) that need nothing but the shipped records; `places` and `copied` also need the source texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cpkb.corpus import dates, figures, identity, provenance, references
from cpkb.corpus.faults import Fault
from cpkb.model.record import Record

CHECKS: tuple[Callable[[Sequence[Record]], list[Fault]], ...] = (
    figures.check,
    provenance.check,
    references.check,
    identity.check,
    dates.check,
)


def check_all(records: Sequence[Record]) -> list[Fault]:
    """What every check finds, by file and record."""
    return sorted((fault for check in CHECKS for fault in check(records)), key=lambda f: (f.file, f.record, f.says))
