"""The index catches up with the store: changed and removed records only, or everything into a new folder."""

from __future__ import annotations

from collections.abc import Callable

from cpkb.analysis.analyzer import Analyzer
from cpkb.engines.engine import Engine
from cpkb.search.indexing import indexed_passages
from cpkb.store.store import Store

Progress = Callable[[int], None]


def catch_up(
    store: Store,
    engine: Engine,
    analyzer: Analyzer,
    *,
    rebuild: bool = False,
    progress: Progress = lambda _: None,
) -> int:
    """Index what changed since the index was built; returns how many records were written.

    Raises IndexBusyError when another process is at it. Killed at any moment, the index in use stays as it was.
    """
    built = -1 if rebuild else engine.revision()
    target = store.revision()
    if built == target:
        return 0
    written = 0
    with engine.writing(target, rebuild=rebuild or built < 0) as writer:
        for record_id in store.removed_since(built):
            writer.drop(record_id)
        for record in store.changed_since(built):
            writer.put(record.id, indexed_passages(store.dated(record), store.claims_about(record), analyzer))
            written += 1
            progress(written)
    return written
