"""The index catches up with the store: changed and removed records only, or everything into a new folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cpkb.analysis.analyzer import Analyzer
from cpkb.comparison.likeness import catch_up_fingerprints
from cpkb.engines.engine import Engine, Piece, Unfinished
from cpkb.model.record import Record
from cpkb.pipeline.cutting import Cutting
from cpkb.search.indexing import cut_record
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

    Raises IndexBusyError when another process is at it. Killed at any moment, the index in use stays as it was, and a
    rebuild that was under way is gone on with.
    """
    written = _write(store, engine, analyzer, progress, rebuild=rebuild)
    catch_up_fingerprints(store, analyzer.fold)  # after the index: what was changed is searchable first
    return written


def _write(store: Store, engine: Engine, analyzer: Analyzer, progress: Progress, *, rebuild: bool) -> int:
    built = -1 if rebuild else engine.revision()
    target = store.revision()
    if built == target:
        return 0
    unfinished = engine.unfinished() if built < 0 and not rebuild else None
    since, written = unfinished.revision if unfinished else built, 0
    with engine.writing(target, rebuild=rebuild or built < 0, resume=unfinished is not None) as writer:
        for record_id in store.removed_since(since):
            writer.drop(record_id)
        records = _gone_on_with(store, unfinished) if unfinished else store.changed_since(built)
        pieces = (
            Piece(record.id, (record, store.dated(record), store.claims_about(record)), len(record.body) or 1)
            for record in records
        )
        for _ in writer.put_all(pieces, Cutting.by(analyzer, cut_record)):
            written += 1
            progress(written)
    return written


def tidy(engine: Engine) -> None:
    """Merge what many small changes left behind; beside readers and writers."""
    while engine.merge():
        pass


def _gone_on_with(store: Store, unfinished: Unfinished) -> Iterator[Record]:
    """What changed among the records a cut-off build holds, then the records it had not come to."""
    yield from (record for record in store.changed_since(unfinished.revision) if record.id <= unfinished.last)
    yield from store.changed_since(-1, after=unfinished.last)
